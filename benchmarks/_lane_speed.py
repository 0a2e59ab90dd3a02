"""How long obstacles in a lane take beside merely reading the scenes, on a road drawn with vehicles."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
import rasterio
import shapely
from rasterio.transform import from_origin
from rasterio.windows import Window

from benchmarks._harness import _peak_mib as peak_mib
from imagery.detectors import Shot
from imagery.detectors._pairs import aligned
from imagery.detectors.obstruction import Settings, detect
from imagery.formats import read_scenes
from imagery.windows import windows
from layers.datum.ground import local_plane

_WEST, _NORTH = 109.3, 27.6
_PIXEL_M = 0.05


def lane_speed(side: int) -> None:
    """Print seconds and ratios: a road of 15 m over the width of two scenes of `side` pixels, and ten roads."""
    with tempfile.TemporaryDirectory(prefix="yicha-lanes-") as folder:
        shots = [_scene(Path(folder) / f"road{n}.tif", side, n) for n in range(2)]
        metres = side * _PIXEL_M
        one = _box(0.01, 0.44, 0.99, 0.44 + 14 / metres, metres)
        ten = shapely.union_all([_box(0.01, n / 10 + 0.04, 0.99, n / 10 + 0.04 + 14 / metres, metres)
                                 for n in range(10)])  # fmt: skip
        laid = aligned(shots[0], shots[1], 2.0, one, by_features=True)
        for title, lane in (("one lane", one), ("ten lanes", ten)):
            for before in (shots[0], None):
                pair = shots if before else shots[1:]
                how = Settings(alignment=laid if before else None)
                read = _least(partial(_read, pair))
                work = _least(partial(detect, shots[1], how, before=before, area=lane))
                things = len(detect(shots[1], how, before=before, area=lane))
                print(f"{title:9} {'with' if before else 'without'} reference  {side} px  reading {read[0]:.2f} s  "
                      f"detecting {work[0]:.2f} s = {work[0] / read[0]:.2f} x (processor {work[1] / read[1]:.2f} x)  "
                      f"{things} things  peak {peak_mib():.0f} MiB", flush=True)  # fmt: skip


def _least(work: Callable[[], object]) -> tuple[float, float]:
    """Least wall time and least processor time of three runs, s; processor time is fairer on a busy machine."""
    found = []
    for _ in range(3):
        wall, own = time.perf_counter(), time.process_time()
        work()
        found.append((time.perf_counter() - wall, time.process_time() - own))
    return min(one for one, _ in found), min(one for _, one in found)


def _read(shots: list[Shot]) -> None:
    for shot in shots:
        for _ in windows(shot.scene, 1024):
            pass


def _box(left: float, top: float, right: float, bottom: float, metres: float) -> shapely.Polygon:
    lat = metres / 111_000
    lon = lat / float(np.cos(np.radians(_NORTH)))
    return shapely.box(
        _WEST + left * lon, _NORTH - bottom * lat, _WEST + right * lon, _NORTH - top * lat
    )


def _scene(path: Path, side: int, number: int) -> Shot:
    """Rough ground with ten roads of 15 m; the second scene has a vehicle every 40 m of each."""
    rough = np.random.default_rng(7).integers(60, 180, (side // 8 + 1, side // 8 + 1)).astype(np.int16)  # fmt: skip
    noise = np.random.default_rng(number)
    profile = {"driver": "GTiff", "dtype": "uint8", "count": 3, "width": side, "height": side, "tiled": True,
               "crs": local_plane(_WEST, _NORTH), "transform": from_origin(0, 0, _PIXEL_M, _PIXEL_M),
               "blockxsize": 512, "blockysize": 512, "compress": "jpeg", "photometric": "ycbcr"}  # fmt: skip
    picture = rough[np.arange(side) // 8][:, np.arange(side) // 8]
    for n in range(10):
        middle = round((n / 10 + 0.04) * side + 7 / _PIXEL_M)
        picture[middle - 150 : middle + 150] = 110
        picture[middle - 2 : middle + 2, (np.arange(side) // 60) % 2 == 0] = 220
        for left in range(400, side - 200, 800) if number else []:
            picture[middle + 30 : middle + 67, left : left + 90] = (40, 215, 70, 180)[
                left // 800 % 4
            ]
            picture[middle + 34 : middle + 63, left + 20 : left + 32] = 60
    with rasterio.open(path, "w", **profile) as file:
        for top in range(0, side, 512):
            rows = picture[top : top + 512]
            block = rows[None] + noise.integers(-6, 7, (3, *rows.shape), dtype=np.int16)
            file.write(np.clip(block, 0, 255).astype(np.uint8), window=Window(0, top, side, len(rows)))  # fmt: skip
    with rasterio.open(path, "r+") as file:
        file.build_overviews([2, 4, 8])
    with tempfile.TemporaryDirectory() as work:
        return Shot(path.stem, read_scenes(path, Path(work))[0])
