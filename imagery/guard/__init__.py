"""What is this file, and is it safe: answered before a pixel of it is used."""

from imagery.guard.limits import DEFAULT_LIMITS, Limits
from imagery.guard.raster import DRIVERS, OPTIONS, open_raster

__all__ = ["DEFAULT_LIMITS", "DRIVERS", "OPTIONS", "Limits", "open_raster"]
