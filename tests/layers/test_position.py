"""Coordinates as people write them: order, marks, datum, planes; names are no coordinates."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from layers.datum import from_wgs84
from layers.errors import DatumError
from layers.position import read_position

LON, LAT = 112.93, 28.23


@pytest.mark.parametrize(
    "text",
    ["112.93,28.23", "28.23, 112.93", "112.93，28.23", "112.93 28.23 WGS84", "lon 112.93 lat 28.23", "28.23N 112.93E",
     "N28.23 E112.93", "28°13'48\"N 112°55'48\"E", "28°13′48″ 112°55′48″", "东经112度55分48秒 北纬28度13分48秒",
     "纬度：28.23 经度：112.93", "(112.93, 28.23)"],
)  # fmt: skip
def test_the_same_place_in_many_hands(text: str) -> None:
    found = read_position(text)
    assert found is not None
    assert (found.lon, found.lat) == pytest.approx((LON, LAT), abs=1e-9)
    assert found.assumed == ("WGS" not in text)


@pytest.mark.parametrize(
    ("text", "datum"),
    [("112.93,28.23 gcj02", "gcj02"), ("gcj02: 112.93 28.23", "gcj02"), ("高德 112.93 28.23", "gcj02"),
     ("北纬28.23 东经112.93 百度", "bd09"), ("112.93 28.23 CGCS2000", "cgcs2000")],
)  # fmt: skip
def test_the_datum_is_read_and_converted(text: str, datum: str) -> None:
    found = read_position(text)
    assert found is not None
    assert (found.datum.name, found.assumed) == (datum, False)
    x, y = from_wgs84(np.array([found.lon]), np.array([found.lat]), datum)
    assert (x[0], y[0]) == pytest.approx((LON, LAT), abs=1e-8)


@pytest.mark.parametrize(
    "text", ["37512345.6 3123456.7", "3123456.7, 37512345.6", "512345.6 3123456.7 cgcs2000-gk3-111"]
)
def test_metres_of_a_plane(text: str) -> None:
    found = read_position(text)
    assert found is not None
    assert (found.lon, found.lat) == pytest.approx((111.125775, 28.225666), abs=1e-5)
    assert not found.assumed


@pytest.mark.parametrize(
    "text", ["", "12", "阳光小学", "人民路 12 号", "12 号 13 号", "B0FQ18U6QD", "91430102MA4L3X1234", "500 600", "第3小学 2",
             "1 2 3", "2026-06-30"],
)  # fmt: skip
def test_a_name_is_no_coordinate(text: str) -> None:
    assert read_position(text) is None


@pytest.mark.parametrize("text", ["112.93 28.23 西安80", "512345 3123456"])
def test_what_cannot_be_placed_says_why(text: str) -> None:
    with pytest.raises(DatumError) as caught:
        read_position(text)
    assert caught.value.remedy


@given(
    st.floats(73.5, 135),
    st.floats(18, 53.5),
    st.booleans(),
    st.sampled_from([",", " ", ", ", "，"]),
)
def test_the_order_in_china_does_not_matter(
    lon: float, lat: float, swapped: bool, between: str
) -> None:
    told = [f"{lon:.7f}", f"{lat:.7f}"]
    found = read_position(between.join(told[::-1] if swapped else told))
    assert found is not None
    assert (found.lon, found.lat) == pytest.approx((lon, lat), abs=1e-6)
