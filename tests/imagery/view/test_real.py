"""View copies of real orthophotos and satellite scenes, held against a plain warp of each."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import rasterio
from rasterio.enums import Resampling
from rasterio.warp import reproject

from imagery.view import make_view
from tests.imagery.view.made import scene_of

pytestmark = pytest.mark.shared
PATTERNS = ("ortho_samples/**/*.tif", "timeseries_usa_peru/**/*.tif", "change_pairs/**/*.tif")
LARGEST = 40_000_000
SIDE = 300


def _files(shared: Path) -> list[Path]:
    found = [path for pattern in PATTERNS for path in sorted(shared.glob(pattern))]
    by_folder: dict[Path, list[Path]] = {}
    for path in found:
        by_folder.setdefault(path.parent, []).append(path)
    return [path for files in by_folder.values() for path in files[:2]]


def test_views_of_real_scenes_show_what_a_plain_warp_shows(
    shared_data: Path, tmp_path: Path
) -> None:
    seen = 0
    for number, path in enumerate(_files(shared_data.parent / "imagery")):
        with rasterio.open(path) as file:
            if file.crs is None or file.width * file.height * file.count > LARGEST:
                continue
        facts = make_view(scene_of(path, tmp_path / f"w{number}"), tmp_path / f"{number}.tif")
        assert facts.placed
        likeness, overlap = _compared(path, tmp_path / f"{number}.tif", facts.bands[0] == "red")
        assert likeness > 0.9, path.name
        assert overlap > 0.95, path.name
        seen += 1
    assert seen >= 4


def _compared(source: Path, view: Path, is_rgb: bool) -> tuple[float, float]:
    """Correlation of the first band at low resolution, and how far the masks agree."""
    with rasterio.open(view) as b:
        small = b.transform * b.transform.scale(b.width / SIDE, b.height / SIDE)
        got = b.read(1, out_shape=(SIDE, SIDE), resampling=Resampling.average).astype(float)
        seen = b.dataset_mask(out_shape=(SIDE, SIDE), resampling=Resampling.nearest) > 0
        wanted = np.full((SIDE, SIDE), np.nan)
        with rasterio.open(source) as a:
            assert is_rgb or a.count != 3 or a.dtypes[0] != "uint8"
            data = a.read(1).astype(float)
            data[a.dataset_mask() == 0] = np.nan
            reproject(data, wanted, src_transform=a.transform, src_crs=a.crs, dst_transform=small,
                      dst_crs=b.crs, src_nodata=np.nan, dst_nodata=np.nan,
                      resampling=Resampling.average)  # fmt: skip
    known = np.isfinite(wanted)
    both = known & seen
    overlap = both.sum() / (known | seen).sum()
    return float(np.corrcoef(got[both], wanted[both])[0, 1]), float(overlap)
