"""IR-MAD on the labelled Landsat pair: not below what a hand-made one reached there."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import rasterio

from imagery.detectors import Shot, change_multispectral
from imagery.formats import read_scenes


@pytest.mark.shared
def test_change_on_the_labelled_landsat_pair(shared_imagery: Path, tmp_path: Path) -> None:
    folder = shared_imagery / "change_pairs" / "landsat_taizhou"
    before, after = (
        Shot(year, read_scenes(folder / f"{year}.tif", tmp_path)[0]) for year in ("2000", "2003")
    )
    with rasterio.open(folder / "label.tif") as file:
        label = file.read(1)
    model = change_multispectral.fit(after, change_multispectral.Settings(), before=before)
    found = np.zeros(label.shape, bool)
    for one in change_multispectral.scores(after, before, model):
        rows, columns = one.mask.shape
        found[one.top : one.top + rows, one.left : one.left + columns] = one.mask
    hit, wrong = (found & (label == 2)).sum(), (found & (label == 1)).sum()
    assert 2 * hit / (hit + wrong + (label == 2).sum()) > 0.94
