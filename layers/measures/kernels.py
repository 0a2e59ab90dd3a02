"""Compiled loops of the measures: cells of the globe, and exact distances in a local frame.

Distances are taken in a frame of its own for every point: azimuthal, metres, built from
the ellipsoid's radii at the middle latitude (Gauss). Straight lines of that frame are
geodesics, so nothing is projected and the figure equals the geodesic (see `pairs`).
Angles come in degrees. Kept in one module because importing numba costs time: import it
where it is used, not at the top of a file.
"""

from __future__ import annotations

import numpy as np
from numba import njit

AXIS, E2 = 6378137.0, 0.0066943799901413165  # WGS 84
_EMPTY = np.int64(-1)


@njit(cache=True, nogil=True)
def _slot(keys: np.ndarray, key: int) -> int:
    """Where `key` lies in the open hash table, or the empty place where it belongs."""
    mask = len(keys) - 1
    at = ((key * 0x9E3779B1) ^ (key >> 7)) & mask
    while keys[at] != _EMPTY and keys[at] != key:
        at = (at + 1) & mask
    return at


@njit(cache=True, nogil=True)
def fill_cells(
    west: np.ndarray,
    east: np.ndarray,
    south: np.ndarray,
    north: np.ndarray,
    columns: int,
    entries: int,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Hash of the cells that boxes touch: keys, ends of each cell's list, boxes by cell.

    Boxes come as inclusive ranges of cell numbers; columns repeat round the globe. The
    list of slot s is `boxes[ends[s - 1]:ends[s]]`, in rising order.
    """
    size = 16
    while size < 2 * entries:
        size *= 2
    keys = np.full(size, _EMPTY, np.int64)
    ends = np.zeros(size + 1, np.int64)
    for box in range(len(west)):
        for row in range(south[box], north[box] + 1):
            for column in range(west[box], east[box] + 1):
                key = row * columns + column % columns
                at = _slot(keys, key)
                keys[at] = key
                ends[at + 1] += 1
    for at in range(size):
        ends[at + 1] += ends[at]
    boxes = np.empty(ends[size], np.int32)
    place = ends[:-1].copy()
    for box in range(len(west)):
        for row in range(south[box], north[box] + 1):
            for column in range(west[box], east[box] + 1):
                at = _slot(keys, row * columns + column % columns)
                boxes[place[at]] = box
                place[at] += 1
    return keys, ends, boxes


@njit(cache=True, nogil=True)
def _frame(lat: float) -> tuple[float, float, float, float, float]:
    """Constants of the local frame at a latitude: sin, cos, N cos, M, dM/dφ (radians, metres)."""
    phi = np.radians(lat)
    sine, cosine = np.sin(phi), np.cos(phi)
    w2 = 1.0 - E2 * sine * sine
    normal = AXIS / np.sqrt(w2)
    meridian = normal * (1.0 - E2) / w2
    return sine, cosine, normal * cosine, meridian, 3.0 * meridian * E2 * sine * cosine / w2


@njit(cache=True, nogil=True)
def _to_frame(
    east: float, north: float, frame: tuple[float, float, float, float, float]
) -> tuple[float, float]:
    """Metres in the frame of a point lying `east`, `north` (radians) of its origin."""
    sine, cosine, parallel, meridian, growth = frame
    half = 0.5 * north
    u = (parallel - half * (meridian * sine + 0.5 * half * meridian * cosine)) * east
    v = (meridian + half * growth) * north
    turn = 0.5 * east * (sine + half * cosine)
    return u - turn * v - 0.5 * turn * turn * u, v + turn * u - 0.5 * turn * turn * v


@njit(cache=True, nogil=True)
def _from_frame(
    x: float, y: float, frame: tuple[float, float, float, float, float]
) -> tuple[float, float]:
    """The inverse of `_to_frame`, by fixed point: east, north in radians."""
    sine, cosine, parallel, meridian, growth = frame
    east, north = x / parallel, y / meridian
    for _ in range(4):
        fx, fy = _to_frame(east, north, frame)
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
def _beyond(
    lon: float,
    lat: float,
    box: np.ndarray,
    frame: tuple[float, float, float, float, float],
    bound: float,
) -> bool:
    """True when a box (west, south, east, north) surely lies farther away than `bound` metres."""
    north = max(box[1] - lat, lat - box[3], 0.0) * 0.017453292519943295
    metres = north * frame[3] * 0.999
    if metres > bound:
        return True
    left = _wrap(box[0] - lon)
    right = left + (box[2] - box[0])
    east = max(left, -right, 0.0) * 0.017453292519943295
    # the parallels shrink towards the pole: the shortest one within reach counts
    shrink = 1.0 - (bound / AXIS) * frame[0] / frame[1] if frame[0] > 0.0 else (
        1.0 + (bound / AXIS) * frame[0] / frame[1])  # fmt: skip
    side = east * frame[2] * 0.999 * max(shrink, 0.0)
    return bool(metres * metres + side * side > bound * bound)


@njit(cache=True, nogil=True)
def _scan(
    lon: float,
    lat: float,
    first: int,
    last: int,
    x: np.ndarray,
    y: np.ndarray,
    frame: tuple[float, float, float, float, float],
) -> tuple[float, float, float, int, float, bool]:
    """Nearest place on the edges first…last to a point, in the point's frame.

    Returns squared metres, x and y of the place, its edge (vertex at the edge's start),
    the fraction along the edge, and whether a ray from the point crosses the edges an odd
    number of times (meaningful for a whole ring only).
    """
    best, at_x, at_y, edge, along, odd = np.inf, 0.0, 0.0, first, 0.0, False
    rad = 0.017453292519943295
    px, py = _to_frame(_wrap(x[first] - lon) * rad, (y[first] - lat) * rad, frame)
    if first == last:
        return px * px + py * py, px, py, first, 0.0, False
    for vertex in range(first + 1, last + 1):
        qx, qy = _to_frame(_wrap(x[vertex] - lon) * rad, (y[vertex] - lat) * rad, frame)
        dx, dy = qx - px, qy - py
        length = dx * dx + dy * dy
        t = -(px * dx + py * dy) / length if length > 0.0 else 0.0
        t = min(max(t, 0.0), 1.0)
        cx, cy = px + t * dx, py + t * dy
        square = cx * cx + cy * cy
        if square < best:
            best, at_x, at_y, edge, along = square, cx, cy, vertex - 1, t
        if (py > 0.0) != (qy > 0.0) and px + (qx - px) * (-py / (qy - py)) > 0.0:
            odd = not odd
        px, py = qx, qy
    return best, at_x, at_y, edge, along, odd


@njit(cache=True, nogil=True)
def nearest_runs(
    lon: np.ndarray,
    lat: np.ndarray,
    keys: np.ndarray,
    ends: np.ndarray,
    boxes: np.ndarray,
    cell: np.ndarray,
    columns: int,
    box: np.ndarray,
    first: np.ndarray,
    last: np.ndarray,
    owner: np.ndarray,
    ring: np.ndarray,
    x: np.ndarray,
    y: np.ndarray,
    reach: float,
    one: bool,
) -> tuple[np.ndarray, np.ndarray]:
    """Every (point, owner) within reach, or with `one` the nearest owner of each point only.

    Runs (stretches of edges) are listed by cell in the hash `keys`, `ends`, `boxes`; `box`
    (n, 4) are their bounds in degrees, `first`/`last` their vertices, `owner` the object
    they belong to (rising), `ring` marks a run that is an object's whole boundary, so that
    points inside are 0 m away. Returns index pairs (n, 3: point, owner, edge), values
    (n, 4: metres, lon and lat of the place, fraction along the edge).
    """
    room = 1024 + len(lon) // 4
    index, value = np.empty((room, 3), np.int64), np.empty((room, 4))
    count = 0
    for point in range(len(lon)):
        if not (np.isfinite(lon[point]) and np.isfinite(lat[point])):
            continue
        column = int(np.floor((lon[point] + 180.0) / cell[0])) % columns
        row = int(np.floor((lat[point] + 90.0) / cell[1]))
        at = _slot(keys, row * columns + column)
        if keys[at] == _EMPTY:
            continue
        frame = _frame(lat[point])
        bound, open_owner, start = reach, np.int64(-1), count
        for entry in range(ends[at], ends[at + 1]):
            run = boxes[entry]
            if _beyond(lon[point], lat[point], box[run], frame, bound):
                continue
            square, px, py, edge, along, odd = _scan(
                lon[point], lat[point], first[run], last[run], x, y, frame
            )
            if odd and ring[run]:
                square, px, py = 0.0, 0.0, 0.0
            metres = np.sqrt(square)
            if metres > bound:
                continue
            again = count > start and (one or owner[run] == open_owner)
            if again and metres >= value[count - 1, 0]:
                continue
            if not again:
                if count == room:
                    room *= 2
                    wider_index, wider = np.empty((room, 3), np.int64), np.empty((room, 4))
                    wider_index[:count], wider[:count] = index, value
                    index, value = wider_index, wider
                count += 1
            open_owner = owner[run]
            east, north = _from_frame(px, py, frame)
            index[count - 1] = point, owner[run], edge
            value[count - 1, 0] = metres
            value[count - 1, 1] = _wrap(lon[point] + east / 0.017453292519943295)
            value[count - 1, 2] = lat[point] + north / 0.017453292519943295
            value[count - 1, 3] = along
            if one:
                bound = metres
    return index[:count], value[:count]
