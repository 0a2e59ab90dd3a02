"""A plane of metres round the middle of the layers, for nearness and interpolation only.

Geocoding errs by tens of metres and more; the plane's scale is true to 1e-4 within 100 km.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely

from layers.measures.frame import RADIAN, frame_at, from_frame, to_frame


@dataclass(frozen=True)
class Plane:
    """Metres east and north of an origin in degrees of WGS 84."""

    lon: float
    lat: float

    def metres(self, lonlat: np.ndarray) -> np.ndarray:
        """(n, 2) degrees → (n, 2) metres."""
        frame = frame_at(np.array([self.lat]))
        east, north = ((lonlat - [self.lon, self.lat]) * RADIAN).T
        return np.column_stack(to_frame(east, north, frame))

    def degrees(self, metres: np.ndarray) -> np.ndarray:
        """(n, 2) metres → (n, 2) degrees."""
        frame = frame_at(np.array([self.lat]))
        east, north = from_frame(metres[:, 0], metres[:, 1], frame)
        return np.column_stack([east, north]) / RADIAN + [self.lon, self.lat]

    def shapes(self, geometries: np.ndarray) -> np.ndarray:
        """Geometries in degrees → in metres."""
        return np.asarray(shapely.transform(geometries, self.metres))
