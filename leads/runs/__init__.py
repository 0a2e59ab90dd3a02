"""A run's findings become leads, or are known again."""
