"""The header of a JPEG or HEIC: EXIF and XMP blocks and size, found without decoding a pixel."""

from __future__ import annotations

import hashlib
import io
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from imagery.guard.heif import notes_of
from layers.errors import ImageryError

_START = b"\xff\xd8"
_EXIF = b"Exif\x00\x00"
_XMP = b"http://ns.adobe.com/xap/1.0/\x00"
_MAX_SEGMENTS = 4096
_ALONE = {0x01, *range(0xD0, 0xD8)}
_FRAMES = {*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC}
_ENDS = {0xD9, 0xDA}


@dataclass(frozen=True, slots=True)
class Header:
    """`exif` is the TIFF block, `xmp` the packet (256 KiB at most each); size in pixels as stored.

    `upright`: pixels are handed out upright, whatever EXIF's orientation says (HEIC).
    """

    exif: bytes = b""
    xmp: bytes = b""
    width: int | None = None
    height: int | None = None
    jpeg: bool = False
    upright: bool = False


def read_header(path: str | Path) -> Header:
    """Walk the segments before the first scan; what is no JPEG or HEIC gives an empty header.

    Raises `ImageryError` where the file cannot be opened.
    """
    try:
        with Path(path).open("rb") as file:
            start = file.read(12)
            file.seek(0)
            if start[4:8] != b"ftyp":
                return _walk(file)
        return _of_heif(Path(path))
    except OSError as error:
        raise ImageryError(
            f"the photo cannot be opened ({error.strerror})",
            remedy="check the path and the card, then try again",
            file=path,
        ) from None


def header_of(data: bytes) -> Header:
    """The same for a photo in memory."""
    return _walk(io.BytesIO(data))


def sha256_of(path: str | Path) -> str:
    """SHA-256 of a file's bytes, in lower-case hexadecimal."""
    with Path(path).open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _of_heif(path: Path) -> Header:
    """A damaged table of items is no error here: the pixels are refused where they are read."""
    try:
        return Header(*notes_of(path), upright=True)
    except ImageryError:
        return Header(upright=True)


def _walk(file: BinaryIO) -> Header:
    if file.read(2) != _START:
        return Header()
    exif, xmp = b"", b""
    size: tuple[int | None, int | None] = (None, None)
    for _ in range(_MAX_SEGMENTS):
        marker = _marker(file)
        if marker is None or marker in _ENDS:
            break
        if marker in _ALONE:
            continue
        length = int.from_bytes(file.read(2), "big") - 2
        if length < 0:
            break
        if marker == 0xE1:
            body = file.read(length)
            exif = exif or _after(body, _EXIF)
            xmp = xmp or _after(body, _XMP)
        elif marker in _FRAMES:
            size = _size(file.read(length))
        else:
            file.seek(length, io.SEEK_CUR)
    return Header(exif, xmp, *size, jpeg=True)


def _marker(file: BinaryIO) -> int | None:
    """The next marker's code; None at the end or where no marker stands."""
    if file.read(1) != b"\xff":
        return None
    for _ in range(_MAX_SEGMENTS):
        code = file.read(1)
        if code != b"\xff":
            return code[0] if code else None
    return None


def _after(body: bytes, name: bytes) -> bytes:
    return body[len(name) :] if body.startswith(name) else b""


def _size(frame: bytes) -> tuple[int | None, int | None]:
    if len(frame) < 5:
        return None, None
    return int.from_bytes(frame[3:5], "big"), int.from_bytes(frame[1:3], "big")
