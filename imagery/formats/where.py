"""From a pixel grid to the ground: outline, pixel size, and whether the place can be true."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from layers.datum.epsg import area_of_use
from layers.datum.ground import GroundCRS, ground_crs
from layers.errors import DatumError, ImageryError
from layers.measures import geodesic_distance

Affine = tuple[float, float, float, float, float, float]
CHINA = (73.0, 18.0, 135.5, 54.0)
"""West, south, east, north: only to recognise swapped axes and mirrored hemispheres."""
_FINEST_M, _COARSEST_M, _MOST_STRETCHED = 1e-4, 20_000.0, 50.0
_PIECES = 16
_MARGIN_DEG = 2.0
_GRIDS = re.compile(r"nadgrids\s*=\s*(?!@null)", re.IGNORECASE)
_MOST_TEXT = 30_000
_MERCATOR = re.compile("mercator", re.IGNORECASE)
_TRANSVERSE = re.compile("transverse", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Grid:
    """`width` × `height` pixels laid by `transform`; `outline` is WKT (pixels) of the valid ones."""

    transform: Affine
    width: int
    height: int
    outline: str | None = None

    @property
    def middle(self) -> tuple[float, float]:
        """The middle in the grid's own coordinates."""
        a, b, c, d, e, f = self.transform
        x, y = self.width / 2, self.height / 2
        return a * x + b * y + c, d * x + e * y + f


@dataclass(frozen=True, slots=True)
class Ground:
    """Where a grid lies: `footprint` (WGS 84), `gsd_m`, `centre` (lon, lat), its CRS."""

    footprint: BaseGeometry
    gsd_m: float
    centre: tuple[float, float]
    crs: GroundCRS


def read_crs(text: str, path: Path) -> GroundCRS:
    """The CRS of a WKT, of `EPSG:code` or of a bare code.

    Raises `ImageryError` with the remedy of `layers.datum.ground` where it cannot be converted.
    """
    told = text.strip()
    if len(told) > _MOST_TEXT or _GRIDS.search(told):
        raise ImageryError("the coordinate system names a file or is far too long", field="crs",
                           remedy="export it in WGS 84 or CGCS2000", file=path)  # fmt: skip
    try:
        return ground_crs(f"EPSG:{told}" if told.isdigit() else told)
    except DatumError as error:
        raise ImageryError(error.problem, remedy=error.remedy, file=path, field="crs") from error


def locate(path: Path, crs: GroundCRS, grid: Grid) -> Ground:
    """Where a grid lies on the ground.

    Raises `ImageryError` where the numbers cannot be true: swapped axes, another zone or
    hemisphere, degrees called metres, pixels of no size.
    """
    a, b, _, d, e, _ = grid.transform
    if not np.isfinite(grid.transform).all() or a * e == b * d:
        raise _absurd(path, "its pixels have no size or no place")
    lons, lats = _lonlat(crs, grid.transform, np.array([[grid.width / 2, grid.height / 2]]))
    lon, lat = float(_wrapped(lons)[0]), float(lats[0])
    check = _check_plane if crs.planar else _check_degrees
    check(path, crs, grid.middle, (lon, lat))
    gsd = _gsd(path, crs, grid)
    shape = None if grid.outline is None else shapely.from_wkt(grid.outline)
    if shape is None or shape.is_empty:
        shape = shapely.box(0, 0, grid.width, grid.height)
    footprint = _on_globe(shape, crs, grid.transform, max(grid.width, grid.height) / _PIECES)
    if footprint.is_empty or not np.isfinite(footprint.bounds).all():
        raise _absurd(path, "its outline lies outside its coordinate system")
    return Ground(footprint, gsd, (lon, lat), crs)


def pixels_are_mercator(crs: GroundCRS) -> bool:
    """True where a pixel's metres are longer than the ground's."""
    return bool(_MERCATOR.search(crs.name)) and not _TRANSVERSE.search(crs.name) and (
        crs.planar and " / UTM" not in crs.name
    )  # fmt: skip


def in_china(lon: float, lat: float) -> bool:
    """Whether a point lies in the rectangle around China."""
    west, south, east, north = CHINA
    return west <= lon <= east and south <= lat <= north


def _lonlat(crs: GroundCRS, transform: Affine, pixels: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Longitude and latitude of pixels (n, 2); NaN where the system is not defined."""
    a, b, c, d, e, f = transform
    x = a * pixels[:, 0] + b * pixels[:, 1] + c
    y = d * pixels[:, 0] + e * pixels[:, 1] + f
    return crs.to_wgs84(x, y)


def _wrapped(lon: np.ndarray) -> np.ndarray:
    return (lon + 180.0) % 360.0 - 180.0


def _on_globe(
    shape: BaseGeometry, crs: GroundCRS, transform: Affine, longest: float
) -> BaseGeometry:
    """The outline in degrees; edges are densified first, for they bend. Cut at the antimeridian."""
    dense = shapely.segmentize(shape, longest)

    def to_degrees(pixels: np.ndarray) -> np.ndarray:
        lon, lat = _lonlat(crs, transform, pixels)
        return np.column_stack([_wrapped(lon), lat])

    turned = shapely.transform(dense, to_degrees)
    west, _, east, _ = turned.bounds
    if east - west > 180:
        turned = shapely.transform(
            turned, lambda p: np.column_stack([np.where(p[:, 0] < 0, p[:, 0] + 360, p[:, 0]), p[:, 1]])
        )  # fmt: skip
        beyond = turned.intersection(shapely.box(180, -90, 540, 90))
        back = shapely.transform(beyond, lambda p: p - np.array([360.0, 0.0]))
        turned = turned.intersection(shapely.box(-180, -90, 180, 90)).union(back)
    return turned if turned.is_valid else shapely.make_valid(turned)


def _gsd(path: Path, crs: GroundCRS, grid: Grid) -> float:
    """The ground size of a pixel in the middle, metres (geodesic), the larger axis."""
    x, y = grid.width / 2, grid.height / 2
    lon, lat = _lonlat(crs, grid.transform, np.array([[x, y], [x + 1, y], [x, y + 1]]))
    if np.isnan(lon).any():
        raise _absurd(path, "it lies where its coordinate system is not defined")
    sides = geodesic_distance(lon[[0, 0]], lat[[0, 0]], lon[1:], lat[1:])
    least, most = float(min(sides)), float(max(sides))
    if least < _FINEST_M or most > _COARSEST_M or most > _MOST_STRETCHED * least:
        raise _absurd(path, f"a pixel would be {sides[0]:.3g} × {sides[1]:.3g} m on the ground")
    return most


def _check_degrees(
    path: Path, _crs: GroundCRS, middle: tuple[float, float], lonlat: tuple[float, float]
) -> None:
    """Refuse numbers that are no degrees, or are degrees in the other order."""
    x, y = middle
    if abs(y) > 90 or abs(x) > 360:
        swapped = abs(x) <= 90 and abs(y) <= 360
        raise _swapped(path) if swapped else _absurd(path, "its numbers are no degrees")
    if not in_china(*lonlat) and in_china(y, x):
        raise _swapped(path)


def _check_plane(
    path: Path, crs: GroundCRS, middle: tuple[float, float], lonlat: tuple[float, float]
) -> None:
    """Refuse positions that the plane cannot mean."""
    lon, lat = lonlat
    # A plane of somebody's own (no code) may well have its origin here; a known one has not.
    if crs.epsg is not None and max(map(abs, middle)) <= 360:
        raise _absurd(path, "its numbers look like degrees but are called metres")
    if _fits(crs, lon, lat):
        south_of_china = crs.epsg is not None and in_china(lon, lat + 90) and lat < -36
        if not south_of_china:
            return
        raise ImageryError(
            f"it lies at latitude {lat:.1f} in the southern ocean: {crs.name} is the wrong hemisphere",
            remedy="export it again in the zone of the northern hemisphere (请改用北半球投影带)",
            file=path, field="crs",
        )  # fmt: skip
    turned = crs.to_wgs84(np.array([middle[1]]), np.array([middle[0]]))
    if _fits(crs, float(turned[0][0]), float(turned[1][0])):
        raise _swapped(path)
    raise ImageryError(
        f"its position ({middle[0]:.0f}, {middle[1]:.0f}) lies outside the area {crs.name} is made for",
        remedy="check zone, central meridian, hemisphere and whether the easting carries its zone "
        "number, and export it again (请核对投影带、中央经线、半球和带号)",
        file=path, field="crs",
    )  # fmt: skip


def _fits(crs: GroundCRS, lon: float, lat: float) -> bool:
    """Whether a point lies in or near the area a system is made for; unknown areas allow all."""
    if not (np.isfinite(lon) and np.isfinite(lat)):
        return False
    area = area_of_use(crs.epsg) if crs.epsg else None
    if area is None:
        return True
    west, south, east, north = area
    wide = (east - west) % 360 or 360.0
    from_west = (lon - west + 180.0) % 360.0 - 180.0
    margin = max(_MARGIN_DEG, wide / 2)
    # Landsat counts southern northings negative in northern zones, so the equator is no border.
    low = -90.0 if south == 0 else south - _MARGIN_DEG
    across = wide >= 360 or -margin <= from_west <= wide + margin
    return across and low <= lat <= north + _MARGIN_DEG


def _swapped(path: Path) -> ImageryError:
    return ImageryError(
        "its axes are swapped: what should be east is north", file=path, field="crs",
        remedy="export it again with x = east (longitude), y = north (latitude) (请按X东Y北重新导出)",
    )  # fmt: skip


def _absurd(path: Path, why: str) -> ImageryError:
    return ImageryError(
        f"its georeference cannot be true: {why}", file=path, field="crs",
        remedy="export it again and check the coordinate system (请核对坐标系后重新导出)",
    )  # fmt: skip
