"""What is there: vector facts and registers, their datum, and the metre."""

from layers.errors import YichaError
from layers.folder import LayerFolder, LayerSet
from layers.layer import Layer, make_layer, merge, read_layer
from layers.provenance import Provenance
from layers.themes import SHOP_THEMES, THEMES, Theme

__all__ = [
    "SHOP_THEMES",
    "THEMES",
    "Layer",
    "LayerFolder",
    "LayerSet",
    "Provenance",
    "Theme",
    "YichaError",
    "make_layer",
    "merge",
    "read_layer",
]
