"""MBTiles, read by GDAL's driver: the deepest level as one picture in the plane of map tiles."""

from __future__ import annotations

from dataclasses import replace

from imagery.formats.job import Job
from imagery.formats.raster import Raster
from imagery.formats.sidecars import Item
from imagery.formats.single import find_place, scene_of
from imagery.scene import Scene
from layers.errors import ImageryError


def mbtiles_scene(raster: Raster, item: Item, job: Job) -> Scene:
    """The scene of an MBTiles file that opened, which means that its tables are there.

    Raises `ImageryError` where it does not say where it lies, or not one tile decodes.
    """
    place = find_place(raster, item, job.stated, job.limits)
    if place is None:
        raise ImageryError("the MBTiles do not say where they lie", file=item.label,
                           remedy="export them again with bounds and zoom levels")  # fmt: skip
    if "EMPTY" in (raster.facts["outline"] or ""):
        raise ImageryError("none of the tiles in the MBTiles can be read", file=item.label,
                           remedy="export them again as PNG or JPEG tiles")  # fmt: skip
    return scene_of(raster, item, job.stated, replace(place, by="tile_names"), "tiles")
