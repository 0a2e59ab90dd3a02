"""Georeferenced pieces of one picture (tiles with world files, cut GeoTIFFs) become one raster."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import shapely

from imagery.formats.job import Job
from imagery.formats.raster import Raster
from imagery.formats.sidecars import Item
from imagery.formats.single import Place, find_place
from imagery.formats.tiles import Look, Piece, put_together
from imagery.formats.when import taken_of
from imagery.guard.limits import Limits
from imagery.scene import Scene, Stated

_SAME = 1e-6
_OFF_GRID = 0.05
_MOST_OVERLAP = 0.02
_FEWEST = 2


@dataclass(frozen=True)
class Laid:
    """A raster with its place, not yet a scene."""

    item: Item
    raster: Raster
    place: Place


def lay(item: Item, raster: Raster, stated: Stated, limits: Limits) -> Laid | None:
    """The raster with its place where it could be a piece of a grid; None otherwise."""
    place = find_place(raster, item, stated, limits)
    if place is None or place.by == "tile_names" or place.residual_m:
        return None
    a, b, _, d, e, _ = place.transform
    return Laid(item, raster, place) if b == d == 0 and a > 0 and e < 0 else None


def pieces_of_one(laid: Sequence[Laid], stated: Stated) -> list[list[Laid]]:
    """Those that tile one grid side by side, as groups; others are in none."""
    groups: list[list[Laid]] = []
    for one in laid:
        for group in groups:
            if _same_grid(group[0], one, stated):
                group.append(one)
                break
        else:
            groups.append([one])
    return [group for group in groups if len(group) >= _FEWEST and _side_by_side(group)]


def read_mosaic(group: Sequence[Laid], job: Job) -> Scene:
    """One scene of the pieces, in the first one's plane."""
    first = group[0].place
    a, _, _, _, e, _ = first.transform
    west = min(one.place.transform[2] for one in group)
    north = max(one.place.transform[5] for one in group)
    pieces = [Piece(one.item, one.raster.driver, *_offset(one, west, north)) for one in group]
    width = max(p.column + one.raster.width for p, one in zip(pieces, group, strict=True))
    height = max(p.row + one.raster.height for p, one in zip(pieces, group, strict=True))
    place = Place(first.crs, (a, 0.0, west, 0.0, e, north), first.by, remarks=first.remarks)
    facts = group[0].raster.facts
    palette, alpha = "palette" in facts["colours"], "alpha" in facts["colours"]
    bands = 3 if palette else int(facts["count"]) - alpha
    look = Look(facts["dtypes"][0], bands, None, group[0].item.name)
    return put_together(pieces, place, (width, height), look, job)


def _same_grid(one: Laid, other: Laid, stated: Stated) -> bool:
    a, _, c, _, e, f = one.place.transform
    a2, _, c2, _, e2, f2 = other.place.transform
    alike = (
        one.place.crs == other.place.crs
        and one.place.by == other.place.by
        and math.isclose(a, a2, rel_tol=_SAME)
        and math.isclose(e, e2, rel_tol=_SAME)
        and one.raster.facts["dtypes"] == other.raster.facts["dtypes"]
        and one.raster.facts["colours"] == other.raster.facts["colours"]
        and one.raster.facts["nodata"] == other.raster.facts["nodata"]
        and _day(one, stated) == _day(other, stated)
    )
    return alike and all(abs(v - round(v)) <= _OFF_GRID for v in ((c2 - c) / a, (f2 - f) / e))


def _day(one: Laid, stated: Stated) -> str | None:
    taken, _ = taken_of(one.raster.facts["tags"], one.item.name, stated, one.item.label)
    return taken.day


def _offset(one: Laid, west: float, north: float) -> tuple[int, int]:
    a, _, c, _, e, f = one.place.transform
    return round((c - west) / a), round((f - north) / e)


def _side_by_side(group: Sequence[Laid]) -> bool:
    """Whether the pieces touch and hardly overlap: otherwise they are scenes of their own."""
    west = min(one.place.transform[2] for one in group)
    north = max(one.place.transform[5] for one in group)
    boxes = []
    for one in group:
        column, row = _offset(one, west, north)
        boxes.append(shapely.box(column, row, column + one.raster.width, row + one.raster.height))
    whole = shapely.union_all(boxes)
    overlap = sum(box.area for box in boxes) - whole.area
    touching = shapely.union_all([box.buffer(1, join_style="mitre") for box in boxes])
    return overlap <= _MOST_OVERLAP * whole.area and touching.geom_type == "Polygon"
