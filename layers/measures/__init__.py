"""Measures: geodesic lengths, areas and distances, and how well each is known."""

from layers.measures.geodesic import geodesic_area, geodesic_distance, geodesic_length
from layers.measures.segments import NearestSegment, nearest_segment

__all__ = [
    "NearestSegment",
    "geodesic_area",
    "geodesic_distance",
    "geodesic_length",
    "nearest_segment",
]
