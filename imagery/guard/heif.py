"""HEIC/HEIF as phones write it: boxes and items, read with bounds and without decoding."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from math import ceil
from pathlib import Path
from typing import BinaryIO

from imagery.guard.raster import damaged
from imagery.guard.shape import Shape
from layers.errors import ImageryError

_MOST_BOXES, _MOST_ITEMS, _MOST_EXTENTS = 10_000, 20_000, 1_000
_MOST_META, _MOST_NOTE = 4 << 20, 1 << 18
_CODED = {b"hvc1", b"grid", b"iden", b"iovl"}
_EXIF, _XMP = b"Exif", b"application/rdf+xml"
_CONVERT = (
    "set the phone's camera to “Most compatible” (JPEG), or export this photo as JPEG with its "
    "location kept (请将手机相机格式设为“兼容性最佳”, 或导出为保留位置信息的JPEG)"
)


@dataclass
class Item:
    """One item of the file: what kind, where its bytes lie, the properties it has."""

    kind: bytes = b""
    media: bytes = b""
    from_idat: bool = False
    extents: list[tuple[int, int]] = field(default_factory=list)
    properties: list[int] = field(default_factory=list)


@dataclass
class Items:
    """The `meta` box: `properties` as (name, body), `idat` the bytes some items lie in."""

    primary: int = 0
    items: dict[int, Item] = field(default_factory=dict)
    properties: list[tuple[bytes, bytes]] = field(default_factory=list)
    idat: bytes = b""

    def of(self, number: int) -> list[tuple[bytes, bytes]]:
        """The properties of an item, in the order they are applied."""
        wanted = self.items.get(number, Item()).properties
        return [self.properties[n - 1] for n in wanted if 0 < n <= len(self.properties)]


def scan_heif(path: Path) -> Shape:
    """What the first picture's properties promise, upright; all its bytes must be in the file."""
    size = path.stat().st_size
    with path.open("rb") as stream:
        found = read_items(stream, size, path)
    first = found.items.get(found.primary)
    if first is None:
        raise damaged(path, what="no picture")
    if first.kind not in _CODED or any(found.items[n].kind == b"av01" for n in found.items):
        raise ImageryError("this HEIF file is not coded as phones' photos are (HEVC)",
                           remedy=_CONVERT, file=path)  # fmt: skip
    _require_bytes(found, size, path)
    width, height, bits = _size(found, path)
    decoded = _coded_pixels(found) * 3 * ceil(bits / 8)
    return Shape(width, height, 3, bits, decoded, decoded, size)


def notes_of(path: Path) -> tuple[bytes, bytes, int | None, int | None]:
    """EXIF's TIFF block, the XMP packet (nothing where none is sound), upright width and height."""
    size = path.stat().st_size
    with path.open("rb") as stream:
        found = read_items(stream, size, path)
        exif = xmp = b""
        for item in found.items.values():
            if item.kind == _EXIF and not exif:
                body = _bytes_of(item, found, stream)
                start = 4 + int.from_bytes(body[:4], "big")
                exif = body[start:].removeprefix(b"Exif\0\0")
            elif item.media == _XMP and not xmp:
                xmp = _bytes_of(item, found, stream)
    width, height, _bits = _size(found, path)
    return exif, xmp, width, height


def read_items(stream: BinaryIO, size: int, path: Path) -> Items:
    """The file's `meta` box; raises `ImageryError` where the boxes do not lead to the end."""
    meta = b""
    for name, start, end in _top_boxes(stream, size, path):
        if name == b"meta" and not meta:
            if end - start > _MOST_META:
                raise damaged(path, what="a table of items that no camera writes")
            stream.seek(start)
            meta = stream.read(end - start)
    if not meta:
        raise damaged(path, what="no table of items")
    try:
        return _items(meta[4:])
    except (IndexError, ValueError) as error:
        raise damaged(path, what="a broken table of items") from error


def _top_boxes(stream: BinaryIO, size: int, path: Path) -> Iterator[tuple[bytes, int, int]]:
    at = 0
    for _ in range(_MOST_BOXES):
        if at == size:
            return
        stream.seek(at)
        head = stream.read(16)
        length, name, body = int.from_bytes(head[:4], "big"), head[4:8], 8
        if length == 1:
            length, body = int.from_bytes(head[8:16], "big"), 16
        length = length or size - at
        if len(head) < 8 or length < body or at + length > size:
            raise damaged(path, what="the end of the picture is missing")
        yield name, at + body, at + length
        at += length
    raise damaged(path, what="too many boxes")


def _boxes(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """The boxes inside a box; raises `ValueError` where one is longer than what holds it."""
    at = 0
    for _ in range(_MOST_BOXES):
        if at == len(data):
            return
        length, body = int.from_bytes(data[at : at + 4], "big"), 8
        if length == 1:
            length, body = int.from_bytes(data[at + 8 : at + 16], "big"), 16
        length = length or len(data) - at
        if length < body or at + length > len(data):
            raise ValueError("a box is longer than what holds it")
        yield data[at + 4 : at + 8], data[at + body : at + length]
        at += length
    raise ValueError("too many boxes")


def _items(meta: bytes) -> Items:
    found = Items()
    for name, body in _boxes(meta):
        if name == b"pitm":
            found.primary = int.from_bytes(body[4 : 6 if body[0] == 0 else 8], "big")
        elif name == b"iinf":
            _kinds(body, found)
        elif name == b"iloc":
            _places(body, found)
        elif name == b"iprp":
            _properties(body, found)
        elif name == b"idat":
            found.idat = body
    return found


def _item(found: Items, number: int) -> Item:
    if len(found.items) >= _MOST_ITEMS and number not in found.items:
        raise ValueError("too many items")
    return found.items.setdefault(number, Item())


def _kinds(body: bytes, found: Items) -> None:
    for name, entry in _boxes(body[6 if body[0] == 0 else 8 :]):
        if name == b"infe" and entry[0] >= 2:
            wide = 2 if entry[0] == 2 else 4
            item = _item(found, int.from_bytes(entry[4 : 4 + wide], "big"))
            item.kind = entry[6 + wide : 10 + wide]
            words = entry[10 + wide :].split(b"\0")
            item.media = words[1] if item.kind == b"mime" and len(words) > 1 else b""


class _Numbers:
    """Reads numbers one behind the other; raises `ValueError` at the end."""

    def __init__(self, data: bytes, at: int) -> None:
        self.data, self.at = data, at

    def take(self, wide: int) -> int:
        """The next number of `wide` bytes (nothing = 0)."""
        if self.at + wide > len(self.data):
            raise ValueError("it ends too early")
        self.at += wide
        return int.from_bytes(self.data[self.at - wide : self.at], "big")


def _places(body: bytes, found: Items) -> None:
    version, read = body[0], _Numbers(body, 4)
    sizes, more = read.take(1), read.take(1)
    offset, length, base, index = sizes >> 4, sizes & 15, more >> 4, more & 15
    count = read.take(2 if version < 2 else 4)
    for _ in range(min(count, _MOST_ITEMS)):
        item = _item(found, read.take(2 if version < 2 else 4))
        item.from_idat = bool(version) and read.take(2) & 15 == 1
        read.take(2)
        begin = read.take(base)
        for _ in range(min(read.take(2), _MOST_EXTENTS)):
            if version:
                read.take(index)
            item.extents.append((begin + read.take(offset), read.take(length)))


def _properties(body: bytes, found: Items) -> None:
    for name, inner in _boxes(body):
        if name == b"ipco":
            found.properties = list(_boxes(inner))
        elif name == b"ipma":
            _associations(inner, found)


def _associations(body: bytes, found: Items) -> None:
    read = _Numbers(body, 4)
    wide = 2 if body[3] & 1 else 1
    for _ in range(min(read.take(4), _MOST_ITEMS)):
        item = _item(found, read.take(2 if body[0] == 0 else 4))
        for _ in range(read.take(1)):
            item.properties.append(read.take(wide) & (0x7FFF if wide == 2 else 0x7F))


def _require_bytes(found: Items, size: int, path: Path) -> None:
    for item in found.items.values():
        most = len(found.idat) if item.from_idat else size
        if any(begin + length > most for begin, length in item.extents):
            raise damaged(path, what="the end of the picture is missing")


def _size(found: Items, path: Path) -> tuple[int, int, int]:
    """Width, height and bits of the first picture, cropped and turned as its properties say."""
    width = height = 0
    bits = 8
    for name, body in found.of(found.primary):
        if name == b"ispe" and len(body) >= 12:
            width, height = (int.from_bytes(body[n : n + 4], "big") for n in (4, 8))
        elif name == b"pixi" and len(body) > 5:
            bits = max(body[5:])
        elif name == b"clap" and len(body) >= 16:
            up, across, down, below = (
                int.from_bytes(body[n : n + 4], "big") for n in (0, 4, 8, 12)
            )
            if across and below:
                width, height = min(width, up // across), min(height, down // below)
        elif name == b"irot" and body[:1] and body[0] & 1:
            width, height = height, width
    if not (0 < bits <= 16):
        raise damaged(path, what="an impossible header")
    return width, height, bits


def _coded_pixels(found: Items) -> int:
    """Of the largest picture in the file: it is decoded whole, before anything is cropped off."""
    sizes = [body for name, body in found.properties if name == b"ispe" and len(body) >= 12]
    return max(
        (int.from_bytes(body[4:8], "big") * int.from_bytes(body[8:12], "big") for body in sizes),
        default=0,
    )


def _bytes_of(item: Item, found: Items, stream: BinaryIO) -> bytes:
    """An item's bytes, at most 256 KiB."""
    parts: list[bytes] = []
    room = _MOST_NOTE
    for begin, length in item.extents:
        if item.from_idat:
            parts.append(found.idat[begin : begin + min(length, room)])
        else:
            stream.seek(begin)
            parts.append(stream.read(min(length, room)))
        room -= len(parts[-1])
        if room <= 0:
            break
    return b"".join(parts)
