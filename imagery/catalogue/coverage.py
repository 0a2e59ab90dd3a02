"""Which part of an area has been seen, by which scene, how long ago; and what has not."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

import geopandas as gpd
import shapely
from shapely.geometry import MultiPolygon, Polygon, mapping
from shapely.geometry.base import BaseGeometry

from imagery.catalogue.index import footprints
from imagery.catalogue.search import select
from imagery.store import Store
from layers.errors import ImageryError
from layers.measures import geodesic_area

_SLIVER_M2 = 0.01
"""Rests of cutting smaller than this are no gap: outlines are not known that well."""


@dataclass(frozen=True, slots=True)
class Piece:
    """The part of the area of which `scene` is the newest picture: `m2` geodesic, `day` ISO on
    site, `age_days` before the day asked for, `u_m` the scene's position error in metres.
    """

    scene: str
    title: str
    day: str
    age_days: int
    m2: float
    u_m: float | None
    gsd_m: float | None
    geometry: BaseGeometry


@dataclass(frozen=True, slots=True)
class Coverage:
    """An area on one day: the newest scene of each part, and the gaps nothing covers.

    Areas are geodesic square metres. Outlines are those of the pixel grids, so empty margins
    inside a scene count as seen. `undated` scenes lie in the area but nobody knows their day;
    `later` ones were taken after it; neither covers anything.
    """

    on_date: str
    area_m2: float
    pieces: tuple[Piece, ...]
    gaps: BaseGeometry
    gap_m2: float
    undated: tuple[str, ...]
    later: tuple[str, ...]

    @property
    def covered_m2(self) -> float:
        """Square metres that some scene shows."""
        return max(0.0, self.area_m2 - self.gap_m2)

    @property
    def newest(self) -> str | None:
        """Day of the newest scene that shows part of the area."""
        return self.pieces[0].day if self.pieces else None

    def as_geojson(self) -> dict[str, Any]:
        """Pieces and gaps as features (WGS 84), with what is said about them."""
        pieces = [
            _feature(piece.geometry, scene=piece.scene, title=piece.title, day=piece.day,
                     age_days=piece.age_days, m2=round(piece.m2, 2), u_m=piece.u_m,
                     gsd_m=piece.gsd_m)
            for piece in self.pieces
        ]  # fmt: skip
        gaps = [_feature(part, gap=True, m2=round(geodesic_area(part), 2))
                for part in getattr(self.gaps, "geoms", [])]  # fmt: skip
        return {"type": "FeatureCollection", "on_date": self.on_date, "area_m2": self.area_m2,
                "covered_m2": self.covered_m2, "newest": self.newest,
                "undated": list(self.undated), "later": list(self.later),
                "features": pieces + gaps}  # fmt: skip


def coverage(
    store: Store, area: BaseGeometry, on_date: str, kinds: Collection[str] | None = None
) -> Coverage:
    """What the store shows of `area` (polygon, WGS 84 degrees) as of `on_date` (ISO day).

    Raises `ImageryError` where the area is no polygon.
    """
    return coverage_of(footprints(store), area, on_date, kinds)


def coverage_of(
    scenes: gpd.GeoDataFrame,
    area: BaseGeometry,
    on_date: str,
    kinds: Collection[str] | None = None,
) -> Coverage:
    """`coverage` for the rows of `footprints`."""
    whole = _polygon(area)
    day = _day(on_date)
    found = select(scenes[scenes["geometry_of"] == "footprint"], whole, kinds=kinds)
    known = found["taken_how"] != "missing"
    days = found["day"].fillna(found["start"].str.slice(0, 10))
    usable = found.assign(day=days)[known & (days <= on_date)]
    usable = usable.sort_values(["day", "start", "id"], ascending=[False, False, True])
    pieces, rest = _cut(usable, whole, day)
    return Coverage(
        on_date, geodesic_area(whole), tuple(pieces), rest, geodesic_area(rest),
        tuple(found["id"][~known]), tuple(found["id"][known & (days > on_date)]),
    )  # fmt: skip


def _cut(
    scenes: gpd.GeoDataFrame, whole: BaseGeometry, on_date: date
) -> tuple[list[Piece], BaseGeometry]:
    """The newest scene takes its part of the area, the next one what is left, and so on."""
    pieces: list[Piece] = []
    rest = whole
    for row in scenes.itertuples():
        if rest.is_empty:
            break
        outline = shapely.make_valid(row.geometry)
        part = _polygons(shapely.intersection(rest, outline))
        if part.is_empty:
            continue
        rest = _polygons(shapely.difference(rest, outline))
        age = (on_date - _day(row.day)).days
        pieces.append(Piece(row.id, row.title, row.day, age, geodesic_area(part),
                            _number(row.u_m), _number(row.gsd_m), part))  # fmt: skip
    return pieces, rest


def _polygon(area: BaseGeometry) -> BaseGeometry:
    whole = _polygons(shapely.make_valid(area))
    if whole.is_empty:
        raise ImageryError("the area is no polygon", remedy="give a polygon in degrees (WGS 84)")
    return whole


def _polygons(shape: BaseGeometry) -> MultiPolygon:
    """The polygons of a shape; lines, points and slivers left by cutting are dropped."""
    parts = [part for part in shapely.get_parts([shape]) if not isinstance(part, MultiPolygon)]
    parts += [p for part in shapely.get_parts([shape]) if isinstance(part, MultiPolygon)
              for p in part.geoms]  # fmt: skip
    return MultiPolygon([part for part in parts
                         if isinstance(part, Polygon) and geodesic_area(part) > _SLIVER_M2])  # fmt: skip


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ImageryError("this is no day", field=text[:40], remedy="write 2026-06-30") from None


def _number(value: float) -> float | None:
    return None if value != value else float(value)  # noqa: PLR0124 - not a number


def _feature(shape: BaseGeometry, **properties: object) -> dict[str, Any]:
    return {"type": "Feature", "geometry": mapping(shape), "properties": properties}
