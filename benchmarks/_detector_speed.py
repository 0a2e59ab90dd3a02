"""How long a detector takes beside merely reading both scenes at full resolution."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import rasterio
import shapely
from rasterio.transform import from_origin

from benchmarks._harness import _peak_mib as peak_mib
from imagery.detectors import Shot, detector
from imagery.detectors._pairs import aligned
from imagery.formats import read_scenes
from imagery.windows import windows
from layers.datum.ground import local_plane

_WEST, _NORTH = 109.3, 27.6


def speed(side: int) -> None:
    """Print seconds, ratios and memory on two scenes of `side` pixels."""
    with tempfile.TemporaryDirectory(prefix="yicha-detectors-") as folder:
        colour = [_scene(Path(folder) / f"rgb{n}.tif", side, 3, 0.05, n) for n in range(2)]
        many = [_scene(Path(folder) / f"ms{n}.tif", side // 2, 6, 10.0, n) for n in range(2)]
        metres = side * 0.05
        lane, site = _box(0.02, 0.45, 0.98, 0.55, metres), _box(0.3, 0.3, 0.7, 0.7, metres)
        for name, pair, area in (("obstruction", colour, lane), ("change_rgb", colour, site),
                                 ("change_multispectral", many, None)):  # fmt: skip
            read = min(_seconds(lambda pair=pair: _read(pair)) for _ in range(2))  # type: ignore[misc]
            begun = time.perf_counter()
            laid = aligned(pair[0], pair[1], 60.0, area, by_features=True)
            align = time.perf_counter() - begun
            entry = detector(name)
            begun = time.perf_counter()
            entry.detect(pair[1], entry.settings(alignment=laid), before=pair[0], area=area)
            work = time.perf_counter() - begun
            print(f"{name:22} {side} px  reading both {read:.2f} s  detecting {work:.2f} s = {work / read:.2f} x  "
                  f"aligning (any size) {align:.2f} s  peak {peak_mib():.0f} MiB")  # fmt: skip


def _seconds(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def _read(pair: list[Shot]) -> None:
    for shot in pair:
        for _ in windows(shot.scene, 1024):
            pass


def _box(left: float, top: float, right: float, bottom: float, metres: float) -> shapely.Polygon:
    lat = metres / 111_000
    lon = lat / float(np.cos(np.radians(_NORTH)))
    return shapely.box(
        _WEST + left * lon, _NORTH - bottom * lat, _WEST + right * lon, _NORTH - top * lat
    )


def _scene(path: Path, side: int, bands: int, pixel: float, number: int) -> Shot:
    """A scene of rough ground with its overviews; the second has things the first has not."""
    random = np.random.default_rng(7)
    small = random.integers(60, 180, (bands, side // 8 + 1, side // 8 + 1)).astype(np.uint8)
    noise = np.random.default_rng(number)
    profile = {"driver": "GTiff", "dtype": "uint8", "count": bands, "width": side, "height": side,
               "crs": local_plane(_WEST, _NORTH), "transform": from_origin(0, 0, pixel, pixel), "tiled": True,
               "blockxsize": 512, "blockysize": 512, "compress": "jpeg" if bands == 3 else "deflate",
               **({"photometric": "ycbcr"} if bands == 3 else {})}  # fmt: skip
    with rasterio.open(path, "w", **profile) as file:
        for top in range(0, side, 512):
            rows = min(512, side - top)
            block = small[:, (np.arange(top, top + rows) // 8)][:, :, np.arange(side) // 8].astype(
                np.int16
            )
            block += noise.integers(-6, 7, block.shape, dtype=np.int16)
            if number:
                block[:, 100:220, 1000:1200] = 230
            file.write(
                np.clip(block, 0, 255).astype(np.uint8), window=((top, top + rows), (0, side))
            )
    with rasterio.open(path, "r+") as file:
        file.build_overviews([2, 4, 8])
    with tempfile.TemporaryDirectory() as work:
        return Shot(path.stem, read_scenes(path, Path(work))[0])
