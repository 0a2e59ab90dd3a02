"""The width of cross-sections: at stations along the lane's middle, the widest free stretch across."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from shapely import LineString, Polygon

from imagery.width.gates import Gate
from imagery.width.medial import medial_axis, path_between, smoothed
from imagery.width.shapes import Scene

STATION_M = 0.25
_MOST_M = 60.0
"""Normals reach no farther than this."""
_AWAY_M = 0.01
"""Stations keep so far off the gates: along the very edge nothing is across."""


@dataclass(frozen=True)
class Section:
    """The narrowest cross-section (metres), where it is, and the centreline it was taken on."""

    metres: float
    line: LineString
    centreline: LineString
    stations: int


def centreline(inside: Polygon, gates: Sequence[Gate]) -> np.ndarray | None:
    """The way along the middle from the first gate to the other that lies farthest, (n, 2)."""
    width = 2 * inside.area / inside.length
    medial = medial_axis(inside, max(min(1.0, width / 4), 0.05))
    if len(medial.xy) < 2:
        return None
    middles = [
        shapely.get_coordinates(gate.line.interpolate(0.5, normalized=True))[0] for gate in gates
    ]
    start = medial.nearest(middles[0])
    paths = [path_between(medial, start, medial.nearest(middle)) for middle in middles[1:]]
    lengths = [0 if path is None else len(path) for path in paths]
    best = int(np.argmax(lengths))
    path = paths[best]
    if path is None or len(path) < 2:
        return None
    ends = middles[0], middles[1 + best]
    # The axis near an end runs into its corners: the gates' middles take over from there.
    reach = [0.75 * gate.line.length for gate in (gates[0], gates[1 + best])]
    xy = medial.xy[path]
    kept = xy[(np.hypot(*(xy - ends[0]).T) > reach[0]) & (np.hypot(*(xy - ends[1]).T) > reach[1])]
    return smoothed(np.vstack([ends[0], kept, ends[1]]), STATION_M, width)


def cross_section(scene: Scene, gates: Sequence[Gate]) -> Section | None:
    """The narrowest of all cross-sections; `None` where the lane has no middle to walk along."""
    path = centreline(scene.inside, gates)
    if path is None:
        return None
    along = np.gradient(path, axis=0)
    along /= np.maximum(np.hypot(*along.T), 1e-12)[:, None]
    spots = path.copy()
    spots[0] += _AWAY_M * along[0]
    spots[-1] -= _AWAY_M * along[-1]
    normal = np.column_stack([-along[:, 1], along[:, 0]])
    station, at, left, right = _Edges(scene).hits(spots, normal)
    metres, middle = _widest(scene, spots, normal, station, at)
    good = np.isfinite(left) & np.isfinite(right)
    good &= ~_at_gate(spots, normal, left, gates) & ~_at_gate(spots, normal, right, gates)
    if not good.any():
        return None
    worst = int(np.argmin(np.where(good, metres, np.inf)))
    half = metres[worst] / 2 * normal[worst]
    spot = spots[worst] + middle[worst] * normal[worst]
    return Section(
        float(metres[worst]), LineString([spot - half, spot + half]), LineString(path), len(spots)
    )


class _Edges:
    """The edges of lane and obstacles, to be met by the normals of stations."""

    def __init__(self, scene: Scene) -> None:
        rings = [
            scene.inside.exterior,
            *(ring for one in scene.blocks for ring in (one.exterior, *one.interiors)),
        ]
        xy, owner = shapely.get_coordinates(rings, return_index=True)
        same = owner[1:] == owner[:-1]
        self._start, self._end = xy[:-1][same], xy[1:][same]
        self._lane = owner[1:][same] == 0
        ends = np.stack([self._start, self._end], axis=1)
        self._tree = shapely.STRtree(np.asarray(shapely.linestrings(ends), dtype=object))
        west, south, east, north = scene.inside.bounds
        self._reach = float(min(np.hypot(east - west, north - south), _MOST_M))
        # Long normals cross the boxes of edges far away: first no farther than lanes are wide.
        self._near = min(2 * scene.inside.area / scene.inside.length, self._reach)

    def hits(
        self, spots: np.ndarray, normal: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
        """Where the normals meet edges: station and metres along the normal (as far as the lane's
        edge on both sides), and the lane's edge on either side of every station, metres.
        """
        station, at, lane = self._within(spots, normal, self._near)
        left, right = _lane_there(station[lane], at[lane], len(spots))
        closed = np.isfinite(left) & np.isfinite(right)
        open_ = np.flatnonzero(~closed)
        if len(open_):
            again, far, edge = self._within(spots[open_], normal[open_], self._reach)
            left[open_], right[open_] = _lane_there(again[edge], far[edge], len(open_))
            kept = closed[station]
            station = np.concatenate([station[kept], open_[again]])
            at = np.concatenate([at[kept], far])
        within = (at >= left[station]) & (at <= right[station])
        return station[within], at[within], left, right

    def _within(
        self, spots: np.ndarray, normal: np.ndarray, reach: float
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Where normals of this reach meet edges: station, metres along, whether it is the lane's."""
        ways = np.stack([spots - reach * normal, spots + reach * normal], axis=1)
        station, edge = self._tree.query(shapely.linestrings(ways))
        way, gap = self._end[edge] - self._start[edge], self._start[edge] - spots[station]
        across = normal[station]
        cross = across[:, 0] * way[:, 1] - across[:, 1] * way[:, 0]
        with np.errstate(divide="ignore", invalid="ignore"):
            at = (gap[:, 0] * way[:, 1] - gap[:, 1] * way[:, 0]) / cross
            along = (gap[:, 0] * across[:, 1] - gap[:, 1] * across[:, 0]) / cross
        hit = np.isfinite(at) & (along >= -1e-9) & (along <= 1 + 1e-9) & (np.abs(at) <= reach)
        return station[hit], at[hit], self._lane[edge[hit]]


def _lane_there(station: np.ndarray, at: np.ndarray, count: int) -> tuple[np.ndarray, np.ndarray]:
    """The lane's nearest edge on either side of every station, metres; infinite for none."""
    left, right = np.full(count, -np.inf), np.full(count, np.inf)
    np.maximum.at(left, station[at <= 0], at[at <= 0])
    np.minimum.at(right, station[at > 0], at[at > 0])
    return left, right


def _at_gate(
    spots: np.ndarray, normal: np.ndarray, at: np.ndarray, gates: Sequence[Gate]
) -> np.ndarray:
    """Where a normal leaves the lane through a gate instead of meeting a wall."""
    ends = shapely.points(spots + np.where(np.isfinite(at), at, 0.0)[:, None] * normal)
    lines = shapely.multilinestrings([gate.line for gate in gates])
    shapely.prepare(lines)
    return np.isfinite(at) & np.asarray(shapely.dwithin(lines, ends, 1e-6))


def _widest(
    scene: Scene, spots: np.ndarray, normal: np.ndarray, station: np.ndarray, at: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """The widest free stretch of every station and its middle along the normal."""
    order = np.lexsort([at, station])
    station, at = station[order], at[order]
    pair = station[1:] == station[:-1]
    wide, mid, owner = (at[1:] - at[:-1])[pair], ((at[1:] + at[:-1]) / 2)[pair], station[1:][pair]
    if scene.blocks:
        blocks = shapely.union_all(list(scene.blocks))
        shapely.prepare(blocks)
        wide = np.where(
            shapely.contains_xy(blocks, spots[owner] + mid[:, None] * normal[owner]), 0.0, wide
        )
    metres, middle = np.zeros(len(spots)), np.zeros(len(spots))
    rising = np.argsort(wide, kind="stable")
    metres[owner[rising]], middle[owner[rising]] = wide[rising], mid[rising]
    return metres, middle
