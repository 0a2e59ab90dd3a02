"""A look at the string tables of a PBF file before the OpenStreetMap library reads it.

The library keeps tags as texts that end at a zero byte. A damaged or hostile file may hold such a
byte inside a text; the library then reads beyond its memory and the process dies. So every text
is looked at first: this costs the unpacking, a fraction of the reading.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from layers.errors import SourceError

_HEADER_LIMIT, _BLOB_LIMIT = 1 << 16, 1 << 26
_EMPTY_TEXT = b"\x0a\x00"
_VARINT, _FIXED64, _BYTES, _FIXED32 = 0, 1, 2, 5
_RAW, _ZLIB = 1, 3


def is_pbf(head: bytes) -> bool:
    """Whether the first sixteen bytes of a file are those of a PBF file."""
    return head[4:5] == b"\x0a" and b"OSM" in head


def check_texts(path: str | Path) -> None:
    """Raise `SourceError` when a text of a PBF file holds a zero byte, or a block is malformed.

    Files of other formats pass unseen.
    """
    source = Path(path)
    try:
        with source.open("rb") as stream:
            if not is_pbf(stream.read(16)):
                return
            stream.seek(0)
            for block in _blocks(stream):
                for number, table in _fields(block):
                    if number == 1 and isinstance(table, bytes) and _holds_zero(table):
                        raise ValueError("a zero byte inside a text")
    except (ValueError, IndexError, zlib.error, OSError) as error:
        raise SourceError(
            f"the OpenStreetMap file is damaged or cut off ({error})",
            remedy="download or export it again; `osmium fileinfo -e` shows whether it is whole",
            file=source,
        ) from error


def _holds_zero(table: bytes) -> bool:
    """Whether a text of a string table holds a zero byte; empty texts are told by one, no more."""
    if table.removeprefix(_EMPTY_TEXT).count(0) == 0:
        return False
    return any(isinstance(text, bytes) and 0 in text for _, text in _fields(table))


def _blocks(stream: BinaryIO) -> Iterator[bytes]:
    """The unpacked data blocks of a file."""
    while size := stream.read(4):
        length = int.from_bytes(size, "big")
        if len(size) < 4 or length > _HEADER_LIMIT:
            raise ValueError("a block's header is too long")
        header = dict(_fields(_exactly(stream, length)))
        packed = header.get(3)
        if not isinstance(packed, int) or packed > _BLOB_LIMIT:
            raise ValueError("a block is too long")
        blob = _exactly(stream, packed)
        if header.get(1) == b"OSMData":
            yield _unpacked(blob)


def _exactly(stream: BinaryIO, size: int) -> bytes:
    data = stream.read(size)
    if len(data) < size:
        raise ValueError("the file ends inside a block")
    return data


def _unpacked(blob: bytes) -> bytes:
    parts = dict(_fields(blob))
    raw, packed = parts.get(_RAW), parts.get(_ZLIB)
    if isinstance(raw, bytes):
        return raw
    if not isinstance(packed, bytes):
        raise ValueError("a block is packed by another method than zlib")
    unpacker = zlib.decompressobj()
    data = unpacker.decompress(packed, _BLOB_LIMIT)
    if unpacker.unconsumed_tail:
        raise ValueError("a block unpacks to more than is allowed")
    return data


def _fields(message: bytes) -> Iterator[tuple[int, bytes | int]]:
    """Number and value of each field of a protocol buffer message."""
    at, end = 0, len(message)
    while at < end:
        key, at = _varint(message, at)
        kind = key & 7
        if kind == _VARINT:
            value, at = _varint(message, at)
            yield key >> 3, value
            continue
        size = {_FIXED64: 8, _FIXED32: 4}.get(kind)
        if kind == _BYTES:
            size, at = _varint(message, at)
        if size is None or at + size > end:
            raise ValueError("a block is malformed")
        yield key >> 3, message[at : at + size]
        at += size


def _varint(message: bytes, at: int) -> tuple[int, int]:
    """An integer in groups of seven bits, and the position behind it."""
    value = shift = 0
    while True:
        group = message[at]
        at += 1
        value |= (group & 127) << shift
        if group < 128:
            return value, at
        shift += 7
        if shift > 63:
            raise ValueError("a number is too long")
