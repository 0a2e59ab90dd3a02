"""What the imagery benchmarks time: view copies, tiles and scans, ours and what one would use instead."""

from __future__ import annotations

import os
import random
import resource
import threading
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import rasterio
import rasterio.shutil

from benchmarks._imagery_work import heavy, light, peak_mib
from imagery.formats import read_scenes
from imagery.ingest import ingest
from imagery.store import Store
from imagery.view import Frame, TileReader, make_view
from imagery.view.mercator import HALF, to_plane
from imagery.windows import map_windows, windows
from imagery.windows.window import Place, Window

Figures = dict[str, Any]
WINDOW = 2048


def make_ours(image: Path, folder: Path) -> Figures:
    """`make_view` from the scene as the ingest reads it."""
    (folder / "work").mkdir(exist_ok=True)
    (scene,) = read_scenes(image, folder / "work")
    facts = make_view(scene, folder / "ours.tif")
    return {"MB": facts.bytes / 1e6}


def make_gdal(image: Path, folder: Path) -> Figures:
    """GDAL's COG driver with two threads."""
    out = folder / "gdal.tif"
    with rasterio.Env(GDAL_CACHEMAX=256 << 20):
        rasterio.shutil.copy(image, out, driver="COG", TILING_SCHEME="GoogleMapsCompatible",
                             COMPRESS="JPEG", QUALITY=90, BLOCKSIZE=512, NUM_THREADS=2,
                             WARP_RESAMPLING="BILINEAR", OVERVIEW_RESAMPLING="AVERAGE")  # fmt: skip
    return {"MB": out.stat().st_size / 1e6}


def make_rio_cogeo(image: Path, folder: Path) -> Figures:
    """rio-cogeo as its documentation shows, with two threads."""
    import morecantile
    from rio_cogeo.cogeo import cog_translate
    from rio_cogeo.profiles import cog_profiles

    out = folder / "rio.tif"
    profile = cog_profiles.get("jpeg")
    profile.update(JPEG_QUALITY=90, photometric="YCBCR", NUM_THREADS=2)
    cog_translate(image, out, profile, tms=morecantile.tms.get("WebMercatorQuad"), add_mask=True,
                  resampling="bilinear", overview_resampling="average", in_memory=False, quiet=True,
                  config={"GDAL_CACHEMAX": 256 << 20, "GDAL_NUM_THREADS": 2})  # fmt: skip
    return {"MB": out.stat().st_size / 1e6}


def ingest_to_first_tile(image: Path, folder: Path) -> Figures:
    """The whole way: original copied and hashed, scene read, view made, item written, one tile."""
    start = time.perf_counter()
    store = Store.open(folder / "store")
    report = ingest([image], store, received="2026-08-15T08:00:00+08:00", generated=True)
    done = time.perf_counter()
    (scene,) = report.rows[0].scenes
    tile = TileReader(store).tile(scene, *_tiles(store, scene, 0, 1)[0])
    assert tile is not None
    return {"ingest_s": done - start, "first_tile_ms": (time.perf_counter() - done) * 1e3}


def tiles(folder: Path, count: int = 300) -> Figures:
    """Milliseconds per tile: cold (page cache dropped before each), warm, six at a time; crops, points."""
    store = Store.open(folder / "store", create=False)
    (scene,) = store.scenes()
    view = store.view(scene)
    assert view is not None
    out: Figures = {}
    warm = TileReader(store)
    for up in (0, 2):
        wanted = _tiles(store, scene, up, count)
        out[f"cold z-{up}"] = _spread(wanted, _cold(TileReader(store), scene, view))
        for at in wanted:
            warm.tile(scene, *at)
        out[f"warm z-{up}"] = _spread(wanted, lambda at: warm.tile(scene, *at))
    big = _tiles(store, scene, 1, count)
    out["warm 512, stored block"] = _spread(big, lambda at: warm.tile(scene, *at, size=512))
    out["six at a time"] = _parallel(warm, scene, _tiles(store, scene, 0, count))
    middle = _middle(store, scene)
    frame = Frame.around(*middle, 60.0, 1000, aspect=0.75)
    out["crop 1000 x 750"] = _spread(range(20), lambda _: warm.crop(scene, frame))
    out["point"] = _spread(range(50), lambda _: warm.point(scene, *middle))
    return out


def scan_rasterio(image: Path, work: Callable[[Window], Any] | None = None) -> Figures:
    """Plain rasterio: two threads, each its own handle, the same windows and the same cache."""
    local = threading.local()
    with rasterio.open(image) as file:
        side = file.width

    def one(corner: tuple[int, int]) -> int:
        if not hasattr(local, "file"):
            local.file = rasterio.open(image, sharing=False)
        top, left = corner
        bottom, right = min(top + WINDOW, side), min(left + WINDOW, side)
        array = local.file.read(window=((top, bottom), (left, right)))
        if work is not None:
            place = Place(0, left, top, right, bottom)
            full = (slice(0, bottom - top), slice(0, right - left))
            work(
                Window(
                    place,
                    array,
                    np.broadcast_to(np.True_, array.shape[1:]),
                    full,
                    (),
                    None,
                    None,
                    None,
                )
            )
        return array.size

    corners = [(top, left) for top in range(0, side, WINDOW) for left in range(0, side, WINDOW)]
    with rasterio.Env(GDAL_CACHEMAX=128 << 20), ThreadPoolExecutor(2) as pool:
        sum(pool.map(one, corners))
    return {"memory_mib": peak_mib()}


def scan_windows(image: Path, work: Callable[[Window], Any] = light) -> Figures:
    """`windows`: two threads decode, this one works."""
    for window in windows(image, WINDOW, threads=2):
        work(window)
    return {"memory_mib": peak_mib()}


def scan_map(image: Path, work: Callable[[Window], Any] = light) -> Figures:
    """`map_windows` in two processes; memory of all of them together."""
    peaks = [found[1] for _, found in map_windows(work, image, size=WINDOW, processes=2)]
    spent = resource.getrusage(resource.RUSAGE_CHILDREN)
    return {
        "memory_mib": peak_mib() + 2 * max(peaks),
        "child_cpu_s": spent.ru_utime + spent.ru_stime,
    }


def work_alone(image: Path) -> Figures:
    """The heavy work on one decoded window over and over, two processes: nothing is read."""
    window = next(windows(image, WINDOW, threads=1))
    with rasterio.open(image) as file:
        many = -(-file.width // WINDOW) * -(-file.height // WINDOW)
    with ThreadPoolExecutor(2) as pool:  # OpenCV works outside of Python's lock
        list(pool.map(heavy, [window] * many))
    return {"memory_mib": peak_mib()}


def _tiles(store: Store, scene: str, up: int, count: int) -> list[tuple[int, int, int]]:
    """Numbers of random tiles well inside the scene, `up` zooms above the finest."""
    facts = TileReader(store).facts(scene)
    assert facts is not None
    assert facts.bounds is not None
    west, south, east, north = facts.bounds
    z = facts.max_zoom - up
    size = 2 * HALF / 2**z
    rng = random.Random(7)
    found = []
    for _ in range(count):
        lon = west + (east - west) * rng.uniform(0.15, 0.85)
        lat = south + (north - south) * rng.uniform(0.15, 0.85)
        x, y = to_plane(np.array(lon), np.array(lat))
        found.append((z, int((float(x) + HALF) / size), int((HALF - float(y)) / size)))
    return found


def _middle(store: Store, scene: str) -> tuple[float, float]:
    facts = TileReader(store).facts(scene)
    assert facts is not None
    assert facts.bounds is not None
    west, south, east, north = facts.bounds
    return (west + east) / 2, (south + north) / 2


def _cold(reader: TileReader, scene: str, view: Path) -> Callable[[tuple[int, int, int]], object]:
    def once(at: tuple[int, int, int]) -> object:
        _drop(view)
        return reader.tile(scene, *at)

    return once


def _drop(path: Path) -> None:
    with path.open("rb") as file:
        os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def _spread(wanted: Iterable[Any], once: Callable[[Any], object]) -> dict[str, float]:
    taken, cpu = [], time.process_time()
    for one in wanted:
        start = time.perf_counter()
        once(one)
        taken.append((time.perf_counter() - start) * 1e3)
    spent = (time.process_time() - cpu) * 1e3 / len(taken)
    return {
        "p50": float(np.percentile(taken, 50)),
        "p95": float(np.percentile(taken, 95)),
        "cpu": spent,
    }


def _parallel(
    reader: TileReader, scene: str, wanted: list[tuple[int, int, int]]
) -> dict[str, float]:
    taken: list[float] = []

    def one(at: tuple[int, int, int]) -> None:
        start = time.perf_counter()
        reader.tile(scene, *at)
        taken.append((time.perf_counter() - start) * 1e3)

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(one, wanted))  # every thread opens its own files here
        taken.clear()
        start, cpu = time.perf_counter(), time.process_time()
        list(pool.map(one, wanted))
        seconds, spent = time.perf_counter() - start, time.process_time() - cpu
    return {"p50": float(np.percentile(taken, 50)), "p95": float(np.percentile(taken, 95)),
            "cpu": spent * 1e3 / len(wanted), "rate": len(wanted) / seconds}  # fmt: skip
