"""`TileReader`: tiles, previews, points and crops of stored scenes, by id and never by a path.

Tiles come through rio-tiler from datasets that each thread keeps open. A 512-pixel tile
that is one stored block of a fully valid colour view is handed out as it lies in the file.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from rasterio.windows import Window
from rio_tiler.errors import TileOutsideBounds

from imagery.store import Store
from imagery.view import mercator
from imagery.view.crop import Crop, Frame, cut
from imagery.view.facts import ViewFacts
from imagery.view.grid import BLOCK
from imagery.view.opened import OpenView, OpenViews
from imagery.view.point import PointValue, point_value
from imagery.view.render import chosen, displayed, encoded_picture
from imagery.view.stored import taken_of
from layers.errors import ImageryError

SIZES = (256, 512)
MOST_SCENES = 32
"""So many scenes of a mosaic are looked at for one tile, the first ones."""
Bands = Sequence[str] | str | None


@dataclass(frozen=True, slots=True)
class Tile:
    """An encoded tile: its bytes, media type and entity tag (changes with view or parameters)."""

    content: bytes
    media_type: str
    etag: str


class TileReader:
    """Reads view copies of `store`; safe to share between threads.

    `keep` views stay open in each thread. Every method raises `ImageryError` for an unknown id.
    """

    def __init__(self, store: Store, *, keep: int = 16) -> None:
        self.store = store
        self._views = OpenViews(store, keep)

    def tile(
        self, scene_id: str, z: int, x: int, y: int, *, size: int = 256, bands: Bands = None
    ) -> Tile | None:
        """One tile; missing where the scene has no pixel there or there is no such tile.

        Of an unplaced picture `z` counts from 0 (the whole picture) in its own pixels.
        """
        _check_size(size)
        view = self._views.get(scene_id)
        if view is None or not mercator.is_tile(z, x, y):
            return None
        etag = _etag(view.facts, (z, x, y, size, bands))
        if size == BLOCK and bands is None:
            raw = _stored_block(view, z, x, y)
            if raw is not None:
                return Tile(raw, "image/jpeg", etag)
        found = _pixels(view, (z, x, y), size, bands)
        if found is None:
            return None
        lossless = view.facts.resampling == "nearest"
        return Tile(*encoded_picture(*found, lossless=lossless), etag)

    def etag(self, scene_ids: Sequence[str] | str, *parameters: object) -> str | None:
        """The entity tag without making a tile; missing where no scene has a view."""
        ids = [scene_ids] if isinstance(scene_ids, str) else list(scene_ids)
        views = [view for one in ids if (view := self._views.get(one)) is not None]
        return _joined([_etag(view.facts, parameters) for view in views]) if views else None

    def mosaic_tile(
        self, scene_ids: Sequence[str], z: int, x: int, y: int, *, size: int = 256,
        bands: Bands = None,
    ) -> Tile | None:  # fmt: skip
        """One tile of several scenes, nothing copied: of each pixel the first valid one.

        The order is the caller's (`newest_first`); scenes without a view or elsewhere are passed
        over, and no scene is opened once the tile is full.
        """
        _check_size(size)
        if not mercator.is_tile(z, x, y):
            return None
        colours: np.ndarray | None = None
        mask, tags = np.zeros((size, size), np.uint8), []
        for scene_id in scene_ids[:MOST_SCENES]:
            view = self._views.get(scene_id)
            if view is None or not view.facts.placed or not _covers(view.facts, z, x, y):
                continue
            found = _pixels(view, (z, x, y), size, bands)
            if found is None:
                continue
            tags.append(_etag(view.facts, (z, x, y, size, bands)))
            fresh = (mask == 0) & (found[1] > 0)
            colours = np.zeros_like(found[0]) if colours is None else colours
            colours[fresh], mask[fresh] = found[0][fresh], 255
            if mask.all():
                break
        if colours is None:
            return None
        return Tile(*encoded_picture(colours, mask), _joined(tags))

    def newest_first(self, scene_ids: Sequence[str]) -> tuple[str, ...]:
        """The scenes by the time they were taken, the newest first, those without a time last."""
        told = [(taken_of(self.store.document(one)["properties"]), one) for one in scene_ids]
        order = sorted(told, key=lambda pair: (pair[0].utc or pair[0].local or "", pair[1]))
        return tuple(one for _, one in reversed(order))

    def preview(self, scene_id: str, *, width: int = 1024, bands: Bands = None) -> Tile | None:
        """The whole scene in one picture about `width` pixels wide, from the coarse levels."""
        view = self._views.get(scene_id)
        if view is None:
            return None
        numbers = chosen(view.facts, bands)
        dataset = view.dataset
        factor = _preview_factor(dataset.width, dataset.overviews(1), width)
        shape = (-(-dataset.height // factor), -(-dataset.width // factor))
        mask = dataset.dataset_mask(out_shape=shape)
        rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
        planes = dataset.read(numbers, out_shape=(len(numbers), *shape))
        part = np.s_[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
        colours = displayed(planes, view.facts, numbers)[part]
        lossless = view.facts.resampling == "nearest"
        return Tile(*encoded_picture(colours, mask[part], lossless=lossless),
                    _etag(view.facts, ("preview", width, bands)))  # fmt: skip

    def facts(self, scene_id: str) -> ViewFacts | None:
        """What is known of the scene's view copy; missing where it has none."""
        view = self._views.get(scene_id)
        return None if view is None else view.facts

    def point(self, scene_id: str, lon: float, lat: float) -> PointValue | None:
        """Values at a point (WGS 84 degrees), of the original wherever it can be opened.

        Missing where the scene does not reach.
        """
        return point_value(self.store, self._views.get(scene_id), scene_id, lon, lat)

    def crop(self, scene_id: str, frame: Frame, *, bands: Bands = None) -> Crop:
        """The scene within `frame`; the same frame for two dates gives pictures that register."""
        return cut(self.store, self._views.get(scene_id), scene_id, frame, bands)

    def crops(
        self, scene_ids: Sequence[str], frame: Frame, *, bands: Bands = None
    ) -> tuple[Crop, ...]:
        """Several scenes (dates) within one frame."""
        return tuple(self.crop(one, frame, bands=bands) for one in scene_ids)

    def close(self) -> None:
        """Close all files; call it when no thread reads any more."""
        self._views.close()


def _pixels(
    view: OpenView, tile: tuple[int, int, int], size: int, bands: Bands
) -> tuple[np.ndarray, np.ndarray] | None:
    """Colours (size, size, 3) and validity of a tile."""
    numbers = chosen(view.facts, bands)
    how = _resampling(view.facts, tile[0] + (size == BLOCK))
    if view.reader is None:
        return _unplaced(view, tile, size, numbers)
    z, x, y = tile
    try:
        found = view.reader.tile(x, y, z, tilesize=size, indexes=numbers, resampling_method=how)
    except TileOutsideBounds:
        return None
    mask = found.mask
    return (displayed(found.data, view.facts, numbers), mask) if mask.any() else None


def _resampling(facts: ViewFacts, zoom: int) -> str:
    """How to read a zoom between the stored levels: they are exact, so only outside of them."""
    if facts.resampling == "nearest":
        return "nearest"
    return (
        "bilinear" if zoom > facts.max_zoom else "average" if zoom < facts.min_zoom else "nearest"
    )


def _unplaced(
    view: OpenView, tile: tuple[int, int, int], size: int, numbers: Sequence[int]
) -> tuple[np.ndarray, np.ndarray] | None:
    z, x, y = tile
    spread = 256.0 * 2.0 ** (view.facts.max_zoom - z)
    left, top = x * spread, y * spread
    if left + spread > view.dataset.width or top + spread > view.dataset.height or spread < 1:
        return None
    window = Window(left, top, spread, spread)
    mask = view.dataset.dataset_mask(window=window, out_shape=(size, size))
    if not mask.any():
        return None
    planes = view.dataset.read(numbers, window=window, out_shape=(len(numbers), size, size))
    return displayed(planes, view.facts, numbers), mask


def _stored_block(view: OpenView, z: int, x: int, y: int) -> bytes | None:
    """The bytes of a block that is just this tile: colour, fully valid, on a stored level."""
    facts, dataset = view.facts, view.dataset
    level = facts.max_zoom - 1 - z
    if facts.compression != "jpeg" or not 0 <= level <= len(dataset.overviews(1)):
        return None
    column, row = x - _first(facts, dataset, 0, level), y - _first(facts, dataset, 1, level)
    if not (0 <= column < dataset.width >> level + 9 and 0 <= row < dataset.height >> level + 9):
        return None
    window = Window(column * BLOCK << level, row * BLOCK << level, BLOCK << level, BLOCK << level)
    if not dataset.dataset_mask(window=window, out_shape=(BLOCK, BLOCK)).all():
        return None
    at, many = (dataset.get_tag_item(f"BLOCK_{what}_{column}_{row}", "TIFF", 1, level - 1)
                if level else dataset.get_tag_item(f"BLOCK_{what}_{column}_{row}", "TIFF", 1)
                for what in ("OFFSET", "SIZE"))  # fmt: skip
    if at is None or many is None:
        return None
    with Path(dataset.name).open("rb") as file:
        file.seek(int(at))
        return file.read(int(many))


def _first(facts: ViewFacts, dataset: object, axis: int, level: int) -> int:
    """Number of the view's first 512-pixel tile on a level."""
    if not facts.placed:
        return 0
    transform = dataset.transform  # type: ignore[attr-defined]
    size = BLOCK * transform.a * 2**level
    edge = transform.c + mercator.HALF if axis == 0 else mercator.HALF - transform.f
    return round(edge / size)


def _covers(facts: ViewFacts, z: int, x: int, y: int) -> bool:
    left, bottom, right, top = mercator.tile_bounds(z, x, y)
    if facts.bounds is None:
        return False
    west, south, east, north = facts.bounds
    xs, ys = mercator.to_plane(np.array([west, east]), np.array([south, north]))
    return bool(xs[0] < right and xs[1] > left and ys[0] < top and ys[1] > bottom)


def _preview_factor(width: int, overviews: Sequence[int], wanted: int) -> int:
    """The coarsest stored level that is at least as wide as wanted."""
    fit = [factor for factor in (1, *overviews) if width // factor >= wanted]
    return max(fit, default=1)


def _etag(facts: ViewFacts, parameters: Sequence[object]) -> str:
    text = repr((facts.content, facts.stretch, *parameters))
    return hashlib.sha256(text.encode("utf-8")).hexdigest()[:24]


def _joined(tags: Sequence[str]) -> str:
    return tags[0] if len(tags) == 1 else hashlib.sha256("".join(tags).encode()).hexdigest()[:24]


def _check_size(size: int) -> None:
    if size not in SIZES:
        raise ImageryError(f"tiles are {SIZES[0]} or {SIZES[1]} pixels wide", field="size",
                           remedy="ask for one of these sizes")  # fmt: skip
