"""An orthophoto that carries the shift of a web map is told, and nothing else is."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest
import rasterio
from rasterio.transform import from_origin

from imagery.ingest import ingest
from imagery.store import Store
from layers.datum import from_wgs84
from tests.imagery.ingest.made import RECEIVED, aged

LON, LAT, SIDE, STEP = 109.30, 27.60, 1200, 1e-5


def _ground() -> np.ndarray:
    """Made-up ground with texture of many sizes, (SIDE, SIDE) uint8."""
    dice = np.random.default_rng(7)
    total = np.zeros((SIDE, SIDE), dtype=np.float32)
    for cells in (20, 60, 160, 400):
        coarse = dice.normal(size=(cells, cells)).astype(np.float32)
        total += cv2.resize(coarse, (SIDE, SIDE), interpolation=cv2.INTER_CUBIC)
    return np.clip(127 + 40 * total, 1, 255).astype(np.uint8)


def _write(path: Path, lon: float, lat: float, day: str) -> Path:
    with rasterio.open(path, "w", driver="GTiff", width=SIDE, height=SIDE, count=3, dtype="uint8",
                       crs="EPSG:4326", transform=from_origin(lon, lat, STEP, STEP),
                       compress="jpeg", tiled=True) as out:  # fmt: skip
        out.write(np.stack([_ground()] * 3))
        out.update_tags(ACQUISITIONDATETIME=f"{day}T09:00:00+08:00")
    return aged(path)


@pytest.mark.parametrize(
    ("datum", "move", "expected"),
    [
        ("gcj02", (0.0, 0.0), {"probably_gcj02"}),
        (None, (0.002, 0.001), set()),
    ],
    ids=["gcj02", "another shift"],
)
def test_the_shift_of_web_maps_is_told(
    tmp_path: Path, datum: str | None, move: tuple[float, float], expected: set[str]
) -> None:
    store = Store.open(tmp_path / "store")
    ingest([_write(tmp_path / "true.tif", LON, LAT, "2025-05-01")], store, received=RECEIVED)
    lon, lat = LON + move[0], LAT + move[1]
    if datum:
        shifted = from_wgs84(np.array([lon]), np.array([lat]), datum)
        lon, lat = float(shifted[0][0]), float(shifted[1][0])
    report = ingest(
        [_write(tmp_path / "new.tif", lon, lat, "2026-05-01")], store, received=RECEIVED
    )
    codes = {r.code for r in report.rows[0].remarks if r.code.startswith("probably_")}
    assert codes == expected
    assert report.counts["accepted"] == 1
