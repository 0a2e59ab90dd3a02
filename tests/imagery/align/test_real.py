"""Real summers four years apart: crops, water and light changed, the ground did not move."""

from __future__ import annotations

from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
import rasterio
from rasterio.transform import Affine
from shapely.geometry import box

from imagery.align import Alignment, Ground, estimate
from imagery.scene import Placement
from layers.datum.ground import ground_crs

YEARS = ("20100629", "20140720", "20180716")
PIXEL_M = 5.0
pytestmark = pytest.mark.shared


def _ground(path: Path, *, east_m: float = 0.0, north_m: float = 0.0) -> Ground:
    """The scene, declared so many metres away from where it lies."""
    with rasterio.open(path) as file:
        crs, grid = file.crs.to_wkt(), Affine.translation(east_m, north_m) * file.transform
        size = (file.width, file.height)
    west, north = grid * (0, 0)
    east, south = grid * size
    lon, lat = ground_crs(crs).to_wgs84(np.array([west, east]), np.array([south, north]))
    placement = Placement(crs, tuple(grid)[:6], "georeference", 5.0, "assumed")
    return Ground(path, "GTiff", placement, box(lon[0], lat[0], lon[1], lat[1]), PIXEL_M)


@pytest.fixture(scope="module")
def naip(shared_imagery: Path) -> list[Path]:
    folder = shared_imagery / "timeseries_usa_peru" / "naip5m"
    return [next(folder.glob(f"*{year}.tif")) for year in YEARS]


@pytest.fixture(scope="module")
def aligned(naip: list[Path]) -> dict[tuple[int, int], Alignment]:
    scenes = [_ground(path) for path in naip]
    return {(a, b): estimate(scenes[a], scenes[b]) for a, b in combinations(range(3), 2)}


def test_summers_years_apart_are_aligned(aligned: dict[tuple[int, int], Alignment]) -> None:
    for found in aligned.values():
        assert found.accepted, found.why_en
        assert found.residual_m < 1.5 * PIXEL_M
        assert found.distance_m < PIXEL_M, "the provider promises a pixel"


def test_the_way_round_three_years_closes(aligned: dict[tuple[int, int], Alignment]) -> None:
    east = aligned[0, 1].east_m + aligned[1, 2].east_m - aligned[0, 2].east_m
    north = aligned[0, 1].north_m + aligned[1, 2].north_m - aligned[0, 2].north_m
    assert np.hypot(east, north) < 0.4 * PIXEL_M


def test_a_planted_shift_is_found(
    naip: list[Path], aligned: dict[tuple[int, int], Alignment]
) -> None:
    moved = estimate(_ground(naip[1]), _ground(naip[2], east_m=17.0, north_m=-13.5))
    assert moved.accepted
    known = aligned[1, 2]
    away = np.hypot(moved.east_m - known.east_m + 17.0, moved.north_m - known.north_m - 13.5)
    assert away < 0.25 * PIXEL_M
