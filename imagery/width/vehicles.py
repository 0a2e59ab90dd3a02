"""Vehicle profiles for the drive-through, read from `vehicles.toml`."""

from __future__ import annotations

import math
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from layers.errors import ImageryError

FILE = Path(__file__).with_name("vehicles.toml")


@dataclass(frozen=True, slots=True)
class Vehicle:
    """A rigid vehicle of two axles; lengths in metres, `turning_radius` of the outer front wheel."""

    name: str
    zh: str
    en: str
    width: float
    length: float
    height: float
    wheelbase: float
    front_overhang: float
    turning_radius: float
    source: str
    verified: bool

    @property
    def rear_overhang(self) -> float:
        """Metres behind the rear axle."""
        return self.length - self.wheelbase - self.front_overhang

    @property
    def rear_radius(self) -> float:
        """Least radius on which the middle of the rear axle can run, metres."""
        return math.sqrt(self.turning_radius**2 - self.wheelbase**2) - self.width / 2


@cache
def vehicles(path: Path = FILE) -> dict[str, Vehicle]:
    """All profiles by name; raises `ImageryError` for a profile that cannot be driven."""
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
        found = {}
        for name, entry in table.items():
            title = entry.pop("title")
            found[name] = Vehicle(name=name, zh=title["zh"], en=title["en"], **entry)
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise ImageryError(f"the vehicle profiles cannot be read ({error})", file=path,
                           remedy="compare with imagery/width/vehicles.toml") from None  # fmt: skip
    for one in found.values():
        _check(one, path)
    return found


def _check(one: Vehicle, path: Path) -> None:
    sizes = (
        one.width,
        one.length,
        one.height,
        one.wheelbase,
        one.front_overhang,
        one.turning_radius,
    )
    good = all(isinstance(size, int | float) and size > 0 for size in sizes)
    if (
        not good
        or one.rear_overhang < 0
        or one.turning_radius <= one.wheelbase
        or one.rear_radius <= 0
    ):
        raise ImageryError("a vehicle of these measures cannot be driven", file=path, field=one.name,
                           remedy="check width, length, wheelbase, overhang and turning radius")  # fmt: skip


def vehicle(name: str) -> Vehicle:
    """The profile called `name`; raises `ImageryError` naming the known."""
    known = vehicles()
    if name not in known:
        raise ImageryError(f"there is no vehicle {name!r}", field="vehicle",
                           remedy=f"use one of {', '.join(known)}")  # fmt: skip
    return known[name]
