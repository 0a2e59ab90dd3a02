"""Look-back on closed sites: gone, still there, or the scenes cannot tell."""
