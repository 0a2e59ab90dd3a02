"""Measures: geodesic lengths, areas and distances, and how well each is known."""

from layers.measures.band import ErrorBand, error_band
from layers.measures.geodesic import geodesic_area, geodesic_distance, geodesic_length
from layers.measures.mu import MU_M2, mu_of
from layers.measures.pairs import Pairs, nearest_within, pairs_within

__all__ = [
    "MU_M2",
    "ErrorBand",
    "Pairs",
    "error_band",
    "geodesic_area",
    "geodesic_distance",
    "geodesic_length",
    "mu_of",
    "nearest_within",
    "pairs_within",
]
