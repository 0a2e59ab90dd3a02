"""Between any declared datum and WGS 84 longitude/latitude, vectorised, per file or per row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import ArrayLike

from layers.datum import bd09mc, gauss_kruger, gcj
from layers.datum.catalogue import Datum, parse_datum
from layers.datum.epsg import area_of_use, epsg_to_wgs84, wgs84_to_epsg
from layers.errors import DatumError

Problems = dict[int, DatumError]
"""Position of a row (from 0) → what is wrong with its coordinates."""

_CHINA_MC = ((7_900_000.0, 15_300_000.0), (300_000.0, 7_300_000.0))  # BD-09MC east, north


@dataclass(frozen=True, slots=True)
class Conversion:
    """What `convert` did: degrees, rows that could not be converted, and whether it swapped.

    `swapped`: the columns held northing and easting (X = north) and were exchanged.
    """

    lon: np.ndarray
    lat: np.ndarray
    problems: Problems
    swapped: bool


def convert(x: ArrayLike, y: ArrayLike, datum: Datum | str) -> Conversion:
    """WGS 84 degrees of coordinates in `datum`; impossible rows are NaN and named.

    Degrees: x = longitude, y = latitude. Planes: x = easting, y = northing (metres);
    exchanged columns are told by magnitude, for all rows together. NaN stays NaN.
    """
    system = datum if isinstance(datum, Datum) else parse_datum(datum)
    east, north = _pair(x, y)
    swapped = axes_swapped(east, north, system)
    if swapped:
        east, north = north, east
    lon, lat, bad = _to_degrees(east, north, system)
    missing = np.isnan(east) | np.isnan(north)
    bad &= ~missing
    gone = bad | missing
    lon, lat = np.where(gone, np.nan, lon), np.where(gone, np.nan, lat)
    problems = {int(row): _misfit(east[row], north[row], system) for row in np.flatnonzero(bad)}
    return Conversion(lon, lat, problems, swapped)


def to_wgs84(x: ArrayLike, y: ArrayLike, datum: Datum | str) -> tuple[np.ndarray, np.ndarray]:
    """Longitude and latitude (degrees, WGS 84) of coordinates in `datum`, as `convert` does.

    Raises `DatumError` for the first row that cannot be a coordinate of the datum.
    """
    done = convert(x, y, datum)
    if done.problems:
        raise _first(done.problems, np.size(done.lon))
    return done.lon.reshape(np.shape(x)), done.lat.reshape(np.shape(x))


def from_wgs84(lon: ArrayLike, lat: ArrayLike, datum: Datum | str) -> tuple[np.ndarray, np.ndarray]:
    """Coordinates in `datum` of WGS 84 degrees: x = longitude or easting, y = the other.

    NaN where the datum is not defined (outside the zones of China, beyond 74° in BD-09MC).
    """
    system = datum if isinstance(datum, Datum) else parse_datum(datum)
    east, north = _pair(lon, lat)
    bad = ~_degrees(east, north) & ~(np.isnan(east) | np.isnan(north))
    if bad.any():
        row = int(np.flatnonzero(bad)[0])
        raise _first({row: _misfit(east[row], north[row], parse_datum("wgs84"))}, east.size)
    x, y = _from_degrees(east, north, system)
    gone, shape = np.isnan(x) | np.isnan(y), np.shape(lon)
    return np.where(gone, np.nan, x).reshape(shape), np.where(gone, np.nan, y).reshape(shape)


def rows_to_wgs84(
    x: ArrayLike, y: ArrayLike, datums: Sequence[str | None]
) -> tuple[np.ndarray, np.ndarray, Problems]:
    """Rows of mixed datums: longitude, latitude (NaN where impossible) and the problems.

    A row whose datum is missing, unknown or refused is a problem, not a guess.
    """
    east, north = _pair(x, y)
    lon, lat = np.full(east.shape, np.nan), np.full(east.shape, np.nan)
    names = np.array(["" if name is None else str(name) for name in datums], dtype=object)
    problems: Problems = {}
    for name in dict.fromkeys(names):
        rows = np.flatnonzero(names == name)
        try:
            done = convert(east[rows], north[rows], name)
        except DatumError as error:
            problems |= {int(row): error for row in rows}
            continue
        lon[rows], lat[rows] = done.lon, done.lat
        problems |= {int(rows[at]): error for at, error in done.problems.items()}
    return lon, lat, dict(sorted(problems.items()))


def geometry_to_wgs84(series: gpd.GeoSeries, datum: Datum | str) -> gpd.GeoSeries:
    """The geometries in WGS 84 (EPSG:4326), same index; heights are dropped.

    Raises `DatumError` when a vertex cannot be a coordinate of the datum.
    """

    def vertices(xy: np.ndarray) -> np.ndarray:
        return np.column_stack(to_wgs84(xy[:, 0], xy[:, 1], datum))

    moved = shapely.transform(series.to_numpy(), vertices, include_z=False)
    return gpd.GeoSeries(moved, index=series.index, name=series.name, crs="EPSG:4326")


def axes_swapped(x: ArrayLike, y: ArrayLike, datum: Datum | str) -> bool:
    """True when plane columns hold northing, easting (X = north): told by magnitude.

    Decided for all rows together, because near the equator a single row can be either.
    """
    system = datum if isinstance(datum, Datum) else parse_datum(datum)
    if not system.planar:
        return False
    east, north = _pair(x, y)
    straight, crossed = _plausible(east, north, system), _plausible(north, east, system)
    return bool((crossed & ~straight).sum() > (straight & ~crossed).sum())


def _pair(x: ArrayLike, y: ArrayLike) -> tuple[np.ndarray, np.ndarray]:
    """Two flat float arrays; infinite values count as missing."""
    east = np.atleast_1d(np.asarray(x, dtype=float)).ravel()
    north = np.atleast_1d(np.asarray(y, dtype=float)).ravel()
    if east.shape != north.shape:
        raise DatumError(
            f"{east.size} x coordinates but {north.size} y coordinates",
            remedy="give one y for every x",
        )
    gone = ~(np.isfinite(east) & np.isfinite(north))
    return np.where(gone, np.nan, east), np.where(gone, np.nan, north)


def _degrees(lon: np.ndarray, lat: np.ndarray) -> np.ndarray:
    return (np.abs(lon) <= 180.0 + 1e-9) & (np.abs(lat) <= 90.0 + 1e-9)


def _plausible(x: np.ndarray, y: np.ndarray, datum: Datum) -> np.ndarray:
    """Rows that look like easting, northing of the plane."""
    if datum.family == "gk":
        return gauss_kruger.zones_of(x, y, datum) > 0
    if datum.family == "bd09mc":
        (west, east), (south, north) = _CHINA_MC
        return (x >= west) & (x <= east) & (y >= south) & (y <= north)
    area = area_of_use(datum.epsg or 0)
    if area is None:
        return np.zeros(x.shape, dtype=bool)
    lon, lat = epsg_to_wgs84(datum.epsg or 0, x, y)
    return (lon >= area[0] - 1) & (lon <= area[2] + 1) & (lat >= area[1] - 1) & (lat <= area[3] + 1)


def _to_degrees(
    x: np.ndarray, y: np.ndarray, datum: Datum
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Longitude, latitude and which rows are no coordinate of the datum."""
    if datum.family == "gk":
        zones = gauss_kruger.zones_of(x, y, datum)
        return *gauss_kruger.to_degrees(x, y, zones, datum), zones == 0
    if datum.family == "crs":
        lon, lat = epsg_to_wgs84(datum.epsg or 0, x, y)
        return lon, lat, ~_degrees(lon, lat)
    if datum.family == "bd09mc":
        lon, lat = bd09mc.bd09mc_to_bd09(x, y)
        bad = ~_degrees(lon, lat)
        return *gcj.bd09_to_wgs84(lon, lat), bad
    bad = ~_degrees(x, y)
    if datum.family == "gcj02":
        return *gcj.gcj02_to_wgs84(x, y), bad
    if datum.family == "bd09":
        return *gcj.bd09_to_wgs84(x, y), bad
    return x, y, bad


def _from_degrees(lon: np.ndarray, lat: np.ndarray, datum: Datum) -> tuple[np.ndarray, np.ndarray]:
    if datum.family == "gk":
        return gauss_kruger.from_degrees(lon, lat, datum)
    if datum.family == "crs":
        return wgs84_to_epsg(datum.epsg or 0, lon, lat)
    if datum.family == "gcj02":
        return gcj.wgs84_to_gcj02(lon, lat)
    if datum.family in ("bd09", "bd09mc"):
        shifted = gcj.wgs84_to_bd09(lon, lat)
        return shifted if datum.family == "bd09" else bd09mc.bd09_to_bd09mc(*shifted)
    return lon, lat


def _misfit(x: float, y: float, datum: Datum) -> DatumError:
    """Why (x, y) is no coordinate of the datum, and what to do about it."""
    if datum.family == "gk":
        return _misfit_gk(x, y, datum)
    if not datum.planar and max(abs(x), abs(y)) > 360:
        remedy = "these look like metres: declare the plane, for example cgcs2000-gk3 or bd09mc"
    elif not datum.planar and abs(x) <= 90 < abs(y) <= 180:
        remedy = "longitude and latitude look exchanged: map the columns the other way round"
    else:
        remedy = "check the columns and the declared datum"
    return DatumError(f"({x:.12g}, {y:.12g}) is no coordinate in {datum.en}", remedy=remedy)


def _misfit_gk(x: float, y: float, datum: Datum) -> DatumError:
    zone = int(gauss_kruger.zone_in_easting(np.array([x]))[0])
    where = f"easting {x:.12g}, northing {y:.12g}"
    if abs(x) <= 180 and abs(y) <= 90:
        return DatumError(
            f"{where} look like degrees, not like {datum.en}",
            remedy="declare a geographic datum such as cgcs2000",
        )
    if zone == 0 and datum.zone is None:
        width = datum.width
        return DatumError(
            f"{where}: the easting carries no zone number",
            remedy=f"declare the central meridian, for example cgcs2000-gk{width}-105",
        )
    if zone > 0 and datum.zone is not None and zone != datum.zone:
        return DatumError(
            f"{where}: the easting carries zone {zone}, declared is {datum.en}",
            remedy=f"declare cgcs2000-gk{datum.width}, so that each row's own zone number counts",
        )
    return DatumError(
        f"{where} is no point of {datum.en}", remedy="check the columns and the declared zone"
    )


def _first(problems: Problems, count: int) -> DatumError:
    row, error = next(iter(problems.items()))
    more = f" ({len(problems)} of {count} coordinates)" if count > 1 else ""
    return DatumError(f"coordinate {row + 1}: {error.problem}{more}", remedy=error.remedy)
