"""Windows out of a raster file, opened once per thread or process."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from rasterio.enums import ColorInterp, MaskFlags
from rasterio.errors import RasterioError
from rasterio.windows import Window as RasterWindow

from imagery.formats import open_raster
from imagery.guard.raster import damaged
from imagery.scene import Placement, Scene
from imagery.view.grid import Mapping
from imagery.windows.window import SIZE, Place, Window, places
from layers.errors import ImageryError
from layers.measures import geodesic_distance


@dataclass(frozen=True)
class Source:
    """What windows are cut from: small, and safe to send to another process."""

    path: Path
    driver: str
    width: int
    height: int
    indexes: tuple[int, ...]
    bands: tuple[str, ...]
    block: tuple[int, int]
    masked: bool
    nodata: tuple[float, ...] | None
    placement: Placement | None
    size: int
    halo: int

    @cached_property
    def places(self) -> tuple[Place, ...]:
        """All windows, by rows."""
        return places(self.width, self.height, self.block, self.size)


def source_of(
    image: Scene | str | Path, size: int = SIZE, halo: int = 0,
    bands: Sequence[str] | None = None,
) -> Source:  # fmt: skip
    """How to cut `image` (a scene, or the path of a GeoTIFF) into windows.

    `halo` pixels are read around each window; `bands` names those wanted, in that order (all but
    transparency where missing). Raises `ImageryError` for a band the image lacks.
    """
    if halo < 0:
        raise ImageryError("a halo cannot be negative", field="halo", remedy="give 0 or more")
    path, driver = (
        (image.source, image.driver) if isinstance(image, Scene) else (Path(image), "GTiff")
    )
    scene = image if isinstance(image, Scene) else None
    with open_raster(path, driver) as dataset:
        names, indexes = _bands(dataset, scene, bands)
        flags = {flag for i in indexes for flag in dataset.mask_flag_enums[i - 1]}
        masked = flags != {MaskFlags.all_valid}
        told = scene.bands if scene is not None and len(scene.bands) >= max(indexes) else ()
        nodata = tuple(told[i - 1].nodata for i in indexes) if told and not masked else ()
        return Source(
            path, driver, dataset.width, dataset.height, indexes, names, dataset.block_shapes[0], masked,
            tuple(v for v in nodata if v is not None) if nodata and None not in nodata else None,
            _placement(dataset) if scene is None else scene.placement, size, halo,
        )  # fmt: skip


def _bands(
    dataset: Any,  # noqa: ANN401 - a rasterio dataset
    scene: Scene | None,
    wanted: Sequence[str] | None,
) -> tuple[tuple[str, ...], tuple[int, ...]]:
    indexes = [i for i, one in enumerate(dataset.colorinterp, 1) if one is not ColorInterp.alpha]
    names = {i: dataset.descriptions[i - 1] or f"b{i}" for i in indexes}
    common: dict[int, str | None] = {}
    if scene is not None and len(scene.bands) >= max(indexes):
        names = {i: scene.bands[i - 1].name or names[i] for i in indexes}
        common = {i: scene.bands[i - 1].common for i in indexes}
    if wanted is None:
        return tuple(names.values()), tuple(indexes)
    found = []
    for name in wanted:
        at = [i for i in indexes if name in (names[i], common.get(i))]
        if not at:
            raise ImageryError(f"the image has no band {name!r}", field="bands",
                               remedy=f"choose among {', '.join(names.values())}")  # fmt: skip
        found.append(at[0])
    return tuple(wanted), tuple(found)


def _placement(dataset: Any) -> Placement | None:  # noqa: ANN401 - a rasterio dataset
    if dataset.crs is None:
        return None
    return Placement(dataset.crs.to_wkt(), tuple(dataset.transform)[:6], "georeference",
                     float("nan"), "assumed")  # fmt: skip


@contextmanager
def opened(source: Source) -> Iterator[Callable[[Place], Window]]:
    """A function from a place to its window; the file stays open until the block ends."""
    mapping = None if source.placement is None else _Ground(source)
    with open_raster(source.path, source.driver) as dataset:
        yield lambda place: _read(dataset, source, mapping, place)


def _read(
    dataset: Any,  # noqa: ANN401 - a rasterio dataset
    source: Source,
    ground: _Ground | None,
    place: Place,
) -> Window:
    left, top = max(0, place.left - source.halo), max(0, place.top - source.halo)
    right = min(source.width, place.right + source.halo)
    bottom = min(source.height, place.bottom + source.halo)
    window = RasterWindow(left, top, right - left, bottom - top)
    try:
        array = dataset.read(source.indexes, window=window)
        mask = dataset.dataset_mask(window=window) if source.masked else None
    except (RasterioError, OSError) as error:
        raise damaged(source.path, error) from error
    core = (
        slice(place.top - top, place.bottom - top),
        slice(place.left - left, place.right - left),
    )
    transform = None if ground is None else ground.transform(left, top)
    return Window(
        place, array, _valid(array, mask, source.nodata), core, source.bands, transform,
        None if source.placement is None else source.placement.crs,
        None if ground is None else ground.pixel(place),
    )  # fmt: skip


def _valid(
    array: np.ndarray, mask: np.ndarray | None, nodata: tuple[float, ...] | None
) -> np.ndarray:
    valid = np.broadcast_to(np.True_, array.shape[1:]) if mask is None else mask > 0
    if nodata is not None:
        same = [(plane == value) for plane, value in zip(array, nodata, strict=True)]
        valid = ~np.logical_and.reduce(same)
    if array.dtype.kind == "f":
        valid = valid & np.isfinite(array).all(axis=0)
    return valid


class _Ground:
    """Ground size and transform of windows."""

    def __init__(self, source: Source) -> None:
        assert source.placement is not None
        self._transform = source.placement.transform
        self._mapping = Mapping.of(source.placement, source.width, source.height)

    def transform(self, left: int, top: int) -> tuple[float, float, float, float, float, float]:
        """The image's transform counted from another first pixel."""
        a, b, c, d, e, f = self._transform
        return a, b, a * left + b * top + c, d, e, d * left + e * top + f

    def pixel(self, place: Place) -> tuple[float, float]:
        """Metres on the ground of a pixel at the window's middle, across and down."""
        column, row = (place.left + place.right) / 2, (place.top + place.bottom) / 2
        lon, lat = self._mapping.degrees(column + np.array([-0.5, 0.5, 0.0, 0.0]),
                                         row + np.array([0.0, 0.0, -0.5, 0.5]))  # fmt: skip
        across, down = geodesic_distance(lon[::2], lat[::2], lon[1::2], lat[1::2])
        return float(across), float(down)
