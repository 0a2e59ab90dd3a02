from __future__ import annotations

import pandas as pd
import pytest

from layers.errors import ColumnError
from layers.importing.columns import ColumnMap, fields_of, settle_columns
from layers.importing.headers import datum_in_header, score, words_by_field
from layers.themes import THEMES, theme


def settle(headers: str, about: str, **how: object) -> ColumnMap:
    frame = pd.DataFrame({h: [f"{h}-1", f"{h}-2"] for h in headers.split(",")}, dtype=object)
    return settle_columns(frame, theme(about), **how)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("headers", "about", "columns"),
    [
        ("序号,店铺名称,经营地址,经度,纬度,许可证号,有效期至", "tobacco_retailer",
         {"name": "店铺名称", "address": "经营地址", "lon": "经度", "lat": "纬度", "licence_no": "许可证号", "valid_to": "有效期至"}),
        ("许可证号,企业(字号)名称,经营场所,许可范围,有效期限,发证机关,首次发证日期,状态", "tobacco_licence",
         {"licence_no": "许可证号", "name": "企业(字号)名称", "address": "经营场所", "valid_to": "有效期限",
          "first_issued": "首次发证日期", "licence_status": "状态", "business_items": "许可范围"}),
        ("id,name,type,typecode,address,location,pname,cityname,adname", "tobacco_retailer",
         {"id": "id", "name": "name", "category": "type", "typecode": "typecode", "address": "address", "location": "location"}),
        ("uid,name,address,lng,lat,tag", "bar",
         {"id": "uid", "name": "name", "address": "address", "lon": "lng", "lat": "lat", "category": "tag"}),
        ("licence_no,trade_name,licence_type,expiration_date,street,lat,lon", "tobacco_retailer",
         {"licence_no": "licence_no", "name": "trade_name", "category": "licence_type", "valid_to": "expiration_date",
          "address": "street", "lon": "lon", "lat": "lat"}),
        ("企业名称,统一社会信用代码,注册日期,经营范围,注册地址", "tobacco_retailer",
         {"registered_name": "企业名称", "name": "企业名称", "credit_code": "统一社会信用代码", "opened": "注册日期",
          "business_scope": "经营范围", "address": "注册地址"}),
        ("学校标识码,学校名称,办学类型,地址,X坐标,Y坐标", "school",
         {"school_code": "学校标识码", "name": "学校名称", "kind": "办学类型", "address": "地址", "lon": "X坐标", "lat": "Y坐标"}),
        ("MC,DZ,JD,WD", "hotel", {"name": "MC", "address": "DZ", "lon": "JD", "lat": "WD"}),
        ("osm_id,name,highway,bridge", "road", {"id": "osm_id", "name": "name", "class": "highway", "bridge": "bridge"}),
    ],
)  # fmt: skip
def test_headers_of_many_origins(headers: str, about: str, columns: dict[str, str]) -> None:
    assert dict(settle(headers, about).columns) == columns


def test_a_word_inside_a_header_is_a_guess_and_said_so() -> None:
    found = settle("门店名称(全),lon_gcj02,lat_gcj02", "bar")
    assert found.columns["name"] == "门店名称(全)"
    assert set(found.guessed) == {"name", "lon", "lat"}
    assert found.datum == "gcj02"


def test_two_that_fit_as_well_are_refused_with_the_remedy() -> None:
    with pytest.raises(ColumnError) as caught:
        settle("名称,店名,经度,纬度", "bar")
    assert "名称, 店名" in caught.value.problem
    assert "--set name=名称" in caught.value.remedy


def test_two_of_equal_content_are_no_choice() -> None:
    frame = pd.DataFrame({"名称": ["a"], "店名": ["a"]}, dtype=object)
    assert settle_columns(frame, theme("bar")).columns["name"] == "名称"


def test_no_verdict_hangs_on_an_address() -> None:
    found = settle("名称,经营地址,店铺地址", "bar")
    assert found.columns["address"] == "经营地址"
    assert found.choices == {"address": ("店铺地址",)}


def test_coordinates_of_two_datums_are_never_chosen_silently() -> None:
    with pytest.raises(ColumnError, match="百度经度"):
        settle("名称,经度,纬度,百度经度,百度纬度", "bar")
    told = {"lon": "百度经度", "lat": "百度纬度"}
    found = settle("名称,经度,纬度,百度经度,百度纬度", "bar", told=told)
    assert found.datum == "bd09"


def test_what_the_user_says_wins_and_may_be_nothing() -> None:
    found = settle("名称,店名,地址", "bar", told={"name": "店名", "address": ""})
    assert dict(found.columns) == {"name": "店名"}


def test_headers_are_found_however_they_are_typed() -> None:
    assert settle("Ｎame ,x", "bar", told={"name": "NAME"}).columns["name"] == "Ｎame "


@pytest.mark.parametrize(
    ("told", "word"), [({"nme": "名称"}, "nme"), ({"name": "无此列"}, "无此列")]
)
def test_unknown_fields_and_columns_are_named(told: dict[str, str], word: str) -> None:
    with pytest.raises(ColumnError, match=word):
        settle("名称,地址", "bar", told=told)


def test_nothing_is_proposed_when_the_mapping_is_complete() -> None:
    found = settle("名称,地址", "bar", told={"name": "名称"}, propose=False)
    assert dict(found.columns) == {"name": "名称"}


def test_geometries_and_barred_columns_are_respected() -> None:
    found = settle("name,lon,lat,负责人", "bar", placed_by_geometry=True, barred=["负责人"])
    assert dict(found.columns) == {"name": "name"}


def test_half_a_pair_is_no_place() -> None:
    assert "lon" not in settle("名称,经度", "bar").columns


def test_every_field_has_words_and_every_word_a_field() -> None:
    asked = [about for about in THEMES.values() if not about.derived]
    fields = {name for about in asked for name in fields_of(about)}
    assert set(words_by_field()) == fields - {"source_row"}


@pytest.mark.parametrize(
    ("header", "datum"),
    [
        ("百度经度", "bd09"),
        ("gcj02_lng", "gcj02"),
        ("BD09MC_X", "bd09mc"),
        ("GPS经度", "wgs84"),
        ("高德坐标", "gcj02"),
        ("经度", None),
        ("along", None),
    ],
)
def test_headers_that_name_a_datum(header: str, datum: str | None) -> None:
    assert datum_in_header(header) == datum


@pytest.mark.parametrize("header", ["along", "latest", "platform", "colony", "名册"])
def test_words_inside_words_do_not_count(header: str) -> None:
    assert score(header, "lon") == score(header, "lat") == score(header, "name") == 0.0
