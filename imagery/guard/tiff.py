"""The directories of a TIFF, walked with bounds: loops, huge counts and missing ends are seen."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from math import ceil
from pathlib import Path
from typing import IO

import numpy as np

from imagery.guard.limits import Limits
from imagery.guard.raster import damaged
from imagery.guard.shape import Shape
from layers.errors import ImageryError

_MOST_PAGES, _MOST_TAGS = 256, 1024
_MOST_BLOCKS = 40_000_000
_SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4,
          16: 8, 17: 8, 18: 8}  # fmt: skip
_WHOLE = {1: "u1", 3: "u2", 4: "u4", 13: "u4", 16: "u8", 18: "u8"}
_WIDTH, _HEIGHT, _BITS, _COMPRESSION, _SAMPLES, _ROWS, _PLANAR = 256, 257, 258, 259, 277, 278, 284
_TILE_W, _TILE_H, _SUBFILE = 322, 323, 254
_OFFSETS, _COUNTS = (273, 324), (279, 325)
_REDUCED = 0b101  # an overview, or a mask


@dataclass(frozen=True, slots=True)
class _File:
    stream: IO[bytes]
    size: int
    order: str
    big: bool
    path: Path

    def take(self, at: int, count: int) -> bytes:
        """Exactly `count` bytes from `at`, or a refusal."""
        if at < 0 or count < 0 or at + count > self.size:
            raise damaged(self.path, what="it points beyond its own end")
        self.stream.seek(at)
        data = self.stream.read(count)
        if len(data) != count:
            raise damaged(self.path, what="it ends too early")
        return data

    def number(self, kind: str, at: int) -> int:
        """One unsigned number of `kind` (struct letter)."""
        return int(struct.unpack(self.order + kind, self.take(at, struct.calcsize("=" + kind)))[0])


Tags = dict[int, tuple[int, int, bytes]]
"""Tag → (type, count, the four or eight bytes of value or offset)."""


def scan_tiff(path: Path, limits: Limits) -> Shape:
    """What the first picture of a TIFF promises; raises `ImageryError` for a damaged file."""
    with path.open("rb") as stream:
        size = path.stat().st_size
        head = stream.read(4)
        order = "<" if head[:2] == b"II" else ">"
        file = _File(stream, size, order, head[2:4] in (b"+\0", b"\0+"), path)
        pages = [_page(file, tags, limits) for tags in _directories(file)]
    full = [shape for shape, reduced in pages if not reduced]
    if not full:
        raise damaged(path, what="it holds no full picture")
    decoded = sum(shape.decoded_bytes for shape, _ in pages)
    block = max(shape.block_bytes for shape, _ in pages)
    first = full[0]
    return Shape(first.width, first.height, first.bands, first.bits, block, decoded,
                 sum(shape.encoded_bytes for shape, _ in pages), len(full))  # fmt: skip


def _directories(file: _File) -> list[Tags]:
    at = file.number("Q", 8) if file.big else file.number("I", 4)
    seen: set[int] = set()
    found: list[Tags] = []
    while at:
        if at in seen or len(found) >= _MOST_PAGES:
            raise ImageryError(
                "the TIFF's directories lead in a circle or are too many", file=file.path,
                remedy="do not use this file; have it exported again",
            )  # fmt: skip
        seen.add(at)
        tags, at = _directory(file, at)
        found.append(tags)
    if not found:
        raise damaged(file.path, what="it has no directory")
    return found


def _directory(file: _File, at: int) -> tuple[Tags, int]:
    count = file.number("Q", at) if file.big else file.number("H", at)
    if not 0 < count <= _MOST_TAGS:
        raise damaged(file.path, what=f"a directory of {count} entries")
    start, step, room = (at + 8, 20, 8) if file.big else (at + 2, 12, 4)
    data = file.take(start, count * step)
    tags: Tags = {}
    for entry in range(count):
        tag, kind, number = struct.unpack_from(
            file.order + ("HHQ" if file.big else "HHI"), data, entry * step
        )
        end = (entry + 1) * step
        raw = data[end - room : end]
        tags.setdefault(tag, (kind, number, raw))
        length = _SIZES.get(kind, 0) * number
        if length > room:
            where = int.from_bytes(raw, "little" if file.order == "<" else "big")
            if where + length > file.size:
                raise damaged(file.path, what=f"tag {tag} points beyond the end")
    following = start + count * step
    if following + room > file.size:
        return tags, 0
    return tags, file.number("Q" if file.big else "I", following)


def _values(file: _File, tags: Tags, tag: int, most: int) -> np.ndarray | None:
    """The whole numbers of a tag, missing where the tag is; refuses absurd counts."""
    if tag not in tags:
        return None
    kind, count, raw = tags[tag]
    if kind not in _WHOLE or not 0 < count <= most:
        raise damaged(file.path, what=f"tag {tag} has {count} values of type {kind}")
    length = _SIZES[kind] * count
    if length > len(raw):
        at = struct.unpack(file.order + ("Q" if file.big else "I"), raw)[0]
        raw = file.take(at, length)
    return np.frombuffer(raw[:length], dtype=file.order + _WHOLE[kind]).astype(np.int64)


def _one(file: _File, tags: Tags, tag: int, default: int | None = None) -> int:
    values = _values(file, tags, tag, 1024)
    if values is None:
        if default is None:
            raise damaged(file.path, what=f"tag {tag} is missing")
        return default
    return int(values[0])


def _page(file: _File, tags: Tags, limits: Limits) -> tuple[Shape, bool]:
    """What one directory promises, and whether it is an overview or a mask."""
    width, height = _one(file, tags, _WIDTH), _one(file, tags, _HEIGHT)
    bands, bits = _one(file, tags, _SAMPLES, 1), _one(file, tags, _BITS, 1)
    tiled = _TILE_W in tags
    block_w = _one(file, tags, _TILE_W) if tiled else width
    block_h = _one(file, tags, _TILE_H) if tiled else min(_one(file, tags, _ROWS, height), height)
    if min(width, height, bands, bits, block_w, block_h) < 1:
        raise damaged(file.path, what="a size of zero")
    separate = _one(file, tags, _PLANAR, 1) == 2
    blocks = ceil(width / block_w) * ceil(height / block_h) * (bands if separate else 1)
    if width * height > limits.max_pixels or blocks > _MOST_BLOCKS:
        return Shape(width, height, bands, bits, 0, 0, 0), False
    block_bytes = block_w * block_h * (1 if separate else bands) * bits // 8
    present, encoded = _blocks(file, tags, blocks)
    plain = _one(file, tags, _COMPRESSION, 1) == 1
    shape = Shape(width, height, bands, bits, 0 if plain else block_bytes,
                  0 if plain else present * block_bytes, encoded)  # fmt: skip
    return shape, bool(_one(file, tags, _SUBFILE, 0) & _REDUCED)


def _blocks(file: _File, tags: Tags, blocks: int) -> tuple[int, int]:
    """How many blocks are in the file and their bytes; refuses ends beyond the file's."""
    starts = [_values(file, tags, tag, _MOST_BLOCKS) for tag in _OFFSETS]
    lengths = [_values(file, tags, tag, _MOST_BLOCKS) for tag in _COUNTS]
    start = next((values for values in starts if values is not None), None)
    length = next((values for values in lengths if values is not None), None)
    if start is None or len(start) < blocks:
        raise damaged(file.path, what="the list of its blocks is incomplete")
    if length is None or len(length) < blocks:
        return blocks, file.size
    start, length = start[:blocks], length[:blocks]
    # Sums of two large numbers of 64 bits would wrap round, so each is bounded first.
    beyond = (start < 0) | (length < 0) | (start > file.size) | (length > file.size)
    if beyond.any() or (start + length > file.size).any():
        raise damaged(file.path, what="the last part of its pixels is missing")
    return int((length > 0).sum()), int(length.sum())
