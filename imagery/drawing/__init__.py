"""Lanes, gates and zones drawn by hand on a scene: from the browser's shapes to versions of a layer."""

from imagery.drawing.features import DRAWN_THEMES, Drawn, Origin, drawn_layer, read_features
from imagery.drawing.versions import Drawings, Version

__all__ = [
    "DRAWN_THEMES",
    "Drawings",
    "Drawn",
    "Origin",
    "Version",
    "drawn_layer",
    "read_features",
]
