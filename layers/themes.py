"""The themes as one table: what a layer may be about and which columns it must bring.

A check asks for a theme, never for a source. Every layer has `id` and `name`, a geometry
in WGS 84 longitude/latitude, `u_source_m` (position error of the row in metres) and
`source_row` (the row in the file it came from); the table below adds what is particular.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from layers.errors import LayerError

Kind = Literal["text", "code", "date", "number", "flag"]
Shape = Literal["point", "line", "polygon"]


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a theme.

    `kind`: `text`; `code` (text whose zeros and letters matter); `date` (ISO text
    `YYYY-MM-DD`, open-ended = `9999-12-31`); `number`; `flag` (`True`/`False`/missing).
    """

    name: str
    zh: str
    en: str
    kind: Kind = "text"
    required: bool = False
    unit: str | None = None
    values: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Theme:
    """What a layer is about.

    `shapes` lists the geometry families allowed. `placed=False` marks a register whose
    rows may lack a position: they are kept, counted as unplaced, and never read as clear.
    `derived` marks what the program itself makes: no source is imported as such a theme.
    """

    name: str
    zh: str
    en: str
    shapes: tuple[Shape, ...]
    columns: tuple[Column, ...] = ()
    placed: bool = True
    derived: bool = False

    def column(self, name: str) -> Column:
        """The column called `name`; raises `LayerError` when the theme has none."""
        for column in self.all_columns:
            if column.name == name:
                return column
        known = ", ".join(column.name for column in self.all_columns)
        raise LayerError(
            f"theme {self.name} has no column {name}", remedy=f"use one of {known}", field=name
        )

    @property
    def all_columns(self) -> tuple[Column, ...]:
        """The common columns, then the theme's own."""
        return COMMON + self.columns


COMMON = (
    Column("id", "编号", "id", "code", required=True),
    Column("name", "名称", "name"),
    Column("address", "地址", "address"),
    Column("admin_code", "行政区划代码", "administrative code", "code"),
    Column("source_row", "原表行号", "row in the source", "number"),
    Column("u_source_m", "位置误差", "position error", "number", unit="m"),
)

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


def _shop(name: str, zh: str, en: str, *more: Column) -> Theme:
    return Theme(name, zh, en, ("point", "polygon"), _SHOP + more, placed=False)


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
        Theme(
            "tobacco_licence", "烟草专卖零售许可证", "tobacco retail licences", ("point",),
            (Column("credit_code", "统一社会信用代码", "unified social credit code", "code"), *_LICENCE),
            placed=False,
        ),
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


def theme(name: str) -> Theme:
    """The theme called `name`; raises `LayerError` naming the known ones."""
    try:
        return THEMES[name]
    except KeyError:
        raise LayerError(
            f"there is no theme {name!r}", remedy=f"use one of {', '.join(THEMES)}", field="theme"
        ) from None
