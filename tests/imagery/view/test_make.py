"""The view copy against GDAL's own warper, whatever the source looks like."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import cv2
import numpy as np
import pytest
import rasterio
from rasterio.enums import Resampling
from rasterio.transform import Affine, from_origin
from rasterio.warp import reproject
from rio_cogeo import cog_validate

from imagery.scene import Scene
from imagery.view import ViewFacts, make_view
from imagery.view.facts import TAG, read_facts
from layers.errors import Cancelled, ImageryError
from tests.imagery.view.made import scene_of, utm_transform, waves, write

SIDE = 700


def _view(path: Path, tmp_path: Path) -> tuple[ViewFacts, Path]:
    out = tmp_path / "view.tif"
    return make_view(scene_of(path, tmp_path / "work"), out), out


def _oracle(source: Path, out: Path, how: Resampling = Resampling.bilinear) -> np.ndarray:
    """The original on the view's grid by GDAL, invalid pixels NaN (bands, rows, columns)."""
    with rasterio.open(source) as a, rasterio.open(out) as b:
        found = np.full((b.count, b.height, b.width), np.nan)
        data = a.read().astype(np.float64)
        data[:, a.dataset_mask() == 0] = np.nan
        for band in range(b.count):
            reproject(data[band], found[band], src_transform=a.transform, src_crs=a.crs,
                      dst_transform=b.transform, dst_crs=b.crs, src_nodata=np.nan,
                      dst_nodata=np.nan, resampling=how, tolerance=0.01)  # fmt: skip
    return found


def _inner(valid: np.ndarray) -> np.ndarray:
    """Pixels with only valid ones around them: not the rim, where the two may differ."""
    grown = valid.copy()
    for axis in (0, 1):
        for step in (-2, -1, 1, 2):
            grown &= np.roll(valid, step, axis=axis)
    return grown


@pytest.mark.parametrize(
    "transform",
    [utm_transform(0.25), utm_transform(0.25, turn=31), utm_transform(0.2, south_up=True)],
    ids=["north up", "turned", "south up"],
)
def test_colours_are_those_of_an_independent_warp(tmp_path: Path, transform: Affine) -> None:
    source = write(tmp_path / "a.tif", waves(SIDE, SIDE), transform=transform)
    facts, out = _view(source, tmp_path)
    wanted = _oracle(source, out)
    with rasterio.open(out) as file:
        got, mask = file.read(), file.dataset_mask() > 0
    inner = _inner(np.isfinite(wanted[0]) & mask)
    assert inner.sum() > 0.5 * SIDE * SIDE * (0.25 / max(facts.pixel_m or 1, 0.25)) ** 2
    difference = np.abs(got.astype(float) - wanted)[:, inner]
    assert np.median(difference) <= 1.5  # JPEG at quality 90 alone makes about 1
    assert np.percentile(difference, 99.9) <= 10
    assert abs(int(mask.sum()) - int(np.isfinite(wanted[0]).sum())) <= 5 * 4 * SIDE


@pytest.mark.parametrize(("dtype", "bands"), [("uint16", 6), ("float32", 2), ("int16", 1), ("uint8", 4),
                                              ("float64", 1), ("int32", 1)])  # fmt: skip
def test_all_but_eight_bit_colour_is_kept_without_loss(
    tmp_path: Path, dtype: str, bands: int
) -> None:
    source = write(tmp_path / "a.tif", waves(SIDE, SIDE, bands, dtype), photometric="minisblack",
                   transform=utm_transform(0.25, turn=-12))  # fmt: skip
    facts, out = _view(source, tmp_path)
    wanted = _oracle(source, out)
    with rasterio.open(out) as file:
        got, mask = file.read(), file.dataset_mask() > 0
        assert file.compression.value.lower() == "deflate"
        assert file.dtypes == (dtype,) * bands
    inner = _inner(np.isfinite(wanted[0]) & mask)
    span = 3000 if dtype != "uint8" else 255
    assert np.abs(got.astype(float) - wanted)[:, inner].max() <= max(1.0, span / 250)
    assert facts.compression == "deflate"
    assert len(facts.stretch) == bands
    assert all(10 <= low < high <= span * 1.01 for low, high in facts.stretch)


def test_degrees_are_laid_on_the_map(tmp_path: Path) -> None:
    transform = from_origin(115.9, 30.8, 2e-5, 2e-5)
    source = write(tmp_path / "a.tif", waves(SIDE, SIDE), transform=transform, crs="EPSG:4326")
    facts, out = _view(source, tmp_path)
    wanted = _oracle(source, out)
    with rasterio.open(out) as file:
        got, mask = file.read(), file.dataset_mask() > 0
    inner = _inner(np.isfinite(wanted[0]) & mask)
    assert np.median(np.abs(got.astype(float) - wanted)[:, inner]) <= 1.5
    assert facts.bounds == pytest.approx((115.9, 30.8 - SIDE * 2e-5, 115.9 + SIDE * 2e-5, 30.8))


@pytest.mark.parametrize("kind", ["nodata", "mask", "alpha"])
def test_invalid_pixels_stay_invalid_and_do_not_bleed(tmp_path: Path, kind: str) -> None:
    array = np.full((3, SIDE, SIDE), 200, np.uint8)
    hole = np.zeros((SIDE, SIDE), bool)
    hole[200:400, 300:500] = True
    array[:, hole] = 0
    options: dict[str, object] = {}
    if kind == "nodata":
        options["nodata"] = 0
    elif kind == "mask":
        options["mask"] = np.where(hole, 0, 255).astype(np.uint8)
    else:
        array = np.vstack([array, np.where(hole, 0, 255).astype(np.uint8)[None]])
        options |= {"photometric": "rgb", "alpha": "yes"}
    source = write(tmp_path / "a.tif", array, **options)  # type: ignore[arg-type]
    _, out = _view(source, tmp_path)
    with rasterio.open(out) as file:
        assert file.count == 3
        got, mask = file.read(), file.dataset_mask() > 0
        small = file.read(out_shape=(3, file.height // 2, file.width // 2))
        half = file.dataset_mask(out_shape=(file.height // 2, file.width // 2)) > 0
        ratio = abs(utm_transform().a) / (file.transform.a * np.cos(np.radians(30.72)))
    assert mask.sum() == pytest.approx((~hole).sum() * ratio**2, rel=0.01)
    assert got[:, mask].min() >= 190  # nothing of the black outside mixes in
    assert small[:, half].min() >= 185
    assert 0 < half.sum() < half.size


def test_a_palette_is_expanded_and_never_mixed(tmp_path: Path) -> None:
    classes = (np.indices((SIDE, SIDE)).sum(axis=0) // 50 % 3).astype(np.uint8)[None]
    path = write(tmp_path / "a.tif", classes)
    colours = {0: (255, 0, 0, 255), 1: (0, 200, 0, 255), 2: (0, 0, 99, 255)}
    with rasterio.open(path, "r+") as file:
        file.write_colormap(1, colours)
    facts, out = _view(path, tmp_path)
    with rasterio.open(out) as file:
        got, mask = file.read(), file.dataset_mask() > 0
    assert facts.resampling == "nearest"
    assert {tuple(one) for one in got[:, mask].T.tolist()} == {c[:3] for c in colours.values()}


def test_the_file_is_a_valid_cloud_optimised_geotiff(tmp_path: Path) -> None:
    source = write(tmp_path / "a.tif", waves(1500, 2100))
    facts, out = _view(source, tmp_path)
    valid, errors, warnings = cog_validate(out, strict=True, quiet=True)
    assert (valid, errors, warnings) == (True, [], [])
    with rasterio.open(out) as file:
        assert file.crs.to_epsg() == 3857
        assert file.block_shapes[0] == (512, 512)
        assert file.overviews(1) == [2 ** (n + 1) for n in range(facts.max_zoom - facts.min_zoom)]
        told = read_facts(file.tags()[TAG])
        assert "derived" in file.tags()["NOTE"]
        assert file.descriptions == ("red", "green", "blue")
        for factor in (1, *file.overviews(1)):
            edge = (file.transform.c + np.pi * 6378137) / (file.transform.a * factor * 512)
            assert edge == pytest.approx(round(edge), abs=1e-6)  # blocks are map tiles
    assert told.content == facts.content
    assert told.lineage["step"] == "view"
    assert facts.bytes == out.stat().st_size


def test_the_levels_above_are_means_of_those_below(tmp_path: Path) -> None:
    source = write(tmp_path / "a.tif", waves(1300, 1300, 1, "uint16"))
    _, out = _view(source, tmp_path)
    with rasterio.open(out) as file:
        base, valid = file.read(1).astype(float), file.dataset_mask() > 0
        for factor in file.overviews(1)[:2]:
            shape = (file.height // factor, file.width // factor)
            small, seen = file.read(1, out_shape=shape), file.dataset_mask(out_shape=shape) > 0
            cells = (shape[0], factor, shape[1], factor)
            whole = valid.reshape(cells).all(axis=(1, 3))
            assert seen[whole].all()
            mean = base.reshape(cells).mean(axis=(1, 3))
            assert np.abs(small - mean)[whole].max() <= 1.5


def test_an_unplaced_picture_keeps_its_own_pixels(tmp_path: Path) -> None:
    array = waves(900, 1300)
    path = tmp_path / "a.png"
    assert cv2.imwrite(str(path), array[::-1].transpose(1, 2, 0))
    facts, out = _view(path, tmp_path)
    assert not facts.placed
    with pytest.warns(rasterio.errors.NotGeoreferencedWarning), rasterio.open(out) as file:
        got, mask = file.read(), file.dataset_mask() > 0
    assert mask.sum() == 900 * 1300
    assert np.abs(got[:, :900, :1300].astype(int) - array).mean() < 2


@pytest.mark.parametrize("shape", [(1, 1), (1, 3000), (3000, 1), (5, 3)])
def test_the_smallest_and_narrowest_pictures_have_views(
    tmp_path: Path, shape: tuple[int, int]
) -> None:
    facts, out = _view(write(tmp_path / "a.tif", waves(*shape)), tmp_path)
    with rasterio.open(out) as file:
        seen = int((file.dataset_mask() > 0).sum())
    assert facts.pixel_m is not None
    assert seen == pytest.approx(shape[0] * shape[1] * (0.25 / facts.pixel_m) ** 2, rel=0.1, abs=3)


def _threads(scene: Scene, out: Path, threads: int) -> bytes:
    make_view(scene, out, threads=threads)
    return out.read_bytes()


def test_the_same_scene_gives_the_same_bytes_with_any_number_of_threads(tmp_path: Path) -> None:
    scene = scene_of(
        write(tmp_path / "a.tif", waves(3000, 2500), transform=utm_transform(0.1)), tmp_path / "w"
    )
    one = _threads(scene, tmp_path / "one.tif", 1)
    assert one == _threads(scene, tmp_path / "three.tif", 3)


def test_cancelling_leaves_nothing_behind(tmp_path: Path) -> None:
    source = write(tmp_path / "a.tif", waves(3000, 2500))
    folder = tmp_path / "views"
    told: list[tuple[int, int]] = []
    scene = scene_of(source, tmp_path / "work")
    with pytest.raises(Cancelled):
        make_view(scene, folder / "v.tif", cancelled=lambda: len(told) > 1,
                  progress=lambda done, many: told.append((done, many)))  # fmt: skip
    assert list(folder.iterdir()) == []
    assert told[0][0] == 1


def test_a_damaged_source_leaves_nothing_behind(tmp_path: Path) -> None:
    source = write(tmp_path / "a.tif", waves(2000, 2000))
    scene = scene_of(source, tmp_path / "work")
    content = bytearray(source.read_bytes())
    content[len(content) // 2 : len(content) // 2 + 5000] = b"\x55" * 5000
    source.write_bytes(content)
    with pytest.raises(ImageryError, match="damaged"):
        make_view(scene, tmp_path / "views" / "v.tif")
    assert list((tmp_path / "views").iterdir()) == []


_PEAK = """
import json, sys
from pathlib import Path
from imagery.view import make_view
from tests.imagery.view.made import scene_of
def peak(): return int(next(line for line in Path("/proc/self/status").read_text().splitlines()
                            if line.startswith("VmHWM")).split()[1]) / 1024
folder, peaks = Path(sys.argv[1]), []
for side in (3000, 9000):
    scene = scene_of(folder / f"{side}.tif", folder / f"work{side}")
    make_view(scene, folder / f"view{side}.tif", threads=2)
    peaks.append(peak())
print(json.dumps(peaks))
"""


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="peak memory as Linux tells it")
def test_memory_does_not_grow_with_the_image(tmp_path: Path, root: Path) -> None:
    for side in (3000, 9000):  # 27 and 243 MB decoded; GDAL's cache holds 64
        profile = {"driver": "GTiff", "width": side, "height": side, "count": 3, "dtype": "uint8",
                   "crs": "EPSG:32650", "transform": utm_transform(0.05), "tiled": True,
                   "blockxsize": 512, "blockysize": 512, "compress": "deflate", "sparse_ok": True}  # fmt: skip
        with rasterio.open(tmp_path / f"{side}.tif", "w", **profile) as file:
            file.write(waves(2048, 2048), window=((0, 2048), (0, 2048)))
    done = subprocess.run([sys.executable, "-c", _PEAK, str(tmp_path)], cwd=root, check=True,
                          capture_output=True, text=True, encoding="utf-8")  # fmt: skip
    small, large = json.loads(done.stdout)
    assert large - small < 150


def test_nothing_valid_is_refused(tmp_path: Path) -> None:
    array = np.zeros((3, 300, 300), np.uint8)
    with rasterio.open(write(tmp_path / "a.tif", array, nodata=0)) as file:
        assert not file.dataset_mask().any()
    scene = scene_of(write(tmp_path / "b.tif", waves(300, 300)), tmp_path / "work")
    blank = type(scene)(**{**scene.__dict__, "source": tmp_path / "a.tif"})
    with pytest.raises(ImageryError, match="no valid pixel"):
        make_view(blank, tmp_path / "v.tif")
