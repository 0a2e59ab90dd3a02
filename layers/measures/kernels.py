"""Compiled loops of the measures: cells of the globe, and exact distances in a local frame.

Distances are taken in a frame of its own for every point: azimuthal, metres, built from
the ellipsoid's radii at the middle latitude (Gauss). Straight lines of that frame are
geodesics, so nothing is projected and the figure equals the geodesic: to 0.01 mm at 1 km,
to 1 mm at 5 km, up to 66° of latitude. Angles come in degrees. All compiled code lives
here because importing numba costs time: import this module inside the function using it.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit

AXIS, E2 = 6378137.0, 0.0066943799901413165  # WGS 84
RADIAN = 0.017453292519943295
_EMPTY = np.int64(-1)
_ODD = np.int64(0x9E3779B1)  # spreads neighbouring cells over the table

Frame = tuple[float, float, float, float, float]


class Cells(NamedTuple):
    """A hash from cell number to the boxes that touch the cell.

    The boxes of slot s are `boxes[ends[s]:ends[s + 1]]`, rising; `size` is the width and
    height of a cell in degrees; `columns` cells go round the globe, so ±180° is no border.
    """

    keys: np.ndarray
    ends: np.ndarray
    boxes: np.ndarray
    size: np.ndarray
    columns: int


class Runs(NamedTuple):
    """Stretches of edges: `box` (n, 4: west, south, east, north; degrees), first and last
    vertex in `x`, `y` (degrees), the object they belong to (rising), and whether a run is
    the whole boundary of a polygon, so that points inside are 0 m away.
    """

    box: np.ndarray
    first: np.ndarray
    last: np.ndarray
    owner: np.ndarray
    ring: np.ndarray
    x: np.ndarray
    y: np.ndarray


@njit(cache=True, nogil=True)
def _slot(keys: np.ndarray, key: int) -> int:
    """Where `key` lies in the open hash table, or the empty place where it belongs."""
    mask = len(keys) - 1
    at = ((key * _ODD) ^ (key >> 7)) & mask
    while keys[at] != _EMPTY and keys[at] != key:
        at = (at + 1) & mask
    return int(at)


@njit(cache=True, nogil=True)
def fill_cells(spans: np.ndarray, size: np.ndarray, columns: int, entries: int) -> Cells:
    """Index boxes given as inclusive ranges of cell numbers (n, 4: west, south, east, north)."""
    room = 16
    while room < 2 * entries:
        room *= 2
    keys = np.full(room, _EMPTY, np.int64)
    ends = np.zeros(room + 1, np.int64)
    for box in range(len(spans)):
        for row in range(spans[box, 1], spans[box, 3] + 1):
            for column in range(spans[box, 0], spans[box, 2] + 1):
                key = row * columns + column % columns
                at = _slot(keys, key)
                keys[at] = key
                ends[at + 1] += 1
    for at in range(room):
        ends[at + 1] += ends[at]
    boxes = np.empty(ends[room], np.int32)
    place = ends[:-1].copy()
    for box in range(len(spans)):
        for row in range(spans[box, 1], spans[box, 3] + 1):
            for column in range(spans[box, 0], spans[box, 2] + 1):
                at = _slot(keys, row * columns + column % columns)
                boxes[place[at]] = box
                place[at] += 1
    return Cells(keys, ends, boxes, size, columns)


@njit(cache=True, nogil=True)
def _listed(lon: float, lat: float, cells: Cells) -> tuple[int, int]:
    """Range of `cells.boxes` to look at for a point; empty where nothing is near."""
    if not (np.isfinite(lon) and np.isfinite(lat)):
        return 0, 0
    column = int(np.floor((lon + 180.0) / cells.size[0])) % cells.columns
    row = int(np.floor((lat + 90.0) / cells.size[1]))
    at = _slot(cells.keys, row * cells.columns + column)
    if cells.keys[at] == _EMPTY:
        return 0, 0
    return cells.ends[at], cells.ends[at + 1]


@njit(cache=True, nogil=True)
def local_frame(lat: float) -> Frame:
    """Constants of the frame at a latitude: sin, cos, N cos, M, dM/dφ (radians, metres)."""
    phi = lat * RADIAN
    sine, cosine = np.sin(phi), np.cos(phi)
    w2 = 1.0 - E2 * sine * sine
    normal = AXIS / np.sqrt(w2)
    meridian = normal * (1.0 - E2) / w2
    return sine, cosine, normal * cosine, meridian, 3.0 * meridian * E2 * sine * cosine / w2


@njit(cache=True, nogil=True)
def to_frame(east: float, north: float, frame: Frame) -> tuple[float, float]:
    """Metres in a point's frame of another one lying `east`, `north` (radians) of it."""
    sine, cosine, parallel, meridian, growth = frame
    half = 0.5 * north
    u = (parallel - half * meridian * (sine + 0.5 * half * cosine)) * east
    v = (meridian + half * growth) * north
    turn = 0.5 * east * (sine + half * cosine)  # half the convergence of the meridians
    return u - turn * (v + 0.5 * turn * u), v + turn * (u - 0.5 * turn * v)


@njit(cache=True, nogil=True)
def from_frame(x: float, y: float, frame: Frame) -> tuple[float, float]:
    """The inverse of `to_frame`, by fixed point: east, north in radians."""
    parallel, meridian = frame[2], frame[3]
    east, north = x / parallel, y / meridian
    for _ in range(4):
        fx, fy = to_frame(east, north, frame)
        east += (x - fx) / parallel
        north += (y - fy) / meridian
    return east, north


@njit(cache=True, nogil=True)
def _wrap(degrees: float) -> float:
    """A difference of longitudes, the short way round."""
    if degrees > 180.0:
        return degrees - 360.0
    if degrees < -180.0:
        return degrees + 360.0
    return degrees


@njit(cache=True, nogil=True)
def _beyond(lon: float, lat: float, box: np.ndarray, frame: Frame, bound: float) -> bool:
    """True when a box (west, south, east, north) surely lies farther away than `bound` metres."""
    up = max(box[1] - lat, lat - box[3], 0.0) * RADIAN * frame[3] * 0.999
    if up > bound:
        return True
    left = _wrap(box[0] - lon)
    east = max(left, box[0] - box[2] - left, 0.0) * RADIAN
    # parallels shrink towards the pole: the shortest one within the bound counts
    shrink = 0.999 - (bound / AXIS) * abs(frame[0]) / frame[1]
    side = east * frame[2] * max(shrink, 0.0)
    return bool(up * up + side * side > bound * bound)


@njit(cache=True, nogil=True)
def _scan(
    here: tuple[float, float],
    span: tuple[int, int],
    xy: tuple[np.ndarray, np.ndarray],
    frame: Frame,
) -> tuple[float, float, float, int, float, bool]:
    """Nearest place on the edges of a vertex span to the point `here`, in its frame.

    Returns squared metres, x and y of the place, its edge (vertex at the edge's start),
    the fraction along the edge, and whether a ray from the point crosses the edges an odd
    number of times (meaningful for a whole ring only).
    """
    lon, lat = here
    first, last = span
    x, y = xy
    best, at_x, at_y, edge, along, odd = np.inf, 0.0, 0.0, first, 0.0, False
    px, py = to_frame(_wrap(x[first] - lon) * RADIAN, (y[first] - lat) * RADIAN, frame)
    if first == last:
        return px * px + py * py, px, py, first, 0.0, False
    for vertex in range(first + 1, last + 1):
        qx, qy = to_frame(_wrap(x[vertex] - lon) * RADIAN, (y[vertex] - lat) * RADIAN, frame)
        dx, dy = qx - px, qy - py
        length = dx * dx + dy * dy
        t = -(px * dx + py * dy) / length if length > 0.0 else 0.0
        t = min(max(t, 0.0), 1.0)
        cx, cy = px + t * dx, py + t * dy
        square = cx * cx + cy * cy
        if square < best:
            best, at_x, at_y, edge, along = square, cx, cy, vertex - 1, t
        if (py > 0.0) != (qy > 0.0) and px - dx * py / dy > 0.0:
            odd = not odd
        px, py = qx, qy
    return best, at_x, at_y, edge, along, odd


@njit(cache=True, nogil=True)
def _with_room(index: np.ndarray, value: np.ndarray, count: int) -> tuple[np.ndarray, np.ndarray]:
    """The two result tables, twice as long when they are full."""
    if count < len(index):
        return index, value
    wide_index = np.empty((2 * count, index.shape[1]), np.int64)
    wide_value = np.empty((2 * count, value.shape[1]))
    wide_index[:count], wide_value[:count] = index, value
    return wide_index, wide_value


@njit(cache=True, nogil=True)
def near_runs(
    points: tuple[np.ndarray, np.ndarray], cells: Cells, runs: Runs, reach: float, one: bool
) -> tuple[np.ndarray, np.ndarray]:
    """Every (point, owner) within `reach` metres, or with `one` each point's nearest owner.

    `points` are longitudes and latitudes, degrees; those with NaN find nothing.
    Returns numbers (n, 3: point, owner, vertex at the start of the nearest edge) and
    values (n, 4: metres, longitude and latitude of the nearest place, fraction along the
    edge), by rising point, then owner. Of equally near owners `one` takes the first.
    """
    index, value = np.empty((1024, 3), np.int64), np.empty((1024, 4))
    lon, lat = points
    xy = (runs.x, runs.y)
    count = 0
    for point in range(len(lon)):
        begin, end = _listed(lon[point], lat[point], cells)
        if begin == end:
            continue
        here, frame = (lon[point], lat[point]), local_frame(lat[point])
        bound, start = reach, count
        for entry in range(begin, end):
            run = cells.boxes[entry]
            if _beyond(here[0], here[1], runs.box[run], frame, bound):
                continue
            span = (runs.first[run], runs.last[run])
            square, px, py, edge, along, odd = _scan(here, span, xy, frame)
            if odd and runs.ring[run]:
                square, px, py = 0.0, 0.0, 0.0
            metres = np.sqrt(square)
            known = count > start and (one or index[count - 1, 1] == runs.owner[run])
            if metres > bound or (known and metres >= value[count - 1, 0]):
                continue
            if not known:
                index, value = _with_room(index, value, count)
                count += 1
            east, north = from_frame(px, py, frame)
            index[count - 1] = point, runs.owner[run], edge
            value[count - 1, 0], value[count - 1, 3] = metres, along
            value[count - 1, 1] = _wrap(here[0] + east / RADIAN)
            value[count - 1, 2] = here[1] + north / RADIAN
            bound = metres if one else reach
    return index[:count], value[:count]


@njit(cache=True, nogil=True)
def inside_bodies(
    points: tuple[np.ndarray, np.ndarray], cells: Cells, bodies: Runs, rings: np.ndarray
) -> np.ndarray:
    """Every (point, owner) with the point inside a body; (n, 2), by rising point.

    A body is a polygon with holes or with many vertices: `bodies.first`/`last` are the
    first and last of its `rings` (m, 2: first and last vertex of each ring).
    """
    index, value = np.empty((1024, 2), np.int64), np.empty((1024, 0))
    lon, lat = points
    xy = (bodies.x, bodies.y)
    count = 0
    for point in range(len(lon)):
        begin, end = _listed(lon[point], lat[point], cells)
        for entry in range(begin, end):
            body = cells.boxes[entry]
            frame = local_frame(lat[point])
            if _beyond(lon[point], lat[point], bodies.box[body], frame, 0.0):
                continue
            inside = False
            for ring in range(bodies.first[body], bodies.last[body] + 1):
                span = (rings[ring, 0], rings[ring, 1])
                odd = _scan((lon[point], lat[point]), span, xy, frame)[5]
                inside = inside != odd
            if inside:
                index, value = _with_room(index, value, count)
                index[count] = point, bodies.owner[body]
                count += 1
    return index[:count]
