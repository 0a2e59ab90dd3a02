"""Where the holders are: street doors that no shop of the county has, and how addresses are written."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from random import Random

import numpy as np
from scipy.spatial import cKDTree

from demo.export import gcj
from demo.frame import to_lonlat
from demo.scene import Play
from demo.shapes import Array
from demo.shops import APART_M

FULL = "云岭省青澜市云溪县城关镇"
_ROADS_ONLY = "路"
_SPARE_M, _TOWN_M = 2 * APART_M, 2600.0


@dataclass(frozen=True)
class Spot:
    """A street door: street, house number, (x, y) metres on the plane, and what stands behind it."""

    street: str
    number: int
    point: tuple[float, float]
    inside: str = ""
    """Number beside it, floor and unit: 附2号, 3楼302室."""

    @property
    def plain(self) -> str:
        """The address as the street has it."""
        return f"{self.street}{self.number}号{self.inside}"

    @property
    def full(self) -> str:
        """With province, city, county and town before it."""
        return FULL + self.plain

    @property
    def big(self) -> str:
        """The street under its newer name of 大道."""
        return f"云溪县{self.street.removesuffix('路')}大道{self.number}号{self.inside}"

    @property
    def gcj02(self) -> tuple[str, str]:
        """Degrees in GCJ-02 as a platform shows them."""
        lon, lat = gcj(np.array([self.point]))[0].tolist()
        return f"{lon:.6f}", f"{lat:.6f}"

    def at(self, inside: str) -> Spot:
        """The same door, something behind it."""
        return replace(self, inside=inside)


def written_place(point: Array | tuple[float, float]) -> tuple[str, str]:
    """Longitude and latitude in CGCS2000 as a register writes them; `point` on the plane, metres."""
    lon, lat = to_lonlat(np.array([point]))[0].tolist()
    return f"{lon:.6f}", f"{lat:.6f}"


class Ground:
    """Free doors of the town, handed out one by one; the same play gives the same doors."""

    def __init__(self, play: Play, random: Random) -> None:
        self._random = random
        self._free = _free(play, random)
        self._passed: list[Spot] = []

    def spot(self, *, road: bool = False) -> Spot:
        """The next free door; `road` asks for a street called …路 (not …大道)."""
        for n, spot in enumerate(self._passed):
            if not road or spot.street.endswith(_ROADS_ONLY):
                return self._passed.pop(n)
        for spot in self._free:
            if not road or spot.street.endswith(_ROADS_ONLY):
                return spot
            self._passed.append(spot)
        raise ValueError("no free door is left")

    def written(self, spot: Spot) -> str:
        """An address in one of the forms of an office."""
        return self._random.choice(
            (spot.plain, spot.full, f"云溪县{spot.plain}", f"青澜市云溪县{spot.plain}")
        )


def _free(play: Play, random: Random) -> Iterator[Spot]:
    """Doors in town on named streets, away from every shop and from each other."""
    places = play.scene.seen.places
    shops = places[[shop.door for shop in play.shops if shop.door >= 0]]
    away, _ = cKDTree(shops).query(places)
    town = (np.hypot(*places.T) < _TOWN_M) & (away >= _SPARE_M)
    taken = np.empty((0, 2))
    for n in random.sample(range(len(places)), len(places)):
        street = str(play.street[n])
        if not town[n] or street.endswith(("村", "镇")):
            continue
        if (np.hypot(*(taken - places[n]).T) < _SPARE_M).any():
            continue
        taken = np.vstack([taken, places[n]])
        x, y = places[n].tolist()
        yield Spot(street, int(play.number[n]), (x, y))
