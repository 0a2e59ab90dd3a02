"""Square cells of ground and what they look like: texture, colour, their surroundings, an earlier day.

Windows are read once, brought to about 25 cm where they are finer, and summed up per cell; what is
kept is a few numbers per cell. A cell belongs to the window its first pixel lies in, so the grid of
cells does not depend on how the image was cut.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import cv2
import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from imagery.detectors._frame import Shot
from imagery.vectorise import PixelGrid
from imagery.windows.reading import Source, source_of
from imagery.windows.scan import scan
from imagery.windows.window import Place, Window
from imagery.workers import single_threaded_cv
from layers.errors import Cancelled

LOOK_M = 0.25
"""Finer pixels are averaged to about this before anything is computed."""
WINDOW = 4096
"""Large windows: what is read beside them for cells that straddle a border is decoded twice."""
COARSE_PX = 8
"""Pixels of a cell's side where the scene is too coarse for cells of the usual size."""
OWN = (
    "light", "light_sd", "red_green", "blue", "colour_sd", "saturation", "green", "green_sd",
    "edge", "edge_sd", "fine", "along", "dark", "white",
)  # fmt: skip
"""What a cell looks like: brightness, colour, vegetation, texture (0..1 of the number's range);
`along` is how much of the texture runs one way, `white` and `dark` are shares of pixels."""
AROUND = ("light", "red_green", "saturation", "green", "edge", "fine", "light_sd")
NAMES = (*OWN, *(f"{name}_around" for name in AROUND))
RING = 9
"""Side of the surroundings in cells."""


@dataclass(frozen=True)
class Cells:
    """The cells of a scene: `features` (k, rows, columns) float32 with `names`, `seen` bool.

    `side` is a cell in pixels of the scene, `grid` the cells as pixels on the ground, `cell_m`
    their side in metres.
    """

    features: np.ndarray
    names: tuple[str, ...]
    seen: np.ndarray
    side: int
    grid: PixelGrid
    cell_m: float

    def plane(self, name: str) -> np.ndarray:
        """One feature (rows, columns)."""
        found: np.ndarray = self.features[self.names.index(name)]
        return found

    def inside(self, area: BaseGeometry) -> np.ndarray:
        """(rows, columns) whether a cell's middle lies in `area` (WGS 84 degrees)."""
        lonlat = self.middles()
        shape: np.ndarray = shapely.contains_xy(area, lonlat[:, 0], lonlat[:, 1])
        return shape.reshape(self.seen.shape)

    def middles(self) -> np.ndarray:
        """(n, 2) longitude and latitude of the cells' middles, by rows."""
        rows, columns = np.indices(self.seen.shape)
        return self.grid.degrees(np.column_stack([columns.ravel() + 0.5, rows.ravel() + 0.5]))

    def at(self, lonlat: np.ndarray) -> np.ndarray:
        """(n,) the number (by rows) of the cell at each place; -1 outside."""
        pixels = np.floor(self.grid.pixels(lonlat)).astype(int)
        rows, columns = self.seen.shape
        good = (pixels >= 0).all(axis=1) & (pixels[:, 0] < columns) & (pixels[:, 1] < rows)
        return np.where(good, pixels[:, 1] * columns + pixels[:, 0], -1)


def side_of(shot: Shot, cell_m: float) -> int:
    """Pixels of a cell's side: cells of `cell_m`, larger where the scene is coarse."""
    return max(COARSE_PX, round(cell_m / shot.ground.gsd_m))


def cells_of(
    shot: Shot, cell_m: float, area: BaseGeometry | None = None, *,
    progress: Callable[[int, int], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Cells:  # fmt: skip
    """The cells of a scene; only windows that meet `area` (WGS 84 degrees) are read."""
    side = side_of(shot, cell_m)
    source = source_of(shot.scene, size=WINDOW, halo=side)
    rows, columns = -(-source.height // side), -(-source.width // side)
    grid = _cell_grid(shot, side, columns, rows)
    own = np.zeros((len(OWN), rows, columns), np.float32)
    seen = np.zeros((rows, columns), bool)
    wanted = [place for place in source.places if _meets(place, area, grid, side)]
    factor = max(1, round(LOOK_M / shot.ground.gsd_m))
    with single_threaded_cv():
        for done, window in enumerate(scan(source, wanted), 1):
            _fill(window, source, (side, factor), own, seen)
            if progress is not None:
                progress(done, len(wanted))
            if cancelled is not None and cancelled():
                raise Cancelled
    return Cells(_with_around(own, seen), NAMES, seen, side, grid, side * shot.ground.gsd_m)


def _cell_grid(shot: Shot, side: int, columns: int, rows: int) -> PixelGrid:
    """The cells as the pixels of a coarser image."""
    placed = shot.ground.placement
    a, b, c, d, e, f = placed.transform
    coarse = replace(placed, transform=(a * side, b * side, c, d * side, e * side, f))
    return PixelGrid(coarse, columns, rows)


def _meets(place: Place, area: BaseGeometry | None, grid: PixelGrid, side: int) -> bool:
    if area is None:
        return True
    corners = np.array([[place.left, place.top], [place.right, place.top],
                        [place.right, place.bottom], [place.left, place.bottom]]) / side  # fmt: skip
    return bool(shapely.Polygon(grid.degrees(corners)).buffer(1e-5).intersects(area))


def _fill(
    window: Window, source: Source, sides: tuple[int, int], own: np.ndarray, seen: np.ndarray
) -> None:
    """Sum the window's cells up into `own` and `seen`; cells at the image's rim that are cut drop out."""
    side, factor = sides
    place, (left, top) = window.place, window.corner
    first = -(-place.left // side), -(-place.top // side)
    last = (min(-(-place.right // side), source.width // side),
            min(-(-place.bottom // side), source.height // side))  # fmt: skip
    columns, rows = last[0] - first[0], last[1] - first[1]
    if columns <= 0 or rows <= 0:
        return
    x, y = first[0] * side - left, first[1] * side - top
    cut = (slice(y, y + rows * side), slice(x, x + columns * side))
    valid = cv2.resize(np.ascontiguousarray(window.valid[cut], np.uint8) * 255, (columns, rows),
                       interpolation=cv2.INTER_AREA)  # fmt: skip
    where = (slice(first[1], last[1]), slice(first[0], last[0]))
    own[(slice(None), *where)] = look(window.array[(slice(None), *cut)], (rows, columns), factor)
    seen[where] = valid > 127


def look(array: np.ndarray, shape: tuple[int, int], factor: int = 1) -> np.ndarray:
    """What the cells of an array look like: (bands, rows·side, columns·side) → (features, rows, columns).

    The first three bands are red, green and blue; a single band stands for all three.
    """
    bands = array[:3] if len(array) >= 3 else array[[0, 0, 0]]
    side = array.shape[1] // shape[0]
    factor = min(factor, max(1, side // COARSE_PX))
    inner = max(COARSE_PX, side // factor)
    size = (shape[1] * inner, shape[0] * inner)
    full = 255.0 if array.dtype == np.uint8 else max(float(np.percentile(bands, 99.5)), 1e-6)
    picture = np.stack([cv2.resize(band, size, interpolation=cv2.INTER_AREA).astype(np.float32)
                        for band in bands])  # fmt: skip
    return _summed(np.clip(picture / full, 0.0, 1.0), shape)


def _summed(rgb: np.ndarray, shape: tuple[int, int]) -> np.ndarray:
    red, green, blue = rgb
    light = rgb.mean(axis=0)
    total = rgb.sum(axis=0) + 1e-3
    saturation = (rgb.max(axis=0) - rgb.min(axis=0)) / (rgb.max(axis=0) + 1e-3)
    vegetation = (2 * green - red - blue) / total
    warm = (red - green) / total
    across, down = cv2.Sobel(light, cv2.CV_32F, 1, 0), cv2.Sobel(light, cv2.CV_32F, 0, 1)
    edge = cv2.magnitude(across, down)
    fine = np.abs(light - cv2.blur(light, (3, 3)))

    def mean(plane: np.ndarray) -> np.ndarray:
        return cv2.resize(np.ascontiguousarray(plane, np.float32), shape[::-1], interpolation=cv2.INTER_AREA)  # fmt: skip

    def spread(plane: np.ndarray, middle: np.ndarray) -> np.ndarray:
        return np.sqrt(np.maximum(mean(plane * plane) - middle * middle, 0.0))

    middle = mean(light), mean(warm), mean(vegetation), mean(edge)
    xx, yy, xy = mean(across * across), mean(down * down), mean(across * down)
    along = np.hypot(xx - yy, 2 * xy) / (xx + yy + 1e-4)
    return np.stack([
        middle[0], spread(light, middle[0]), middle[1], mean((blue - light) / total),
        spread(warm, middle[1]), mean(saturation), middle[2], spread(vegetation, middle[2]),
        middle[3], spread(edge, middle[3]), mean(fine), along, mean(light < 0.15), mean(light > 0.9),
    ]).astype(np.float32)  # fmt: skip


def _with_around(own: np.ndarray, seen: np.ndarray) -> np.ndarray:
    """The features with how far some of them stand out from the cells around."""
    weight = seen.astype(np.float32)
    many = cv2.boxFilter(weight, -1, (RING, RING), normalize=False, borderType=cv2.BORDER_CONSTANT)
    inner = cv2.boxFilter(weight, -1, (3, 3), normalize=False, borderType=cv2.BORDER_CONSTANT)
    planes = []
    for name in AROUND:
        plane = own[OWN.index(name)] * weight
        ring = cv2.boxFilter(
            plane, -1, (RING, RING), normalize=False, borderType=cv2.BORDER_CONSTANT
        )
        near = cv2.boxFilter(plane, -1, (3, 3), normalize=False, borderType=cv2.BORDER_CONSTANT)
        outside = (ring - near) / np.maximum(many - inner, 1.0)
        planes.append(np.where(many - inner > 0, plane - outside, 0.0))
    return np.concatenate([own, np.stack(planes)]).astype(np.float32)
