"""Sources: bytes become raw tables, one small file per format; `read_source` is the door."""

from layers.sources.raw import DEFAULT_LIMITS, Limits, RawTable, RowProblem
from layers.sources.reader import read_source

__all__ = ["DEFAULT_LIMITS", "Limits", "RawTable", "RowProblem", "read_source"]
