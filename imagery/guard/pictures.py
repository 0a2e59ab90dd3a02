"""The headers and ends of JPEG, PNG and JPEG 2000, read with bounds and without decoding."""

from __future__ import annotations

import mmap
import struct
from math import ceil
from pathlib import Path
from typing import IO

from imagery.guard.raster import damaged
from imagery.guard.shape import Shape

_FRAMES = {*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC}
_PROGRESSIVE = {0xC2, 0xC6, 0xCA, 0xCE}
_BARE = {0x01, *range(0xD0, 0xD9)}
_MOST_SEGMENTS = 10_000
_MOST_CHUNKS = 2_000_000
_PNG_BANDS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
_PNG_BITS = {1, 2, 4, 8, 16}


def scan_jpeg(path: Path) -> Shape:
    """What a JPEG's frame header promises; the end-of-image mark must follow the scan."""
    size = path.stat().st_size
    with path.open("rb") as stream:
        frame, scan = _jpeg_frame(stream, path)
        _require_end(stream, scan, path)
    (marker, bits, height, width, bands) = frame
    decoded = width * height * bands * ceil(bits / 8)
    # A progressive picture is held whole as 16-bit coefficients.
    block = decoded * 2 if marker in _PROGRESSIVE else width * bands * 64
    return Shape(width, height, bands, bits, block, decoded, size)


def _jpeg_frame(stream: IO[bytes], path: Path) -> tuple[tuple[int, int, int, int, int], int]:
    """(marker, bits, height, width, components) and where the first scan begins."""
    stream.seek(2)
    frame = None
    for _ in range(_MOST_SEGMENTS):
        marker = _marker(stream, path)
        if marker in _BARE:
            continue
        head = stream.read(2)
        length = int.from_bytes(head, "big")
        if len(head) < 2 or length < 2:
            raise damaged(path, what="a broken segment")
        if marker == 0xDA:
            if frame is None:
                raise damaged(path, what="no frame header")
            return frame, stream.tell() + length - 2
        if marker in _FRAMES and length >= 8 and frame is None:
            data = stream.read(length - 2)
            if len(data) < 6:
                raise damaged(path, what="it ends too early")
            bits, height, width, bands = struct.unpack(">BHHB", data[:6])
            frame = (marker, bits, height, width, bands)
        else:
            stream.seek(length - 2, 1)
    raise damaged(path, what="too many segments")


def _marker(stream: IO[bytes], path: Path) -> int:
    start = stream.read(1)
    while start == b"\xff":
        code = stream.read(1)
        if code and code != b"\xff":
            return code[0]
        start = code
    raise damaged(path, what="it ends too early" if not start else "no marker where one belongs")


def _require_end(stream: IO[bytes], scan: int, path: Path) -> None:
    """Inside a scan FF is always escaped, so the first FF D9 after its start is the end."""
    with mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as data:
        if scan >= len(data) or data.find(b"\xff\xd9", scan) < 0:
            raise damaged(path, what="the end of the picture is missing")


def scan_png(path: Path) -> Shape:
    """What a PNG's header promises; the chunks must lead to the end chunk."""
    size = path.stat().st_size
    with path.open("rb") as stream:
        head = stream.read(33)
        if len(head) < 33 or head[12:16] != b"IHDR":
            raise damaged(path, what="no header")
        width, height, bits, colour, *_, interlaced = struct.unpack(">IIBBBBB", head[16:29])
        if colour not in _PNG_BANDS or bits not in _PNG_BITS or max(width, height) >= 1 << 31:
            raise damaged(path, what="an impossible header")
        encoded = _png_end(stream, size, path)
    bands = _PNG_BANDS[colour]
    row = ceil(width * bands * bits / 8) + 1
    return Shape(width, height, bands, bits, row * (height if interlaced else 1), row * height,
                 encoded)  # fmt: skip


def _png_end(stream: IO[bytes], size: int, path: Path) -> int:
    """Walk the chunks to IEND; the bytes of the pixel chunks."""
    at, encoded = 33, 0
    for _ in range(_MOST_CHUNKS):
        stream.seek(at)
        head = stream.read(8)
        if len(head) < 8:
            raise damaged(path, what="the end of the picture is missing")
        length, name = int.from_bytes(head[:4], "big"), head[4:]
        at += 12 + length
        if at > size:
            raise damaged(path, what="the end of the picture is missing")
        if name == b"IEND":
            return encoded
        encoded += length if name == b"IDAT" else 0
    raise damaged(path, what="too many chunks")


def scan_jp2(path: Path) -> Shape:
    """What a JPEG 2000's size marker promises; the code stream must end with its end mark."""
    size = path.stat().st_size
    with path.open("rb") as stream:
        start, end = _codestream(stream, size, path)
        stream.seek(start)
        head = stream.read(42)
        if len(head) < 42 or head[:4] != b"\xff\x4f\xff\x51":
            raise damaged(path, what="no code stream")
        (_length, _profile, right, bottom, left, top, tile_w, tile_h, *_shift, bands) = (
            struct.unpack(">HHIIIIIIIIH", head[4:42])
        )
        depth = stream.read(1)
        stream.seek(max(end - 2, start))
        if stream.read(2) != b"\xff\xd9":
            raise damaged(path, what="the end of the picture is missing")
    width, height = right - left, bottom - top
    bits = (depth[0] & 0x7F) + 1 if depth else 8
    # The decoder holds a whole tile as 32-bit numbers.
    block = min(tile_w, max(width, 0)) * min(tile_h, max(height, 0)) * bands * 4
    return Shape(width, height, bands, bits, block, width * height * bands * ceil(bits / 8), size)


def _codestream(stream: IO[bytes], size: int, path: Path) -> tuple[int, int]:
    """Where the code stream begins and ends: the box jp2c, or the whole file."""
    stream.seek(0)
    if stream.read(4) == b"\xff\x4f\xff\x51":
        return 0, size
    at = 0
    for _ in range(_MOST_SEGMENTS):
        stream.seek(at)
        head = stream.read(16)
        if len(head) < 8:
            break
        length, name = int.from_bytes(head[:4], "big"), head[4:8]
        body = 16 if length == 1 else 8
        if length == 1:
            length = int.from_bytes(head[8:16], "big")
        length = length or size - at
        if length < body or at + length > size:
            break
        if name == b"jp2c":
            return at + body, at + length
        at += length
    raise damaged(path, what="the end of the picture is missing")
