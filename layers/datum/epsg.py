"""Any other coordinate reference system, by its EPSG code; guesses are not offered.

PROJ answers a missing datum shift with a "ballpark" transformation: silently none at all.
Such a code has no accuracy here, and the caller refuses it.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError, ProjError
from pyproj.transformer import TransformerGroup

from layers.errors import DatumError

_CHINA_2000 = "China 2000"
_CHINA_2000_M = 0.2  # treated as WGS 84, see CGCS2000 in the catalogue


@dataclass(frozen=True, slots=True)
class EpsgFacts:
    """`accuracy_m` (metres) is missing where only a ballpark transformation exists."""

    name: str
    datum: str
    planar: bool
    accuracy_m: float | None


@lru_cache(maxsize=64)
def describe_epsg(code: int) -> EpsgFacts:
    """What the EPSG code stands for; raises `DatumError` for a code that is no plane or globe."""
    crs = _crs(code)
    base = crs.geodetic_crs
    if base is None or not (crs.is_projected or crs.is_geographic):
        raise _unusable(code, "is neither degrees nor a plane")
    datum = base.datum.name if base.datum is not None else ""
    if datum == _CHINA_2000:
        return EpsgFacts(crs.name, datum, crs.is_projected, _CHINA_2000_M)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # a better grid exists but is not installed
        group = TransformerGroup(crs, CRS.from_epsg(4326), always_xy=True, allow_ballpark=False)
    known = [t.accuracy for t in group.transformers if t.accuracy is not None and t.accuracy >= 0]
    return EpsgFacts(crs.name, datum, crs.is_projected, known[0] if known else None)


def epsg_to_wgs84(code: int, x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Longitude and latitude (degrees); NaN where the system is not defined."""
    return _finite(*_transformer(code).transform(x, y))


def wgs84_to_epsg(code: int, lon: np.ndarray, lat: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Easting and northing, or longitude and latitude, in the system of the code."""
    return _finite(*_transformer(code).transform(lon, lat, direction="INVERSE"))


def area_of_use(code: int) -> tuple[float, float, float, float] | None:
    """West, south, east, north (degrees) of where the system is meant to be used."""
    area = _crs(code).area_of_use
    return None if area is None else (area.west, area.south, area.east, area.north)


def _finite(x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    good = np.isfinite(x) & np.isfinite(y)
    return np.where(good, x, np.nan), np.where(good, y, np.nan)


def _crs(code: int) -> CRS:
    try:
        return CRS.from_epsg(code)
    except CRSError:
        raise _unusable(code, "does not exist") from None


@lru_cache(maxsize=64)
def _transformer(code: int) -> Transformer:
    crs = _crs(code)
    base = crs.geodetic_crs
    plain = base is not None and base.datum is not None and base.datum.name == _CHINA_2000
    try:
        # CGCS2000 counts as WGS 84, so only the projection is undone, no datum shift.
        target = base.to_2d() if plain and base is not None else CRS.from_epsg(4326)
        return Transformer.from_crs(crs, target, always_xy=True, allow_ballpark=False)
    except ProjError:
        raise _unusable(code, "cannot be converted without a guess") from None


def _unusable(code: int, why: str) -> DatumError:
    return DatumError(
        f"EPSG:{code} {why}",
        remedy="check the code, or have the file exported again in WGS 84 or CGCS2000",
        field="datum",
    )
