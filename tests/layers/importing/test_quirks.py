"""The quirks of real exports (domain notes 4.7), one by one, from file to layer."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import numpy as np
import openpyxl
import pytest

from layers.datum import from_wgs84
from layers.errors import ColumnError, DatumError
from layers.importing import Imported, import_file
from layers.layer import Layer
from layers.measures import geodesic_distance
from tests.layers.importing.tables import imported, shop, write_csv

LON, LAT = 105.4812, 26.2139


def the_layer(result: Imported) -> Layer:
    assert result.layer is not None
    return result.layer


def metres_off(result: Imported, lon: float = LON, lat: float = LAT) -> float:
    point = the_layer(result).frame.geometry.iloc[0]
    return float(np.max(geodesic_distance(point.x, point.y, lon, lat)))


def notes(result: Imported) -> set[str]:
    return {note.code for note in result.report.notes}


@pytest.mark.parametrize("encoding", ["gbk", "gb18030", "utf-8-sig", "utf-16"])
def test_chinese_encodings_are_read_and_named(tmp_path: Path, encoding: str) -> None:
    sign = "\t" if encoding == "utf-16" else ","
    path = write_csv(tmp_path / "店铺.csv", [shop(1), shop(2)], encoding, sign)
    result = import_file(path, "tobacco_retailer", datum="gcj02")
    assert the_layer(result).frame["name"].tolist() == ["东门1号烟酒店", "东门2号烟酒店"]
    assert result.report.encoding


def test_a_workbook_with_title_merged_cells_footer_and_float_codes(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["某县烟草零售户登记表"])
    sheet.merge_cells("A1:F1")
    sheet.append(["序号", "店铺名称", "许可证号", "乡镇", "经度", "纬度"])
    sheet.append([1, "甲店", 110108100123.0, "东镇", LON, LAT])
    sheet.append([2, "乙店", 110108100124.0, None, LON + 0.01, LAT])
    sheet.merge_cells("D3:D4")
    sheet.append(["制表人：张三", None, None, None, None, None])
    book.save(path := tmp_path / "登记表.xlsx")
    result = import_file(path, "tobacco_retailer", datum="wgs84")
    frame = the_layer(result).frame
    assert frame["name"].tolist() == ["甲店", "乙店"]
    assert frame["licence_no"].tolist() == ["110108100123", "110108100124"]
    assert frame["source_row"].tolist() == [3, 4]


def test_an_xls_that_is_a_web_page(tmp_path: Path) -> None:
    rows = "".join(f"<tr><td>店{n}</td><td>{LON + n}</td><td>{LAT}</td></tr>" for n in (0, 1))
    path = tmp_path / "导出.xls"
    path.write_text(
        f"<html><meta charset='utf-8'><table><tr><th>名称</th><th>经度</th><th>纬度</th></tr>{rows}</table></html>",
        encoding="utf-8",
    )
    assert len(the_layer(import_file(path, "bar", datum="wgs84"))) == 2


def test_codes_that_became_numbers() -> None:
    rows = [
        shop(1, 统一社会信用代码="9.1110000600037E+17"),
        shop(2, 统一社会信用代码="'91110000600037341L"),
    ]
    result = imported(rows, datum="wgs84")
    assert the_layer(result).frame["credit_code"].tolist()[1] == "91110000600037341L"
    (emptied,) = result.report.fields
    assert (emptied.row, emptied.field, emptied.code) == (2, "credit_code", "code_digits_lost")
    assert emptied.remedy


def test_lost_zeros_of_type_codes() -> None:
    result = imported([shop(1, typecode="61210"), shop(2, typecode="60200")], datum="gcj02")
    assert the_layer(result).frame["typecode"].tolist() == ["061210", "060200"]
    assert result.report.mended == {"typecode: code_zero_restored": 2}


def test_full_width_letters_and_invisible_signs_keep_the_raw_value() -> None:
    result = imported(
        [shop(1, 名称="Ｋ\u200bＴＶ（东门店）")], "entertainment_venue", datum="wgs84"
    )
    frame = the_layer(result).frame
    assert frame["name"].tolist() == ["KTV(东门店)"]
    assert frame["raw_name"].tolist() == ["Ｋ\u200bＴＶ（东门店）"]


def test_dates_of_every_kind_end_as_iso_with_the_raw_value_kept() -> None:
    typed = ["2023.5.1", "2023年5月", "45012", "长期", "至9999-12-31", "2023/5/1 00:00", "昨天"]
    rows = [shop(n, 有效期至=text) for n, text in enumerate(typed)]
    result = imported(rows, datum="wgs84")
    frame = the_layer(result).frame
    assert frame["valid_to"].tolist()[:6] == [
        "2023-05-01",
        "2023-05-31",
        "2023-03-27",
        "9999-12-31",
        "9999-12-31",
        "2023-05-01",
    ]
    assert frame["valid_to"].isna().tolist() == [False] * 6 + [True]
    assert frame["raw_valid_to"].tolist() == typed
    assert [(bad.row, bad.value_masked) for bad in result.report.fields] == [(8, "昨天")]
    assert result.report.rows_out == 7


@pytest.mark.parametrize(
    ("more", "note"),
    [
        ({"经度": str(LAT), "纬度": str(LON)}, "swapped"),
        ({"经度": "105481200", "纬度": "26213900"}, "micro_degrees"),
        ({"经度": "105°28′52.32″E", "纬度": "26°12′50.04″N"}, None),
        ({"经度": None, "纬度": None, "坐标": f"{LON},{LAT}"}, None),
        ({"经度": f"{LON}\u3000", "纬度": "２６.２１３９"}, None),
    ],
)
def test_degrees_of_every_kind(more: dict[str, str], note: str | None) -> None:
    row = {key: value for key, value in {**shop(1), **more}.items() if value is not None}
    result = imported([row], datum="wgs84")
    assert metres_off(result) < 0.01
    assert note is None or note in notes(result)


@pytest.mark.parametrize("crossed", [False, True])
@pytest.mark.parametrize("datum", ["cgcs2000-gk3", "cgcs2000-gk3-105", "cgcs2000-gk6", "bd09mc"])
def test_planes_with_x_to_the_north_and_zone_prefixes(datum: str, crossed: bool) -> None:
    x, y = from_wgs84(np.array([LON]), np.array([LAT]), datum)
    east, north = f"{x[0]:.4f}", f"{y[0]:.4f}"
    row = shop(1, 经度=north, 纬度=east) if crossed else shop(1, 经度=east, 纬度=north)
    result = imported([row], datum=datum)
    assert metres_off(result) < 0.01
    assert ("plane_swapped" in notes(result)) is crossed


def test_metres_declared_as_degrees_are_refused_with_the_remedy() -> None:
    with pytest.raises(DatumError, match="metres in a plane") as caught:
        imported([shop(1, 经度="35548083.1", 纬度="2900446.5")], datum="wgs84")
    assert "cgcs2000-gk3" in caught.value.remedy


def test_mixed_datums_row_by_row() -> None:
    lon, lat = from_wgs84(np.array([LON]), np.array([LAT]), "gcj02")
    baidu_lon, baidu_lat = from_wgs84(np.array([LON]), np.array([LAT]), "bd09")
    rows = [
        shop(1, 经度=repr(float(lon[0])), 纬度=repr(float(lat[0])), 坐标系="高德"),
        shop(2, 经度=repr(float(baidu_lon[0])), 纬度=repr(float(baidu_lat[0])), 坐标系="BD09"),
        shop(3, 经度=str(LON), 纬度=str(LAT), 坐标系="WGS84"),
        shop(4, 经度=str(LON), 纬度=str(LAT), 坐标系=""),
        shop(5, 经度=str(LON), 纬度=str(LAT), 坐标系="西安80"),
    ]
    result = imported([*rows, shop(6, 坐标系="gcj02")], datum_column="坐标系")
    frame = the_layer(result).frame
    points = frame.geometry.iloc[:3]
    assert float(np.max(geodesic_distance(points.x, points.y, LON, LAT))) < 0.01
    assert frame["unplaced_reason"].tolist()[3:5] == ["datum_unknown", "datum_unknown"]
    assert the_layer(result).provenance[0].datum == "bd09"  # the least exact of them
    assert "gcj02 2" in result.report.datum


def test_several_licences_of_one_shop_stay_apart() -> None:
    rows = [
        shop(1, 许可证号="1101", 有效期至="2020-01-01"),
        shop(1, 许可证号="1102", 有效期至="2025-01-01"),
    ]
    assert len(the_layer(imported(rows, datum="wgs84"))) == 2


def test_addresses_without_coordinates_are_kept_unplaced_and_counted() -> None:
    result = imported([shop(1), shop(2, 经度="", 纬度="")], datum="gcj02")
    layer = the_layer(result)
    assert (len(layer.placed), len(layer.unplaced), result.report.unplaced) == (1, 1, 1)
    assert result.report.unplaced_rows == {"no_coordinate": (3,)}


def test_a_geocode_to_a_village_gets_a_wide_error() -> None:
    rows = [
        shop(1, 匹配级别="村庄"),
        shop(2, 匹配级别="门牌号"),
        shop(3, 匹配级别="兴趣点"),
        shop(4, 匹配级别="道路"),
    ]
    frame = the_layer(imported(rows, datum="gcj02")).frame
    assert frame["u_source_m"].tolist() == [1000.0, 50.0, 15.0, 200.0]


def test_personal_columns_never_reach_the_layer(tmp_path: Path) -> None:
    rows = [shop(n, 负责人=name, 联系电话=f"1380013800{n}", 列9=f"1390013900{n}", 身份证号="360426199101010071")
            for n, name in enumerate(["王小明", "李雷"])]  # fmt: skip
    result = imported(rows, datum="gcj02")
    assert set(result.report.personal_columns) == {"负责人", "联系电话", "列9", "身份证号"}
    path = the_layer(result).write(tmp_path / "a.parquet")
    stored = gpd.read_parquet(path).drop(columns="geometry").astype(str).to_csv()
    assert not any(
        secret in stored
        for secret in ("王小明", "13800138000", "13900139000", "360426199101010071")
    )
    assert "联系电话 (telephone)" in result.report.text("en")
    assert "联系电话 (电话)" in result.report.text("zh")


def test_personal_columns_may_be_kept_masked() -> None:
    result = imported(
        [shop(1, 负责人="王小明", 联系电话="13800138000")], datum="gcj02", personal="mask"
    )
    frame = the_layer(result).frame
    assert frame["负责人"].tolist() == ["王**"]
    assert frame["联系电话"].tolist() == ["138****8000"]
    assert result.report.masked_columns == ("负责人", "联系电话")


def test_numbers_inside_names_and_addresses_are_masked_and_counted() -> None:
    result = imported([shop(1, 地址="人民路1号 电话13800138000")], datum="gcj02")
    frame = the_layer(result).frame
    assert frame["address"].tolist() == ["人民路1号 电话138****8000"]
    assert "13800138000" not in frame.drop(columns="geometry").astype(str).to_csv()
    assert any(note.code == "texts_masked" and note.count == 1 for note in result.report.notes)


def test_an_identity_number_among_codes_is_not_kept() -> None:
    person = "360426199101010071"
    rows = [
        shop(1, 许可证号="110108100123", 统一社会信用代码=person),
        shop(2, 许可证号=person, 统一社会信用代码=""),
        *(shop(n, 许可证号=f"11010810{n}", 统一社会信用代码="91110000600037341L") for n in (3, 4)),
    ]
    result = imported(rows, datum="gcj02")
    assert [(bad.row, bad.field, bad.code) for bad in result.report.fields] == [
        (2, "credit_code", "uscc_wrong"),
        (3, "licence_no", "code_personal"),
    ]
    told = the_layer(result).frame.drop(columns="geometry").astype(
        str
    ).to_csv() + result.report.text("zh")
    assert person not in told


def test_a_personal_column_cannot_be_mapped_by_mistake() -> None:
    rows = [shop(1, 经营者="王小明")]
    with pytest.raises(ColumnError, match="personal data") as caught:
        imported(rows, datum="gcj02", columns={"name": "经营者"})
    assert "--personal mask" in caught.value.remedy
    allowed = imported(rows, datum="gcj02", columns={"name": "经营者"}, not_personal=("经营者",))
    assert the_layer(allowed).frame["name"].tolist() == ["王小明"]


def test_further_columns_are_carried_only_on_request() -> None:
    rows = [shop(1, 备注="找13800138000", name="x")]
    assert "备注" not in the_layer(imported(rows, datum="gcj02", columns={"name": "名称"})).frame
    kept = imported(rows, datum="gcj02", columns={"name": "名称"}, keep_columns=("备注", "name"))
    frame = the_layer(kept).frame
    assert frame["备注"].tolist() == ["找138****8000"]
    assert frame["source_name"].tolist() == ["x"]


def test_amap_empty_lists_and_joined_codes(tmp_path: Path) -> None:
    row = {"id": "B0FFABCDE1", "name": "东门便利店(人民路店)", "type": "购物服务;便民商店/便利店;便民商店/便利店", "typecode": "060200|061210",
           "address": "[]", "location": f"{LON},{LAT}", "pname": "贵州省", "cityname": "六盘水市", "adname": "六枝特区", "parent": "[]", "tel": "[]"}  # fmt: skip
    result = import_file(write_csv(tmp_path / "poi.csv", [row]), "tobacco_retailer", datum="gcj02")
    frame = the_layer(result).frame
    assert frame["address"].isna().all()
    assert frame["u_source_m"].tolist() == [15.0]


def test_positions_of_zero_are_no_positions() -> None:
    result = imported([shop(1), shop(2, 经度="0", 纬度="0.0")], datum="gcj02")
    assert result.report.unplaced_rows == {"null_island": (3,)}


def test_one_row_outside_china_is_doubted_all_of_them_refused() -> None:
    far = {"经度": "-75.1", "纬度": "39.9"}
    result = imported([shop(1), shop(2), shop(3, **far)], datum="gcj02")
    assert result.report.unplaced_rows == {"outside_china": (4,)}
    with pytest.raises(DatumError, match="2 of 2"):
        imported([shop(1, **far), shop(2, **far)], datum="bd09")


def test_coarse_coordinates_widen_the_error() -> None:
    rows = [shop(n, 经度=f"105.{n:03d}", 纬度="26.213") for n in range(3)]
    result = imported(rows, datum="wgs84", position_kind="gps")
    assert (the_layer(result).frame["u_source_m"] > 70).all()
    assert "coarse" in notes(result)
