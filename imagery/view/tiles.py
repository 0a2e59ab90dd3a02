"""`TileReader`: tiles, previews, points and crops of stored scenes, by id and never by a path.

Each thread keeps its datasets open. Tiles of a stored level are windows of whole pixels, other
zooms come through rio-tiler; a 512-pixel tile that is one stored block of a fully valid colour
view is handed out as it lies in the file.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from imagery.store import Store
from imagery.view import mercator
from imagery.view.crop import Crop, Frame, cut
from imagery.view.facts import ViewFacts
from imagery.view.grid import BLOCK
from imagery.view.opened import OpenViews
from imagery.view.pixels import Bands, covers, pixels, stored_block
from imagery.view.point import PointValue, point_value
from imagery.view.render import chosen, displayed, encoded_picture
from imagery.view.stored import taken_of
from layers.errors import ImageryError

SIZES = (256, 512)
MOST_SCENES = 32
"""So many scenes of a mosaic are looked at for one tile, the first ones."""


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
            raw = stored_block(view, z, x, y)
            if raw is not None:
                return Tile(raw, "image/jpeg", etag)
        found = pixels(view, (z, x, y), size, bands)
        if found is None:
            return None
        lossless = view.facts.resampling == "nearest"
        return Tile(*encoded_picture(*found, lossless=lossless), etag)

    def etag(
        self, scene_ids: Sequence[str] | str, z: int, x: int, y: int, *, size: int = 256,
        bands: Bands = None,
    ) -> str | None:  # fmt: skip
        """The tag `tile` (one id) or `mosaic_tile` (several) would give, without making the tile.

        Missing where no scene has a view.
        """
        ids = [scene_ids] if isinstance(scene_ids, str) else scene_ids[:MOST_SCENES]
        views = [view for one in ids if (view := self._views.get(one)) is not None]
        tags = [_etag(view.facts, (z, x, y, size, bands)) for view in views]
        return _joined(tags) if tags else None

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
        mask = np.zeros((size, size), np.uint8)
        for scene_id in scene_ids[:MOST_SCENES]:
            view = self._views.get(scene_id)
            if view is None or not view.facts.placed or not covers(view.facts, z, x, y):
                continue
            found = pixels(view, (z, x, y), size, bands)
            if found is None:
                continue
            fresh = (mask == 0) & (found[1] > 0)
            colours = np.zeros_like(found[0]) if colours is None else colours
            colours[fresh], mask[fresh] = found[0][fresh], 255
            if mask.all():
                break
        tag = self.etag(scene_ids, z, x, y, size=size, bands=bands)
        if colours is None or tag is None:
            return None
        return Tile(*encoded_picture(colours, mask), tag)

    def newest_first(self, scene_ids: Sequence[str]) -> tuple[str, ...]:
        """The scenes by the time they were taken, the newest first, those without a time last."""
        told = [(taken_of(self.store.document(one)["properties"]), one) for one in scene_ids]
        order = sorted(told, key=lambda pair: (pair[0].utc or pair[0].local or "", pair[1]))
        return tuple(one for _, one in reversed(order))

    def preview(self, scene_id: str, *, width: int = 1024, bands: Bands = None) -> Tile | None:
        """The whole scene in one picture at most `width` pixels wide, from the coarse levels."""
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
        found = _at_most(displayed(planes, view.facts, numbers)[part], mask[part], width)
        lossless = view.facts.resampling == "nearest"
        return Tile(*encoded_picture(*found, lossless=lossless),
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


def _preview_factor(width: int, overviews: Sequence[int], wanted: int) -> int:
    """The coarsest stored level as wide as wanted: the scene fills about half of the view's grid."""
    fit = [factor for factor in (1, *overviews) if width // factor >= 2 * wanted]
    return max(fit, default=1)


def _at_most(colours: np.ndarray, mask: np.ndarray, width: int) -> tuple[np.ndarray, np.ndarray]:
    rows, columns = mask.shape
    if columns <= width:
        return colours, mask
    size = (width, max(1, round(rows * width / columns)))
    seen = cv2.resize(mask, size, interpolation=cv2.INTER_AREA)
    return cv2.resize(colours, size, interpolation=cv2.INTER_AREA), (seen > 127).astype(
        np.uint8
    ) * 255


def _etag(facts: ViewFacts, parameters: Sequence[object]) -> str:
    plain = [tuple(one) if isinstance(one, list) else one for one in parameters]
    text = repr((facts.content, facts.stretch, *plain))
    return hashlib.sha256(text.encode("utf-8")).hexdigest()[:24]


def _joined(tags: Sequence[str]) -> str:
    return tags[0] if len(tags) == 1 else hashlib.sha256("".join(tags).encode()).hexdigest()[:24]


def _check_size(size: int) -> None:
    if size not in SIZES:
        raise ImageryError(f"tiles are {SIZES[0]} or {SIZES[1]} pixels wide", field="size",
                           remedy="ask for one of these sizes")  # fmt: skip
