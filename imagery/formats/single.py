"""One picture file (GeoTIFF, JPEG, PNG, JPEG 2000) becomes one scene."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from imagery.formats.accuracy import placement_error
from imagery.formats.job import Job
from imagery.formats.photo import as_photo, photo_facts
from imagery.formats.raster import Raster, bands, raster_remarks, shared_facts
from imagery.formats.remarks import remark
from imagery.formats.sidecars import Item, crs_beside, world_file
from imagery.formats.tile_names import TileName, tile_affine, tile_name
from imagery.formats.when import taken_of
from imagery.formats.where import (
    Affine,
    Grid,
    Ground,
    in_china,
    locate,
    pixels_are_mercator,
    read_crs,
)
from imagery.guard.limits import Limits
from imagery.scene import Kind, PlacedBy, Placement, Remark, Scene, Sensor, Stated
from layers.datum.ground import WEB_MERCATOR, GroundCRS
from layers.errors import ImageryError
from layers.measures import geodesic_distance

_PHOTOS = ("jpeg", "heif")
_SATELLITE_FROM_M = 8.0
"""Coarser pixels come from no aeroplane that surveys a county."""
_MOST_RESIDUAL = 0.02
"""Of the picture's diagonal: beyond it a plane does not describe the picture."""


@dataclass(frozen=True)
class Place:
    """How a file's pixels are laid: the CRS, the affine, by what, residual of a fit (metres)."""

    crs: GroundCRS
    transform: Affine
    by: PlacedBy
    residual_m: float = 0.0
    remarks: tuple[Remark, ...] = ()


def read_single(raster: Raster, item: Item, job: Job) -> Scene:
    """The scene of one picture; raises `ImageryError` for anything that cannot be true."""
    place = find_place(raster, item, job.stated, job.limits)
    return scene_of(raster, item, job.stated, place)


def find_place(raster: Raster, item: Item, stated: Stated, limits: Limits) -> Place | None:
    """What lays the picture on the ground: itself, a file beside it, its name; None for nothing."""
    if stated.kind == "picture" or raster.decoded is not None:
        return None
    if raster.has_transform:
        return _georeferenced(raster, item, stated, limits)
    if raster.facts["gcps"]:
        return _by_points(raster, item, stated, limits)
    world = world_file(item, raster.format)
    if world is not None:
        crs, notes = _need_crs(raster, item, stated, limits)
        return Place(crs, world, "world_file", remarks=tuple(notes))
    loose = raster.format == "tiff" or stated.kind == "tiles"
    tile = tile_name(item.name, loose=loose) if raster.width == raster.height else None
    return None if tile is None else _by_name(raster, item, tile, stated)


def scene_of(
    raster: Raster, item: Item, stated: Stated, place: Place | None, kind: Kind | None = None
) -> Scene:
    """Put the scene together; a photo that nothing else places is tried as a photo."""
    photo = photo_facts(item.path) if raster.format in _PHOTOS else None
    if place is None and photo is not None and stated.kind != "picture":
        found = as_photo(raster, item, stated, photo)
        if found is not None:
            return found
    taken, remarks = taken_of(raster.facts["tags"], item.name, stated, item.label)
    sensor: Sensor | None = None if stated.platform is None else Sensor(stated.platform)
    if photo is not None and photo.taken.how != "missing":
        taken = photo.taken
        remarks = [note for note in remarks if note.code != "time_missing"]
    if photo is not None and photo.sensor.make:
        sensor = photo.sensor
    base = Scene(
        kind="picture", source=raster.path, driver=raster.driver, width=raster.width,
        height=raster.height, bands=bands(raster), mask=raster.mask, placement=None,
        footprint=None, gsd_m=None, taken=taken, sensor=sensor, member=item.member,
        remarks=(*raster_remarks(raster), *remarks), facts=shared_facts(raster),
    )  # fmt: skip
    if place is None:
        code = "rpc_only" if raster.facts["rpcs"] else "unplaced"
        return replace(base, remarks=(*base.remarks, remark(code)))
    return _placed(base, raster, place, stated if kind is None else replace(stated, kind=kind))


def _placed(base: Scene, raster: Raster, place: Place, stated: Stated) -> Scene:
    label = base.source if base.member is None else Path(base.member)
    grid = Grid(place.transform, raster.width, raster.height, raster.facts["outline"])
    ground = locate(label, place.crs, grid)
    kind = _kind(stated, place, ground.gsd_m)
    u_m, known_by, notes = placement_error(kind, ground.gsd_m, place.crs, stated, place.residual_m)
    more = [*place.remarks, *notes, *_ground_remarks(raster, ground, kind)]
    facts = {**base.facts, "crs_name": place.crs.name, "epsg": place.crs.epsg,
             "footprint_of": "valid" if raster.facts["outline_known"] else "grid"}  # fmt: skip
    return replace(
        base, kind=kind, footprint=ground.footprint, gsd_m=ground.gsd_m,
        placement=Placement(place.crs.text, place.transform, place.by, u_m, known_by),
        remarks=(*base.remarks, *more), facts=facts,
    )  # fmt: skip


def _kind(stated: Stated, place: Place, gsd_m: float) -> Kind:
    if stated.kind in ("orthophoto", "satellite", "tiles", "photo"):
        return stated.kind
    if place.by == "tile_names":
        return "tiles"
    return "satellite" if gsd_m >= _SATELLITE_FROM_M else "orthophoto"


def _ground_remarks(raster: Raster, ground: Ground, kind: Kind) -> list[Remark]:
    found = []
    of_web_maps = pixels_are_mercator(ground.crs)
    if of_web_maps:
        found.append(remark("in_plane_of_tiles"))
    # Map downloaders write the tiles of shifted web maps as GeoTIFFs in their plane.
    if (kind == "tiles" or of_web_maps) and in_china(*ground.centre):
        found.append(remark("web_map_tiles"))
    lon, lat = ground.centre
    if not ground.crs.planar and lat < 0 and in_china(lon, -lat):
        found.append(remark("mirror_hemisphere"))
    if not raster.facts["outline_known"]:
        found.append(remark("outline_of_grid"))
    return found


def _georeferenced(raster: Raster, item: Item, stated: Stated, limits: Limits) -> Place:
    crs, notes = _need_crs(raster, item, stated, limits)
    if world_file(item, raster.format) is not None:
        notes.append(remark("world_file_ignored"))
    a, b, c, d, e, f = (float(value) for value in raster.facts["transform"])
    return Place(crs, (a, b, c, d, e, f), "georeference", remarks=tuple(notes))


def _need_crs(
    raster: Raster, item: Item, stated: Stated, limits: Limits
) -> tuple[GroundCRS, list[Remark]]:
    """The file's own CRS, that of the file beside it, or the stated one, in this order."""
    own = raster.facts["crs"] or crs_beside(item, limits)
    if own:
        return read_crs(own, item.label), []
    if stated.crs:
        crs = read_crs(stated.crs, item.label)
        return crs, [remark("crs_stated", name=crs.name)]
    raise ImageryError(
        "it has coordinates but does not say in which coordinate system", field="crs",
        remedy="add the .prj file, or state the CRS when handing it in; to keep it as a mere picture "
        "state the kind “picture” (请附.prj文件或说明坐标系)", file=item.label,
    )  # fmt: skip


def _by_points(raster: Raster, item: Item, stated: Stated, limits: Limits) -> Place:
    """An affine through ground control points, with how far it misses them."""
    crs, notes = _need_crs(raster, item, stated, limits)
    points = np.array(raster.facts["gcps"], dtype=float)
    known = np.column_stack([points[:, 1], points[:, 0], np.ones(len(points))])
    if len(points) < 3 or not np.isfinite(points).all() or np.linalg.matrix_rank(known) < 3:
        raise ImageryError("its control points do not place it", file=item.label,
                           remedy="rectify it with at least four points spread over it")  # fmt: skip
    affine, *_ = np.linalg.lstsq(known, points[:, 2:], rcond=None)
    met = known @ affine
    lon, lat = crs.to_wgs84(points[:, 2], points[:, 3])
    lon2, lat2 = crs.to_wgs84(met[:, 0], met[:, 1])
    (a, d), (b, e), (c, f) = affine
    transform = (float(a), float(b), float(c), float(d), float(e), float(f))
    gsd = locate(item.label, crs, Grid(transform, raster.width, raster.height)).gsd_m
    worst = float(np.max(geodesic_distance(lon, lat, lon2, lat2)))
    if not worst <= _MOST_RESIDUAL * gsd * float(np.hypot(raster.width, raster.height)):
        raise ImageryError(
            f"a plane fit misses its control points by {worst:.1f} m", file=item.label,
            remedy="rectify it first (gdalwarp, QGIS georeferencer) and give the GeoTIFF",
        )  # fmt: skip
    notes.append(remark("gcps", count=len(points), residual=worst))
    return Place(crs, transform, "georeference", worst, tuple(notes))


def _by_name(raster: Raster, item: Item, tile: TileName, stated: Stated) -> Place:
    crs = read_crs(WEB_MERCATOR, item.label)
    scheme = stated.tile_scheme or "xyz"
    notes = () if stated.tile_scheme else (remark("tile_scheme_assumed"),)
    x, y = tile.x, tile.y if scheme == "xyz" else 2**tile.z - 1 - tile.y
    return Place(crs, tile_affine(tile.z, x, y, raster.width), "tile_names", remarks=notes)
