"""Words about many behind one door: classes and reasons."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from checks._rulebook.rule import UNITS, Rule
from checks._text import Text

CLASSES: dict[str, Text] = {
    "many": Text("一址多店", "many at one address"),
    "not_checked": Text("未核对", "not checked"),
    "food_court": Text("集中经营场所", "food court or shared kitchen"),
    "in_order": Text("未见异常", "in order"),
}
STRENGTH = {name: rank for rank, name in enumerate(reversed(CLASSES))}
_COUNTED = Text("该门址（{door}）有 {count} 家店", "{count} shops at this door ({door})")
_LISTED = Text("按平台店名合并后计数（共 {rows} 条上架记录）", "counted by name ({rows} listings in all)")  # fmt: skip
_COMPARED = Text(
    "限值 {limit:g} {unit}，{counts}即构成线索",
    "the limit is {limit:g} {unit}; {counts} makes a finding",
)
_COUNTS = {">": Text("超过限值", "more than that"), ">=": Text("达到限值", "that or more")}
_RULE = Text("依据《{title}》{number}{article}{verified}", "under {title} {number}{article}{verified}")  # fmt: skip
_HOUSE = Text(
    "地址只写到门牌，未写楼层和房号：是一个门面还是一栋楼须现场确认",
    "the address names neither floor nor unit: one door or a whole building, see on site",
)
_COURT = Text(
    "地址显示为美食城、共享厨房等集中经营场所：多户共用属正常",
    "the address is that of a food court or shared kitchen, where many lawfully trade",
)
_LICENCES = Text(
    "该门址登记有 {count} 张当日有效的食品经营许可证",
    "food licences in force at this door: {count}",
)
_NO_VERDICT = Text("{why}：只报数，不作结论", "{why}: the count is given, no verdict")
NO_DOOR = Text("地址没有可归并的门牌", "the address names no number to group by")
ADD = Text("补充门牌、楼层、房号后重新导入", "add number, floor and unit and import again")


def reasons(
    door: Mapping[str, Any], facts: Mapping[str, Any], rule: Rule | None, why: Text
) -> Iterator[Text]:
    """The reasons of one door: its count, the number it is held against, licences there."""
    yield _COUNTED.fill(door=facts["address"], count=door["count"])
    if door["rows"] > door["count"]:
        yield _LISTED.fill(rows=door["rows"])
    if door["court"]:
        yield _COURT
    elif rule is not None:
        yield _COMPARED.fill(
            limit=rule.value, unit=UNITS[rule.unit], counts=_COUNTS[rule.comparator]
        )
        if door["verdict"] == "borderline":
            yield _HOUSE
    elif door["verdict"] == "undecided":
        yield _NO_VERDICT.fill(why=why)
    if rule is not None:
        yield _RULE.fill(
            title=rule.document.title, number=rule.document.number,
            article=Text(f"第{rule.article}条", f" art. {rule.article}") if rule.article else "",
            verified="" if rule.verified else Text("（未核实）", " (unverified)"),
        )  # fmt: skip
    if "licences_at_door" in facts:
        yield _LICENCES.fill(count=facts["licences_at_door"])
