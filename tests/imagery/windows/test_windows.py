"""The iterator: every pixel once, halo, masks, ground size, memory that does not grow."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import rasterio
from hypothesis import given, settings
from hypothesis import strategies as st
from rasterio.transform import from_origin
from rasterio.warp import transform

from imagery.windows import windows
from imagery.windows.window import places
from layers.errors import ImageryError
from layers.measures import geodesic_distance
from tests.imagery.view.made import scene_of, utm_transform, waves, write

SHAPE = (1111, 1702)


@pytest.fixture(scope="module")
def image(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("windows")
    return write(folder / "a.tif", waves(*SHAPE), transform=utm_transform(0.25, turn=10))


@pytest.mark.parametrize("halo", [0, 17, 300])
@pytest.mark.parametrize("threads", [1, 3])
def test_the_cores_make_up_the_image_and_the_halo_is_its_surroundings(
    image: Path, halo: int, threads: int
) -> None:
    whole = waves(*SHAPE)
    seen = np.zeros(SHAPE, np.uint8)
    again = np.zeros_like(whole)
    for number, window in enumerate(windows(image, 512, halo, threads=threads)):
        assert window.index == number
        place, (down, across) = window.place, window.core
        left, top = window.corner
        bottom, right = top + window.array.shape[1], left + window.array.shape[2]
        assert np.array_equal(window.array, whole[:, top:bottom, left:right])
        assert (left, top) == (max(0, place.left - halo), max(0, place.top - halo))
        assert (right, bottom) == (
            min(SHAPE[1], place.right + halo),
            min(SHAPE[0], place.bottom + halo),
        )
        assert window.valid.shape == window.array.shape[1:]
        assert window.valid.all()
        seen[place.top : place.bottom, place.left : place.right] += 1
        again[:, place.top : place.bottom, place.left : place.right] = window.array[:, down, across]
    assert (seen == 1).all()
    assert np.array_equal(again, whole)


@settings(deadline=None)
@given(width=st.integers(1, 9000), height=st.integers(1, 9000), size=st.integers(64, 4096),
       down=st.sampled_from([1, 16, 64, 256, 512]), across=st.sampled_from([16, 256, 512, 10_000]))  # fmt: skip
def test_windows_cover_every_pixel_once_and_cut_no_block(
    width: int, height: int, size: int, down: int, across: int
) -> None:
    cut = places(width, height, (down, across), size)
    assert sum((p.right - p.left) * (p.bottom - p.top) for p in cut) == width * height
    assert [p.index for p in cut] == list(range(len(cut)))
    for place in cut:
        assert place.left % min(across, width) == 0
        assert place.top % min(down, height) == 0
    if across >= width > size:
        assert {p.right - p.left for p in cut} == {width}


def test_strips_are_read_as_strips(tmp_path: Path) -> None:
    path = write(tmp_path / "s.tif", waves(900, 1500), tiled=False, blockysize=3)
    cut = list(windows(path, 600))
    assert {(w.array.shape[2]) for w in cut} == {1500}
    assert cut[0].array.shape[1] == 240
    assert np.array_equal(np.concatenate([w.array for w in cut], axis=1), waves(900, 1500))


def test_every_way_of_saying_invalid_is_one_mask(tmp_path: Path) -> None:
    hole = np.zeros((300, 400), bool)
    hole[50:120, 260:330] = True
    array = waves(300, 400, 1, "float32")
    gaps = np.where(hole, np.nan, array[0])[None].astype("float32")
    zeros = np.where(hole, 0, waves(300, 400)).astype("uint8")
    alpha = np.vstack([zeros, np.where(hole, 0, 255).astype("uint8")[None]])
    files = [
        write(tmp_path / "nan.tif", gaps),
        write(tmp_path / "nodata.tif", zeros, nodata=0),
        write(tmp_path / "mask.tif", waves(300, 400), mask=np.where(hole, 0, 255).astype("uint8")),
        write(tmp_path / "alpha.tif", alpha, photometric="rgb", alpha="yes"),
    ]
    for path in files:
        valid = np.zeros((300, 400), bool)
        for window in windows(path, 256):
            place = window.place
            valid[place.top : place.bottom, place.left : place.right] = window.valid
            assert window.array.shape[0] == (1 if path.stem == "nan" else 3)
        assert np.array_equal(valid, ~hole), path.name


def test_transform_and_ground_size_are_those_of_the_place(image: Path) -> None:
    base = utm_transform(0.25, turn=10)
    for window in windows(image, 512, 20):
        assert window.transform is not None
        assert window.ground_m is not None
        left, top = window.corner
        a, b, c, d, e, f = window.transform
        assert (a * 3 + b * 5 + c, d * 3 + e * 5 + f) == pytest.approx(base * (left + 3, top + 5))
        assert window.ground_m == pytest.approx((0.25, 0.25), rel=0.001)


def test_ground_size_in_degrees_differs_across_and_down(tmp_path: Path) -> None:
    path = write(tmp_path / "d.tif", waves(600, 600), transform=from_origin(100.0, 60.3, 1e-5, 1e-5),
                 crs="EPSG:4326")  # fmt: skip
    window = next(windows(path, 600))
    lon, lat = np.array([100.003]), np.array([60.297])
    wanted = (
        geodesic_distance(lon, lat, lon + 1e-5, lat)[0],
        geodesic_distance(lon, lat, lon, lat + 1e-5)[0],
    )
    assert window.ground_m == pytest.approx(wanted, rel=1e-4)


def test_ground_size_of_web_mercator_is_not_its_own_metre(tmp_path: Path) -> None:
    x, y = transform("EPSG:4326", "EPSG:3857", [116.0], [40.0])
    path = write(tmp_path / "m.tif", waves(256, 256), transform=from_origin(x[0], y[0], 0.5, 0.5),
                 crs="EPSG:3857")  # fmt: skip
    window = next(windows(path))
    assert window.ground_m == pytest.approx((0.5 * np.cos(np.radians(40)),) * 2, rel=0.005)


def test_an_unplaced_image_has_windows_without_ground(tmp_path: Path) -> None:
    path = write(tmp_path / "u.tif", waves(100, 100))
    scene = scene_of(path, tmp_path / "w")
    unplaced = type(scene)(**{**scene.__dict__, "placement": None})
    window = next(windows(unplaced))
    assert (window.transform, window.crs, window.ground_m) == (None, None, None)


def test_bands_by_name(tmp_path: Path) -> None:
    path = write(tmp_path / "b.tif", waves(256, 256, 4, "uint16"), photometric="minisblack")
    with rasterio.open(path, "r+") as file:
        file.descriptions = ("blue", "green", "red", "nir")
    window = next(windows(path, bands=("nir", "red")))
    assert window.bands == ("nir", "red")
    assert np.array_equal(window.array, waves(256, 256, 4, "uint16")[[3, 2]])
    with pytest.raises(ImageryError, match="no band 'swir'"):
        next(windows(path, bands=("swir",)))


def test_leaving_early_stops_the_threads(image: Path) -> None:
    running = windows(image, 256, threads=2)
    assert next(running).index == 0
    running.close()
    with pytest.raises(StopIteration):
        next(running)


def test_a_damaged_file_is_told(tmp_path: Path) -> None:
    path = write(tmp_path / "x.tif", waves(2000, 2000))
    content = bytearray(path.read_bytes())
    content[len(content) // 2 : len(content) // 2 + 9000] = b"\x55" * 9000
    path.write_bytes(content)
    with pytest.raises(ImageryError, match="damaged"):
        list(windows(path, 512, threads=2))


_SCAN = """
import json, sys
from pathlib import Path
from imagery.windows import windows
def now(): return int(next(line for line in Path("/proc/self/status").read_text().splitlines()
                           if line.startswith("VmHWM")).split()[1]) / 1024
running = windows(sys.argv[1], 1024, threads=2)
next(running)
before, n = now(), 1
for window in running: n += 1
print(json.dumps([before, now(), n]))
"""


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="peak memory as Linux tells it")
def test_memory_does_not_grow_with_the_image(tmp_path: Path, root: Path) -> None:
    path = tmp_path / "big.tif"
    side = 16_384  # 805 MB decoded, six times GDAL's cache
    profile = {"driver": "GTiff", "width": side, "height": side, "count": 3, "dtype": "uint8",
               "crs": "EPSG:32650", "transform": utm_transform(0.05), "tiled": True,
               "blockxsize": 512, "blockysize": 512, "compress": "deflate", "sparse_ok": True}  # fmt: skip
    with rasterio.open(path, "w", **profile) as file:
        file.write(waves(512, 512), window=((0, 512), (0, 512)))
    done = subprocess.run([sys.executable, "-c", _SCAN, str(path)], cwd=root, check=True,
                          capture_output=True, text=True, encoding="utf-8")  # fmt: skip
    before, after, number = json.loads(done.stdout)
    assert number == 256
    assert after - before < 250
