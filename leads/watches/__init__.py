"""Standing watches: what runs again, when, and whom it concerns."""
