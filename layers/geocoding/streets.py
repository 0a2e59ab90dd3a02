"""Streets by name: pieces joined, streets of one name far apart told apart, open ends known."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import pandas as pd
import shapely
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from shapely import MultiPoint
from shapely.geometry.base import BaseGeometry

from layers.geocoding.houses import Houses
from layers.geocoding.plane import Plane
from layers.layer import Layer
from layers.licence_keys import name_keys

APART_M = 1000.0
"""Pieces of one name farther apart are streets of their own: place-name rules forbid two streets
of one name in one built-up area, so what lies nearer is one street with a gap."""

ON_STREET_M = 300.0
"""A placed row whose address names the street but lies farther from it contradicts itself."""

STEP_M = 10.0
SMALL_M = 150.0
"""Only things smaller than this show where an extract ends: long ways stick out of it."""
RIM_M = 100.0


@dataclass(frozen=True, eq=False)
class Street:
    """One street, metres of the plane.

    `lines` is missing where only addresses tell of it. `samples` (n, 2) lie every `STEP_M` along
    it; `open_ends` (m, 2) are ends beyond which the layers show nothing; `house` are placed rows
    with a number on it.
    """

    name: str
    lines: BaseGeometry | None
    samples: np.ndarray
    open_ends: np.ndarray
    house: Houses

    def within(self, area: BaseGeometry | None) -> np.ndarray:
        """The samples inside `area` (all where there is none)."""
        if area is None:
            return self.samples
        return self.samples[shapely.contains_xy(area, self.samples[:, 0], self.samples[:, 1])]


def streets_of(
    layers: Mapping[str, Layer], plane: Plane, known: pd.DataFrame
) -> dict[str, tuple[Street, ...]]:
    """All streets by key; `known` is the table of `evidence`."""
    house = _houses(known)
    pieces = _pieces(layers, plane)
    cover = _cover(layers, plane)
    found: dict[str, tuple[Street, ...]] = {}
    for key in sorted({*pieces, *house}):
        numbered = Houses.of(house.get(key, known.iloc[:0]))
        name, lines = pieces.get(key, (str(key), np.array([], dtype=object)))
        found[key] = tuple(_split(name, lines, numbered, cover))
    return found


@lru_cache(maxsize=100_000)
def street_key(name: str | None) -> str | None:
    """The key of a street's name; missing stays missing."""
    return None if name is None else name_keys(pd.Series([name], dtype=object))[0]


def _houses(known: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Numbered rows by street; what stands beside or metres away from a number is no number."""
    rows = known["road"].notna() & known["number"].notna() & known["crossing"].isna()
    table = known[rows & known["relation"].isna() & known["offset_m"].isna()]
    table = table.assign(key=name_keys(table["road"]))
    return {str(key): group for key, group in table.groupby("key", sort=True)}


def _pieces(layers: Mapping[str, Layer], plane: Plane) -> dict[str, tuple[str, np.ndarray]]:
    if "road" not in layers:
        return {}
    frame = layers["road"].placed
    frame = frame[frame["name"].notna()]
    table = pd.DataFrame({"key": name_keys(frame["name"]), "name": frame["name"]})
    table["line"] = plane.shapes(np.asarray(frame.geometry.array))
    groups = table.dropna(subset="key").groupby("key", sort=True)
    return {
        str(key): (str(group["name"].iloc[0]), group["line"].to_numpy()) for key, group in groups
    }


def _cover(layers: Mapping[str, Layer], plane: Plane) -> BaseGeometry | None:
    """Where the road layer's own file shows small things: beyond it nothing is known."""
    if "road" not in layers:
        return None
    files = {(entry.source, entry.file) for entry in layers["road"].provenance}
    boxes = []
    for name in layers:
        if files & {(entry.source, entry.file) for entry in layers[name].provenance}:
            shapes = plane.shapes(np.asarray(layers[name].placed.geometry.array))
            boxes.append(shapely.bounds(shapes).reshape(-1, 4))
    bounds = np.concatenate(boxes)
    small = np.hypot(bounds[:, 2] - bounds[:, 0], bounds[:, 3] - bounds[:, 1]) < SMALL_M
    middles = (bounds[small, :2] + bounds[small, 2:]) / 2
    cover: BaseGeometry = MultiPoint(middles).convex_hull.buffer(-RIM_M)
    outlines = layers["township"].placed if "township" in layers else None
    if outlines is not None and len(outlines):
        shown = shapely.union_all(plane.shapes(np.asarray(outlines.geometry.array)))
        cover = cover.intersection(shown)
    return cover


def _split(
    name: str, lines: np.ndarray, house: Houses, cover: BaseGeometry | None
) -> Iterator[Street]:
    """One street per group of pieces; houses go to the street they lie on."""
    if len(lines) == 0:
        yield from _only_houses(name, house)
        return
    spots = np.asarray(shapely.points(house.places))
    for members in _groups(lines, APART_M):
        whole = shapely.line_merge(shapely.union_all(lines[members]))
        mine = np.asarray(shapely.distance(spots, whole) <= ON_STREET_M)
        ends = _open_ends(whole, cover)
        yield Street(name, whole, _samples(whole), ends, house.take(mine))


def _only_houses(name: str, house: Houses) -> Iterator[Street]:
    for members in _groups(np.asarray(shapely.points(house.places)), APART_M):
        mine = house.take(members)
        # nobody drew the street: how far it goes is unknown, so it is open at every house
        yield Street(name, None, mine.places, mine.places, mine)


def _groups(shapes: np.ndarray, metres: float) -> Iterator[np.ndarray]:
    """Numbers of the shapes that hang together by steps of at most `metres`."""
    a, b = shapely.STRtree(shapes).query(shapes, predicate="dwithin", distance=metres)
    links = coo_array((np.ones(len(a)), (a, b)), shape=(len(shapes), len(shapes)))
    count, label = connected_components(links, directed=False)
    for group in range(count):
        yield np.flatnonzero(label == group)


def _samples(lines: BaseGeometry) -> np.ndarray:
    return shapely.get_coordinates(shapely.segmentize(lines, STEP_M))


def _open_ends(lines: BaseGeometry, cover: BaseGeometry | None) -> np.ndarray:
    """Ends of the street outside of what the layers cover."""
    ends = shapely.get_coordinates(shapely.boundary(lines))
    if cover is None or len(ends) == 0:
        return ends
    return ends[~shapely.contains_xy(cover, ends[:, 0], ends[:, 1])]
