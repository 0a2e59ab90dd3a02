"""The page of check models: read, run, compare, and think what another limit would mean."""
