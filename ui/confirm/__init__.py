"""The page where people confirm what detectors saw."""
