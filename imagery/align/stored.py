"""Scenes of a store: laid on each other, and moved with a record of who did it and why."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import shapely
from rasterio.crs import CRS
from shapely.geometry import mapping, shape
from shapely.geometry.base import BaseGeometry

from imagery.align.apply import Adjustment
from imagery.align.ground import Ground
from imagery.formats import open_raster
from imagery.scene import Placement, Scene
from imagery.store import Store
from imagery.store.files import place
from imagery.view import make_view
from imagery.view.stored import original_scene, taken_of
from layers.datum.ground import WEB_MERCATOR, ground_crs
from layers.errors import ImageryError

VIEW_DRIVER = "GTiff"


def ground_of(store: Store, scene_id: str) -> Ground:
    """The scene's raster: the original where it opens, else its view copy (archives, tiles).

    Raises `ImageryError` for an unknown scene and for one that lies nowhere.
    """
    return Ground.of(raster_of(store, scene_id))


def move(store: Store, scene_id: str, placement: Placement, entry: Adjustment) -> None:
    """Give the scene a new placement: item, view copy and record follow; the original stays.

    `placement` and `entry` come from `adjusted` or `by_hand` on the placement of `ground_of`.
    """
    before = raster_of(store, scene_id)
    assert before.placement is not None
    outline = _carried(before, placement)
    with store.run() as run, store.locked(scene_id):
        partial = run.partial().with_suffix(".tif")
        facts = make_view(replace(before, placement=placement, footprint=outline), partial)
        document = store.document(scene_id)
        _tell(document, placement, outline, entry)
        view = document["assets"]["view"]
        view["file:size"], view["file:checksum"] = facts.bytes, f"1220{facts.sha256}"
        view["yicha:view"] = {k: v for k, v in facts.as_dict().items() if k != "lineage"}
        place(partial, store.view_path(scene_id))
        store.write_item(run, document, {"event": "moved", **entry.as_dict()})


def raster_of(store: Store, scene_id: str) -> Scene:
    """The scene as a raster that opens: of an archive the view copy stands in."""
    original = original_scene(store, scene_id)
    if original is not None and original.placement is not None:
        return original
    view, document = store.view(scene_id), store.document(scene_id)
    told = document["properties"]
    if view is None or told.get("yicha:placed_by") is None or document["geometry"] is None:
        raise ImageryError("the scene lies nowhere on the ground", field=scene_id,
                           remedy="state its reference system at the ingest, or place it by hand")  # fmt: skip
    with open_raster(view, VIEW_DRIVER) as file:
        a, b, c, d, e, f = tuple(file.transform)[:6]
        wide, high = file.width, file.height
    placement = Placement(CRS.from_user_input(WEB_MERCATOR).to_wkt(), (a, b, c, d, e, f),
                          told["yicha:placed_by"], told["yicha:u_m"], told["yicha:known_by"])  # fmt: skip
    return Scene(kind=told["yicha:kind"], source=view, driver=VIEW_DRIVER, width=wide, height=high,
                 bands=(), mask="mask", placement=placement, footprint=shape(document["geometry"]),
                 gsd_m=told["gsd"], taken=taken_of(told))  # fmt: skip


def _carried(scene: Scene, placement: Placement) -> BaseGeometry:
    """The outline moved as the grid was: pixel by pixel from the old placement to the new one."""
    assert scene.placement is not None
    assert scene.footprint is not None
    old, new = (
        np.array([*p.transform, 0, 0, 1]).reshape(3, 3) for p in (scene.placement, placement)
    )
    step = new @ np.linalg.inv(old)
    first, second = ground_crs(scene.placement.crs), ground_crs(placement.crs)

    def there(lonlat: np.ndarray) -> np.ndarray:
        x, y = first.from_wgs84(lonlat[:, 0], lonlat[:, 1])
        moved = (step @ np.vstack([x, y, np.ones(len(x))]))[:2]
        return np.column_stack(second.to_wgs84(moved[0], moved[1]))

    found: BaseGeometry = shapely.transform(scene.footprint, there)
    return found


def _tell(
    document: dict[str, Any], placement: Placement, outline: BaseGeometry, entry: Adjustment
) -> None:
    """Write the move into the item; how the scene was received is kept beside it."""
    told = document["properties"]
    document["geometry"], document["bbox"] = mapping(outline), list(outline.bounds)
    names = ("placed_by", "u_m", "known_by")
    received = {name: told.get(f"yicha:{name}") for name in names}
    told.setdefault("yicha:received_as", {**received, "transform": told.get("proj:transform")})
    told["yicha:placed_by"], told["yicha:u_m"] = placement.by, placement.u_m
    told["yicha:known_by"] = placement.known_by
    if "proj:transform" in told and _same_system(told.get("proj:wkt2"), placement.crs):
        told["proj:transform"] = list(placement.transform)
    told["yicha:lineage"] = [*told.get("yicha:lineage", []), {"step": "moved", **entry.as_dict()}]


def _same_system(first: str | None, second: str) -> bool:
    return first is not None and CRS.from_user_input(first) == CRS.from_user_input(second)


def middle_of(ground: Ground) -> tuple[float, float]:
    """Longitude and latitude (degrees) of the middle of a scene."""
    lon, lat = shapely.get_coordinates(ground.footprint.centroid)[0]
    return float(lon), float(lat)
