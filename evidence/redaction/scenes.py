"""Areas and the pictures they lie on: from the ground to a scene's pixels and back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import shapely
from shapely.geometry import Polygon

from evidence.redaction.areas import Area
from imagery.formats.decoded import plain_picture
from imagery.guard.archive import list_members, unpack
from imagery.guard.limits import Limits
from imagery.scene import Placement
from imagery.store import Store
from imagery.view.stored import original_scene
from layers.datum.ground import ground_crs
from layers.errors import ImageryError


@contextmanager
def picture_file(store: Store, scene: str) -> Iterator[Path]:
    """The scene's own file: the original, or its member taken out of the received archive for a while.

    A photo that only we decode (HEIC) comes as its pixels, upright.
    """
    original, member = (
        store.original(scene),
        store.document(scene)["properties"].get("yicha:member"),
    )
    limits = Limits()
    with TemporaryDirectory(prefix="yicha-member-") as folder:
        if member is None:
            yield plain_picture(original, Path(folder), limits)
            return
        wanted = [one for one in list_members(original, limits) if one.name == member]
        files = unpack(original, wanted, Path(folder), limits)
        if member not in files:
            raise ImageryError("the archive does not hold this picture", file=original, field=str(member),
                               remedy="run `python -m imagery verify`")  # fmt: skip
        yield plain_picture(files[member], Path(folder), limits)


def shown_whole(store: Store, scene: str) -> bool:
    """Whether it is a photo, or a picture without a place: not one that maps can be cut from."""
    return store.document(scene)["properties"].get("yicha:kind") in ("photo", "picture")


def on_picture(store: Store, scene: str, areas: Sequence[Area]) -> tuple[list[Area], list[Polygon]]:
    """The areas that can be placed in the scene's pixels, and their outlines there.

    A photo is placed too roughly for areas of the ground: what shows on it is drawn on it.
    """
    placement = _placement(store, scene)
    found = [one for one in areas if one.plane == "picture" or placement is not None]
    return found, [
        one.shape if one.plane == "picture" or placement is None else _to_pixels(one.shape, placement)
        for one in found
    ]  # fmt: skip


def grounded(store: Store, scene: str, area: Area) -> Area:
    """An area drawn in the pixels of a placed picture as one of the ground; of a photo as it is."""
    placement = _placement(store, scene)
    if area.plane == "ground" or placement is None:
        return area
    a, b, c, d, e, f = placement.transform
    xy = shapely.get_coordinates(area.shape.exterior)
    x, y = a * xy[:, 0] + b * xy[:, 1] + c, d * xy[:, 0] + e * xy[:, 1] + f
    lon, lat = ground_crs(placement.crs).to_wgs84(x, y)
    return Area(Polygon(np.column_stack([lon, lat])), "ground", area.why, area.treatment)


def _to_pixels(shape: Polygon, placement: Placement) -> Polygon:
    a, b, c, d, e, f = placement.transform
    lonlat = shapely.get_coordinates(shape.exterior)
    x, y = ground_crs(placement.crs).from_wgs84(lonlat[:, 0], lonlat[:, 1])
    back = np.linalg.inv(np.array([[a, b], [d, e]]))
    pixels = back @ np.vstack([x - c, y - f])
    if not np.isfinite(pixels).all():
        raise ImageryError("an area lies where the picture's plane is not defined", field="area",
                           remedy="draw it on the picture")  # fmt: skip
    return Polygon(pixels.T)


def _placement(store: Store, scene: str) -> Placement | None:
    if shown_whole(store, scene):
        return None
    found = original_scene(store, scene)
    return None if found is None else found.placement
