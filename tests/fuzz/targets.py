"""What a damaged file is given to; another stage adds its own function and names it."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from layers.sources import RawTable, read_source


def read(path: Path) -> str:
    """Read the file; the result must be a whole and consistent table."""
    table = read_source(path)
    assert isinstance(table, RawTable)
    frame = table.frame
    assert list(frame.index) == list(range(len(frame)))
    assert len(table.rows) == len(frame)
    assert frame.columns.is_unique
    assert all(isinstance(name, str) for name in frame.columns)
    cells = frame.to_numpy(dtype=object).ravel()
    assert all(cell is None or (isinstance(cell, str) and cell) for cell in cells)
    assert bool((np.diff(table.rows) > 0).all())
    if table.geometry is not None:
        assert len(table.geometry) == len(frame)
        assert np.isfinite(table.geometry.bounds.dropna().to_numpy()).all()
    return "table" if len(frame) else "empty table"
