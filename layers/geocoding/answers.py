"""The answer to one address, and how candidates are named to a person."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely

from layers.geocoding.gazetteer import Gazetteer
from layers.geocoding.names import Spot
from layers.geocoding.streets import Street

CHOICES = 5
"""So many candidates are named."""


@dataclass(frozen=True)
class Answer:
    """A place in metres of the plane (missing where nothing fits), or the problem, or both:
    a coarse place with the reason why no finer one was found.
    """

    x: float = np.nan
    y: float = np.nan
    method: str | None = None
    u_m: float = np.nan
    matched: str | None = None
    problem: str | None = None
    candidates: str | None = None


def at_place(place: np.ndarray, method: str, u_m: float, matched: str) -> Answer:
    """An answer at (x, y) metres of the plane."""
    return Answer(float(place[0]), float(place[1]), method, u_m, matched)


def where(street: Street, known: Gazetteer) -> str:
    """The township of a street's middle, to tell streets of one name apart."""
    place = street.samples[len(street.samples) // 2]
    return township_of(Spot(float(place[0]), float(place[1]), 0.0, ""), known)


def township_of(spot: Spot, known: Gazetteer) -> str:
    """The township of a place, else its coordinates."""
    for town in known.regions.townships:
        if shapely.contains_xy(town.outline, spot.x, spot.y):
            return town.name
    lon, lat = known.plane.degrees(np.array([[spot.x, spot.y]]))[0]
    return f"{lon:.5f} {lat:.5f}"


def alike(key: str | None, name: str | None, known: Gazetteer) -> str | None:
    """The name, and streets that differ in 路/大道/街 only: a person decides."""
    stem = _stem(str(key))
    others = [streets[0].name for other, streets in known.streets.items()
              if other != key and len(stem) > 1 and _stem(other) == stem]  # fmt: skip
    return f"{name}？{' / '.join(others[:CHOICES])}" if others else name


def _stem(key: str) -> str:
    for end in ("大道", "大街", "路", "街", "巷"):
        if key.endswith(end):
            return key.removesuffix(end)
    return key
