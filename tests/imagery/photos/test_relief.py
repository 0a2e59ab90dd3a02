"""Rays on a relief: slopes and steps with known answers."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import rasterio
import shapely
from rasterio.transform import from_origin

from imagery.photos import footprint, photo_placement
from imagery.photos.relief import meet, read_relief
from layers.datum.ground import DEGREES, ground_crs, local_plane
from layers.errors import ImageryError
from tests.imagery.photos.made import PLACE, camera

WIDTH, HEIGHT = 6000, 4000


def _model(path: Path, height: Callable[[np.ndarray, np.ndarray], np.ndarray], *,
           half_m: float = 400.0, step_m: float = 1.0, crs: str | None = None) -> Path:  # fmt: skip
    """A GeoTIFF of heights at (east, north) metres of the place."""
    side = int(2 * half_m / step_m)
    axis = (np.arange(side) + 0.5) * step_m - half_m
    east, north = np.meshgrid(axis, -axis)
    with rasterio.open(
        path, "w", driver="GTiff", width=side, height=side, count=1, dtype="float32",
        nodata=-9999, crs=crs or local_plane(*PLACE), transform=from_origin(-half_m, half_m, step_m, step_m),
    ) as target:  # fmt: skip
        target.write(height(east, north).astype(np.float32), 1)
    return path


def _ring(dem: Path, **values: object) -> np.ndarray:
    one = camera(**values)
    outline = footprint(one, WIDTH, HEIGHT, dem).outline
    assert outline is not None
    lon, lat = shapely.get_coordinates(outline).T
    return np.column_stack(ground_crs(local_plane(*PLACE)).from_wgs84(lon, lat))[:-1]


def test_a_level_ground_anywhere_is_the_plane(tmp_path: Path) -> None:
    dem = _model(tmp_path / "dem.tif", lambda east, _: 1312.5 + 0 * east)
    ring = _ring(dem)
    np.testing.assert_allclose(ring.max(axis=0), (37.5, 25), atol=1e-3)
    np.testing.assert_allclose(ring.min(axis=0), (-37.5, -25), atol=1e-3)
    seen = footprint(camera(), WIDTH, HEIGHT, dem)
    plain = footprint(camera(), WIDTH, HEIGHT)
    assert seen.u_m is not None
    assert plain.u_m is not None
    assert seen.u_m == pytest.approx(plain.u_m)
    assert {remark.code for remark in seen.remarks} == {"yaw_unchecked", "level_assumed"}


def test_a_slope_has_its_known_edges(tmp_path: Path) -> None:
    """Ground rising 20 % to the east: x = f·(50 − 0.2·x) at the edges, f = ±0.75."""
    ring = _ring(_model(tmp_path / "dem.tif", lambda east, _: 800 + 0.2 * east))
    assert ring[:, 0].max() == pytest.approx(0.75 * 50 / (1 + 0.75 * 0.2), abs=0.01)
    assert ring[:, 0].min() == pytest.approx(-0.75 * 50 / (1 - 0.75 * 0.2), abs=0.01)


def test_a_step_hides_what_is_behind_it(tmp_path: Path) -> None:
    """A terrace 10 m high from 20 m east on: the right edge lies on it, at 0.75 · 40 m."""
    ring = _ring(_model(tmp_path / "dem.tif", lambda east, _: 10.0 * (east > 20)))
    assert ring[:, 0].max() == pytest.approx(30.0, abs=0.1)
    assert ring[:, 0].min() == pytest.approx(-37.5, abs=0.01)


def test_rays_meet_the_first_ground_they_come_to() -> None:
    wall = lambda points: np.where(np.abs(points[:, 0] - 10) < 1, 30.0, 0.0)  # noqa: E731
    down = np.array([[0.5, 0.0, -1.0], [0.0, 0.0, -1.0]])
    hits, known = meet(down / np.linalg.norm(down, axis=1, keepdims=True), 50.0, wall)
    assert hits[0, 0] == pytest.approx(10.0, abs=0.7)
    np.testing.assert_allclose(hits[1], (0, 0), atol=1e-9)
    assert known.all()


def test_other_systems_and_tilted_cameras(tmp_path: Path) -> None:
    dem = _model(tmp_path / "dem.tif", lambda east, _: 0 * east + 55)
    np.testing.assert_allclose(_ring(dem, pitch=-70.0, yaw=40.0)[::8],
                               _plain(pitch=-70.0, yaw=40.0), atol=0.05)  # fmt: skip
    with rasterio.open(tmp_path / "deg.tif", "w", driver="GTiff", width=200, height=200, count=1,
                       dtype="float32", crs=DEGREES,
                       transform=from_origin(PLACE[0] - 0.01, PLACE[1] + 0.01, 1e-4, 1e-4)) as out:  # fmt: skip
        out.write(np.full((200, 200), 55, np.float32), 1)
    np.testing.assert_allclose(_ring(tmp_path / "deg.tif")[::8], _plain(), atol=1e-3)


def _plain(**values: object) -> np.ndarray:
    outline = footprint(camera(**values), WIDTH, HEIGHT).outline
    lon, lat = shapely.get_coordinates(outline).T
    return np.column_stack(ground_crs(local_plane(*PLACE)).from_wgs84(lon, lat))[:-1]


def test_a_placement_says_what_an_affine_cannot_follow(tmp_path: Path) -> None:
    hilly = _model(
        tmp_path / "hill.tif", lambda east, north: 8 * np.sin(east / 9) * np.cos(north / 7)
    )
    level = _model(tmp_path / "level.tif", lambda east, _: 0 * east)
    bent, plain = (photo_placement(camera(), WIDTH, HEIGHT, dem) for dem in (hilly, level))
    assert bent is not None
    assert plain is not None
    assert bent.u_m > plain.u_m + 0.3


def test_a_view_over_the_models_edge_is_said(tmp_path: Path) -> None:
    dem = _model(tmp_path / "dem.tif", lambda east, _: 0 * east, half_m=30.0)
    seen = footprint(camera(), WIDTH, HEIGHT, dem)
    assert "outside_dem" in {remark.code for remark in seen.remarks}
    assert seen.outline is not None


def test_models_that_do_not_fit(tmp_path: Path) -> None:
    dem = _model(tmp_path / "dem.tif", lambda east, _: 0 * east)
    with pytest.raises(ImageryError, match="does not cover"):
        footprint(camera(lon=PLACE[0] + 1), WIDTH, HEIGHT, dem)
    text = tmp_path / "text.tif"
    text.write_text("no raster", encoding="utf-8")
    with pytest.raises(ImageryError):
        footprint(camera(), WIDTH, HEIGHT, text)
    bare = tmp_path / "bare.tif"
    with rasterio.open(bare, "w", driver="GTiff", width=9, height=9, count=1, dtype="float32",
                       transform=from_origin(0, 9, 1, 1)) as out:  # fmt: skip
        out.write(np.zeros((9, 9), np.float32), 1)
    with pytest.raises(ImageryError, match="no coordinate reference system"):
        footprint(camera(), WIDTH, HEIGHT, bare)


def test_a_large_model_is_thinned_not_loaded(tmp_path: Path) -> None:
    dem = _model(tmp_path / "dem.tif", lambda east, _: 0.1 * east, half_m=1500.0)
    relief = read_relief(dem, *PLACE, 1400.0)
    assert max(relief.heights.shape) <= 2048
    lon, lat = ground_crs(local_plane(*PLACE)).to_wgs84(np.array([-800.0, 0, 900]), np.zeros(3))
    np.testing.assert_allclose(relief.at(lon, lat), (-80, 0, 90), atol=0.15)


def test_cells_without_height_count_as_the_cameras_level(tmp_path: Path) -> None:
    dem = _model(tmp_path / "dem.tif", lambda east, _: np.where(east > 10, -9999.0, 300.0))
    seen = footprint(camera(), WIDTH, HEIGHT, dem)
    assert "outside_dem" in {remark.code for remark in seen.remarks}
    np.testing.assert_allclose(_ring(dem).max(axis=0), (37.5, 25), atol=0.01)


def test_a_known_take_off_gives_the_level(tmp_path: Path) -> None:
    """Taken off 20 m lower: 50 m above take-off are 30 m above the ground."""
    dem = _model(tmp_path / "dem.tif", lambda east, _: np.where(east > 100, 280.0, 300.0))
    lon, lat = ground_crs(local_plane(*PLACE)).to_wgs84(np.array([150.0]), np.array([0.0]))
    start = (float(lon[0]), float(lat[0]))
    seen = footprint(camera(), WIDTH, HEIGHT, dem, start)
    assert seen.gsd_m == pytest.approx(0.6 * 75 / 6000)
    assert {remark.code for remark in seen.remarks} == {"yaw_unchecked"}
    unknown = footprint(camera(), WIDTH, HEIGHT, dem)
    assert unknown.parts["height"] == pytest.approx(2.5 * seen.parts["height"])
    stated = footprint(camera(height_of="stated"), WIDTH, HEIGHT, dem, start)
    assert stated.gsd_m == pytest.approx(75 / 6000)
    with pytest.raises(ImageryError, match="under the ground"):
        footprint(camera(height_m=15.0), WIDTH, HEIGHT, dem, start)
    with pytest.raises(ImageryError, match="does not cover"):
        footprint(camera(), WIDTH, HEIGHT, dem, (PLACE[0] + 1, PLACE[1]))


def test_a_ray_over_a_cliff_ends_at_the_cameras_level(tmp_path: Path) -> None:
    dem = _model(tmp_path / "dem.tif", lambda east, _: np.where(east > 20, -500.0, 0.0))
    seen = footprint(camera(), WIDTH, HEIGHT, dem)
    assert "outside_dem" in {remark.code for remark in seen.remarks}
    np.testing.assert_allclose(_ring(dem).max(axis=0), (37.5, 25), atol=0.01)
