"""Redaction on a copy: what lies under an area is gone, not hidden; the original stays sealed.

Areas are drawn by people. Nothing proposes them: the OpenCV kept here (5.0) has no cascade classifier and
ships no trained detector, and none is fetched.
"""

from evidence.redaction.areas import Area, areas_of, record_areas
from evidence.redaction.copies import redacted_copy, redacted_picture, suffix_of
from evidence.redaction.cover import GRID, TREATMENTS, cover

__all__ = [
    "GRID",
    "TREATMENTS",
    "Area",
    "areas_of",
    "cover",
    "record_areas",
    "redacted_copy",
    "redacted_picture",
    "suffix_of",
]
