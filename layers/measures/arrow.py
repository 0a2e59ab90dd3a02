"""Flat arrays straight from a GeoParquet column, without a geometry object per row.

Making the objects costs more than the search itself when there are hundreds of thousands.
Plain points and polygons without holes are decoded here; anything else goes through shapely.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import shapely

from layers.measures.runs import Flat, flat_of, flatten

_POINT = np.frombuffer(b"\x01\x01\x00\x00\x00", np.uint8)  # little-endian well-known binary
_POLYGON_OF_ONE_RING = np.frombuffer(b"\x01\x03\x00\x00\x00\x01\x00\x00\x00", np.uint8)


def flatten_wkb(column: pa.Array | pa.ChunkedArray) -> Flat:
    """The flat form of a column of well-known binary (WGS 84 degrees), as `flatten` makes it."""
    array = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    array = array.cast(pa.large_binary())
    if len(array) and not array.null_count:
        at = np.frombuffer(array.buffers()[1], np.int64)[
            array.offset : array.offset + len(array) + 1
        ]
        data = np.frombuffer(array.buffers()[2], np.uint8)[at[0] : at[-1]]
        decoded = _points(data, at - at[0])
        decoded = _polygons(data, at - at[0]) if decoded is None else decoded
        if decoded is not None:
            return decoded
    return flatten(shapely.from_wkb(array.to_numpy(zero_copy_only=False)))


def _points(data: np.ndarray, at: np.ndarray) -> Flat | None:
    """Points of two coordinates each, or nothing when a row is something else."""
    if (np.diff(at) != 21).any():
        return None
    table = data.reshape(-1, 21)
    if (table[:, :5] != _POINT).any():
        return None
    xy = np.ascontiguousarray(table[:, 5:]).view("<f8")
    return flat_of(xy, np.arange(len(xy) + 1), np.arange(len(xy)), np.full(len(xy), -1))


def _polygons(data: np.ndarray, at: np.ndarray) -> Flat | None:
    """Polygons of one ring of two coordinates each, or nothing when a row is something else."""
    size = np.diff(at) - 13
    if (size < 16).any() or (size % 16).any():
        return None
    head = at[:-1, None] + np.arange(13)
    if (data[head[:, :9]] != _POLYGON_OF_ONE_RING).any():
        return None
    count = np.ascontiguousarray(data[head[:, 9:]]).view("<u4")[:, 0]
    if (count.astype(np.int64) * 16 != size).any():
        return None
    body = np.ones(len(data), dtype=bool)
    body[head] = False
    xy = data[body].view("<f8").reshape(-1, 2)
    rows = np.arange(len(size))
    return flat_of(xy, np.append(0, np.cumsum(size // 16)), rows, rows)
