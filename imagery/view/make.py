"""`make_view`: a scene becomes a pyramid of map tiles in one file, in one pass over its pixels.

The parts of the picture are warped, encoded and halved in several threads; the levels above
are put together as the parts arrive, so memory holds a few parts and one block per level,
whatever the picture's size.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from imagery.formats import open_raster
from imagery.scene import Scene
from imagery.view.chunks import Part, Plan, encoded, joined, maker, part_level
from imagery.view.cog import DEFLATE, JPEG, CogWriter, Pixels, metadata_xml
from imagery.view.encode import QUALITY
from imagery.view.facts import METHOD, TAG, Cancelled, Progress, ViewFacts
from imagery.view.grid import BLOCK, Mapping, ViewGrid, grid_of
from imagery.view.source import Layout, layout_of, prepared
from imagery.view.warp import Warped, halved
from imagery.workers import in_order, single_threaded_cv, worker_count
from layers import errors, version
from layers.atomic import written_whole
from layers.datum.ground import WEB_MERCATOR, ground_crs
from layers.errors import ImageryError

_SAMPLES = 2**21
_NOTE = "View copy, resampled and derived; the original is the evidence. 显示副本, 已重采样; 证据以原件为准。"


def make_view(
    scene: Scene,
    out: Path,
    *,
    progress: Progress | None = None,
    cancelled: Cancelled | None = None,
    threads: int | None = None,
) -> ViewFacts:
    """Write the view copy of `scene` to `out` (a Cloud Optimized GeoTIFF), whole or not at all.

    A placed scene lands in the web-mercator tiling at the zoom nearest to its resolution; one that
    nothing places becomes a pyramid of its own pixels. 8-bit colour is kept as JPEG (quality
    90), all else without loss. Raises `ImageryError` where the pixels cannot be read, or no
    pixel is valid; `Cancelled` when asked to stop.
    """
    with open_raster(scene.source, scene.driver) as dataset:
        layout = layout_of(dataset, scene)
    mapping = None if scene.placement is None else Mapping(scene)
    pixels = Pixels(layout.dtype, layout.bands, JPEG if layout.rgb else DEFLATE)
    plan = Plan(grid_of(scene), mapping, pixels, layout.lut is not None)
    with (
        written_whole(out) as partial,
        CogWriter(partial.parent, plan.grid, pixels) as writer,
        prepared(scene, partial.parent) as opener,
        single_threaded_cv(),
    ):
        places = list(plan.grid.squares(part_level(plan.grid)))
        parts = in_order(places, maker(opener, plan), threads or worker_count())
        with closing(parts):
            told = _told(parts, len(places), progress, cancelled)
            sample = _Pyramid(writer, plan).build(told)
        facts = _facts(scene, layout, plan, sample, writer.content)
        items = {"AREA_OR_POINT": "Area", TAG: facts.text(), "NOTE": _NOTE,
                 "TIFFTAG_SOFTWARE": f"yicha {version.__version__}"}  # fmt: skip
        crs = ground_crs(WEB_MERCATOR).epsg if plan.grid.placed else None
        sha = writer.finish(partial, crs, metadata_xml(items, facts.bands))
        size = partial.stat().st_size
    return replace(facts, sha256=sha, bytes=size)


def _told(
    parts: Iterator[Part], many: int, progress: Progress | None, cancelled: Cancelled | None
) -> Iterator[Part]:
    """The parts as they come, with a word to whoever waits, until somebody cancels."""
    for number, part in enumerate(parts, 1):
        if cancelled is not None and cancelled():
            raise errors.Cancelled
        yield part
        if progress is not None:
            progress(number, many)


class _Pyramid:
    """Puts the levels above the parts together: four finished blocks make one of the next level."""

    def __init__(self, writer: CogWriter, plan: Plan) -> None:
        self._writer, self._plan = writer, plan
        self._open: list[dict[tuple[int, int], Warped]] = [{} for _ in range(plan.grid.levels)]
        self._samples: list[np.ndarray] = []

    def build(self, parts: Iterator[Part]) -> np.ndarray:
        """Write all blocks; returns a sample of the values (n, bands)."""
        rows, columns = self._plan.grid.shape(part_level(self._plan.grid))
        for part in parts:
            for block in part.blocks:
                self._writer.write(block.level, block.row, block.column, block.planes, block.mask)
            if part.sample is not None:
                thinned = max(1, len(part.sample) * rows * columns // _SAMPLES)
                self._samples.append(part.sample[::thinned].copy())
            self._up(part_level(self._plan.grid), part.row, part.column, part.top)
        if not self._samples:
            raise ImageryError("the picture has no valid pixel", remedy="check its mask, its "
                               "nodata value and where it is placed")  # fmt: skip
        return np.concatenate(self._samples)

    def _up(self, level: int, row: int, column: int, block: Warped | None) -> None:
        if block is not None:
            self._open[level][row % 2, column % 2] = block
        if level + 1 >= self._plan.grid.levels or (row % 2, column % 2) != (1, 1):
            return
        four, self._open[level] = self._open[level], {}
        found = halved(*joined(four), nearest=self._plan.nearest) if four else None
        if found is not None:
            one = encoded(found, level + 1, (row // 2, column // 2), self._plan.pixels)
            self._writer.write(one.level, one.row, one.column, one.planes, one.mask)
        self._up(level + 1, row // 2, column // 2, found)


def _facts(scene: Scene, layout: Layout, plan: Plan, sample: np.ndarray, content: str) -> ViewFacts:
    grid, mapping = plan.grid, plan.mapping
    ordered = sample[:, ::-1] if layout.rgb else sample
    stretch = np.percentile(ordered.astype(np.float64), (2, 98), axis=0).T
    top = grid.zoom - (grid.levels - 1)
    how = "nearest" if layout.lut is not None else "bilinear"
    return ViewFacts(
        placed=grid.placed, min_zoom=max(0, top if grid.placed else 0), max_zoom=grid.zoom,
        width=grid.columns * BLOCK, height=grid.rows * BLOCK,
        bounds=None if mapping is None else mapping.bounds(),
        pixel_m=None if mapping is None else _ground_pixel(grid, mapping),
        bands=layout.names, common=layout.common, dtype=layout.dtype,
        stretch=tuple((float(low), float(high)) for low, high in stretch),
        compression="jpeg" if layout.rgb else "deflate",
        resampling="none" if mapping is None else how, content=content, lineage=_lineage(scene, layout),
    )  # fmt: skip


def _ground_pixel(grid: ViewGrid, mapping: Mapping) -> float:
    """Metres on the ground (sphere) of a view pixel at the middle of the scene."""
    _, south, _, north = mapping.bounds()
    return grid.pixel * float(np.cos(np.radians((south + north) / 2)))


def _lineage(scene: Scene, layout: Layout) -> dict[str, Any]:
    import rasterio

    reduced = "nearest" if layout.lut is not None else "mean of the valid pixels"
    return {
        "derived_from": scene.source.name, "step": "view", "method": METHOD,
        "projection": "web mercator" if scene.placement else "none",
        "overviews": reduced, "quality": QUALITY if layout.rgb else None,
        "placed_by": scene.placement.by if scene.placement else None, "note": _NOTE,
        "software": {"yicha": version.__version__, "gdal": rasterio.__gdal_version__,
                     "rasterio": rasterio.__version__, "opencv": cv2.__version__},
    }  # fmt: skip
