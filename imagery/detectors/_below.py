"""The earlier scene as it lies below a piece of the later one.

Only what lies below is read. Where both run the same way on the ground and a whole number of pixels apart
they are laid by whole pixels: a move by less blurs one date of the two.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import cv2
import numpy as np
from rasterio.errors import RasterioError
from rasterio.windows import Window as RasterWindow

from imagery.align import Alignment, adjusted
from imagery.detectors._frame import Shot
from imagery.guard.raster import damaged
from imagery.scene import Placement
from imagery.vectorise import PixelGrid
from imagery.windows.reading import Source

SAME_PX = 0.25
"""A move this near to whole pixels is made by whole pixels: no alignment here is known better."""
_FINER = 1.5
_TYPES = ("uint8", "uint16", "int16", "float32")
"""Number types that OpenCV moves as they are."""


def grid_of(shot: Shot, shrink: int = 1) -> PixelGrid:
    """The pixels of a scene on the ground, `shrink` by `shrink` of them taken together.

    Raises `ImageryError` for a scene that lies nowhere.
    """
    return _grid(shot.ground.placement, shot, shrink)


def _grid(placement: Placement, shot: Shot, shrink: int) -> PixelGrid:
    a, b, c, d, e, f = placement.transform
    coarse = (a * shrink, b * shrink, c, d * shrink, e * shrink, f)
    return PixelGrid(replace(placement, transform=coarse),
                     shot.scene.width // shrink, shot.scene.height // shrink)  # fmt: skip


def averaged(array: np.ndarray, valid: np.ndarray, many: int) -> tuple[np.ndarray, np.ndarray]:
    """(bands, rows, columns) with `many` by `many` pixels averaged; valid where all of them are."""
    if many == 1:
        return array, valid
    size = (valid.shape[1] // many, valid.shape[0] // many)
    rows, columns = size[1] * many, size[0] * many
    planes = [cv2.resize(_known(plane[:rows, :columns]), size, interpolation=cv2.INTER_AREA)
              for plane in array]  # fmt: skip
    if valid.all():
        return np.stack(planes), np.ones(size[::-1], bool)
    holes = np.ascontiguousarray(~valid[:rows, :columns]).astype(np.float32)
    return np.stack(planes), cv2.resize(holes, size, interpolation=cv2.INTER_AREA) == 0


def _known(plane: np.ndarray) -> np.ndarray:
    return plane if plane.dtype.name in _TYPES else plane.astype(np.float32)


class Below:
    """Reads the earlier scene on the grid of the later one, `shrink` by `shrink` pixels averaged."""

    def __init__(
        self, source: Source, before: Shot, after: Shot, alignment: Alignment, shrink: int = 1
    ) -> None:
        moved, _ = adjusted(after.ground.placement, alignment, who="", when="", against=before.id,
                            u_against_m=0.0)  # fmt: skip
        self.shrink = shrink
        self._source = source
        self._later = _grid(moved, after, shrink)
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
        step = float(np.sqrt(abs(np.linalg.det(matrix[:, :2]))))
        many = round(step) if step > _FINER else 1
        x0, y0, x1, y1 = self._window(matrix, shape, many)
        if x1 - x0 < many or y1 - y0 < many:
            none = np.zeros((len(self._source.indexes), rows, columns), np.float32)
            return none, np.zeros((rows, columns), bool)
        array, valid = averaged(*self._piece(dataset, (x0, y0, x1, y1)), many)
        return laid(array, valid, _centred((matrix - [[0, 0, x0], [0, 0, y0]]) / many), (rows, columns))  # fmt: skip

    def _window(
        self, matrix: np.ndarray, shape: tuple[int, ...], many: int
    ) -> tuple[int, int, int, int]:
        """Left, top, right, bottom in the earlier scene of what lies below.

        Counted in steps of `many` from where the later piece begins: averages of both then cover
        the same ground, to a pixel of the file. Moved by whole pixels nothing more is read, so
        that blocks of the one file meet blocks of the other; otherwise a margin is.
        """
        rows, columns = shape
        size = np.array([self._source.width, self._source.height])
        phase = np.round(matrix[:, 2]).astype(int) % many
        near = _centred((matrix - np.column_stack([np.zeros((2, 2)), phase])) / many)
        whole = _whole(near, (rows, columns))
        if whole is not None:
            first = np.array(whole)
            last = first + np.array([columns, rows])
        else:
            at = np.array([[0, 0, 1], [columns, 0, 1], [0, rows, 1], [columns, rows, 1]]) @ matrix.T
            first = np.floor((at.min(axis=0) - phase) / many).astype(int) - 3
            last = np.ceil((at.max(axis=0) - phase) / many).astype(int) + 3
        low = np.maximum(first, 0) * many + phase
        high = np.minimum(last * many + phase, size)
        high = low + (high - low) // many * many
        return int(low[0]), int(low[1]), int(high[0]), int(high[1])

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
    ) -> tuple[np.ndarray, np.ndarray]:
        x0, y0, x1, y1 = box
        window = RasterWindow(x0, y0, x1 - x0, y1 - y0)
        try:
            array = dataset.read(self._source.indexes, window=window)
            mask = dataset.dataset_mask(window=window) if self._source.masked else None
        except (RasterioError, OSError) as error:
            raise damaged(self._source.path, error) from error
        valid = np.ones(array.shape[1:], bool) if mask is None else mask > 0
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


def laid(
    array: np.ndarray, valid: np.ndarray, matrix: np.ndarray, shape: tuple[int, int]
) -> tuple[np.ndarray, np.ndarray]:
    """Pixels and validity moved onto `shape` rows and columns; `matrix` from there to `array`, on centres."""
    rows, columns = shape
    whole = _whole(matrix, shape)
    if whole is not None:
        x, y = whole
        if x >= 0 and y >= 0 and x + columns <= valid.shape[1] and y + rows <= valid.shape[0]:
            return array[:, y : y + rows, x : x + columns], valid[y : y + rows, x : x + columns]
        matrix = np.array([[1.0, 0.0, x], [0.0, 1.0, y]])
    flags = cv2.WARP_INVERSE_MAP | (cv2.INTER_LINEAR if whole is None else cv2.INTER_NEAREST)
    planes = [
        cv2.warpAffine(plane, matrix, (columns, rows), flags=flags, borderMode=cv2.BORDER_REPLICATE)
        for plane in array
    ]
    # A pixel mixed with an invalid neighbour is not valid: the erosion takes the rim.
    mixed = whole is None and not valid.all()
    inner = cv2.erode(valid.astype(np.uint8), np.ones((3, 3), np.uint8)) if mixed else valid
    known = cv2.warpAffine(np.asarray(inner, np.uint8), matrix, (columns, rows),
                           flags=cv2.INTER_NEAREST | cv2.WARP_INVERSE_MAP, borderValue=0)  # fmt: skip
    return np.stack(planes), known > 0


def _whole(matrix: np.ndarray, shape: tuple[int, int]) -> tuple[int, int] | None:
    """Columns and rows of a move by whole pixels that is the same to `SAME_PX` everywhere."""
    rows, columns = shape
    corners = np.array([[0, 0, 1], [columns, 0, 1], [0, rows, 1], [columns, rows, 1]])
    away = corners @ matrix.T - corners[:, :2]
    move = np.round(away.mean(axis=0))
    if np.abs(away - move).max() > SAME_PX:
        return None
    return int(move[0]), int(move[1])
