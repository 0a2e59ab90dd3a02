from __future__ import annotations

import pytest

from layers.sources import read_source
from layers.sources.declared import datum_of_columns, datum_of_crs, datum_of_text
from tests.layers.sources.conftest import Save


@pytest.mark.parametrize(
    ("text", "datum"),
    [
        ("坐标系：WGS84", "wgs84"),
        ("坐标采用WGS-1984坐标系", "wgs84"),
        ("GCJ-02（火星坐标）", "gcj02"),
        ("高德坐标系", "gcj02"),
        ("百度坐标", "bd09"),
        ("BD09MC", "bd09mc"),
        ("国家2000大地坐标系", "cgcs2000"),
        ("CGCS2000 3度带", "cgcs2000-gk3"),
        ("CGCS2000 三度分带，中央子午线105度", "cgcs2000-gk3-105"),
        ("2000国家大地坐标系，6度带", "cgcs2000-gk6"),
        ("西安80坐标系", "xian80"),
        ("北京54", "beijing54"),
        ("WGS84 转 GCJ02", None),
        ("某县烟草零售许可证一览表", None),
        ("共84户", None),
    ],
)
def test_a_sentence_names_a_datum_or_not(text: str, datum: str | None) -> None:
    assert datum_of_text(text) == datum


@pytest.mark.parametrize(
    ("columns", "datum"),
    [
        (["name", "lon_gcj02", "lat_gcj02"], "gcj02"),
        (["名称", "经度(WGS84)", "纬度(WGS84)"], "wgs84"),
        (["lng_bd09", "lat_bd09"], "bd09"),
        (["lon_gcj02", "lat_gcj02", "lon_wgs84", "lat_wgs84"], None),
        (["id", "name", "typecode", "location"], "gcj02"),
        (["uid", "name", "lat", "lng"], "bd09"),
        (["name", "lat", "lng"], None),
    ],
)
def test_columns_that_name_a_datum(columns: list[str], datum: str | None) -> None:
    found, note = datum_of_columns(columns)
    assert found == datum
    assert (note is None) == (columns == ["name", "lat", "lng"])


@pytest.mark.parametrize(
    ("crs", "datum"),
    [("EPSG:4326", "wgs84"), ("OGC:CRS84", "wgs84"), ("EPSG:4490", "epsg:4490"),
     ("EPSG:4214", "epsg:4214"), ("EPSG:32648", "epsg:32648"), ("", None), (None, None)],
)  # fmt: skip
def test_names_of_reference_systems(crs: str | None, datum: str | None) -> None:
    assert datum_of_crs(crs) == (datum, None)


def test_a_line_above_or_below_the_table_declares_the_datum(save: Save) -> None:
    body = "名称,经度,纬度\n甲店,105.1,26.1\n乙店,105.2,26.2\n"
    above = read_source(save("a.csv", "坐标系：CGCS2000,,\n" + body))
    below = read_source(save("b.csv", body + "注：坐标为高德坐标,,\n"))
    assert (above.datum, below.datum) == ("cgcs2000", "gcj02")
    assert any("a line beside the table" in note for note in above.notes)
