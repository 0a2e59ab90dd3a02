"""Photos drawn into one sheet, block by block, the photo seen best in front, seams feathered."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import rasterio
from rasterio.transform import Affine
from rasterio.windows import Window

from imagery.guard.raster import OPTIONS
from imagery.photos.pixels import photo_size, read_pixels
from layers.atomic import written_whole
from layers.errors import Cancelled

BLOCK = 1024
_CACHE_BYTES = 400_000_000
_SHARP = 4
"""The weight falls with this power of the distance to the photo's edge: seams a few pixels wide."""


@dataclass(frozen=True)
class Sheet:
    """What is drawn: plane (WKT), its upper left corner and pixel size in metres, its size.

    `outlines` are the photos' (4, 2) corners in the plane.
    """

    plane: str
    left: float
    top: float
    gsd_m: float
    width: int
    height: int
    outlines: tuple[np.ndarray, ...]


def draw(  # noqa: PLR0917
    paths: Sequence[Path],
    maps: Sequence[np.ndarray],
    sheet: Sheet,
    out: Path,
    tags: Mapping[str, str],
    progress: Callable[[int, int, str], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> None:
    """Write the sheet as an RGB GeoTIFF with alpha, whole or not at all.

    `maps` are (3, 3) from a photo's pixels to the plane. Memory: one block and 400 MB of
    decoded photos, whatever the size of the sheet.
    """
    photos = _Photos(paths, maps, sheet.gsd_m)
    corners = [(row, col) for row in range(0, sheet.height, BLOCK)
               for col in range(0, sheet.width, BLOCK)]  # fmt: skip
    with rasterio.Env(**OPTIONS), written_whole(out) as partial:
        with rasterio.open(partial, "w", **_profile(sheet)) as target:
            target.update_tags(**tags)
            for done, (row, col) in enumerate(corners):
                if cancelled is not None and cancelled():
                    raise Cancelled("drawing was cancelled")
                if progress is not None:
                    progress(done, len(corners), "draw")
                window = Window(col, row, min(BLOCK, sheet.width - col),
                                min(BLOCK, sheet.height - row))  # fmt: skip
                target.write(_block(photos, maps, sheet, window), window=window)
        with rasterio.open(partial, "r+") as target:
            target.build_overviews([2, 4, 8, 16], rasterio.enums.Resampling.average)


def _profile(sheet: Sheet) -> dict[str, object]:
    place = Affine(sheet.gsd_m, 0, sheet.left, 0, -sheet.gsd_m, sheet.top)
    return {"driver": "GTiff", "width": sheet.width, "height": sheet.height, "count": 4,
            "dtype": "uint8", "crs": sheet.plane, "transform": place, "tiled": True,
            "blockxsize": 512, "blockysize": 512, "compress": "deflate", "predictor": 2,
            "photometric": "RGB", "alpha": "YES", "BIGTIFF": "IF_SAFER"}  # fmt: skip


def _block(
    photos: _Photos, maps: Sequence[np.ndarray], sheet: Sheet, window: Window
) -> np.ndarray:  # fmt: skip
    """(4, h, w) uint8 of one window."""
    size = (int(window.width), int(window.height))
    summed = np.zeros((size[1], size[0], 3), np.float32)
    weights = np.zeros((size[1], size[0]), np.float32)
    step, left = sheet.gsd_m, sheet.left + window.col_off * sheet.gsd_m
    top = sheet.top - window.row_off * step
    ground = np.array([[step, 0, left], [0, -step, top], [0, 0, 1.0]])
    right, low = left + size[0] * step, top - size[1] * step
    for at, outline in enumerate(sheet.outlines):
        (x0, y0), (x1, y1) = outline.min(axis=0), outline.max(axis=0)
        if x1 <= left or x0 >= right or y1 <= low or y0 >= top:
            continue
        back = np.linalg.inv(maps[at]) @ ground
        weight = _weight(back, photos.sizes[at], size)
        if weight.any():
            summed += photos.warped(at, back, size) * weight[..., None]
            weights += weight
    seen = weights > 0
    colours = np.divide(summed, weights[..., None], out=summed, where=seen[..., None])
    block = np.zeros((4, size[1], size[0]), np.uint8)
    block[:3] = np.moveaxis(np.clip(np.rint(colours), 0, 255), 2, 0)
    block[3] = np.where(seen, 255, 0)
    return block


def _weight(back: np.ndarray, photo: tuple[int, int], size: tuple[int, int]) -> np.ndarray:
    """(h, w) 1 in the middle of the photo, 0 at its edge and outside."""
    col, row = np.arange(size[0]) + 0.5, np.arange(size[1])[:, None] + 0.5
    u, v, w = (a * col + b * row + c for a, b, c in back)
    u, v = u / w, v / w
    edge = np.minimum(np.minimum(u, photo[0] - u), np.minimum(v, photo[1] - v))
    share = np.clip(edge / (min(photo) / 2.0), 0.0, 1.0)
    return np.asarray(np.where(w > 0, share**_SHARP + 1e-6 * (share > 0), 0.0), dtype=np.float32)


class _Photos:
    """Decoded photos, the least recently used given up first; thinned where the sheet is coarse."""

    def __init__(self, paths: Sequence[Path], maps: Sequence[np.ndarray], gsd_m: float) -> None:
        self.paths = paths
        self.sizes = [photo_size(path) for path in paths]
        self.longest = [_longest(size, m, gsd_m) for size, m in zip(self.sizes, maps, strict=True)]
        self.kept: OrderedDict[int, np.ndarray] = OrderedDict()

    def warped(self, at: int, back: np.ndarray, size: tuple[int, int]) -> np.ndarray:
        """(h, w, 3) the photo under one window; `back` maps the window's pixels to the photo's."""
        pixels = self._pixels(at)
        thin = pixels.shape[1] / self.sizes[at][0]
        centre, scale = np.eye(3), np.diag([thin, thin, 1.0])
        centre[:2, 2] = 0.5
        matrix = np.linalg.inv(centre) @ scale @ back @ centre
        return np.asarray(cv2.warpPerspective(pixels, matrix, size, borderMode=cv2.BORDER_REPLICATE,
            flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP))  # fmt: skip

    def _pixels(self, at: int) -> np.ndarray:
        if at not in self.kept:
            colours = read_pixels(self.paths[at], self.longest[at])
            self.kept[at] = np.ascontiguousarray(np.moveaxis(colours, 0, 2))
            while len(self.kept) > 1 and sum(p.nbytes for p in self.kept.values()) > _CACHE_BYTES:
                self.kept.popitem(last=False)
        self.kept.move_to_end(at)
        return self.kept[at]


def _longest(size: tuple[int, int], matrix: np.ndarray, gsd_m: float) -> int:
    """Pixels of the longer side that the sheet can show."""
    middle = matrix @ np.array([[size[0] / 2, size[0] / 2 + 1], [size[1] / 2] * 2, [1, 1]])
    places = middle[:2] / middle[2]
    own = float(np.hypot(*(places[:, 1] - places[:, 0])))
    return max(64, round(max(size) * min(1.0, own / gsd_m)))
