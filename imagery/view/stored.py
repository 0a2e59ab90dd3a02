"""A stored scene's original as it can be opened again: from its STAC item, by its id."""

from __future__ import annotations

from typing import Any

from shapely.geometry import shape

from imagery.guard.raster import DRIVERS
from imagery.scene import Band, Placement, Scene, Taken
from imagery.store import Store


def original_scene(store: Store, scene_id: str) -> Scene | None:
    """The scene with its original as source; missing where the original is an archive, a folder
    of tiles or a format only the ingest unpacks.
    """
    document = store.document(scene_id)
    told = document["properties"]
    asset = document["assets"]["original"]
    driver = told.get("yicha:driver")
    if driver not in DRIVERS or driver == "VRT" or "type" not in asset or told.get("yicha:member"):
        return None
    rows, columns = told.get("proj:shape") or (0, 0)
    placement = _placement(told)
    if placement is None:
        return None
    return Scene(
        kind=told["yicha:kind"], source=store.original(scene_id), driver=driver,
        width=columns, height=rows, bands=tuple(_band(one) for one in asset.get("bands", ())),
        mask=told.get("yicha:mask", "none"), placement=placement,
        footprint=shape(document["geometry"]) if document["geometry"] else None,
        gsd_m=told.get("gsd"), taken=taken_of(told),
    )  # fmt: skip


def taken_of(told: dict[str, Any]) -> Taken:
    """When a scene was taken, from its item's properties."""
    return Taken(told.get("yicha:taken_utc"), told.get("yicha:taken_local"),
                 told.get("yicha:zone"), told.get("yicha:taken_how", "missing"))  # fmt: skip


def _placement(told: dict[str, Any]) -> Placement | None:
    crs = told.get("proj:wkt2") or told.get("proj:code")
    transform = told.get("proj:transform")
    if crs is None or transform is None:
        return None
    return Placement(crs, tuple(transform[:6]), told["yicha:placed_by"], told["yicha:u_m"],
                     told["yicha:known_by"])  # fmt: skip


def _band(one: dict[str, Any]) -> Band:
    nodata = one.get("nodata")
    return Band(one.get("name", ""), one.get("data_type", ""), one.get("eo:common_name"),
                None if nodata is None else float(nodata), one.get("raster:scale", 1.0),
                one.get("raster:offset", 0.0))  # fmt: skip
