"""Measures: geodesic lengths, areas and distances, and how well each is known."""

from layers.measures.band import ErrorBand, error_band
from layers.measures.geodesic import geodesic_area, geodesic_distance, geodesic_length
from layers.measures.pairs import Pairs, nearest_within, pairs_within
from layers.measures.segments import NearestSegment, nearest_segment

__all__ = [
    "ErrorBand",
    "NearestSegment",
    "Pairs",
    "error_band",
    "geodesic_area",
    "geodesic_distance",
    "geodesic_length",
    "nearest_segment",
    "nearest_within",
    "pairs_within",
]
