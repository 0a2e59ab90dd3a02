"""Names of datums: what is accepted, under how many names, and what is refused with a remedy."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from layers.datum import parse_datum
from layers.datum.catalogue import gauss_kruger
from layers.errors import DatumError


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("wgs84", "wgs84"), ("WGS-84", "wgs84"), ("EPSG:4326", "wgs84"), ("ＷＧＳ８４", "wgs84"),
        ("urn:ogc:def:crs:OGC:1.3:CRS84", "wgs84"), ("urn:ogc:def:crs:EPSG::4490", "cgcs2000"),
        ("CGCS2000", "cgcs2000"), ("国家2000", "cgcs2000"), ("epsg:4490", "cgcs2000"),
        ("GCJ-02", "gcj02"), ("高德", "gcj02"), ("火星坐标系", "gcj02"), ("amap", "gcj02"),
        ("BD-09", "bd09"), ("百度", "bd09"), ("bd09ll", "bd09"), ("BD09MC", "bd09mc"),
        ("cgcs2000-gk3", "cgcs2000-gk3"), ("CGCS2000 3度带", "cgcs2000-gk3"),
        ("cgcs2000-gk3-105", "cgcs2000-gk3-105"), ("cgcs2000-gk6-105", "cgcs2000-gk6-105"),
        ("cgcs2000-gk3-35", "cgcs2000-gk3-zone35"), ("cgcs2000-gk3-zone35", "cgcs2000-gk3-zone35"),
        ("epsg:4513", "cgcs2000-gk3-zone25"), ("epsg:4533", "cgcs2000-gk3-zone45"),
        ("epsg:4534", "cgcs2000-gk3-75"), ("epsg:4554", "cgcs2000-gk3-135"),
        ("epsg:4491", "cgcs2000-gk6-zone13"), ("epsg:4501", "cgcs2000-gk6-zone23"),
        ("epsg:4502", "cgcs2000-gk6-75"), ("epsg:4512", "cgcs2000-gk6-135"),
        ("EPSG:32650", "epsg:32650"), ("epsg:6316", "epsg:6316"),
    ],
)  # fmt: skip
def test_every_usual_name_is_understood_and_its_own_name_too(text: str, name: str) -> None:
    datum = parse_datum(text)
    assert datum.name == name
    assert parse_datum(datum.name) == datum


@pytest.mark.parametrize(
    "text",
    ["xian80", "Xi'an 1980", "西安80坐标系", "beijing54", "北京54", "Beijing 1954",
     *(f"epsg:{code}" for code in (4610, 2327, 2348, 2349, 2390, 4214, 2401, 2442, 21413, 21423,
                                   21453, 21473, 4555, 4568, 4766))],
)  # fmt: skip
def test_old_datums_are_refused_because_a_silent_shift_would_remain(text: str) -> None:
    with pytest.raises(DatumError, match="local parameters") as refused:
        parse_datum(text)
    assert "surveying office" in refused.value.remedy
    assert "CGCS2000" in refused.value.remedy


def test_a_local_grid_is_refused_with_the_same_remedy() -> None:
    with pytest.raises(DatumError, match="local independent grid") as refused:
        parse_datum("某市独立坐标系")
    assert "seven parameters" in refused.value.remedy


@pytest.mark.parametrize("text", ["", "unknown", "未知", "foo", "epsg:999999", "4", "gk", "36"])
def test_the_unknown_is_refused_and_the_known_names_are_listed(text: str) -> None:
    with pytest.raises(DatumError) as refused:
        parse_datum(text)
    assert "gcj02" in refused.value.remedy or "CGCS2000" in refused.value.remedy


@pytest.mark.parametrize("text", ["cgcs2000-gk3-104", "cgcs2000-gk6-108", "cgcs2000-gk3-24",
                                  "cgcs2000-gk6-zone24", "cgcs2000-gk3-138"])  # fmt: skip
def test_a_zone_that_does_not_exist_is_refused(text: str) -> None:
    with pytest.raises(DatumError, match=r"no [36]-degree zone"):
        parse_datum(text)


@pytest.mark.parametrize("code", [4479, 5773])
def test_a_code_that_is_neither_degrees_nor_a_plane_is_refused(code: int) -> None:
    with pytest.raises(DatumError, match="neither degrees nor a plane"):
        parse_datum(f"epsg:{code}")


@given(st.text(max_size=40))
def test_any_text_is_a_datum_or_a_datum_error(text: str) -> None:
    try:
        datum = parse_datum(text)
    except DatumError:
        return
    assert parse_datum(datum.name) == datum


def test_platform_datums_carry_the_error_of_the_public_formula() -> None:
    assert parse_datum("gcj02").u_datum_m >= 1.5
    assert parse_datum("bd09").u_datum_m >= parse_datum("gcj02").u_datum_m
    assert parse_datum("bd09mc").u_datum_m == parse_datum("bd09").u_datum_m
    assert 0.0 < parse_datum("cgcs2000-gk3").u_datum_m < 1.0
    assert parse_datum("wgs84").u_datum_m == 0.0
    assert parse_datum("epsg:6316").u_datum_m > 0.0


def test_planes_and_meridians() -> None:
    assert [parse_datum(name).planar for name in ("wgs84", "gcj02", "bd09")] == [False] * 3
    assert all(parse_datum(name).planar for name in ("bd09mc", "cgcs2000-gk6", "epsg:32650"))
    assert gauss_kruger(3, 35).meridian == 105
    assert gauss_kruger(6, 18).meridian == 105
    assert gauss_kruger(3).meridian is None
