"""A zip of one form only: entries stored as they are, in order, without extras, with one fixed date.

From the entries alone every byte of the file follows, so a verifier can name any byte that
differs, and no decompression can run away. Files over 4 GiB use the zip64 records.
"""

from __future__ import annotations

import hashlib
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

_BLOCK = 1 << 20
_BIG = 0xFFFFFFFF
_DATE, _TIME = (1 << 5) | 1, 0  # 1980-01-01 00:00:00, the first day a zip can name
_UTF8 = 0x0800


@dataclass(frozen=True, slots=True)
class Entry:
    """A file to put in: its path inside, and where its bytes are (memory or disk)."""

    name: str
    data: bytes | Path

    def blocks(self) -> Iterator[bytes]:
        """Its bytes, a megabyte at a time."""
        if isinstance(self.data, bytes):
            yield self.data
            return
        with self.data.open("rb") as stream:
            while block := stream.read(_BLOCK):
                yield block


@dataclass(frozen=True, slots=True)
class Measured:
    """An entry with what its headers and manifests say: bytes, CRC-32, SHA-256."""

    entry: Entry
    size: int
    crc: int
    sha256: str


def measure(entry: Entry) -> Measured:
    """Read an entry once."""
    size, crc, digest = 0, 0, hashlib.sha256()
    for block in entry.blocks():
        size, crc = size + len(block), zlib.crc32(block, crc)
        digest.update(block)
    return Measured(entry, size, crc, digest.hexdigest())


def write_stored(stream: IO[bytes], entries: list[Measured]) -> None:
    """Write the zip; raises `ValueError` where a file changed since it was measured."""
    at, directory = 0, []
    for one in entries:
        head = local_header(one)
        stream.write(head)
        crc = 0
        written = 0
        for block in one.entry.blocks():
            stream.write(block)
            crc, written = zlib.crc32(block, crc), written + len(block)
        if (crc, written) != (one.crc, one.size):
            raise ValueError(f"{one.entry.name} changed while it was being packed")
        directory.append(central_header(one, at))
        at += len(head) + one.size
    for header in directory:
        stream.write(header)
    stream.write(end_records(len(entries), at, sum(map(len, directory))))


def local_header(one: Measured) -> bytes:
    """The header before the bytes of an entry."""
    name = one.entry.name.encode("utf-8")
    large = one.size >= _BIG
    extra = struct.pack("<HHQQ", 1, 16, one.size, one.size) if large else b""
    shown = _BIG if large else one.size
    return struct.pack("<4sHHHHHIIIHH", b"PK\3\4", 45 if large else 20, _UTF8, 0, _TIME, _DATE,
                       one.crc, shown, shown, len(name), len(extra)) + name + extra  # fmt: skip


def central_header(one: Measured, at: int) -> bytes:
    """The entry's line in the directory; `at` is the offset of its local header."""
    name = one.entry.name.encode("utf-8")
    wide = [value for value in (one.size, one.size, at) if value >= _BIG]
    extra = struct.pack(f"<HH{len(wide)}Q", 1, 8 * len(wide), *wide) if wide else b""
    shown, where = min(one.size, _BIG), min(at, _BIG)
    return struct.pack("<4sBBHHHHHIIIHHHHHII", b"PK\1\2", 45 if wide else 20, 3, 45 if wide else 20,
                       _UTF8, 0, _TIME, _DATE, one.crc, shown, shown, len(name), len(extra), 0, 0, 0,
                       0o100644 << 16, where) + name + extra  # fmt: skip


def end_records(count: int, at: int, size: int) -> bytes:
    """What ends the file; `at` is where the directory begins, `size` its bytes."""
    end = struct.pack("<4sHHHHIIH", b"PK\5\6", 0, 0, min(count, 0xFFFF), min(count, 0xFFFF),
                      min(size, _BIG), min(at, _BIG), 0)  # fmt: skip
    if count < 0xFFFF and at < _BIG and size < _BIG:
        return end
    whole = struct.pack("<4sQBBHIIQQQQ", b"PK\6\6", 44, 45, 3, 45, 0, 0, count, count, size, at)
    return whole + struct.pack("<4sIQI", b"PK\6\7", 0, at + size, 1) + end
