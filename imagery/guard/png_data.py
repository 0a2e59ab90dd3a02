"""The pixels of a PNG, unpacked and counted: libpng fills what is missing with whatever is there.

A stream that ends early is now and then read as a picture of leftover memory; so the bytes are
counted before any library decodes them.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from math import ceil
from pathlib import Path

from imagery.guard.raster import damaged

_BANDS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
_PIECE = 1 << 20
_ADAM7 = (
    (0, 0, 8, 8),
    (4, 0, 8, 8),
    (0, 4, 4, 8),
    (2, 0, 4, 4),
    (0, 2, 2, 4),
    (1, 0, 2, 2),
    (0, 1, 1, 2),
)
"""First column and row, step across and down, of the passes of an interlaced picture."""


def check_png_data(path: Path, most: int) -> None:
    """Raise `ImageryError` where fewer bytes are packed than the header promises.

    At most `most` bytes are unpacked, a mebibyte at a time.
    """
    wanted = min(_promised(path), most)
    try:
        found = _unpacked(path, wanted)
    except zlib.error as error:
        raise damaged(path, error) from error
    if found < wanted:
        raise damaged(path, what=f"{found} of {wanted} bytes of the picture are there")


def _promised(path: Path) -> int:
    """Bytes of all rows, each with its filter byte."""
    with path.open("rb") as stream:
        width, height, bits, colour, *_, interlaced = struct.unpack(
            ">IIBBBBB", stream.read(29)[16:]
        )
    depth = _BANDS[colour] * bits
    if not interlaced:
        return height * (1 + ceil(width * depth / 8))
    total = 0
    for left, top, across, down in _ADAM7:
        columns, rows = ceil((width - left) / across), ceil((height - top) / down)
        total += rows * (1 + ceil(columns * depth / 8)) if columns > 0 and rows > 0 else 0
    return total


def _unpacked(path: Path, wanted: int) -> int:
    """How many bytes the pixel chunks unpack to, counted up to `wanted`."""
    stream, count = zlib.decompressobj(), 0
    for piece in _pixel_data(path):
        packed = piece
        while packed and count < wanted:
            count += len(stream.decompress(packed, _PIECE))
            packed = stream.unconsumed_tail
        if count >= wanted or stream.eof:
            return count
    return count + len(stream.flush())


def _pixel_data(path: Path) -> Iterator[bytes]:
    """The content of the IDAT chunks, a mebibyte at most at a time."""
    with path.open("rb") as stream:
        stream.seek(8)
        while len(head := stream.read(8)) == 8 and head[4:] != b"IEND":
            left = int.from_bytes(head[:4], "big")
            if head[4:] != b"IDAT":
                stream.seek(left, 1)
                left = 0
            while left and (piece := stream.read(min(left, _PIECE))):
                left -= len(piece)
                yield piece
            stream.seek(4, 1)
