"""A Cloud Optimized GeoTIFF written once: blocks in any order, headers first in the file.

GDAL can only write such a file after a complete intermediate one, which means compressing every
pixel twice. Here each block is compressed once and kept in a spool per level; at the end
come the headers, then the blocks, the coarsest level first. Blocks nobody wrote are left out
(sparse): they read as invalid. BigTIFF throughout.
"""

from __future__ import annotations

import hashlib
import shutil
import struct
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import IO, Self
from xml.sax.saxutils import escape

import numpy as np

from imagery.view.grid import BLOCK, ViewGrid

_GHOST = b"GDAL_STRUCTURAL_METADATA_SIZE=000027 bytes\nLAYOUT=IFDS_BEFORE_DATA\n   "
_SHORT, _LONG, _DOUBLE, _LONG8, _ASCII = 3, 4, 12, 16, 2
_CODES = {_SHORT: "H", _LONG: "I", _DOUBLE: "d", _LONG8: "Q"}
JPEG, DEFLATE = 7, 8
_FORMATS = {"u": 1, "i": 2, "f": 3}


@dataclass(frozen=True, slots=True)
class Pixels:
    """How pixels are stored: numpy `dtype`, number of `bands`, JPEG or DEFLATE.

    JPEG means three bands interleaved as YCbCr 4:2:0; DEFLATE bands apart, with the predictor
    of the kind of number.
    """

    dtype: str
    bands: int
    compression: int

    @property
    def kind(self) -> str:
        """`u`, `i` or `f`."""
        return np.dtype(self.dtype).kind


class CogWriter:
    """Collects blocks; `finish` writes the file. Use it as a context manager."""

    def __init__(self, folder: Path, grid: ViewGrid, pixels: Pixels) -> None:
        self._grid, self._pixels = grid, pixels
        self._stack = ExitStack()
        self._planes = 1 if pixels.compression == JPEG else pixels.bands
        self._spools: list[IO[bytes]] = [
            self._stack.enter_context(tempfile.TemporaryFile(dir=folder))  # noqa: SIM115
            for _ in range(grid.levels)
        ]
        self._sizes = [0] * grid.levels
        self._index: dict[tuple[int, bool], tuple[list[int], list[int]]] = {}
        for level in range(grid.levels):
            rows, columns = grid.shape(level)
            for is_mask in (False, True):
                many = rows * columns * (1 if is_mask else self._planes)
                self._index[level, is_mask] = ([-1] * many, [0] * many)
        self._digest = hashlib.sha256()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:  # fmt: skip
        self._stack.close()

    @property
    def content(self) -> str:
        """SHA-256 of all blocks in the order they were written."""
        return self._digest.hexdigest()

    def write(
        self, level: int, row: int, column: int, planes: Sequence[bytes], mask: bytes
    ) -> None:
        """Keep one block: its encoded planes and its encoded mask."""
        rows, columns = self._grid.shape(level)
        for number, data in enumerate(planes):
            self._keep(level, False, (number * rows + row) * columns + column, data)
        self._keep(level, True, row * columns + column, mask)

    def _keep(self, level: int, is_mask: bool, at: int, data: bytes) -> None:
        offsets, sizes = self._index[level, is_mask]
        self._spools[level].write(data)
        self._digest.update(data)
        offsets[at], sizes[at] = self._sizes[level], len(data)
        self._sizes[level] += len(data)

    def finish(self, path: Path, crs: int | None, metadata: str) -> str:
        """Write the file; returns its SHA-256. `crs` is the code of the plane of the tiles."""
        parts = [
            (level, is_mask) for level in range(self._grid.levels) for is_mask in (False, True)
        ]
        tables = [self._tags(level, is_mask, crs, metadata) for level, is_mask in parts]
        data_at = 16 + len(_GHOST) + sum(_ifd_size(tags) for tags in tables)
        starts, position = {}, data_at
        for level in reversed(range(self._grid.levels)):
            starts[level] = position
            position += self._sizes[level]
        digest = hashlib.sha256()
        with path.open("wb") as file:
            head = struct.pack("<2sHHHQ", b"II", 43, 8, 0, 16 + len(_GHOST)) + _GHOST
            at = len(head)
            for (level, is_mask), tags in zip(parts, tables, strict=True):
                tags[324] = (_LONG8, self._moved(level, is_mask, starts[level]))
                last = (level, is_mask) == parts[-1]
                block = _ifd(tags, at, 0 if last else at + _ifd_size(tags))
                head += block
                at += len(block)
            file.write(head)
            digest.update(head)
            for level in reversed(range(self._grid.levels)):
                self._spools[level].seek(0)
                shutil.copyfileobj(self._spools[level], _Hashing(file, digest), 1 << 20)
        return digest.hexdigest()

    def _moved(self, level: int, is_mask: bool, start: int) -> list[int]:
        return [0 if at < 0 else at + start for at in self._index[level, is_mask][0]]

    def _tags(
        self, level: int, is_mask: bool, crs: int | None, metadata: str
    ) -> dict[int, tuple[int, Sequence[int | float] | bytes]]:
        rows, columns = self._grid.shape(level)
        pixels, bands = self._pixels, 1 if is_mask else self._pixels.bands
        jpeg = pixels.compression == JPEG and not is_mask
        bits = 1 if is_mask else 8 * np.dtype(pixels.dtype).itemsize
        colour = 4 if is_mask else 6 if jpeg else 2 if bands == 3 and bits == 8 else 1
        tags: dict[int, tuple[int, Sequence[int | float] | bytes]] = {
            254: (_LONG, [(1 if level else 0) + (4 if is_mask else 0)]),
            256: (_LONG, [columns * BLOCK]), 257: (_LONG, [rows * BLOCK]),
            258: (_SHORT, [bits] * bands), 259: (_SHORT, [JPEG if jpeg else DEFLATE]),
            262: (_SHORT, [colour]), 277: (_SHORT, [bands]),
            284: (_SHORT, [1 if jpeg or is_mask else 2]),
            322: (_LONG, [BLOCK]), 323: (_LONG, [BLOCK]),
            324: (_LONG8, self._index[level, is_mask][0]),
            325: (_LONG, self._index[level, is_mask][1]),
        }  # fmt: skip
        if jpeg:
            tags[530] = (_SHORT, [2, 2])
        elif not is_mask:
            tags[317] = (_SHORT, [3 if pixels.kind == "f" else 2])
            tags[339] = (_SHORT, [_FORMATS[pixels.kind]] * bands)
            extra = bands - (3 if colour == 2 else 1)
            if extra:
                tags[338] = (_SHORT, [0] * extra)
        if level == 0 and not is_mask:
            tags[42112] = (_ASCII, metadata.encode("utf-8") + b"\0")
            tags |= _ground_tags(self._grid, crs)
        return tags


def _ground_tags(
    grid: ViewGrid, crs: int | None
) -> dict[int, tuple[int, Sequence[int | float] | bytes]]:
    if crs is None:
        return {}
    x, y = grid.origin
    return {
        33550: (_DOUBLE, [grid.pixel, grid.pixel, 0.0]),
        33922: (_DOUBLE, [0.0, 0.0, 0.0, x, y, 0.0]),
        34735: (_SHORT, [1, 1, 0, 3, 1024, 0, 1, 1, 1025, 0, 1, 1, 3072, 0, 1, crs]),
    }


def metadata_xml(items: Mapping[str, str], bands: Sequence[str]) -> str:
    """GDAL's metadata tag: items of the file and the description of each band."""
    lines = [f'<Item name="{escape(k)}">{escape(v)}</Item>' for k, v in items.items()]
    lines += [f'<Item name="DESCRIPTION" sample="{n}" role="description">{escape(name)}</Item>'
              for n, name in enumerate(bands)]  # fmt: skip
    return f"<GDALMetadata>{''.join(lines)}</GDALMetadata>"


def _payload(kind: int, values: Sequence[int | float] | bytes) -> bytes:
    if isinstance(values, bytes):
        return values
    return struct.pack(f"<{len(values)}{_CODES[kind]}", *(max(v, 0) if kind != _DOUBLE else v
                                                         for v in values))  # fmt: skip


def _ifd_size(tags: Mapping[int, tuple[int, Sequence[int | float] | bytes]]) -> int:
    extra = (len(_payload(*entry)) for entry in tags.values())
    return 8 + 20 * len(tags) + 8 + sum(_even(n) for n in extra if n > 8)


def _ifd(
    tags: Mapping[int, tuple[int, Sequence[int | float] | bytes]], at: int, following: int
) -> bytes:
    """One directory with its long values behind it; `at` is its place in the file."""
    entries, values = struct.pack("<Q", len(tags)), b""
    free = at + 8 + 20 * len(tags) + 8
    for tag in sorted(tags):
        kind, table = tags[tag]
        payload = _payload(kind, table)
        entries += struct.pack("<HHQ", tag, kind, len(table))
        if len(payload) <= 8:
            entries += payload.ljust(8, b"\0")
        else:
            entries += struct.pack("<Q", free + len(values))
            values += payload.ljust(_even(len(payload)), b"\0")
    return entries + struct.pack("<Q", following) + values


def _even(size: int) -> int:
    return size + size % 2


class _Hashing:
    """A file that hashes what goes into it."""

    def __init__(self, file: IO[bytes], digest: hashlib._Hash) -> None:
        self._file, self._digest = file, digest

    def write(self, data: bytes) -> int:
        self._digest.update(data)
        return self._file.write(data)
