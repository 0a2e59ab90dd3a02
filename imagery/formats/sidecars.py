"""Small files beside a picture that place it: world files, .prj, .aux.xml."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from imagery.formats.where import Affine
from imagery.guard.limits import Limits
from imagery.guard.xml import parse_xml
from layers.errors import ImageryError

_WORLD = {
    "tiff": (".tfw", ".tifw", ".tiffw", ".wld"),
    "jpeg": (".jgw", ".jpgw", ".jpegw", ".jpw", ".wld"),
    "png": (".pgw", ".pngw", ".wld"),
    "jp2": (".j2w", ".jp2w", ".wld"),
}
SUFFIXES = frozenset({suffix for several in _WORLD.values() for suffix in several})
"""Suffixes of world files."""
_MOST_BYTES = 1 << 16
_ENCODINGS = ("utf-8-sig", "gb18030", "latin-1")


@dataclass(frozen=True)
class Item:
    """A file to be read: `name` as its person gave it (`/` parts folders), its neighbours.

    `beside` finds neighbours by lower-case file name; `member` is the path inside an archive
    or folder, missing where the file was given by itself.
    """

    path: Path
    name: str
    member: str | None = None
    beside: Mapping[str, Path] = field(default_factory=dict)

    @property
    def stem(self) -> str:
        """The name without folder and suffix."""
        return self.name.rpartition("/")[2].rpartition(".")[0]

    @property
    def label(self) -> Path:
        """What errors call the file."""
        return self.path if self.member is None else Path(self.member)


def item_of(path: Path) -> Item:
    """A file given by itself, with the neighbours that could place it."""
    wanted = {f"{path.stem}{suffix}".lower() for suffix in (*SUFFIXES, ".prj")}
    wanted |= {f"{path.name}.aux.xml".lower(), f"{path.name}w".lower()}
    # Each is asked for by name: listing a folder of a hundred thousand photos takes its time.
    found = {}
    for name in wanted:
        for suffix in (Path(name).suffix, Path(name).suffix.upper()):
            if name.endswith(".aux.xml"):
                near = path.with_name(f"{path.name}.aux.xml")
            else:
                near = path.with_suffix(suffix)
            if near.name.lower() == name and near.is_file():
                found[name] = near
    return Item(path, path.name, None, found)


def world_file(item: Item, kind: str) -> Affine | None:
    """The six numbers beside a picture, turned from pixel centre to corner; None without."""
    for suffix in _WORLD.get(kind, ()):
        near = item.beside.get(f"{item.stem}{suffix}".lower())
        if near is not None:
            return _numbers(near)
    return None


def crs_beside(item: Item, limits: Limits) -> str | None:
    """WKT of the .prj or of the .aux.xml beside a picture."""
    near = item.beside.get(f"{item.stem}.prj".lower())
    if near is not None:
        return _text(near).strip() or None
    aux = item.beside.get(f"{item.name.rpartition('/')[2]}.aux.xml".lower())
    if aux is None:
        return None
    found = parse_xml(aux, limits).findtext("SRS")
    return found.strip() if found and found.strip() else None


def _numbers(path: Path) -> Affine:
    try:
        a, d, b, e, c, f = (float(word.replace(",", ".")) for word in _text(path).split()[:6])
    except ValueError:
        raise ImageryError("the world file does not hold six numbers", file=path,
                           remedy="export it again, or remove it and state the place") from None  # fmt: skip
    if not np.isfinite([a, b, c, d, e, f]).all() or a * e == b * d:
        raise ImageryError("the world file's numbers place no pixel", file=path,
                           remedy="export it again, or remove it and state the place")  # fmt: skip
    return (a, b, c - a / 2 - b / 2, d, e, f - d / 2 - e / 2)


def _text(path: Path) -> str:
    with path.open("rb") as stream:
        data = stream.read(_MOST_BYTES + 1)
    if len(data) > _MOST_BYTES:
        raise ImageryError("the file beside the picture is far too long", file=path,
                           remedy="export it again")  # fmt: skip
    for encoding in _ENCODINGS[:-1]:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return data.decode(_ENCODINGS[-1])
