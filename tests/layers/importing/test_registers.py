"""Headers and rows of the registers and listings that register checks need, as offices hand them over."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from layers.errors import ColumnError
from layers.importing import Manifest, import_file
from tests.layers.importing.tables import Row, imported


@pytest.mark.parametrize(
    ("theme", "row", "expected"),
    [
        (
            "food_licence",
            {"许可证编号": "'JY29901230000018", "经营者名称": "甲小吃店", "住所": "乙路3号", "经营场所": "乙路3号1层",
             "主体业态": "餐饮服务经营者", "经营项目": "热食类食品制售", "有效期至": "2028年5月1日"},
            {"id": "JY29901230000018", "name": "甲小吃店", "address": "乙路3号1层", "business_form": "餐饮服务经营者",
             "business_items": "热食类食品制售", "valid_to": "2028-05-01"},
        ),
        (
            "medical_licence",
            {"许可证编号": "PDY990123", "医疗机构名称": "甲诊所", "地址": "乙路3号", "诊疗科目": "医疗美容科；口腔科",
             "校验有效期至": "2027.3.31", "主要负责人": "王五"},
            {"name": "甲诊所", "subjects": "医疗美容科;口腔科", "inspected_to": "2027-03-31"},
        ),
        (
            "pharmacy_licence",
            {"许可证编号": "岭CB9901", "企业名称": "甲药店", "经营范围": "乙类非处方药", "网络销售已报告": "否"},
            {"name": "甲药店", "business_scope": "乙类非处方药", "online_permitted": False},
        ),
        (
            "caterer",
            {"门店编号": "YX1", "店铺名称": "甲面馆(乙路店)", "平台": "某平台", "店铺地址": "乙路3号", "公示许可证编号": "JY29901230000018"},
            {"id": "YX1", "platform": "某平台", "licence_no": "JY29901230000018"},
        ),
        (
            "lodging_listing",
            {"房源编号": "FY1", "房源名称": "甲民宿", "平台": "某平台", "房间数": "8间", "详细地址": "乙路3号"},
            {"id": "FY1", "name": "甲民宿", "rooms": 8.0, "address": "乙路3号"},
        ),
        (
            "lodging_licence",
            {"许可（备案）编号": "特旅99", "单位名称": "甲旅馆", "经营地址": "乙路3号", "核准房间数": "20间"},
            {"licence_no": "特旅99", "name": "甲旅馆", "rooms": 20.0},
        ),
        (
            "meat_stall",
            {"摊位编号": "GL-01", "摊位名称": "甲肉摊", "市场": "某市场"},
            {"id": "GL-01", "name": "甲肉摊", "market": "某市场"},
        ),
        (
            "site_certificate",
            {"证号": "检1", "经营单位": "甲肉摊", "摊位号": "GL-01", "证明种类": "动物检疫合格证明"},
            {"licence_no": "检1", "name": "甲肉摊", "site_no": "GL-01", "certificate": "动物检疫合格证明"},
        ),
        (
            "water_machine",
            {"设备编号": "SJ1", "设备名称": "售水机", "安装地址": "乙路3号", "滤芯更换日期": "2026年5月"},
            {"id": "SJ1", "address": "乙路3号", "filter_changed": "2026-05-01"},
        ),
        (
            "school_permit",
            {"办学许可证号": "教民99", "学校名称": "甲幼儿园", "园长": "王五", "办学有效期": "2028-08-19"},
            {"licence_no": "教民99", "name": "甲幼儿园"},
        ),
        (
            "project",
            {"项目编号": "990123-01", "项目名称": "甲项目", "建设单位": "甲公司", "施工总承包单位": "乙公司",
             "占地面积（亩）": "15", "合同价（万元）": "2,900", "开工日期": "2025.3.1", "竣工日期": ""},
            {"id": "990123-01", "name": "甲项目", "builder": "甲公司", "contractor": "乙公司",
             "area_m2": pytest.approx(10_000), "contract_yuan": 29e6, "started": "2025-03-01"},
        ),
        (
            "fee_ledger",
            {"项目编号": "990123-01", "应缴金额（元）": "90,400.00", "已缴金额（元）": "0", "缴纳日期": ""},
            {"project_no": "990123-01", "due": 90_400.0, "paid": 0.0},
        ),
        (
            "deposit_ledger",
            {"项目编号": "990123-01", "应存金额": "58万元", "已存金额": "12.5万", "保函": "保函99", "有效期至": "长期"},
            {"due": 580_000.0, "paid": 125_000.0, "guarantee": "保函99", "valid_to": "9999-12-31"},
        ),
    ],
)  # fmt: skip
def test_a_row_of_each_register(theme: str, row: Row, expected: dict[str, object]) -> None:
    layer = imported([row, {**row, next(iter(row)): "another"}], theme).layer
    assert layer is not None
    first = layer.frame.iloc[0]
    assert {name: first[name] for name in expected} == expected


def test_several_payments_of_a_project_stay_several_rows() -> None:
    rows = [{"项目编号": "990123-01", "已缴金额": paid} for paid in ("100", "250")]
    layer = imported(rows, "fee_ledger").layer
    assert layer is not None
    assert layer.frame["paid"].tolist() == [100.0, 250.0]
    assert layer.frame["id"].is_unique


def test_an_open_table_keeps_every_column_that_is_not_personal() -> None:
    rows = [{"编号": f"BJ{n}", "人员编号": f"RY{n}", "姓名": f"王{n}", "身份证号": "无", "补缴截止": "2012.12.31", "金额": "51,000"}
            for n in range(3)]  # fmt: skip
    found = imported(rows, "record/pension_payments")
    assert found.layer is not None
    frame = found.layer.frame
    assert found.layer.theme.name == "record/pension_payments"
    assert frame["id"].tolist() == ["BJ0", "BJ1", "BJ2"]
    assert frame["人员编号"].tolist() == ["RY0", "RY1", "RY2"]
    assert frame["补缴截止"].tolist() == ["2012.12.31"] * 3
    assert {"姓名", "身份证号"} & set(frame.columns) == set()
    assert set(found.report.dropped_columns) == {"姓名", "身份证号"}


def test_an_open_table_needs_no_column_of_its_own() -> None:
    rows = [{"人员编号": f"RY{n}", "救助日期": "2026-01-02"} for n in range(2)]
    layer = imported(rows, "record/aid_list").layer
    assert layer is not None
    assert layer.frame["人员编号"].tolist() == ["RY0", "RY1"]
    assert layer.frame["id"].is_unique


@pytest.mark.parametrize("name", ["record/", "record/A", "record/../x", "records/x"])
def test_a_name_that_is_no_open_table_is_refused(name: str) -> None:
    with pytest.raises(ColumnError, match="is not allowed"):
        Manifest().with_(theme=name)


def test_a_kind_of_thing_is_no_kind_of_school(tmp_path: Path) -> None:
    """Only of schools and gates the words decide; anywhere else a kind is kept as written."""
    ring = [[109.3, 27.6], [109.3001, 27.6], [109.3001, 27.6001], [109.3, 27.6]]
    one = {"type": "Feature", "properties": {"id": "o1", "kind": "car", "人工确认": "是"},
           "geometry": {"type": "Polygon", "coordinates": [ring]}}  # fmt: skip
    path = tmp_path / "drawn.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [one]}), encoding="utf-8")
    layer = import_file(path, "obstacle", manifest=Manifest(datum="wgs84")).layer
    assert layer is not None
    assert layer.frame[["kind", "confirmed"]].to_numpy().tolist() == [["car", True]]
