"""View copies: what the map, the picture page and the evidence crops are read from.

A view copy is resampled and derived; the original is the evidence.
"""

from imagery.view.crop import Crop, Frame
from imagery.view.draw import draw_crop, facts_line
from imagery.view.facts import ViewFacts
from imagery.view.make import make_view
from imagery.view.marks import mark_outline, mark_scale
from imagery.view.point import PointValue
from imagery.view.tiles import Tile, TileReader

__all__ = [
    "Crop",
    "Frame",
    "PointValue",
    "Tile",
    "TileReader",
    "ViewFacts",
    "draw_crop",
    "facts_line",
    "make_view",
    "mark_outline",
    "mark_scale",
]
