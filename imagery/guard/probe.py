"""What GDAL says about a raster, and a sample of its pixels. Runs in a process of its own."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import rasterio.features
from rasterio.enums import ColorInterp, MaskFlags
from rasterio.errors import RasterioError
from rasterio.windows import Window
from shapely import Polygon, box, unary_union
from shapely.geometry.base import BaseGeometry

from imagery.guard.limits import MEBIBYTE
from imagery.guard.png_data import check_png_data
from imagery.guard.raster import UNREADABLE, damaged, open_raster

_WHOLE_BYTES = 256 * MEBIBYTE
_WHOLE_BYTES_SLOW = 16 * MEBIBYTE
_SLOW = ("JP2OpenJPEG", "VRT")
_SAMPLE_BYTES = 512 * MEBIBYTE
_SAMPLE_SECONDS = 20.0
_OUTLINE_CELLS = 128
_OUTLINE_PIXELS = 64_000_000
_OUTLINE_CHUNK = 8_000_000
_MOST_PARTS = 64
_TAG_LENGTH, _MOST_TAGS, _MOST_GCPS = 2000, 100, 500
_STRICT = {"GDAL_ERROR_ON_LIBJPEG_WARNING": "TRUE"}

Facts = dict[str, Any]


def probe(path: Path, driver: str, sample_blocks: int) -> Facts:
    """Header, tags, a decoded sample and the outline of the valid pixels, as plain values.

    Raises `ImageryError` where a block does not decode.
    """
    if driver == "PNG":
        check_png_data(path, _SAMPLE_BYTES)
    try:
        with rasterio.Env(**_STRICT), open_raster(path, driver) as dataset:
            facts = _header(dataset)
            facts["sampled"] = _sample(dataset, path, driver, sample_blocks)
            facts["outline"], facts["outline_known"] = _outline(dataset)
    except (*UNREADABLE, MemoryError) as error:
        raise damaged(path, error) from error
    return facts


def _header(dataset: Any) -> Facts:  # noqa: ANN401 - a rasterio dataset
    gcps, gcp_crs = dataset.gcps
    crs = dataset.crs or gcp_crs
    return {
        "width": dataset.width, "height": dataset.height, "count": dataset.count,
        "dtypes": list(dataset.dtypes),
        "nodata": [None if value is None else float(value) for value in dataset.nodatavals],
        "names": [None if name is None else name[:100] for name in dataset.descriptions],
        "colours": [colour.name for colour in dataset.colorinterp],
        "scales": [float(value) for value in dataset.scales],
        "offsets": [float(value) for value in dataset.offsets],
        "mask": _mask(dataset),
        "crs": None if crs is None else crs.to_wkt(),
        "transform": [float(value) for value in tuple(dataset.transform)[:6]],
        "gcps": [[g.row, g.col, g.x, g.y] for g in gcps[:_MOST_GCPS]],
        "rpcs": _if_sound(lambda: dataset.rpcs, None) is not None,
        "tags": _tags(_if_sound(dataset.tags, {})),
        "block": list(dataset.block_shapes[0]),
        "overviews": [int(level) for level in dataset.overviews(1)],
        "compression": None if dataset.compression is None else dataset.compression.name,
    }  # fmt: skip


def _if_sound(read: Callable[[], Any], otherwise: Any) -> Any:  # noqa: ANN401
    """What side information says; a damaged EXIF or XMP block does not make the picture bad."""
    try:
        return read()
    except UNREADABLE:
        return otherwise


def _tags(tags: dict[str, str]) -> dict[str, str]:
    return {key[:100]: value[:_TAG_LENGTH] for key, value in list(tags.items())[:_MOST_TAGS]}


def _mask(dataset: Any) -> str:  # noqa: ANN401
    """`alpha`, `nodata`, `mask` or `none`."""
    flags = {flag for band in dataset.mask_flag_enums for flag in band}
    if ColorInterp.alpha in dataset.colorinterp:
        return "alpha"
    if MaskFlags.nodata in flags:
        return "nodata"
    return "mask" if MaskFlags.per_dataset in flags else "none"


def _sample(dataset: Any, path: Path, driver: str, blocks: int) -> dict[str, int]:  # noqa: ANN401
    """Decode the first, the last and some blocks between, or all of a small picture.

    A picture without blocks (JPEG, PNG) is decoded in order as far as the budget goes.
    """
    windows = list(_windows(dataset, driver, blocks))
    begin, spent, done = time.monotonic(), 0, 0
    pixel = sum(np.dtype(kind).itemsize for kind in dataset.dtypes)
    for window in windows:
        try:
            dataset.read(window=window)
        except RasterioError as error:
            raise damaged(path, error.__cause__ if isinstance(error.__cause__, Exception) else error) from error  # fmt: skip
        done += 1
        spent += int(window.width * window.height) * pixel
        if spent > _SAMPLE_BYTES or time.monotonic() - begin > _SAMPLE_SECONDS:
            break
    rows, columns = dataset.block_shapes[0]
    of = -(-dataset.height // rows) * -(-dataset.width // columns)
    return {"windows": done, "planned": len(windows), "blocks": of}


def _windows(dataset: Any, driver: str, blocks: int) -> Iterator[Window]:  # noqa: ANN401
    """Windows to decode: the last first, for that is where cut-off files end."""
    width, height = dataset.width, dataset.height
    rows, columns = dataset.block_shapes[0]
    pixel = sum(np.dtype(kind).itemsize for kind in dataset.dtypes)
    whole = _WHOLE_BYTES_SLOW if driver in _SLOW else _WHOLE_BYTES
    if width * height * pixel <= whole or driver in ("JPEG", "PNG"):
        step = max(rows, min(height, 8 * MEBIBYTE // max(1, width * pixel)) // rows * rows)
        for row in range(0, height, step):
            yield Window(0, row, width, min(step, height - row))
        return
    down, across = -(-height // rows), -(-width // columns)
    total = down * across
    picked = {total - 1, 0, across - 1, total - across}
    draw = random.Random(total)  # noqa: S311 - a sample, the same every time
    picked |= {draw.randrange(total) for _ in range(blocks)}
    for number in sorted(picked, reverse=True):
        row, column = number // across * rows, number % across * columns
        yield Window(column, row, min(columns, width - column), min(rows, height - row))


def _outline(dataset: Any) -> tuple[str | None, bool]:  # noqa: ANN401
    """WKT (pixels) of what holds every valid pixel, None for all; and whether it was looked at.

    An empty polygon says that nothing is valid.
    """
    if all(MaskFlags.all_valid in band for band in dataset.mask_flag_enums):
        return None, True
    cell = max(1, -(-max(dataset.width, dataset.height) // _OUTLINE_CELLS))
    mask = _valid_cells(dataset, cell)
    if mask is None or mask.all():
        return None, mask is not None
    shapes = rasterio.features.shapes(
        mask.astype(np.uint8), mask=mask, transform=rasterio.Affine.scale(cell)
    )
    # Holes are of no use to a footprint, and speckle would make thousands of them.
    parts = [Polygon(geometry["coordinates"][0]) for geometry, _ in shapes]
    return _tidy(parts, box(0, 0, dataset.width, dataset.height), cell).wkt, True


def _valid_cells(dataset: Any, cell: int) -> np.ndarray | None:  # noqa: ANN401
    """True for each cell (of `cell` × `cell` pixels) that holds a valid pixel.

    Large pictures are looked at through their overviews; None where they have none.
    """
    width, height = dataset.width, dataset.height
    if width * height > _OUTLINE_PIXELS:
        return _from_overview(dataset, cell)
    columns = np.arange(0, width, cell)
    step = max(1, _OUTLINE_CHUNK // (width * cell)) * cell
    chunks = []
    for row in range(0, height, step):
        rows = min(step, height - row)
        valid = dataset.dataset_mask(window=Window(0, row, width, rows)) > 0
        seen = np.logical_or.reduceat(valid, np.arange(0, rows, cell), axis=0)
        chunks.append(np.logical_or.reduceat(seen, columns, axis=1))
    return np.concatenate(chunks)


def _from_overview(dataset: Any, cell: int) -> np.ndarray | None:  # noqa: ANN401
    """The same from decimated pixels: a mask by nodata is slow to decimate, pixels are not."""
    if dataset.width * dataset.height / max(dataset.overviews(1), default=1) ** 2 > _OUTLINE_PIXELS:
        return None
    size = (-(-dataset.height // cell), -(-dataset.width // cell))
    if ColorInterp.alpha in dataset.colorinterp:
        return np.asarray(
            dataset.read(dataset.colorinterp.index(ColorInterp.alpha) + 1, out_shape=size) > 0
        )
    if dataset.nodata is None:
        return np.asarray(dataset.read_masks(1, out_shape=size) > 0)
    pixels = dataset.read(out_shape=(dataset.count, *size))
    gap = np.isnan(pixels) if np.isnan(dataset.nodata) else pixels == dataset.nodata
    return np.asarray(~gap.all(axis=0))


def _tidy(parts: list[Polygon], grid: Polygon, cell: float) -> BaseGeometry:
    """One outline that holds all parts, widened by the cell that a thin edge may hide in."""
    if not parts:
        return Polygon()
    whole = unary_union(parts).buffer(cell, join_style="mitre").simplify(cell / 2)
    several = getattr(whole, "geoms", [whole])
    if len(several) > _MOST_PARTS:
        whole = whole.convex_hull
    return whole.intersection(grid)
