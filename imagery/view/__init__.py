"""View copies: what the map, the picture page and the evidence crops are read from.

A view copy is resampled and derived; the original is the evidence.
"""

from imagery.view.facts import ViewFacts
from imagery.view.make import make_view
from imagery.view.tiles import Tile, TileReader

__all__ = ["Tile", "TileReader", "ViewFacts", "make_view"]
