"""The coordinate reference system of a raster, as its file writes it (WKT or an EPSG code).

A raster may carry any projected or geographic system; local grids, Xi'an 80 and Beijing 54 are
refused like everywhere: PROJ would shift them by nothing and say nothing.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from pyproj import CRS, Geod, Transformer
from pyproj.exceptions import CRSError, ProjError
from pyproj.transformer import TransformerGroup

from layers.datum.catalogue import CGCS2000
from layers.errors import DatumError

DEGREES = "EPSG:4326"
WEB_MERCATOR = "EPSG:3857"
"""The plane of map tiles: for drawing only, its metres are longer than the ground's."""
_CHINA_2000 = "China 2000"
_NEED_PARAMETERS = ("Xian 1980", "Beijing 1954", "New Beijing")
"""PROJ offers regional shifts for some of these; which holds at a place nobody can tell from it."""
_GLOBE = Geod(ellps="WGS84")


@dataclass(frozen=True, slots=True)
class GroundCRS:
    """A raster's system: `name`, `epsg` where it has a code, `u_datum_m` to WGS 84 (metres).

    `text` is what the file said (WKT or code). `planar` says metres, not degrees.
    """

    text: str
    name: str
    epsg: int | None
    planar: bool
    u_datum_m: float

    def to_wgs84(self, x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Longitude and latitude (degrees, WGS 84) of x east, y north; NaN where undefined."""
        lon, lat = _to_degrees(self.text).transform(x, y)
        good = np.isfinite(lon) & np.isfinite(lat)
        return np.where(good, lon, np.nan), np.where(good, lat, np.nan)

    def from_wgs84(self, lon: np.ndarray, lat: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """X east and y north of WGS 84 degrees; NaN where the system is not defined."""
        x, y = _to_degrees(self.text).transform(lon, lat, direction="INVERSE")
        good = np.isfinite(x) & np.isfinite(y)
        return np.where(good, x, np.nan), np.where(good, y, np.nan)


@lru_cache(maxsize=256)
def ground_crs(text: str) -> GroundCRS:
    """The system that `text` (WKT, `EPSG:code`) stands for.

    Raises `DatumError` where it is no plane or globe, or can only be converted by guessing.
    """
    crs = _crs(text)
    base = crs.geodetic_crs
    if base is None or not (crs.is_projected or crs.is_geographic):
        raise _unusable(crs.name, "is neither degrees nor a plane on the globe (a local grid?)")
    accuracy = CGCS2000.u_datum_m if _is_china_2000(crs) else _accuracy(crs)
    if accuracy is None:
        raise _unusable(crs.name, "cannot be converted to WGS 84 without parameters")
    return GroundCRS(text, crs.name, crs.to_epsg(), crs.is_projected, accuracy)


def local_plane(lon: float, lat: float) -> str:
    """WKT of a plane in metres around one point (degrees): true to a millimetre within 1 km."""
    plane = CRS.from_dict(
        {"proj": "aeqd", "lon_0": lon, "lat_0": lat, "datum": "WGS84", "units": "m"}
    )
    named: str = plane.to_wkt().replace("unknown", "local metric plane", 1)
    return named


def step_m(lon: float, lat: float, east_m: float, north_m: float) -> tuple[float, float]:
    """Longitude and latitude reached from a point by going east and north on the globe, metres."""
    azimuth = float(np.degrees(np.arctan2(east_m, north_m)))
    far_lon, far_lat, _ = _GLOBE.fwd(lon, lat, azimuth, float(np.hypot(east_m, north_m)))
    return float(far_lon), float(far_lat)


def _crs(text: str) -> CRS:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)
            return CRS.from_user_input(text)
    except CRSError:
        raise _unusable(text[:60], "is no coordinate reference system") from None


def _is_china_2000(crs: CRS) -> bool:
    base = crs.geodetic_crs
    return base is not None and base.datum is not None and _CHINA_2000 in base.datum.name


def _accuracy(crs: CRS) -> float | None:
    base = crs.geodetic_crs
    if base is not None and any(name in base.name for name in _NEED_PARAMETERS):
        return None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # a better grid exists but is not installed
        group = TransformerGroup(crs, CRS.from_user_input(DEGREES), always_xy=True,
                                 allow_ballpark=False)  # fmt: skip
    known = [t.accuracy for t in group.transformers if t.accuracy is not None and t.accuracy >= 0]
    return known[0] if known else None


@lru_cache(maxsize=64)
def _to_degrees(text: str) -> Transformer:
    crs = _crs(text)
    base = crs.geodetic_crs
    # CGCS2000 counts as WGS 84, so only the projection is undone, no datum shift.
    plain = _is_china_2000(crs) and base is not None
    target = base.to_2d() if plain and base is not None else CRS.from_user_input(DEGREES)
    try:
        return Transformer.from_crs(crs, target, always_xy=True, allow_ballpark=False)
    except ProjError:
        raise _unusable(crs.name, "cannot be converted without a guess") from None


def _unusable(name: str, why: str) -> DatumError:
    return DatumError(
        f"{name} {why}",
        remedy="have the file exported again in WGS 84 or CGCS2000 (请以WGS 84或CGCS2000重新导出), "
        "or ask the local surveying office for the parameters and convert it there",
        field="crs",
    )
