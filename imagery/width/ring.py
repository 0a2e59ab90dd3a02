"""The lane's edge as a ring one can walk along: stretches of it, corners, places on it."""

from __future__ import annotations

import numpy as np
import shapely
from shapely import LineString, Polygon


class Ring:
    """The exterior of a polygon, counter-clockwise, measured in metres from its first vertex."""

    def __init__(self, polygon: Polygon) -> None:
        self.line = LineString(shapely.get_coordinates(shapely.orient_polygons(polygon).exterior))
        self.xy = shapely.get_coordinates(self.line)
        steps = np.hypot(*np.diff(self.xy, axis=0).T)
        self.at = np.concatenate([[0.0], np.cumsum(steps)])
        self.length = float(self.at[-1])

    def place(self, xy: np.ndarray) -> float:
        """Metres along the ring of its point nearest to `xy`."""
        return float(self.line.project(shapely.Point(xy))) % self.length

    def point(self, metres: float) -> np.ndarray:
        """The point so many metres along, (2,)."""
        at = metres % self.length
        return np.array([np.interp(at, self.at, self.xy[:, axis]) for axis in (0, 1)])

    def stretch(self, start: float, end: float) -> LineString:
        """The way from `start` on to `end`, round the first vertex where need be."""
        start, end = start % self.length, end % self.length
        if end <= start:
            end += self.length
        both = np.concatenate([self.at[:-1], self.at + self.length])
        xy = np.concatenate([self.xy[:-1], self.xy])
        between = (both > start + 1e-9) & (both < end - 1e-9)
        return LineString(np.vstack([self.point(start), xy[between], self.point(end)]))

    def ahead(self, start: float, end: float) -> float:
        """Metres from `start` on to `end`."""
        return (end - start) % self.length

    def corners(self, degrees: float) -> np.ndarray:
        """Metres along the ring of the vertices where it turns outwards by more than `degrees`."""
        ahead = np.diff(self.xy, axis=0)
        behind = np.roll(ahead, 1, axis=0)
        turn = np.degrees(np.arctan2(
            behind[:, 0] * ahead[:, 1] - behind[:, 1] * ahead[:, 0], (behind * ahead).sum(axis=1)
        ))  # fmt: skip
        return self.at[:-1][turn > degrees]
