"""Rendered scenes of the demo county: drawn from its map, never photographed, and they say so."""
