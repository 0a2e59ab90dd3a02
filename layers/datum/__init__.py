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
from layers.datum.propose import Candidate, DatumProposal, propose_datum

__all__ = [
    "KNOWN",
    "Candidate",
    "Conversion",
    "Datum",
    "DatumProposal",
    "axes_swapped",
    "convert",
    "from_wgs84",
    "geometry_to_wgs84",
    "parse_datum",
    "propose_datum",
    "rows_to_wgs84",
    "to_wgs84",
]
