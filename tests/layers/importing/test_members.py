from __future__ import annotations

from tests.layers.importing.tables import imported, raw_table, shop


def poi(name: str, typecode: str, kind: str = "") -> dict[str, object]:
    return {
        **shop(1),
        "名称": name,
        "typecode": typecode,
        "type": kind,
        "经度": "105.48",
        "纬度": f"26.{len(name)}{len(typecode)}1",
    }


def test_schools_of_an_amap_export() -> None:
    rows = [
        poi("甲小学", "141203"), poi("乙第一中学", "141202"), poi("丙丙幼儿园园", "141204"), poi("某某大学", "141201"),
        poi("甲小学(东门)", "991400"), poi("甲小学操场之内", "141207"), poi("某某英语培训中心", "141400"), poi("东门烟酒店的店", "061210"),
        poi("某某大学附属小学校", "141201"), poi("无码小学", ""),
    ]  # fmt: skip
    result = imported(rows, "school", datum="gcj02")
    assert result.layer is not None
    kept = dict(zip(result.layer.frame["name"], result.layer.frame["kind"], strict=True))
    assert kept == {
        "甲小学": "primary",
        "乙第一中学": "middle",
        "丙丙幼儿园园": "kindergarten",
        "无码小学": "primary",
    }
    assert result.report.set_aside == {
        "kind_university": (5, 10), "kind_gate": (6,), "kind_facility": (7,), "kind_training": (8,), "typecode_other": (9,),
    }  # fmt: skip
    everything = imported(rows, "school", datum="gcj02", members="all")
    assert everything.report.aside == 0
    assert everything.layer is not None
    assert set(everything.layer.frame["kind"]) >= {"university", "training", "unknown"}


def test_a_university_that_is_a_primary_school_by_name_stays() -> None:
    result = imported([poi("某某大学附属小学", "141201")], "school", datum="gcj02")
    assert result.layer is not None
    assert result.layer.frame["kind"].tolist() == ["primary"]


def test_shops_by_type_code_joined_codes_included() -> None:
    rows = [
        poi("a", "061210"),
        poi("bb", "060200"),
        poi("ccc", "050000|080304"),
        poi("dddd", "080304|061210"),
        poi("eeeee", ""),
    ]
    result = imported(rows, datum="gcj02")
    assert result.report.set_aside == {"typecode_other": (4,)}
    assert any(note.code == "proxy" and note.count == 1 for note in result.report.notes)
    assert imported(rows, "bar", datum="gcj02").report.rows_out == 3


def test_types_in_words_serve_where_there_is_no_code() -> None:
    rows = [shop(1, 类型="购物服务;专卖店;烟酒专卖店"), shop(2, 类型="购物服务;专卖店;茶叶店")]
    assert imported(rows, datum="gcj02").report.set_aside == {"category_other": (3,)}


def test_flat_words_of_a_register_filter_nothing() -> None:
    rows = [shop(1, 业态="便利店"), shop(2, 业态="食杂店"), shop(3, 业态="其他")]
    assert imported(rows, datum="gcj02").report.aside == 0


def test_business_scopes_decide_only_without_a_licence() -> None:
    scopes = [
        "零售卷烟",
        "烟花爆竹零售",
        "卷烟零售（限分支机构经营）",
        "食品（不含烟草）",
        "卷烟批发",
        "生产卷烟",
        "百货",
        "",
    ]
    rows = [
        {"企业名称": f"{n}店", "注册地址": f"{n}号", "经营范围": scope}
        for n, scope in enumerate(scopes)
    ]
    result = imported(rows)
    assert {code: len(at) for code, at in result.report.set_aside.items()} == {
        "scope_not_mentioned": 2, "scope_other_meaning": 1, "scope_branch_only": 1, "scope_excluded": 1,
        "scope_wholesale_only": 1, "scope_not_sold": 1,
    }  # fmt: skip
    assert "经营范围" in result.report.text("zh")
    licensed = imported([{**row, "许可证号": f"11010{n}"} for n, row in enumerate(rows)])
    assert licensed.report.aside == 0


def test_a_register_of_businesses_keeps_every_row() -> None:
    rows = [{"企业名称": "甲", "经营范围": "百货"}, {"企业名称": "乙", "经营范围": "卷烟"}]
    assert imported(rows, "business_registration").report.rows_out == 2


def test_a_school_nobody_can_tell_stays_as_unknown() -> None:
    table = raw_table([{"名称": "向阳", "经度": "105.1", "纬度": "26.1"}], datum="wgs84")
    result = imported(table, "school")
    assert result.layer is not None
    assert result.layer.frame["kind"].tolist() == ["unknown"]


def test_caterers_and_beauty_shops_of_a_map_export() -> None:
    rows = [
        poi("甲面馆", "050118"), poi("乙乙咖啡厅", "050500"), poi("丙丙丙烟酒", "061210"), poi("丁丁丁丁整形", "090201"),
        poi("戊戊戊戊戊美容", "071100"), poi("己己己己己己诊所", "090300"), poi("庚庚庚庚庚庚庚", "080304|050000"),
    ]  # fmt: skip
    caterers = imported(rows, "caterer", datum="gcj02")
    assert caterers.layer is not None
    assert caterers.layer.frame["name"].tolist() == ["甲面馆", "乙乙咖啡厅", "庚庚庚庚庚庚庚"]
    assert caterers.report.set_aside == {"typecode_other": (4, 5, 6, 7)}
    clinics = imported(rows, "aesthetic_clinic", datum="gcj02").layer
    assert clinics is not None
    assert clinics.frame["name"].tolist() == ["丁丁丁丁整形", "戊戊戊戊戊美容"]


def test_a_bar_in_a_convenience_shop_is_no_question_of_tobacco() -> None:
    result = imported([poi("甲", "060200|080304")], "bar", datum="gcj02")
    assert not any(note.code == "proxy" for note in result.report.notes)
