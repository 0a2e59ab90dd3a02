"""Where a tile lies by its name: z/x/y.png, OAM-x-y-z.tif, z_x_y.jpg."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import numpy as np

from imagery.formats.where import Affine
from layers.datum.ground import WEB_MERCATOR, ground_crs

_DEEPEST = 24
_SHALLOWEST = 5
"""Of joined names: plots and frames are numbered 1-2-3 as well."""
_FOLDERS = re.compile(r"(?:^|/)(\d{1,2})/(\d{1,8})/(\d{1,8})\.\w+$")
_JOINED = re.compile(r"(?:^|[/_\-A-Za-z])(\d{1,8})([-_])(\d{1,8})\2(\d{1,8})\.\w+$")
_KNOWN_WRITERS = re.compile(r"(?:^|/)(?:OAM|tile)[-_]", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class TileName:
    """Zoom, column and row as the name writes them; `row` counts from north in XYZ."""

    z: int
    x: int
    y: int

    @property
    def fits(self) -> bool:
        """Whether such a tile exists."""
        return 0 < self.z <= _DEEPEST and max(self.x, self.y) < 2**self.z


_NONE = TileName(0, 0, 0)


def tile_name(name: str, *, loose: bool) -> TileName | None:
    """The tile a single file's name speaks of, or None.

    `loose` reads any x-y-z; without it only the names of known writers count, for photos are
    numbered in many ways.
    """
    if not loose and not _KNOWN_WRITERS.search(name):
        return None
    found = [one for one in _readings(name) if one.fits]
    return found[0] if found else None


def tile_names(names: Iterable[str]) -> dict[str, TileName]:
    """The tiles that names of one collection speak of, all read in the same way."""
    names = list(names)
    by_folder = {name: TileName(*map(int, match.groups())) for name in names
                 if (match := _FOLDERS.search(name))}  # fmt: skip
    if by_folder:
        return {name: tile for name, tile in by_folder.items() if tile.fits}
    ways: list[dict[str, TileName]] = [{}, {}]
    for name in names:
        for way, tile in enumerate(_readings(name)):
            if tile.fits:
                ways[way][name] = tile
    return max(ways, key=len)


def _readings(name: str) -> list[TileName]:
    """x-y-z first, then z-x-y; dates and numbers filled up with zeros are neither."""
    match = _JOINED.search(name)
    if match is None:
        folders = _FOLDERS.search(name)
        return [] if folders is None else [TileName(*map(int, folders.groups()))]
    texts = (match[1], match[3], match[4])
    if any(len(text) > 1 and text[0] == "0" for text in texts) or _is_date(texts):
        return []
    one, two, three = map(int, texts)
    both = [TileName(three, one, two), TileName(one, two, three)]
    return [tile if tile.z >= _SHALLOWEST else _NONE for tile in both]


def _is_date(texts: tuple[str, str, str]) -> bool:
    year, month, day = map(int, texts)
    try:
        return 1900 <= date(year, month, day).year <= 2100
    except ValueError:
        return False


def tile_affine(z: int, x: int, y: int, size: int) -> Affine:
    """The affine of a tile of `size` pixels in the plane of map tiles; `y` counts from north."""
    east, _ = ground_crs(WEB_MERCATOR).from_wgs84(np.array([180.0]), np.array([0.0]))
    half = float(east[0])
    side = 2 * half / 2**z
    return (side / size, 0.0, x * side - half, 0.0, -side / size, half - y * side)
