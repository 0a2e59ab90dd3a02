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


def speed(side: int, picture: Path | None) -> None:
    """Print times, ratios and memory on scenes of `side` pixels.

    Wall time tells what a person waits; time of the processor is the fairer ratio where others keep the machine busy.
    Each is the least of three runs. Reading is both scenes at full resolution by the same windows.
    """
    told = "a real orthophoto, laid side by side" if picture else "drawn noise"
    print(f"{side} px of {told}; 6 bands: {side // 2} px")
    with tempfile.TemporaryDirectory(prefix="yicha-detectors-") as folder:
        colour = [_scene(Path(folder) / f"rgb{n}.tif", side, 3, 0.05, n, picture) for n in range(2)]
        many = [_scene(Path(folder) / f"ms{n}.tif", side // 2, 6, 10.0, n, None) for n in range(2)]
        metres = side * 0.05
        lane, site = _box(0.02, 0.45, 0.98, 0.55, metres), _box(0.3, 0.3, 0.7, 0.7, metres)
        for name, pair, area in (("obstruction", colour, lane), ("change_rgb", colour, site),
                                 ("change_multispectral", many, None)):  # fmt: skip
            _pair_speed(name, pair, area)
        for pixel in (0.04, 0.1, 0.15):
            shot = _scene(Path(folder) / f"one{pixel}.tif", side, 3, pixel, 0, picture)
            _search_speed(shot, pixel)


def _pair_speed(name: str, pair: list[Shot], area: shapely.Polygon | None) -> None:
    entry = detector(name)
    read = _least(lambda: _read(pair))
    laid = aligned(pair[0], pair[1], 60.0, area, by_features=True)
    align = _least(lambda: aligned(pair[0], pair[1], 60.0, area, by_features=True))
    work = _least(lambda: entry.detect(pair[1], entry.settings(alignment=laid), before=pair[0], area=area))  # fmt: skip
    print(f"{name:22} reading both {read[0]:.2f} s, aligning {align[0]:.2f} s, detecting {work[0]:.2f} s = "
          f"{work[0] / read[0]:.2f} x, with aligning {(work[0] + align[0]) / read[0]:.2f} x (processor: "
          f"{work[1] / read[1]:.2f} x, {(work[1] + align[1]) / read[1]:.2f} x)  peak {peak_mib():.0f} MiB", flush=True)  # fmt: skip


def _search_speed(shot: Shot, pixel: float) -> None:
    area = shot.ground.footprint
    entry = detector("waste")
    read = _least(lambda: _read([shot]))
    work = _least(lambda: entry.detect(shot, area=area))
    print(f"waste, {pixel * 100:.0f} cm{'':9} reading {read[0]:.2f} s, searching {work[0]:.2f} s = {work[0] / read[0]:.2f} x "
          f"(processor: {work[1] / read[1]:.2f} x)  peak {peak_mib():.0f} MiB", flush=True)  # fmt: skip


def _least(work: Callable[[], object]) -> tuple[float, float]:
    """Least wall time and least processor time of three runs, s."""
    found = []
    for _ in range(3):
        wall, own = time.perf_counter(), time.process_time()
        work()
        found.append((time.perf_counter() - wall, time.process_time() - own))
    return min(one for one, _ in found), min(one for _, one in found)


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


def _scene(
    path: Path, side: int, bands: int, pixel: float, number: int, picture: Path | None
) -> Shot:
    """A scene with its overviews; the second of a pair has things the first has not."""
    tile = _tile(picture, bands)
    noise = np.random.default_rng(number)
    profile = {"driver": "GTiff", "dtype": "uint8", "count": bands, "width": side, "height": side,
               "crs": local_plane(_WEST, _NORTH), "transform": from_origin(0, 0, pixel, pixel), "tiled": True,
               "blockxsize": 512, "blockysize": 512, "compress": "jpeg" if bands == 3 else "deflate",
               **({"photometric": "ycbcr"} if bands == 3 else {})}  # fmt: skip
    with rasterio.open(path, "w", **profile) as file:
        for top in range(0, side, 512):
            at = np.arange(top, min(top + 512, side)) % tile.shape[1]
            block = tile[:, at][:, :, np.arange(side) % tile.shape[2]].astype(np.int16)
            block += noise.integers(-6, 7, block.shape, dtype=np.int16)
            if number:
                block[:, 100:220, 1000:1200] = 230
            file.write(
                np.clip(block, 0, 255).astype(np.uint8), window=((top, top + len(at)), (0, side))
            )
    with rasterio.open(path, "r+") as file:
        file.build_overviews([2, 4, 8])
    with tempfile.TemporaryDirectory() as work:
        return Shot(path.stem, read_scenes(path, Path(work))[0])


def _tile(picture: Path | None, bands: int) -> np.ndarray:
    """What a scene is laid out with: a picture, turned about so that edges meet, or drawn noise."""
    if picture is None:
        small = np.random.default_rng(7).integers(60, 180, (bands, 512, 512)).astype(np.uint8)
        return np.repeat(np.repeat(small, 8, axis=1), 8, axis=2)
    with rasterio.open(picture) as file:
        found = file.read(range(1, bands + 1))
    wide = np.concatenate([found, found[:, :, ::-1]], axis=2)
    return np.concatenate([wide, wide[:, ::-1]], axis=1)
