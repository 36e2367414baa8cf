"""`python -m bench`: how much the house carries, measured on real servers beside peers of the same run."""
