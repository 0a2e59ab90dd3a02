"""The catalogue: what is in the store, of which place and time, and what is missing."""

from imagery.catalogue.coverage import Coverage, Piece, coverage, coverage_of
from imagery.catalogue.index import footprints
from imagery.catalogue.search import search, select

__all__ = ["Coverage", "Piece", "coverage", "coverage_of", "footprints", "search", "select"]
