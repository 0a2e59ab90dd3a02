"""In which administrative area a lead lies: by polygon, and by both where a border is near."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from layers.layer import WGS84, Layer
from layers.measures import pairs_within

COUNTY_DIGITS = 6
"""GB/T 2260; a longer code adds the township."""


@dataclass(frozen=True, slots=True)
class PlaceCode:
    """An area the place lies in (`metres` 0) or near: its code and name, metres to it."""

    code: str
    name: str
    metres: float

    @property
    def county(self) -> str:
        """The six digits of the county."""
        return self.code[:COUNTY_DIGITS]

    def as_dict(self) -> dict[str, Any]:
        """As the routing keeps it."""
        return {"code": self.code, "name": self.name, "metres": round(self.metres, 1)}


def place_codes(
    areas: Layer, places: Sequence[BaseGeometry | None], reach_m: Sequence[float]
) -> list[tuple[PlaceCode, ...]]:
    """For every place (WGS 84) the areas it lies in or that lie within its reach, nearest first.

    `areas` is a layer of polygons with `admin_code`; `reach_m` the metres within which a border
    counts as near, one for each place. A place without a geometry lies nowhere.
    """
    coded = areas.placed[areas.placed["admin_code"].notna()].reset_index(drop=True)
    found: defaultdict[int, list[PlaceCode]] = defaultdict(list)
    at = [n for n, place in enumerate(places) if place is not None and not place.is_empty]
    if at and len(coded):
        series = gpd.GeoSeries([places[n] for n in at], crs=WGS84)
        reach = np.asarray([reach_m[n] for n in at], dtype=float)
        pairs = pairs_within(series, coded.geometry, float(reach.max()))
        near = pairs.take(np.flatnonzero(pairs.metres <= reach[pairs.subject]))
        codes, names = coded["admin_code"].tolist(), coded["name"].tolist()
        ends = zip(near.subject.tolist(), near.object.tolist(), near.metres.tolist(), strict=True)
        for subject, area, metres in ends:
            found[at[subject]].append(PlaceCode(str(codes[area]), str(names[area]), metres))
    return [
        tuple(sorted(found[n], key=lambda one: (one.metres, one.code))) for n in range(len(places))
    ]


def place_of(wkb: bytes | None) -> BaseGeometry | None:
    """The geometry of a lead as the store keeps it."""
    return None if wkb is None else shapely.from_wkb(bytes(wkb))
