"""The reviewers' door."""
