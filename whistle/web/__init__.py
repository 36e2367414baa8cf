"""What both doors share: pages, headers, errors, limits."""
