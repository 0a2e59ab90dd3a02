"""What a scene says at one point: the original's own values, where, from when, how fine."""

from __future__ import annotations

from collections.abc import Mapping as Table
from dataclasses import dataclass

import numpy as np

from imagery.formats import open_raster
from imagery.scene import Scene, Taken
from imagery.store import Store
from imagery.view import mercator
from imagery.view.grid import Mapping
from imagery.view.opened import OpenView
from imagery.view.source import Picture, layout_of
from imagery.view.stored import original_scene, taken_of


@dataclass(frozen=True)
class PointValue:
    """Values of the pixel under a point; `None` per band where the pixel is not valid.

    `column`, `row` count that file's pixels from its upper left; `of` says which file the
    values come from. `scaled` = value × scale + offset of the band (reflectance). `gsd_m` and
    `u_m` (error of the position on the ground, 95 %) are metres.
    """

    scene_id: str
    lon: float
    lat: float
    of: str
    column: int
    row: int
    values: Table[str, float | None]
    scaled: Table[str, float | None]
    taken: Taken
    gsd_m: float | None
    u_m: float | None


def point_value(
    store: Store, view: OpenView | None, scene_id: str, lon: float, lat: float
) -> PointValue | None:
    """The values at `lon`, `lat` (WGS 84); missing where the scene does not reach."""
    told = store.document(scene_id)["properties"]
    scene = original_scene(store, scene_id)
    if scene is not None:
        at = _original(scene, lon, lat)
        of = "original"
    elif view is not None and view.facts.placed:
        at, of = _view(view, lon, lat), "view"
    else:
        return None
    if at is None:
        return None
    column, row, values, scaled = at
    return PointValue(scene_id, lon, lat, of, column, row, values, scaled, taken_of(told),
                      told.get("gsd"), told.get("yicha:u_m"))  # fmt: skip


_Found = tuple[int, int, dict[str, float | None], dict[str, float | None]]


def _original(scene: Scene, lon: float, lat: float) -> _Found | None:
    columns, rows = Mapping(scene).pixels(np.array([lon]), np.array([lat]))
    where = _inside(columns[0], rows[0], scene.width, scene.height)
    if where is None:
        return None
    with open_raster(scene.source, scene.driver) as dataset:
        picture = Picture(layout_of(dataset, scene), dataset)
        array, mask = picture.read(where[0], where[1], where[0] + 1, where[1] + 1)
    layout = picture.layout
    numbers = array[0, 0][::-1] if layout.rgb else array[0, 0]
    valid = mask is None or bool(mask[0, 0])
    values = _table(layout.names, numbers, valid)
    bands = {band.name: band for band in scene.bands}
    scaled = {name: None if value is None else
              value * bands[name].scale + bands[name].offset if name in bands else value
              for name, value in values.items()}  # fmt: skip
    return *where, values, scaled


def _view(view: OpenView, lon: float, lat: float) -> _Found | None:
    x, y = mercator.to_plane(np.array(lon), np.array(lat))
    dataset = view.dataset
    columns, rows = ~dataset.transform * (float(x), float(y))
    where = _inside(columns, rows, dataset.width, dataset.height)
    if where is None:
        return None
    window = ((where[1], where[1] + 1), (where[0], where[0] + 1))
    if not dataset.dataset_mask(window=window).any():
        return None
    values = _table(view.facts.bands, dataset.read(window=window)[:, 0, 0], True)
    return *where, values, dict(values)


def _inside(column: float, row: float, width: int, height: int) -> tuple[int, int] | None:
    if not (0 <= column < width and 0 <= row < height):
        return None
    return int(column), int(row)


def _table(names: tuple[str, ...], numbers: np.ndarray, valid: bool) -> dict[str, float | None]:
    return {name: float(value) if valid else None
            for name, value in zip(names, numbers, strict=True)}  # fmt: skip
