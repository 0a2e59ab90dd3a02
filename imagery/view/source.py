"""Pixels of a scene's own file in windows, whatever its format: colours apart from validity."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import rasterio
import rasterio.shutil
from rasterio.enums import ColorInterp, MaskFlags, Resampling
from rasterio.errors import RasterioError
from rasterio.windows import Window as RasterWindow

from imagery.formats import open_raster
from imagery.guard.raster import damaged
from imagery.scene import Scene
from layers.errors import ImageryError

SEQUENTIAL = ("JPEG", "PNG")
"""Formats decoded from the first row on: a window costs as much as all above it."""
IN_MEMORY = 256 * 2**20
_STRIP_PIXELS = 2**25
_RGB = ("red", "green", "blue")


@dataclass(frozen=True)
class Layout:
    """What the file holds: `indexes` of the colour bands as they are read, their names, the number
    type, how validity is told. `lut` expands a palette to colours; `rgb` says that the bands
    are read blue, green, red (the order of OpenCV).
    """

    indexes: tuple[int, ...]
    names: tuple[str, ...]
    common: tuple[str | None, ...]
    dtype: str
    rgb: bool
    masked: bool
    nodata: tuple[float, ...] | None
    lut: np.ndarray | None

    @property
    def bands(self) -> int:
        """Number of bands handed out."""
        return 3 if self.lut is not None else len(self.indexes)


def layout_of(dataset: Any, scene: Scene) -> Layout:  # noqa: ANN401 - a rasterio dataset
    """How the scene's open file is read."""
    meaning = dataset.colorinterp
    colour = [i + 1 for i, one in enumerate(meaning) if one is not ColorInterp.alpha]
    types = {dataset.dtypes[i - 1] for i in colour}
    dtype = str(np.result_type(*types))
    if np.dtype(dtype).kind not in "uif":
        raise ImageryError("pixels are no plain numbers", file=scene.source,
                           remedy="export the picture with whole or floating point numbers")  # fmt: skip
    told = {i: scene.bands[i - 1] for i in colour if i <= len(scene.bands)}
    flags = {flag for i in colour for flag in dataset.mask_flag_enums[i - 1]}
    masked = flags != {MaskFlags.all_valid}
    nodata = tuple(band.nodata for band in told.values() if band.nodata is not None)
    common = tuple(told[i].common if i in told else None for i in colour)
    names = tuple((told[i].name if i in told else "") or f"b{i}" for i in colour)
    if meaning[0] is ColorInterp.palette and len(colour) == 1:
        return Layout((1,), _RGB, _RGB, "uint8", False, masked, None, _lookup(dataset))
    rgb = len(colour) == 3 and dtype == "uint8" and set(common) in ({None}, set(_RGB))
    if rgb:
        order = [common.index(c) for c in _RGB] if common[0] else [0, 1, 2]
        indexes = tuple(colour[i] for i in reversed(order))
        return Layout(indexes, _RGB, _RGB, dtype, True, masked, _same(nodata, 3, masked), None)
    return Layout(tuple(colour), names, common, dtype, False, masked,
                  _same(nodata, len(colour), masked), None)  # fmt: skip


def _same(nodata: tuple[float, ...], bands: int, masked: bool) -> tuple[float, ...] | None:
    return nodata if not masked and len(nodata) == bands else None


def _lookup(dataset: Any) -> np.ndarray:  # noqa: ANN401 - a rasterio dataset
    table = dataset.colormap(1)
    lut = np.zeros((max(256, max(table) + 1), 4), np.uint8)
    for number, colour in table.items():
        lut[number] = colour
    return lut


class Picture:
    """One open file, or pixels in memory; used by one thread at a time."""

    def __init__(
        self,
        layout: Layout,
        dataset: Any = None,  # noqa: ANN401 - a rasterio dataset
        memory: tuple[np.ndarray, np.ndarray] | None = None,
    ) -> None:
        self.layout = layout
        self._dataset, self._memory = dataset, memory

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in pixels."""
        if self._memory is not None:
            rows, columns = self._memory[1].shape
            return columns, rows
        return self._dataset.width, self._dataset.height

    def read(self, left: int, top: int, right: int, bottom: int, step: int = 1) -> _Read:
        """Pixels (rows, columns, bands) and their validity (0 or 255; missing = all valid).

        With `step` > 1 the window is averaged down by about that factor.
        """
        if self._memory is not None:
            held, valid = self._memory
            return held[top:bottom, left:right], valid[top:bottom, left:right]
        window = RasterWindow(left, top, right - left, bottom - top)
        shape = (max(1, (bottom - top) // step), max(1, (right - left) // step))
        how = Resampling.average if step > 1 and self.layout.lut is None else Resampling.nearest
        try:
            planes = self._dataset.read(self.layout.indexes, window=window,
                                        out_shape=(len(self.layout.indexes), *shape),
                                        resampling=how)  # fmt: skip
            mask = self._dataset.dataset_mask(window=window, out_shape=shape,
                                              resampling=Resampling.nearest) \
                if self.layout.masked else None  # fmt: skip
        except (RasterioError, OSError) as error:
            raise damaged(Path(self._dataset.name), error) from error
        return _colours(self.layout, planes, mask)


_Read = tuple[np.ndarray, np.ndarray | None]


def _colours(layout: Layout, planes: np.ndarray, mask: np.ndarray | None) -> _Read:
    if layout.lut is not None:
        seen = layout.lut[planes[0]]
        valid = (seen[:, :, 3] > 0).astype(np.uint8) * 255
        return np.ascontiguousarray(seen[:, :, :3]), valid if mask is None else np.minimum(
            mask, valid
        )
    if layout.nodata is not None:
        same = [(plane == value) | (np.isnan(value) & np.isnan(plane))
                for plane, value in zip(planes, layout.nodata, strict=True)]  # fmt: skip
        mask = (~np.logical_and.reduce(same)).astype(np.uint8) * 255
    if planes.dtype.kind == "f":
        bad = ~np.isfinite(planes).all(axis=0)
        if bad.any():
            mask = np.where(bad, 0, 255 if mask is None else mask).astype(np.uint8)
            planes = np.nan_to_num(planes, nan=0.0, posinf=0.0, neginf=0.0)
    if planes.shape[0] == 1:
        return planes[0][:, :, None], mask
    return np.ascontiguousarray(planes.transpose(1, 2, 0)), mask


Opener = Callable[[], AbstractContextManager[Picture]]


@contextmanager
def prepared(scene: Scene, folder: Path) -> Iterator[Opener]:
    """A way to open the scene's pixels, in any thread, that reads windows at the cost of windows.

    Files that can only be read from the top are decoded once: into memory where they are
    small, else into a tiled file in `folder`, removed at the end.
    """
    with open_raster(scene.source, scene.driver) as dataset:
        layout = layout_of(dataset, scene)
        if not _needs_staging(dataset, scene):
            opener: Opener = lambda: _from_file(scene.source, scene.driver, layout)  # noqa: E731
        elif (
            dataset.width * dataset.height * layout.bands * np.dtype(layout.dtype).itemsize
            <= IN_MEMORY
        ):
            array, mask = Picture(layout, dataset).read(0, 0, dataset.width, dataset.height)
            filled = mask if mask is not None else np.full(array.shape[:2], 255, np.uint8)
            opener = lambda: nullcontext(Picture(layout, memory=(array, filled)))  # noqa: E731
        else:
            with _tiled(dataset, folder) as tiled:
                yield lambda: _from_file(tiled, "GTiff", layout)
            return
    yield opener


@contextmanager
def _from_file(path: Path, driver: str, layout: Layout) -> Iterator[Picture]:
    with open_raster(path, driver) as dataset:
        yield Picture(layout, dataset)


def _needs_staging(dataset: Any, scene: Scene) -> bool:  # noqa: ANN401 - a rasterio dataset
    rows, columns = dataset.block_shapes[0]
    wide = columns >= dataset.width and dataset.width > 4 * 2048
    strips = wide or rows * columns > _STRIP_PIXELS
    return scene.driver in SEQUENTIAL or (scene.driver == "GTiff" and strips)


@contextmanager
def _tiled(dataset: Any, folder: Path) -> Iterator[Path]:  # noqa: ANN401 - a rasterio dataset
    import tempfile

    with tempfile.TemporaryDirectory(dir=folder, prefix=".view-") as name:
        path = Path(name) / "tiled.tif"
        with rasterio.Env(GDAL_TIFF_INTERNAL_MASK=True):
            try:
                rasterio.shutil.copy(dataset, path, driver="GTiff", TILED=True, BLOCKXSIZE=512,
                                     BLOCKYSIZE=512, BIGTIFF="IF_SAFER", INTERLEAVE="PIXEL")  # fmt: skip
            except (RasterioError, OSError) as error:
                raise damaged(Path(dataset.name), error) from error
        yield path
