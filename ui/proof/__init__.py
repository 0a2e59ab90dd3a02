"""The page of evidence: choose, look, cover, hand out, verify."""
