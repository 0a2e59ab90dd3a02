"""Datums: what a source's coordinates mean, and how they become WGS 84 longitude/latitude."""

from layers.datum.catalogue import KNOWN, Datum, parse_datum
from layers.datum.convert import (
    Conversion,
    axes_swapped,
    convert,
    from_wgs84,
    geometry_to_wgs84,
    rows_to_wgs84,
    to_wgs84,
)

__all__ = [
    "KNOWN",
    "Conversion",
    "Datum",
    "axes_swapped",
    "convert",
    "from_wgs84",
    "geometry_to_wgs84",
    "parse_datum",
    "rows_to_wgs84",
    "to_wgs84",
]
