"""Files and folders become scenes: where, when, how well placed, before pixels are used."""

from imagery.formats.read import read_scenes
from imagery.guard.raster import open_raster

__all__ = ["open_raster", "read_scenes"]
