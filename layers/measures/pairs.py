"""Which objects lie within a reach of which subjects, how far, and from where to where.

Exact for points, lines and polygons (multi-part, with holes) on either side: 0 m inside a
polygon, otherwise the geodesic metres of the shortest line, with its end points. Edges are
geodesics. Equal to `pyproj.Geod` within 1 mm up to 66° of latitude; ±180° is no border.
Rows without a geometry, with an empty one or with a missing coordinate take no part: they
are found by nothing, which is not the same as being clear. Self-crossing polygons count as
inside where a ray crosses their boundary an odd number of times. Series in another system than
WGS 84, or in none, raise `CRSMismatchError`.
"""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import shapely

from layers.layer import same_crs
from layers.measures.geodesic import geodesic_distance
from layers.measures.inside import inside_polygons
from layers.measures.runs import Flat, flatten, runs_of
from layers.measures.search import first_least, near_runs

_RECHECK_M = 0.01
_FRAME_REACH_M = 5_000.0  # the local frame is good to a millimetre up to here


@dataclass(frozen=True)
class Pairs:
    """Pairs by rising subject, then object (positions in the two series given).

    `metres` is geodesic; `subject_lonlat` and `object_lonlat` (n, 2; degrees) are the ends
    of the shortest line, equal where a subject lies inside or touches.
    """

    subject: np.ndarray
    object: np.ndarray
    metres: np.ndarray
    subject_lonlat: np.ndarray
    object_lonlat: np.ndarray

    def __len__(self) -> int:
        return len(self.subject)

    def take(self, rows: np.ndarray) -> Pairs:
        """The chosen pairs, by number or mask, in the given order."""
        return Pairs(self.subject[rows], self.object[rows], self.metres[rows],
                     self.subject_lonlat[rows], self.object_lonlat[rows])  # fmt: skip


def pairs_within(subjects: gpd.GeoSeries, objects: gpd.GeoSeries, reach_m: float) -> Pairs:
    """Every subject and object at most `reach_m` metres apart (WGS 84 degrees)."""
    return _search(subjects, objects, reach_m, one=False)


def nearest_within(subjects: gpd.GeoSeries, objects: gpd.GeoSeries, reach_m: float) -> Pairs:
    """The nearest object of each subject within `reach_m` metres; the first of equal ones."""
    return _search(subjects, objects, reach_m, one=True)


def flat_pairs(subjects: Flat, objects: Flat, reach_m: float, *, one: bool = False) -> Pairs:
    """The same for flat arrays whose subjects are points only."""
    found = _of_record(_from_vertices(subjects, objects, reach_m + _RECHECK_M), reach_m)
    return _nearest(found) if one else found


def _search(subjects: gpd.GeoSeries, objects: gpd.GeoSeries, reach_m: float, *, one: bool) -> Pairs:
    same_crs(subjects, objects)
    left, right = np.asarray(subjects.array), np.asarray(objects.array)
    a, b = flatten(left), flatten(right)
    if a.only_points:
        return flat_pairs(a, b, reach_m, one=one)
    parts = [_from_vertices(a, b, reach_m + _RECHECK_M)]
    parts.append(_swapped(_from_vertices(b, a, reach_m + _RECHECK_M)))
    if not b.only_points:
        parts.append(_crossing(_usable(left, a), _usable(right, b)))
    found = _of_record(_least(_joined(parts)), reach_m)
    return _nearest(found) if one else found


def _from_vertices(points: Flat, objects: Flat, reach_m: float) -> Pairs:
    """Pairs by the vertices of `points`: nearest object edge, or 0 m inside an object."""
    runs = runs_of(objects)
    near = near_runs(points.x, points.y, runs, reach_m)
    point, inside = inside_polygons(points.x, points.y, runs)
    row = points.vertex_owner
    here, there = _lonlat(points, near.point), np.column_stack([near.lon, near.lat])
    found = Pairs(row[near.point], runs.owner[near.run], near.metres, here, there)
    if not len(point):
        return _least(found)
    here = _lonlat(points, point)
    zero = Pairs(row[point], inside, np.zeros(len(point)), here, here)
    return _least(_joined([zero, found]))


def _lonlat(points: Flat, vertex: np.ndarray) -> np.ndarray:
    return np.column_stack([points.x[vertex], points.y[vertex]])


def _usable(geometries: np.ndarray, flat: Flat) -> np.ndarray:
    """The geometries that take part, mended where invalid; nothing in place of the others."""
    taking = np.zeros(len(geometries), dtype=bool)
    taking[flat.owner] = True
    clean = geometries.copy()
    clean[~taking] = None
    broken = np.flatnonzero(taking & ~shapely.is_valid(clean))
    clean[broken] = shapely.make_valid(clean[broken])
    return clean


def _crossing(left: np.ndarray, right: np.ndarray) -> Pairs:
    """Lines and polygons that cross or touch without a vertex of one on the other."""
    a, b = shapely.STRtree(right).query(left, predicate="intersects")
    shared = shapely.point_on_surface(shapely.intersection(left[a], right[b]))
    place = np.column_stack([shapely.get_x(shared), shapely.get_y(shared)])
    return Pairs(a, b, np.zeros(len(a)), place, place)


def _of_record(found: Pairs, reach_m: float) -> Pairs:
    """Geodesic metres where the frame's do not decide: at the rim of the reach and far away."""
    if reach_m > _FRAME_REACH_M:
        doubtful = found.metres > 0.0
    else:
        doubtful = found.metres > reach_m - _RECHECK_M
    if not doubtful.any():
        return found
    ends = found.subject_lonlat[doubtful], found.object_lonlat[doubtful]
    metres = found.metres.copy()
    metres[doubtful] = geodesic_distance(*ends[0].T, *ends[1].T)
    kept = Pairs(found.subject, found.object, metres, found.subject_lonlat, found.object_lonlat)
    return kept.take(metres <= reach_m)


def _joined(parts: list[Pairs]) -> Pairs:
    names = ("subject", "object", "metres", "subject_lonlat", "object_lonlat")
    return Pairs(*(np.concatenate([getattr(part, name) for part in parts]) for name in names))


def _swapped(found: Pairs) -> Pairs:
    return Pairs(
        found.object, found.subject, found.metres, found.object_lonlat, found.subject_lonlat
    )


def _least(found: Pairs) -> Pairs:
    """The shortest of each pair, by rising subject, then object."""
    step = np.diff(found.subject)
    if np.all((step > 0) | ((step == 0) & (np.diff(found.object) > 0))):
        return found
    order = np.lexsort((found.metres, found.object, found.subject))
    subject, other = found.subject[order], found.object[order]
    new = np.ones(len(order), dtype=bool)
    new[1:] = (subject[1:] != subject[:-1]) | (other[1:] != other[:-1])
    return found.take(order[new])


def _nearest(found: Pairs) -> Pairs:
    """The nearest object of each subject, of pairs by rising subject, then object."""
    new = np.flatnonzero(np.append(True, np.diff(found.subject) > 0)[: len(found)])
    count = np.diff(np.append(new, len(found)))
    return found.take(first_least(found.metres, count, np.repeat(np.arange(len(new)), count)))
