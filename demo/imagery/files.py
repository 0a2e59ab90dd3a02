"""Canvases as the files that drones, providers and offices hand over: each in another form."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import rasterio
from PIL import Image
from rasterio.transform import Affine

from demo.imagery.canvas import Canvas
from demo.shapes import Array
from layers.datum.ground import WEB_MERCATOR, ground_crs

SAYS = "RENDERED for a demonstration, not a photograph / 演示用渲染图，并非实拍"
TILE = 256
_HALF = 20037508.342789244
ORIGIN_STAMP = (2020, 1, 1, 0, 0, 0)
"""Time of every member of a zip: the same county gives the same bytes."""


def write_tiff(
    path: Path, canvas: Canvas, taken: str, *, moved_m: tuple[float, float] = (0.0, 0.0)
) -> None:
    """A tiled GeoTIFF with its time; `moved_m` declares it so many metres east and north off."""
    a, b, c, d, e, f = canvas.transform
    grid = Affine(a, b, c + moved_m[0], d, e, f + moved_m[1])
    with rasterio.open(
        path, "w", driver="GTiff", width=canvas.columns, height=canvas.rows, count=3, dtype="uint8",
        crs=canvas.crs, transform=grid, tiled=True, blockxsize=512, blockysize=512,
        compress="JPEG", photometric="YCBCR", JPEG_QUALITY=88,
    ) as file:  # fmt: skip
        file.write(canvas.picture())
        file.update_tags(TIFFTAG_DATETIME=taken, TIFFTAG_IMAGEDESCRIPTION=SAYS)


def write_jpeg_world(path: Path, canvas: Canvas) -> None:
    """A JPEG with its world file and projection beside it, as desktop programs export it."""
    Image.fromarray(np.moveaxis(canvas.picture(), 0, 2)).save(path, quality=88, comment=SAYS)
    a, b, c, d, e, f = canvas.transform
    lines = (a, d, b, e, c + (a + b) / 2, f + (d + e) / 2)
    path.with_suffix(".jgw").write_text(
        "\n".join(f"{v:.10f}" for v in lines) + "\n", encoding="ascii"
    )
    wkt = rasterio.crs.CRS.from_user_input(canvas.crs).to_wkt()
    path.with_suffix(".prj").write_text(wkt, encoding="utf-8", newline="\n")


def tile_grid(
    middle: tuple[float, float], size_m: tuple[float, float], zoom: int
) -> tuple[int, int, int, int]:
    """First column and row of the tiles of `zoom` around a place (degrees), and how many."""
    x, y = ground_crs(WEB_MERCATOR).from_wgs84(np.array([middle[0]]), np.array([middle[1]]))
    span = 2 * _HALF / 2**zoom
    stretch = 1 / np.cos(np.radians(middle[1]))
    half = [size * stretch / 2 for size in size_m]
    left, right = ((x[0] + s * half[0] + _HALF) // span for s in (-1, 1))
    top, low = ((_HALF - y[0] - s * half[1]) // span for s in (1, -1))
    return int(left), int(top), int(right - left) + 1, int(low - top) + 1


def tile_canvas(
    grid: tuple[int, int, int, int], zoom: int, *, seed: int, sun: tuple[float, float]
) -> Canvas:
    """A canvas that is exactly the tiles of `grid`."""
    column, row, across, down = grid
    span = 2 * _HALF / 2**zoom
    return Canvas(WEB_MERCATOR, column * span - _HALF, _HALF - row * span, span / TILE,
                  across * TILE, down * TILE, seed, sun)  # fmt: skip


def write_tiles(path: Path, canvas: Canvas, grid: tuple[int, int, int, int], zoom: int) -> None:
    """A zip of map tiles `zoom/column/row.jpg`."""
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in _tiles(canvas, grid, zoom):
            archive.writestr(zipfile.ZipInfo(name, ORIGIN_STAMP), data)


def _tiles(
    canvas: Canvas, grid: tuple[int, int, int, int], zoom: int
) -> Iterator[tuple[str, bytes]]:
    picture: Array = np.moveaxis(canvas.picture(), 0, 2)
    for n in range(grid[2]):
        for m in range(grid[3]):
            part = picture[m * TILE : (m + 1) * TILE, n * TILE : (n + 1) * TILE]
            stream = io.BytesIO()
            Image.fromarray(np.ascontiguousarray(part)).save(stream, "JPEG", quality=88)
            yield f"{zoom}/{grid[0] + n}/{grid[1] + m}.jpg", stream.getvalue()


def write_zip(path: Path, members: dict[str, bytes]) -> None:
    """A zip of named files."""
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in members.items():
            archive.writestr(zipfile.ZipInfo(name, ORIGIN_STAMP), data)
