"""From camera to ground: outline or view cone of a photo, and its approximate placement."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from shapely import Polygon

from imagery.photos.budget import COVERAGE, known_by, parts_at, sigmas_of, whole
from imagery.photos.pinhole import Lens, lens_of, on_plane, outline_pixels, rays
from imagery.photos.remarks import remark
from imagery.photos.terrain import Terrain, terrain_of
from imagery.photos.words import Footprint
from imagery.scene import Camera, Placement, Remark
from layers.datum.ground import ground_crs, local_plane

OBLIQUE_DEG = -60.0
"""Flatter than this no outline is drawn: the ground's relief decides where the view ends."""
_CONE_HEIGHTS, _CONE_MOST_M, _CONE_UNKNOWN_M = 10.0, 1000.0, 300.0
_PER_SIDE = 8


def footprint(
    camera: Camera,
    width: int,
    height: int,
    dem: str | Path | None = None,
    take_off: tuple[float, float] | None = None,
) -> Footprint:
    """Where a photo of `width` × `height` pixels (as stored, orientation ignored) looks.

    The ground is a plane `camera.height_m` below the camera, or the relief of `dem` (a GeoTIFF
    of heights in metres). With `take_off` (longitude, latitude) the model also gives the level
    that the height counts from; without, the ground below the camera is taken for it. Raises
    `ImageryError` where `dem` does not cover the camera or the take-off.
    """
    told = lens_of(camera, width, height)
    if told is None:
        return _unknown(camera, width, height)
    edge = outline_pixels(width, height)
    if told.pitch > OBLIQUE_DEG or np.isnan(on_plane(told, edge)).any():
        return _oblique(camera, told)
    ground = terrain_of(camera, told, dem, take_off)
    ring, known = ground.met(outline_pixels(width, height, 1 if dem is None else _PER_SIDE))
    parts = parts_at(ground.lens, sigmas_of(camera, level_known=ground.level_known), edge)
    total = whole(parts)
    worst = int(np.nanargmax(total))
    return Footprint(
        outline=_polygon(camera, ring),
        cone=None,
        u_m=float(total[worst]),
        gsd_m=_gsd(ground.lens),
        parts={name: float(part[worst]) for name, part in parts.items()},
        remarks=_remarks(camera, ground, bool(known.all())),
    )


def photo_placement(
    camera: Camera,
    width: int,
    height: int,
    dem: str | Path | None = None,
    take_off: tuple[float, float] | None = None,
) -> Placement | None:
    """The affine that shows the photo approximately placed in a local plane (metres).

    Its error holds the error of the footprint and what an affine cannot follow of tilt and
    relief. None where `footprint` has no outline: an oblique photo is never laid on the map.
    """
    seen = footprint(camera, width, height, dem, take_off)
    told = lens_of(camera, width, height)
    if seen.outline is None or told is None or seen.u_m is None:
        return None
    steps = np.linspace(0, 1, 5)
    grid = np.stack(np.meshgrid(steps * width, steps * height), axis=-1).reshape(-1, 2)
    ground, _ = terrain_of(camera, told, dem, take_off).met(grid)
    known = np.column_stack([grid, np.ones(len(grid))])
    affine, *_ = np.linalg.lstsq(known, ground, rcond=None)
    bent = float(np.linalg.norm(known @ affine - ground, axis=1).max())
    (a, d), (b, e), (c, f) = affine
    return Placement(
        crs=local_plane(camera.lon, camera.lat),
        transform=(float(a), float(b), float(c), float(d), float(e), float(f)),
        by="camera",
        u_m=float(np.hypot(seen.u_m, bent)),
        known_by=known_by(camera),
    )


def _remarks(camera: Camera, ground: Terrain, known: bool) -> tuple[Remark, ...]:
    codes = ["yaw_unchecked"]
    if camera.height_of == "take_off" and not ground.level_known:
        codes.append("ground_assumed" if ground.relief is None else "level_assumed")
    if not known:
        codes.append("outside_dem")
    return tuple(remark(code) for code in codes)


def _gsd(lens: Lens) -> float:
    middle = np.array([lens.width / 2, lens.height / 2])
    near = on_plane(lens, middle + np.array([[-0.5, 0], [0.5, 0], [0, -0.5], [0, 0.5]]))
    return float(max(np.linalg.norm(near[1] - near[0]), np.linalg.norm(near[3] - near[2])))


def _oblique(camera: Camera, lens: Lens) -> Footprint:
    edge = outline_pixels(lens.width, lens.height, _PER_SIDE)
    ground, seen = on_plane(lens, edge), rays(lens, edge)
    limit = min(_CONE_HEIGHTS * lens.above_m, _CONE_MOST_M)
    far = np.linalg.norm(ground, axis=1)
    reach = limit if np.isnan(far).any() else min(limit, float(far.max()))
    bearings = np.degrees(np.arctan2(seen[:, 0], seen[:, 1]))
    half = float(np.abs((bearings - lens.yaw + 180) % 360 - 180).max())
    return Footprint(None, _sector(camera, lens.yaw, half, reach), _own(camera), None,
                     {"position": _own(camera)}, (remark("oblique"),))  # fmt: skip


def _unknown(camera: Camera, width: int, height: int) -> Footprint:
    """No outline; a cone still where direction and angle of view are known (no height)."""
    lens = None
    if camera.height_m is None and camera.pitch is not None and camera.pitch > OBLIQUE_DEG:
        lens = lens_of(_at_one_metre(camera), width, height)
    cone, remarks = None, [remark("height_missing")] if camera.height_m is None else []
    if camera.yaw is None or camera.pitch is None:
        remarks.append(remark("angles_missing"))
    if camera.focal_mm is None or camera.sensor_width_mm is None:
        remarks.append(remark("focal_missing"))
    if lens is not None:
        half = float(np.degrees(np.arctan(max(width, height) / 2 / lens.focal_px)))
        cone = _sector(camera, lens.yaw, half, _CONE_UNKNOWN_M)
    return Footprint(None, cone, _own(camera), None, {"position": _own(camera)}, tuple(remarks))


def _at_one_metre(camera: Camera) -> Camera:
    values = {name: getattr(camera, name) for name in camera.__dataclass_fields__}
    return Camera(**{**values, "height_m": 1.0})


def _own(camera: Camera) -> float:
    return COVERAGE * sigmas_of(camera).position_m


def _sector(camera: Camera, azimuth: float, half_deg: float, reach_m: float) -> Polygon:
    turn = np.radians(azimuth + np.linspace(-min(half_deg, 90.0), min(half_deg, 90.0), 25))
    arc = reach_m * np.column_stack([np.sin(turn), np.cos(turn)])
    return _polygon(camera, np.vstack([np.zeros((1, 2)), arc]))


def _polygon(camera: Camera, ring: np.ndarray) -> Polygon:
    plane = ground_crs(local_plane(camera.lon, camera.lat))
    lon, lat = plane.to_wgs84(ring[:, 0], ring[:, 1])
    return Polygon(np.column_stack([lon, lat]))
