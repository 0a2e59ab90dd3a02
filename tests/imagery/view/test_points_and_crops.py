"""Points and crops: the original's values, planted marks where they belong, pairs that register."""

from __future__ import annotations

import io
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image
from rasterio.warp import transform

from imagery.view import Crop, Frame, draw_crop, facts_line
from imagery.view.crop import round_length
from layers.errors import ImageryError
from layers.measures import geodesic_distance
from tests.imagery.view.conftest import PIXEL, Place
from tests.imagery.view.made import UTM, utm_transform

MARK = (901.5, 420.5)
"""Middle of the planted square in pixels."""


def _lonlat(column: float, row: float, turn: float = 0.0) -> tuple[float, float]:
    """By GDAL, independently of our own conversion."""
    x, y = utm_transform(PIXEL, turn=turn) * (column, row)
    lon, lat = transform(UTM, "EPSG:4326", [x], [y])
    return lon[0], lat[0]


def _centre(picture: np.ndarray) -> tuple[float, float]:
    """Middle of the bright square, pixel coordinates (corner of the first pixel = 0)."""
    weight = np.clip(picture[:, :, 1].astype(float) - 70, 0, None)
    row, column = np.mgrid[0 : weight.shape[0], 0 : weight.shape[1]] + 0.5
    return float((column * weight).sum() / weight.sum()), float((row * weight).sum() / weight.sum())


@pytest.mark.parametrize(("name", "turn"), [("mark", 0.0), ("turned", 20.0)])
@pytest.mark.parametrize("pixels", [1100, 400, 90])
def test_a_planted_mark_lies_where_it_belongs(
    place: Place, name: str, turn: float, pixels: int
) -> None:
    lon, lat = _lonlat(*MARK, turn=turn)
    frame = Frame.around(lon, lat, 110.0, pixels, aspect=0.75)
    crop = place.reader.crop(place.ids[name], frame)
    assert crop.of == ("original" if frame.pixel_m / PIXEL < 4 else "view")
    column, row = _centre(crop.picture)
    assert abs(column - frame.width / 2) < 0.5
    assert abs(row - frame.height / 2) < 0.5


def test_two_dates_in_one_frame_lie_on_each_other(place: Place) -> None:
    lon, lat = _lonlat(350, 600)
    frame = Frame.around(lon, lat, 60.0, 500)
    old, new = place.reader.crops([place.ids["old"], place.ids["new"]], frame)
    both = (old.mask > 0) & (new.mask > 0)
    assert both.mean() > 0.99
    total = old.picture.astype(int) + new.picture
    assert np.abs(total[both] - 255).max() <= 2  # the new date is the old one inverted
    assert old.frame.transform == new.frame.transform
    assert old.taken.day == "2026-05-01"
    assert new.taken.day == "2026-05-02"


def test_a_frame_is_true_to_the_ground() -> None:
    lon, lat = _lonlat(700, 700)
    frame = Frame.around(lon, lat, 500.0, 1000, aspect=0.5)
    lons, lats = frame.degrees(
        np.array([0.0, 1000.0, 500.0, 500.0]), np.array([250.0, 250.0, 0.0, 500.0])
    )
    metres = geodesic_distance(lons[::2], lats[::2], lons[1::2], lats[1::2])
    assert metres == pytest.approx([500.0, 250.0], abs=0.001)
    assert frame.pixel_m == 0.5


def test_a_frame_of_bounds_covers_them() -> None:
    frame = Frame.of_bounds((115.95, 30.71, 115.96, 30.72), 800)
    lons, lats = frame.degrees(np.array([0.0, 800.0]), np.array([0.0, frame.height]))
    assert (lons[0], lats[1]) == pytest.approx((115.95, 30.71), abs=1e-6)
    assert (lons[1], lats[0]) == pytest.approx((115.96, 30.72), abs=1e-6)


def test_a_frame_at_a_scale_prints_at_that_scale() -> None:
    frame = Frame.at_scale(115.95, 30.71, 500, (80, 60), dpi=300)
    assert frame.width == 945
    assert frame.width_m == pytest.approx(40.0, abs=0.05)


def test_absurd_frames_are_refused() -> None:
    with pytest.raises(ImageryError, match="too large"):
        Frame.around(115.9, 30.7, 100.0, 90_000)
    with pytest.raises(ImageryError):
        Frame.around(115.9, 30.7, float("nan"), 100)


def test_outside_a_scene_a_crop_is_empty_and_says_so(place: Place) -> None:
    crop = place.reader.crop(place.ids["old"], Frame.around(110.0, 25.0, 50.0, 64))
    assert crop.covered == 0
    assert (crop.picture == 255).all()
    with pytest.raises(ImageryError, match="nowhere"):
        place.reader.crop(place.ids["picture"], Frame.around(115.9, 30.7, 50.0, 64))


@pytest.mark.parametrize(
    ("metres", "wanted"), [(26.0, 20.0), (5.0, 5.0), (0.13, 0.1), (999.0, 500.0), (1000.0, 1000.0)]
)
def test_scale_bars_are_round(metres: float, wanted: float) -> None:
    assert round_length(metres) == pytest.approx(wanted)


def test_a_point_gives_the_originals_own_values(place: Place) -> None:
    for name, column, row in (("old", 1200, 33), ("satellite", 100, 300), ("turned", 901, 420)):
        scale = 1 if name != "satellite" else 4
        turn = 20.0 if name == "turned" else 0.0
        lon, lat = _lonlat((column + 0.4) * scale, (row + 0.6) * scale, turn)
        found = place.reader.point(place.ids[name], lon, lat)
        assert found is not None
        assert (found.of, found.column, found.row) == ("original", column, row)
        assert list(found.values.values()) == place.arrays[name][:, row, column].tolist()
        assert found.gsd_m == pytest.approx(PIXEL * scale, rel=0.01)


def test_a_point_without_a_valid_pixel_has_no_values(place: Place) -> None:
    lon, lat = _lonlat(1200.5, 700.5)
    found = place.reader.point(place.ids["new"], lon, lat)
    assert found is not None
    assert set(found.values.values()) == {None}
    assert place.reader.point(place.ids["new"], 10.0, 50.0) is None
    assert place.reader.point(place.ids["picture"], lon, lat) is None


@pytest.fixture
def font(root: Path) -> Path:
    found = root / "ui" / "assets" / "dist" / "fonts" / "NotoSansSC-Regular.ttf"
    if not found.is_file():
        pytest.skip("the Chinese font is not installed (`python -m ui.assets`)")
    return found


def _crop(place: Place) -> Crop:
    return place.reader.crop(
        place.ids["old"], Frame.around(*_lonlat(700, 700), 80.0, 900, aspect=0.6)
    )


def test_a_drawn_crop_keeps_the_pixels_and_adds_a_true_scale_bar(place: Place, font: Path) -> None:
    crop = _crop(place)
    image = np.array(Image.open(io.BytesIO(draw_crop(crop, font))))
    assert image.shape[1] == 900
    assert image.shape[0] > crop.frame.height
    assert np.array_equal(image[200:400, 300:600], crop.picture[200:400, 300:600])
    row = image[crop.frame.height - 21 - 3]
    dark = np.flatnonzero((row < 40).all(axis=1))
    dark = dark[dark < 700]
    assert crop.scale_bar_m == 20.0
    assert (dark[-1] - dark[0]) * crop.frame.pixel_m == pytest.approx(20.0, abs=0.3)


def test_the_line_of_facts_says_date_pixel_error_and_source(place: Place) -> None:
    crop = _crop(place)
    zh, en = facts_line(crop, "zh"), facts_line(crop, "en", source="bureau")
    assert "2026-05-01 10:00:00" in zh
    assert "+08:00" in zh
    assert "25 厘米" in zh
    assert "位置误差 ±" in zh
    assert "原件" in zh
    assert crop.sha256 is not None
    assert crop.sha256[:16] in en
    assert "bureau (original" in en


def test_crops_have_every_band_as_stored(place: Place) -> None:
    crop = place.reader.crop(place.ids["satellite"], Frame.around(*_lonlat(700, 700), 200.0, 300))
    assert crop.array.shape == (4, 300, 300)
    assert crop.array.dtype == np.uint16
    assert crop.bands == ("red", "green", "blue", "nir")
    assert cv2.mean(crop.picture)[0] > 40
