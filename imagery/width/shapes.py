"""Lane and obstacles made fit to be measured: mended, cut to the lane, or refused."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from shapely import Polygon
from shapely.geometry.base import BaseGeometry

from imagery.width.notes import ISLANDS, LANE_REPAIRED, OBSTACLE_REPAIRED, Note
from layers.errors import ImageryError

_LEAST_M = 1.0
"""A lane smaller than this in both directions is in degrees, not in metres."""
_MENDED_SHARE = 0.01
"""Mending may change a lane's area by so much; beyond it nobody knows what was meant."""
_SPECK_M2 = 1e-6


@dataclass(frozen=True)
class Scene:
    """What is measured: `inside` the lane without holes, `free` what is left to drive on.

    `blocks` are the obstacles (islands too), united and cut to the lane.
    """

    inside: Polygon
    blocks: tuple[Polygon, ...]
    notes: tuple[Note, ...]

    @property
    def free(self) -> BaseGeometry:
        """The lane without its obstacles."""
        return shapely.difference(self.inside, shapely.union_all(list(self.blocks)))


def scene_of(lane: BaseGeometry, obstacles: Sequence[BaseGeometry]) -> Scene:
    """Lane and obstacles, in metres, ready to be measured.

    Raises `ImageryError` for a lane in degrees, empty, in several pieces, or crossing itself.
    """
    polygon, mended = _lane(lane)
    inside = Polygon(polygon.exterior)
    good = [one for one in obstacles if one is not None and not one.is_empty]
    notes = [LANE_REPAIRED] if mended else []
    valid = shapely.is_valid(np.array(good, dtype=object)) if good else np.ones(0, bool)
    if not valid.all():
        notes.append(OBSTACLE_REPAIRED)
        good = [one if ok else shapely.make_valid(one) for one, ok in zip(good, valid, strict=True)]
    holes = [Polygon(ring) for ring in polygon.interiors]
    if holes:
        notes.append(ISLANDS)
    return Scene(inside, tuple(_cut(inside, [*good, *holes])), tuple(notes))


def _cut(inside: Polygon, blocks: Sequence[BaseGeometry]) -> list[Polygon]:
    """The united obstacles, cut to the lane; what only touches it from outside is none."""
    if not blocks:
        return []
    shapely.prepare(inside)
    near = [one for one in blocks if inside.intersects(one)]
    if not near:
        return []
    cut = shapely.intersection(shapely.union_all(near), inside)
    return [part for part in parts_of(cut) if part.area > _SPECK_M2]


def parts_of(shape: BaseGeometry) -> list[Polygon]:
    """The polygons a shape is made of; lines and points in it are left out."""
    flat = shapely.get_parts(shapely.get_parts(shape))
    return [one for one in flat.tolist() if isinstance(one, Polygon) and not one.is_empty]


def _lane(lane: BaseGeometry) -> tuple[Polygon, bool]:
    if lane is None or lane.is_empty or not np.isfinite(shapely.get_coordinates(lane)).all():
        raise _unfit(
            "the lane is empty or its coordinates are not numbers", "draw the lane as a polygon"
        )
    west, south, east, north = lane.bounds
    if max(east - west, north - south) < _LEAST_M:
        raise _unfit("the lane is smaller than a metre: its coordinates look like degrees",
                     "convert it to a plane in metres first, or give a GeoJSON file in WGS 84")  # fmt: skip
    valid = lane.is_valid
    whole = shapely.union_all(parts_of(lane if valid else shapely.make_valid(lane)))
    found = parts_of(whole)
    if len(found) != 1:
        raise _unfit("the lane is in several pieces, or its outline crosses itself",
                     "draw each lane as one polygon whose edge does not cross itself")  # fmt: skip
    if not valid and abs(found[0].area - abs(_signed_area(lane))) > _MENDED_SHARE * found[0].area:
        raise _unfit("the outline of the lane crosses itself", "draw its edge anew, once round")
    return found[0], not valid


def _signed_area(shape: BaseGeometry) -> float:
    return float(sum(part.area for part in parts_of(shape)))


def _unfit(problem: str, remedy: str) -> ImageryError:
    return ImageryError(problem, remedy=remedy, field="lane")
