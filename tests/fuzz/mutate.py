"""Damage as files meet it, and as an attacker would write it: one mutation after another.

Everything is drawn from the generator that is passed in: the same seed gives the same bytes.
"""

from __future__ import annotations

import gzip
import io
import re
import warnings
import zipfile
import zlib
from collections.abc import Callable, Sequence
from random import Random

MOST_BYTES = 1 << 21
_NASTY = (
    b"\0", b"\xff\xff\xff\xff", b"\x7f\xff\xff\xff", b"\xff\xfe", b"\xef\xbb\xbf", b'"', b"'", b"\r",
    b"\n", b",", b"\t", b"<!DOCTYPE a [<!ENTITY b 'c'>]>", b"<", b"&b;", b"{", b"[" * 2000, b"}", b"]",
    b"\xe2\x80\xa8", b"\x1e", b"=cmd|' /C calc'!A0", b"../../etc/passwd", b"NaN", b"Infinity",
    b"<table><tr><td rowspan=99999 colspan=99999>", b"\xd0\xcf\x11\xe0", b"\x81\x30",
)  # fmt: skip
_NUMBERS = (
    b"9" * 400,
    b"-1",
    b"1e999",
    b"0",
    b"4294967295",
    b"NaN",
    b"99999999999",
    b"1048577",
    b"",
)
_WORDS = (b"\xff\xff\xff\xff", b"\x7f\xff\xff\xff", b"\xff\xff\xff\x7f", b"\0\0\0\0", b"\0\0\0\x80",
          b"\x01\0\0\0", b"\0\0\0\x01")  # fmt: skip
_ENCODINGS = ("utf-8", "gb18030", "utf-16", "utf-16-le", "utf-16-be", "big5", "latin-1", "utf-7",
              "utf-32")  # fmt: skip

Mutation = Callable[[bytes, Random, Sequence[bytes]], bytes]


def mutate(data: bytes, rng: Random, others: Sequence[bytes]) -> bytes:
    """One to four mutations of `data`; archives are also opened and changed inside."""
    for _ in range(rng.choice((1, 1, 1, 2, 3, 4))):
        data = _once(data, rng, others)[:MOST_BYTES]
    return data


def _once(data: bytes, rng: Random, others: Sequence[bytes]) -> bytes:
    if data.startswith(b"PK") and rng.random() < 0.75:
        return _inside_zip(data, rng, others)
    if data.startswith(b"\x1f\x8b") and rng.random() < 0.6:
        return _inside_gzip(data, rng, others)
    return rng.choice(MUTATIONS)(data, rng, others)


def _at(data: bytes, rng: Random) -> int:
    """A place in the data; the first bytes, where the headers are, come up more often."""
    end = max(len(data), 1)
    return rng.randrange(min(end, 200)) if rng.random() < 0.3 else rng.randrange(end)


def flip_bits(data: bytes, rng: Random, _others: Sequence[bytes]) -> bytes:
    """Flip up to sixteen bits."""
    damaged = bytearray(data)
    for _ in range(rng.choice((1, 1, 2, 4, 16))):
        if damaged:
            damaged[_at(data, rng)] ^= 1 << rng.randrange(8)
    return bytes(damaged)


def truncate(data: bytes, rng: Random, _others: Sequence[bytes]) -> bytes:
    """Cut the end off."""
    return data[: _at(data, rng)]


def cut_out(data: bytes, rng: Random, _others: Sequence[bytes]) -> bytes:
    """Remove a piece."""
    start = _at(data, rng)
    return data[:start] + data[start + rng.choice((1, 2, 7, 100, 1000)) :]


def repeat(data: bytes, rng: Random, _others: Sequence[bytes]) -> bytes:
    """Repeat a piece, sometimes very often."""
    start = _at(data, rng)
    piece = data[start : start + rng.choice((1, 8, 64, 512))]
    return data[:start] + piece * rng.choice((2, 3, 100, 2000)) + data[start:]


def insert(data: bytes, rng: Random, _others: Sequence[bytes]) -> bytes:
    """Insert what readers stumble over."""
    start = _at(data, rng)
    return data[:start] + rng.choice(_NASTY) + data[start:]


def overwrite(data: bytes, rng: Random, _others: Sequence[bytes]) -> bytes:
    """Write an extreme number over four bytes."""
    start = _at(data, rng)
    return data[:start] + rng.choice(_WORDS) + data[start + 4 :]


def splice(data: bytes, rng: Random, others: Sequence[bytes]) -> bytes:
    """Continue with the rest of another file."""
    other = rng.choice(others) if others else data
    return data[: _at(data, rng)] + other[_at(other, rng) :]


def huge_number(data: bytes, rng: Random, _others: Sequence[bytes]) -> bytes:
    """Replace a number that is written in digits."""
    found = list(re.finditer(rb"-?\d+(\.\d+)?", data[: 1 << 16]))
    if not found:
        return overwrite(data, rng, _others)
    chosen = rng.choice(found)
    return data[: chosen.start()] + rng.choice(_NUMBERS) + data[chosen.end() :]


def swap_encoding(data: bytes, rng: Random, _others: Sequence[bytes]) -> bytes:
    """Read as one encoding, written in another."""
    text = data.decode(rng.choice(("utf-8", "gb18030", "latin-1")), errors="replace")
    return text.encode(rng.choice(_ENCODINGS), errors="replace")


def swap_lines(data: bytes, rng: Random, _others: Sequence[bytes]) -> bytes:
    """Shuffle lines or tags."""
    mark = rng.choice((b"\n", b"<", b","))
    pieces = data.split(mark)
    rng.shuffle(pieces)
    return mark.join(pieces)


MUTATIONS: tuple[Mutation, ...] = (
    flip_bits, flip_bits, truncate, cut_out, repeat, insert, insert, overwrite, overwrite, splice,
    huge_number, huge_number, swap_encoding, swap_lines,
)  # fmt: skip


def _inside_gzip(data: bytes, rng: Random, others: Sequence[bytes]) -> bytes:
    try:
        return gzip.compress(_once(gzip.decompress(data), rng, others), mtime=0)
    except (OSError, EOFError, zlib.error):
        return flip_bits(data, rng, others)


def _inside_zip(data: bytes, rng: Random, others: Sequence[bytes]) -> bytes:
    """Delete, rename, double or damage a member of an archive."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = {name: archive.read(name) for name in archive.namelist()}
    except (zipfile.BadZipFile, OSError, EOFError, zlib.error, ValueError, RuntimeError,
            NotImplementedError):  # fmt: skip
        return flip_bits(data, rng, others)
    if not members:
        return flip_bits(data, rng, others)
    name = rng.choice(sorted(members))
    what = rng.random()
    if what < 0.15:
        members.pop(name)
    elif what < 0.25:
        members[rng.choice(("../" + name, "/" + name, "x" * 300, name.upper()))] = members.pop(name)
    else:
        members[name] = rng.choice(MUTATIONS)(members[name], rng, [*others, *members.values()])
    return _zip(members, double=name if 0.25 < what < 0.3 else None)


def _zip(members: dict[str, bytes], double: str | None) -> bytes:
    stream = io.BytesIO()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, data in members.items():
                for content in (data, data[::-1]) if name == double else (data,):
                    info = zipfile.ZipInfo(name, (2024, 1, 1, 0, 0, 0))
                    archive.writestr(info, content, zipfile.ZIP_DEFLATED)
    return stream.getvalue()
