"""The themes as one table: what a layer may be about and which columns it must bring.

A check asks for a theme, never for a source. Every layer has `id` and `name`, a geometry
in WGS 84 longitude/latitude, `u_source_m` (position error of the row in metres) and
`source_row` (the row in the file it came from); the table below adds what is particular.
"""

from __future__ import annotations

import re

from layers.errors import LayerError
from layers.theme import COMMON, Column, Kind, Shape, Theme

__all__ = [
    "COMMON", "DIFFERENCE_CLASSES", "GATE_ROLES", "LICENCE_STATES", "RECORD", "SCHOOL_KINDS",
    "SHOP_THEMES", "THEMES", "Column", "Kind", "Shape", "Theme", "theme",
]  # fmt: skip

SCHOOL_KINDS = (
    "primary", "middle", "primary_middle", "special", "vocational", "specialised",
    "school", "kindergarten", "university", "training", "unknown",
)  # fmt: skip
"""`school` = a school in the sense of art. 130(2) whose kind the source does not tell."""

GATE_ROLES = ("main", "side", "back", "unknown")
LICENCE_STATES = ("valid", "suspended", "closed", "cancelled", "revoked", "expired", "unknown")

DIFFERENCE_CLASSES = (
    "only_in_register", "only_on_site", "probable_match", "attributes_differ", "moved",
    "several_at_one_address", "licence_not_in_force",
)  # fmt: skip
"""What a register laid beside reality may say of a row or a pair (after Osmose's classes)."""

_LICENCE = (
    Column("licence_no", "许可证号", "licence number", "code"),
    Column("licence_status", "许可证状态", "licence state", values=LICENCE_STATES),
    Column("first_issued", "首次发证日期", "first issued", "date"),
    Column("last_renewed", "最近延续日期", "last renewed", "date"),
    Column("valid_to", "有效期至", "valid to", "date"),
)
_SHOP = (
    Column("category", "类别", "category"),
    Column("typecode", "类别代码", "type code", "code"),
    Column("credit_code", "统一社会信用代码", "unified social credit code", "code"),
    Column("registered_name", "登记名称", "registered name"),
    Column("business_scope", "经营范围", "business scope"),
    Column("business_status", "登记状态", "registration state"),
    Column("opened", "成立日期", "opened", "date"),
    Column("trading", "是否在营", "trading", "flag"),
    *_LICENCE,
)


_AREA = (
    Column("area_m2", "面积", "area", "number", unit="m²"),
    Column("u_area_m2", "面积误差", "error of the area", "number", unit="m²"),
    Column("area_mu", "面积（亩）", "area in mu", "number", unit="mu"),
)
_SEEN = (
    Column("score", "得分", "score", "number"),
    Column("scene_id", "影像编号", "scene", "code"),
    Column("day", "影像日期", "day of the scene", "date"),
    Column("detector", "检测方法", "detector"),
    Column("why_zh", "理由", "reason in Chinese"),
    Column("why_en", "英文理由", "reason"),
    Column("confirmed", "人工确认", "confirmed by a person", "flag"),
)
"""What a detector says of a candidate; `confirmed` stays missing until a person decides."""
_CREDIT = Column("credit_code", "统一社会信用代码", "unified social credit code", "code")
_PLATFORM = Column("platform", "平台", "platform")


def _shop(name: str, zh: str, en: str, *more: Column) -> Theme:
    return Theme(name, zh, en, ("point", "polygon"), _SHOP + more, placed=False)


def _register(name: str, zh: str, en: str, *more: Column) -> Theme:
    """A register of licences or certificates: who may do what, where, until when."""
    return Theme(name, zh, en, ("point",), (_CREDIT, *_LICENCE, *more), placed=False)


def _ledger(name: str, zh: str, en: str, *more: Column) -> Theme:
    """What was due and paid, by project and payer; rows have no place of their own."""
    columns = (
        _CREDIT,
        Column("project_no", "项目编号", "project number", "code"),
        *more,
        Column("due", "应缴金额", "amount due", "number", unit="yuan"),
        Column("paid", "已缴金额", "amount paid", "number", unit="yuan"),
        Column("paid_on", "缴纳日期", "paid on", "date"),
    )
    return Theme(name, zh, en, ("point",), columns, placed=False)


THEMES: dict[str, Theme] = {
    theme.name: theme
    for theme in (
        Theme(
            "school", "学校与幼儿园", "schools and kindergartens", ("point", "polygon"),
            (
                Column("kind", "学校类别", "kind of school", required=True, values=SCHOOL_KINDS),
                Column("opened", "开办日期", "opened", "date"),
                Column("school_code", "学校标识码", "school code", "code"),
            ),
        ),
        Theme(
            "school_gate", "校门", "school gates", ("point", "line"),
            (
                Column("school_id", "学校编号", "school id", "code", required=True),
                Column("role", "校门类别", "role of the gate", values=GATE_ROLES),
                Column("in_use", "是否启用", "in use", "flag"),
                Column("opened", "启用日期", "opened", "date"),
            ),
        ),
        _shop("tobacco_retailer", "烟草零售点", "tobacco retailers"),
        _shop("ecig_retailer", "电子烟零售点", "e-cigarette retailers"),
        _shop("alcohol_retailer", "酒类零售点", "alcohol retailers"),
        _shop("lottery_outlet", "彩票销售点", "lottery outlets"),
        _shop("internet_cafe", "网吧", "internet cafés"),
        _shop("entertainment_venue", "娱乐场所", "entertainment venues"),
        _shop("bar", "酒吧", "bars"),
        _shop("hotel", "旅馆", "hotels"),
        _shop("business_registration", "市场主体登记", "business registrations"),
        _shop("caterer", "餐饮单位", "caterers", _PLATFORM),
        _shop("lodging_listing", "网约房与电竞房", "lodging and e-sports rooms on offer", _PLATFORM,
              Column("rooms", "房间数", "rooms", "number")),
        _shop("aesthetic_clinic", "医疗美容场所", "places offering medical aesthetics",
              Column("services", "服务项目", "services offered")),
        _shop("pharmacy_listing", "网上药店", "pharmacies on line", _PLATFORM,
              Column("products", "在售药品", "medicines on offer"),
              Column("product_class", "药品类别", "class of medicine")),
        _shop("meat_stall", "肉类摊位", "meat stalls", Column("market", "市场", "market")),
        _shop("water_machine", "自动售水机", "water vending machines",
              Column("filter_changed", "滤芯更换日期", "filter changed", "date")),
        _register("tobacco_licence", "烟草专卖零售许可证", "tobacco retail licences",
                  Column("business_items", "许可范围", "what may be sold")),
        _register("food_licence", "食品经营许可证", "food business licences",
                  Column("business_form", "主体业态", "form of business"),
                  Column("business_items", "经营项目", "items of business")),
        _register("lodging_licence", "旅馆业特种行业许可与网约房备案",
                  "lodging permits and filings", Column("rooms", "核准房间数", "rooms permitted", "number")),
        _register("medical_licence", "医疗机构执业许可证", "medical practice licences",
                  Column("subjects", "诊疗科目", "subjects of treatment"),
                  Column("inspected_to", "校验有效期至", "inspection valid to", "date")),
        _register("pharmacy_licence", "药品经营许可证", "pharmacy licences",
                  Column("business_scope", "经营范围", "scope of business"),
                  Column("online_permitted", "网络销售已报告", "on-line sale reported", "flag")),
        _register("site_certificate", "摊位与设备合格证明", "certificates of stalls and machines",
                  Column("certificate", "证明种类", "kind of certificate"),
                  Column("site_no", "摊位或设备编号", "number of the stall or machine", "code")),
        _register("school_permit", "办学许可证", "permits to run a school",
                  Column("ownership", "办学性质", "public or private", values=("public", "private", "unknown"))),
        Theme(
            "project", "生产建设项目", "construction projects", ("point", "polygon"),
            (
                _CREDIT,
                Column("project_no", "项目编号", "project number", "code"),
                Column("builder", "建设单位", "developer"),
                Column("contractor", "施工总承包单位", "main contractor"),
                Column("area_m2", "占地面积", "occupied land", "number", unit="m²"),
                Column("contract_yuan", "合同价", "contract price", "number", unit="yuan"),
                Column("started", "开工日期", "started", "date"),
                Column("finished", "完工日期", "finished", "date"),
            ),
            placed=False,
        ),
        _ledger("fee_ledger", "水土保持补偿费台账", "ledger of soil-and-water fees"),
        _ledger("deposit_ledger", "农民工工资保证金台账", "ledger of wage deposits",
                Column("guarantee", "保函", "bank guarantee"),
                Column("valid_to", "有效期至", "valid to", "date")),
        Theme(
            "register_difference", "登记与实际差异", "differences of register and reality",
            ("point", "line", "polygon"),
            (
                Column("difference_class", "差异类别", "class of difference", required=True,
                       values=DIFFERENCE_CLASSES),
                Column("register_id", "登记编号", "register row", "code"),
                Column("site_id", "现场编号", "row on site", "code"),
                Column("which", "不一致项", "attributes that differ"),
                Column("score", "相符概率", "probability of one holder", "number"),
                Column("metres", "相距", "distance", "number", unit="m"),
                Column("count", "数量", "count", "number"),
                Column("text_zh", "说明", "text in Chinese"),
                Column("text_en", "英文说明", "text in English"),
            ),
            placed=False, derived=True,
        ),
        Theme(
            "fire_lane", "消防车道", "fire lanes", ("polygon", "line"),
            (
                Column("width_m", "设计宽度", "design width", "number", unit="m"),
                Column("built", "建成日期", "built", "date"),
                Column("gates", "出入口", "gates"),
            ),
        ),
        Theme(
            "obstacle", "障碍物", "obstacles", ("polygon",),
            (
                Column("kind", "类别", "kind"),
                Column("height_m", "高度", "height", "number", unit="m"),
                Column("underside_m", "下方净高", "free height beneath it", "number", unit="m"),
                Column("u_outline_m", "轮廓误差", "error of the outline", "number", unit="m"),
                *_SEEN,
            ),
        ),
        Theme(
            "waste_candidate", "疑似固体废物", "waste candidates", ("polygon",),
            (Column("material", "材料", "material"), *_AREA, *_SEEN),
        ),
        Theme(
            "change_candidate", "疑似变化图斑", "change candidates", ("polygon",),
            (Column("kind", "类别", "kind"), Column("before", "前一日期", "earlier day", "date"), *_AREA, *_SEEN),
        ),
        Theme(
            "protection_zone", "保护范围", "protection zones", ("polygon",),
            (
                Column("class", "类别", "class"),
                Column("official", "是否官方划定", "drawn by the authority", "flag"),
                Column("document", "批准文件", "document"),
            ),
        ),
        Theme(
            "ignore_zone", "不检测区", "zones left out of searches", ("polygon",),
            (Column("reason", "原因", "reason"),),
        ),
        Theme(
            "land_parcel", "土地利用图斑", "land parcels", ("polygon",),
            (Column("class", "地类", "class of land"),),
        ),
        Theme(
            "closed_site", "已销号点位", "sites reported as put right", ("polygon",),
            (
                Column("problem", "问题类别", "kind of problem"),
                Column("closed", "整改完成日期", "reported as put right on", "date", required=True),
                Column("document", "整改文件", "document"),
            ),
        ),
        Theme(
            "scene_footprint", "影像覆盖范围", "what the scenes show", ("polygon",),
            (
                Column("scene_id", "影像编号", "scene", "code"),
                Column("day", "影像日期", "day of the scene", "date", required=True),
                Column("gsd_m", "地面分辨率", "ground size of a pixel", "number", unit="m"),
                Column("searched", "已检测内容", "what it was searched for"),
                Column("hidden", "遮挡情况", "what hides the ground"),
            ),
        ),
        Theme("township", "乡镇街道", "townships", ("polygon",)),
        Theme(
            "agency", "行政机关", "agencies", ("point",),
            (Column("duties", "职责", "duties"), Column("level", "级别", "level")), placed=False,
        ),
        Theme(
            "road", "道路", "roads", ("line",),
            (Column("class", "道路等级", "road class"), Column("bridge", "桥梁", "bridge", "flag")),
        ),
        Theme("building", "建筑物", "buildings", ("polygon",)),
        Theme("water", "水系", "water", ("polygon", "line"), (Column("class", "类别", "class"),)),
        Theme("green", "绿地", "green", ("polygon",), (Column("class", "类别", "class"),)),
        Theme("barrier", "障碍", "barriers", ("line", "point"), (Column("class", "类别", "class"),)),
        Theme("place", "地名", "place names", ("point",), (Column("class", "类别", "class"),)),
    )
}  # fmt: skip

SHOP_THEMES = tuple(name for name, theme in THEMES.items() if _SHOP[0] in theme.columns)


RECORD = "record/"
"""Prefix of open tables: `record/<name>` has the common columns and whatever its file brings."""
_RECORD_NAME = re.compile(r"record/[a-z][a-z0-9_]{0,39}")


def is_record(name: str) -> bool:
    """Whether a name is that of an open table."""
    return _RECORD_NAME.fullmatch(name) is not None


def theme(name: str) -> Theme:
    """The theme called `name`, or the open table `record/<name>`.

    Raises `LayerError` naming the known ones.
    """
    if is_record(name):
        table = name.removeprefix(RECORD)
        return Theme(name, f"表 {table}", f"table {table}", ("point",), placed=False)
    try:
        return THEMES[name]
    except KeyError:
        raise LayerError(
            f"there is no theme {name!r}", remedy=f"use one of {', '.join(THEMES)}", field="theme"
        ) from None
