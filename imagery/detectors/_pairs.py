"""Two dates side by side: windows of the later scene with the earlier one laid under them.

The later scene keeps its own pixels; the earlier is read only where it lies below a window and
moved onto it, with the alignment that was measured. Memory depends on the window, not the scene.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any, TypeVar

import cv2
import numpy as np
import shapely
from rasterio.enums import Resampling
from rasterio.errors import RasterioError
from rasterio.features import rasterize
from rasterio.transform import Affine
from rasterio.windows import Window as RasterWindow
from shapely.geometry.base import BaseGeometry

from imagery.align import Alignment, Ground, adjusted, comparable, estimate
from imagery.align.estimate import Settings as AlignSettings
from imagery.detectors._frame import Shot
from imagery.formats import open_raster
from imagery.guard.raster import damaged
from imagery.vectorise import PixelGrid
from imagery.view.source import SEQUENTIAL
from imagery.windows.reading import Source, opened, source_of
from imagery.windows.window import Place, Window
from imagery.workers import in_order, single_threaded_cv, worker_count
from layers.errors import Cancelled, ImageryError

R = TypeVar("R")
ALIGN_SIDE = 1000
"""Longest side of the grid an alignment is measured on."""
_AROUND_M = 60.0
_FINER = 1.5
_MANY, _AGREE_PX = 100, 1.0
_TYPES = ("uint8", "uint16", "int16", "float32")
"""Number types that OpenCV moves as they are."""


@dataclass(frozen=True)
class Paired:
    """A window of both dates on the later scene's pixels.

    `after`, `before` (bands, rows, columns); `valid` seen by both; `inside` the area asked for;
    `left`, `top` the first pixel in the image; `core` cuts off what neighbours show too;
    `pixel_m` the ground size of a pixel.
    """

    after: np.ndarray
    before: np.ndarray
    valid: np.ndarray
    inside: np.ndarray
    left: int
    top: int
    core: tuple[slice, slice]
    pixel_m: float


def grid_of(shot: Shot) -> PixelGrid:
    """The pixels of a scene on the ground; raises `ImageryError` for one that lies nowhere."""
    return PixelGrid(shot.ground.placement, shot.scene.width, shot.scene.height)


def aligned(
    before: Shot, after: Shot, size_m: float, area: BaseGeometry | None = None, *,
    by_features: bool = False,
) -> Alignment:  # fmt: skip
    """How `after` lies on `before`, measured around `area` where one is given.

    `by_features`: a hundred features that agree are enough, even where correlation, which bare
    asphalt or fields resown lead astray, says something else. Raises `ImageryError` where things of `size_m` metres cannot be compared.
    """
    first, second = _around(before.ground, area), _around(after.ground, area)
    found = estimate(first, second, AlignSettings(max_side=ALIGN_SIDE))
    if by_features and not found.accepted and found.method == "features":
        sure = found.matches >= _MANY and found.residual_m <= _AGREE_PX * found.pixel_m
        found = replace(found, accepted=True, why_zh="", why_en="") if sure else found
    answer = comparable(found, size_m, before.ground.gsd_m, after.ground.gsd_m)
    if not answer.yes:
        raise ImageryError(
            f"the two scenes cannot be compared: {answer.why_en} ({answer.why_zh})",
            field="before", file=after.scene.source,
            remedy="choose a scene of the same season and ground size, or lay it by hand "
            "(`python -m imagery align`)",
        )  # fmt: skip
    return found


def _around(ground: Ground, area: BaseGeometry | None) -> Ground:
    """The ground near the area: an alignment there counts, not one a kilometre away."""
    if area is None:
        return ground
    west, south, east, north = area.bounds
    lat = _AROUND_M / 111_000
    lon = lat / max(0.1, float(np.cos(np.radians((south + north) / 2))))
    near = shapely.box(west - lon, south - lat, east + lon, north + lat)
    part = shapely.intersection(ground.footprint, near)
    return ground if part.is_empty else replace(ground, footprint=part)


def over_pairs(
    function: Callable[[Paired], R],
    after: Shot,
    before: Shot,
    alignment: Alignment,
    *,
    area: BaseGeometry | None = None,
    size: int = 1024,
    halo: int = 0,
    bands: Sequence[Sequence[str] | None] = (None, None),
    only: Callable[[Sequence[Place]], Sequence[Place]] | None = None,
    progress: Callable[[int, int], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Generator[R]:
    """`function` of every window that meets `area`, in order, in a few threads.

    `bands` names those of the later and of the earlier scene. `only` picks among the places.
    Raises `ImageryError` where pixels cannot be read and `Cancelled` when asked to stop.
    """
    source = source_of(after.scene, size, halo, bands[0])
    shape = None if area is None else shapely.transform(area, grid_of(after).pixels)
    wanted = [place for place in source.places if _meets(place, shape)]
    wanted = list(wanted if only is None else only(wanted))
    earlier = source_of(before.scene, size, 0, bands[1])
    below = _Below(earlier, before, after, alignment)

    @contextmanager
    def reader() -> Iterator[Callable[[Place], R | None]]:
        with opened(source) as read, open_raster(earlier.path, earlier.driver) as dataset:
            yield lambda place: _one(function, read(place), shape, below, dataset)

    many = 1 if {source.driver, earlier.driver} & set(SEQUENTIAL) else worker_count()
    with single_threaded_cv():
        for number, result in enumerate(in_order(wanted, reader, many), 1):
            if cancelled is not None and cancelled():
                raise Cancelled
            if progress is not None:
                progress(number, len(wanted))
            if result is not None:
                yield result


def _meets(place: Place, shape: BaseGeometry | None) -> bool:
    return shape is None or bool(
        shapely.box(place.left, place.top, place.right, place.bottom).intersects(shape)
    )


def _one(
    function: Callable[[Paired], R], window: Window, shape: BaseGeometry | None, below: _Below,
    dataset: Any,  # noqa: ANN401 - a rasterio dataset
) -> R | None:  # fmt: skip
    left, top = window.corner
    rows, columns = window.valid.shape
    inside = np.ones((rows, columns), bool)
    cut = np.s_[0:rows, 0:columns]
    if shape is not None:
        inside = drawn(shape, left, top, rows, columns)
        if not inside[window.core].any():
            return None
        cut = _box(inside, window)
    seen = window.valid[cut]
    left, top = left + cut[1].start, top + cut[0].start
    moved, known = below.read(dataset, left, top, seen.shape)
    core = tuple(slice(max(0, one.start - c.start), min(one.stop, c.stop) - c.start)
                 for one, c in zip(window.core, cut, strict=True))  # fmt: skip
    across, down = window.ground_m or (1.0, 1.0)
    return function(Paired(window.array[:, cut[0], cut[1]], moved, seen & known, inside[cut],
                           left, top, (core[0], core[1]), float(np.sqrt(across * down))))  # fmt: skip


def drawn(shape: BaseGeometry, left: int, top: int, rows: int, columns: int) -> np.ndarray:
    """Where a polygon in pixels of the image lies in a piece of it, (rows, columns) bool."""
    # Half sizes: for the plain pixel grid rasterio juggles with warnings, which threads must not.
    here = shapely.transform(shape, lambda xy: (xy - [left, top]) / 2)
    burnt = rasterize([here], out_shape=(rows, columns), fill=0, default_value=1, dtype="uint8",
                      transform=Affine.scale(0.5))  # fmt: skip
    inside: np.ndarray = burnt > 0
    return inside


def _box(inside: np.ndarray, window: Window) -> tuple[slice, slice]:
    """Rows and columns around what is inside, with the window's halo."""
    halo = max(window.core[0].start, window.core[1].start,
               inside.shape[0] - window.core[0].stop, inside.shape[1] - window.core[1].stop)  # fmt: skip
    found = []
    for axis in (1, 0):
        at = np.flatnonzero(inside.any(axis=axis))
        end = inside.shape[1 - axis]
        found.append(slice(max(0, int(at[0]) - halo), min(end, int(at[-1]) + 1 + halo)))
    return found[0], found[1]


class _Below:
    """Reads the earlier scene as it lies below a piece of the later one."""

    def __init__(self, source: Source, before: Shot, after: Shot, alignment: Alignment) -> None:
        moved, _ = adjusted(after.ground.placement, alignment, who="", when="", against=before.id,
                            u_against_m=0.0)  # fmt: skip
        self._source = source
        self._later = PixelGrid(moved, after.scene.width, after.scene.height)
        self._earlier = grid_of(before)

    def read(
        self,
        dataset: Any,  # noqa: ANN401 - a rasterio dataset
        left: int,
        top: int,
        shape: tuple[int, ...],
    ) -> tuple[np.ndarray, np.ndarray]:
        """Pixels (bands, rows, columns) and validity on the grid of `shape` rows and columns."""
        rows, columns = shape
        matrix = self._matrix(left, top, rows, columns)
        corners = (
            np.array([[0, 0, 1], [columns, 0, 1], [0, rows, 1], [columns, rows, 1]]) @ matrix.T
        )
        x0, y0 = np.maximum(np.floor(corners.min(axis=0)).astype(int) - 3, 0)
        x1, y1 = np.minimum(np.ceil(corners.max(axis=0)).astype(int) + 3,
                            [self._source.width, self._source.height])  # fmt: skip
        if x1 <= x0 or y1 <= y0:
            return np.zeros((len(self._source.indexes), rows, columns), np.float32), np.zeros(
                shape, bool
            )
        step = max(1.0, float(np.sqrt(abs(np.linalg.det(matrix[:, :2])))))
        step = step if step > _FINER else 1.0
        array, valid = self._piece(dataset, (x0, y0, x1, y1), step)
        scale = np.array([array.shape[2] / (x1 - x0), array.shape[1] / (y1 - y0)])
        return _laid(
            array, valid, _centred((matrix - [[0, 0, x0], [0, 0, y0]]) * scale[:, None]), shape
        )

    def _matrix(self, left: int, top: int, rows: int, columns: int) -> np.ndarray:
        """(2, 3) from columns and rows of the window to those of the earlier scene, from corners."""
        at = np.array([(c, r) for r in (0, rows / 2, rows) for c in (0, columns / 2, columns)])
        there = self._earlier.pixels(self._later.degrees(at + np.array([left, top])))
        found: np.ndarray = np.linalg.lstsq(np.column_stack([at, np.ones(9)]), there, rcond=None)[
            0
        ].T
        return found

    def _piece(
        self,
        dataset: Any,  # noqa: ANN401 - a rasterio dataset
        box: tuple[int, int, int, int],
        step: float,
    ) -> tuple[np.ndarray, np.ndarray]:
        x0, y0, x1, y1 = (int(v) for v in box)
        window = RasterWindow(x0, y0, x1 - x0, y1 - y0)
        size = (max(1, round((y1 - y0) / step)), max(1, round((x1 - x0) / step)))
        how = Resampling.average if step > 1 else Resampling.nearest
        try:
            array = dataset.read(self._source.indexes, window=window,
                                 out_shape=(len(self._source.indexes), *size), resampling=how)  # fmt: skip
            mask = (
                dataset.dataset_mask(window=window, out_shape=size) if self._source.masked else None
            )
        except (RasterioError, OSError) as error:
            raise damaged(self._source.path, error) from error
        valid = np.ones(size, bool) if mask is None else mask > 0
        if self._source.nodata is not None:
            same = [plane == value for plane, value in zip(array, self._source.nodata, strict=True)]
            valid &= ~np.logical_and.reduce(same)
        if array.dtype.name not in _TYPES:
            array = array.astype(np.float32)
        return array, valid & np.isfinite(array).all(axis=0) if array.dtype.kind == "f" else valid


def _centred(matrix: np.ndarray) -> np.ndarray:
    """A matrix on corners of pixels as one on their centres, as OpenCV counts."""
    moved = matrix.copy()
    moved[:, 2] += matrix[:, :2] @ [0.5, 0.5] - 0.5
    return moved


def _laid(
    array: np.ndarray, valid: np.ndarray, matrix: np.ndarray, shape: tuple[int, ...]
) -> tuple[np.ndarray, np.ndarray]:
    rows, columns = shape
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    planes = [
        cv2.warpAffine(plane, matrix, (columns, rows), flags=flags, borderMode=cv2.BORDER_REPLICATE)
        for plane in array
    ]
    # A pixel mixed with an invalid neighbour is not valid: the erosion takes the rim.
    inner = (
        cv2.erode(valid.astype(np.uint8), np.ones((3, 3), np.uint8)) if not valid.all() else valid
    )
    known = cv2.warpAffine(np.asarray(inner, np.uint8), matrix, (columns, rows),
                           flags=cv2.INTER_NEAREST | cv2.WARP_INVERSE_MAP, borderValue=0)  # fmt: skip
    return np.stack(planes), known > 0
