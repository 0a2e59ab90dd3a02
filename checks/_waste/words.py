"""Words about waste near water: classes of findings and why they say what they say."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from checks._rulebook.rule import Rule
from checks._text import Text, same

CLASSES: dict[str, Text] = {
    "zone_1": Text("一级水源保护区内", "in a first-class zone"),
    "bank": Text("最高水位线以下", "below the highest water level"),
    "in_water": Text("水库水面范围内", "within the reservoir's water"),
    "zone_2": Text("二级水源保护区内", "in a second-class zone"),
    "water_zone": Text("水库管理、保护范围内", "within a reservoir's protected range"),
    "zone_quasi": Text("准保护区内", "in an outer zone"),
    "zone_other": Text("类别不明的保护范围内", "in a zone of unknown class"),
    "near_shore": Text("近岸（筛查）", "near the shore (screening)"),
    "away": Text("不在水库附近", "not near a reservoir"),
    "refuted": Text("人工核实不是固体废物", "a person saw that it is no waste"),
}
STRENGTH = {name: rank for rank, name in enumerate(reversed(CLASSES))}
_AREA = Text(
    "面积 {m2:.0f} 平方米（±{u:.0f}），合 {mu:.2f} 亩", "{m2:.0f} m² (±{u:.0f}), {mu:.2f} mu"
)
_AREA_ONLY = Text("面积 {m2:.0f} 平方米，合 {mu:.2f} 亩（误差未说明）", "{m2:.0f} m², {mu:.2f} mu (error not stated)")  # fmt: skip
_SHORE = Text("距{water}（{line}）{metres:.1f} 米（{low:.1f}–{high:.1f} 米），为最短大地线距离",
              "{metres:.1f} m ({low:.1f}–{high:.1f} m) from {water} ({line}), along the shortest geodesic")  # fmt: skip
_LINE = {False: Text("岸线", "its shore"), True: Text("最高水位线", "highest water line")}
_NO_SHORE = Text("{reach:.0f} 米内没有水库", "no reservoir within {reach:.0f} m")
_IN = Text("{m2:.0f} 平方米位于“{zone}”：{kind}", "{m2:.0f} m² of it lie in “{zone}” ({kind})")
_EDGE = Text("与“{zone}”（{kind}）边界的距离在误差之内", "the boundary of “{zone}” ({kind}) lies within the error")  # fmt: skip
_UNOFFICIAL = Text("该范围不是（或未写明是）官方划定：只作筛查",
                   "this zone is not, or not said to be, drawn by the authority: screening only")  # fmt: skip
_SCREENED = Text("筛查距离 {limit:g} 米（不是保护区界线）：{counts}即列为线索",
                 "the screening distance is {limit:g} m (no boundary of a zone): {counts} is listed")  # fmt: skip
_COUNTS = {"<=": Text("不超过该距离", "up to it"), "<": Text("小于该距离", "less than it")}
_RULE = Text("依据《{title}》{number}{article}{verified}", "under {title} {number}{article}{verified}")  # fmt: skip
_NO_RULE = Text("{why}：国家没有筛查距离，只给出距离，不作结论",
                "{why}: there is no national screening distance; the distance is given, no verdict")  # fmt: skip
_UNCONFIRMED = Text("由影像检测得出，尚未经人确认：最多为“疑似”",
                    "seen by a detector and confirmed by nobody yet: a person decides")  # fmt: skip
_CONFIRMED = Text("已由人在影像上确认为固体废物堆放", "a person confirmed on the picture that it is piled waste")  # fmt: skip
_REFUTED = Text("人工核实：不是固体废物", "a person looked: no waste")
_LAND = Text("占用{kind} {mu:.2f} 亩（{low:.2f}–{high:.2f} 亩）", "{mu:.2f} mu ({low:.2f}–{high:.2f}) of it on {kind}")  # fmt: skip
LAND_WORDS = {
    "basic_farmland": Text("永久基本农田", "permanent basic farmland"),
    "farmland": Text("其他耕地", "other farmland"),
    "red_line": Text("生态保护红线", "ground within the ecological red line"),
}
_CRIME = Text(
    "提示：{kind}的刑事数量界线为 {line:g} 亩（{document}{verified}），本处{state}；还须查明是否造成种植条件严重毁坏",
    "a hint: for {kind} the criminal line is {line:g} mu ({document}{verified}), this is {state}; whether the ground is lost to crops is to be found out",
)
STATES = {
    "below": Text("在界线以下", "below it"),
    "reached": Text("达到界线", "at or above it"),
    "doubtful": Text("误差范围跨越界线", "not to be told within the error"),
}
_BOTH = Text("发现之日与判断之日之间法律有变动：两个文本均列出", "the law changed between the day it was seen and the day judged: both texts are listed")  # fmt: skip
_OLD = Text("最后一次看见是 {day}：到场核实是否仍在", "last seen on {day}: see whether it is still there")  # fmt: skip


def reasons(told: Mapping[str, Any], rule: Rule | None, why: Text) -> Iterator[Text]:
    """The reasons of one candidate from its facts."""
    yield from _about(told)
    yield from _where(told)
    if told["class"] == "near_shore" or told["verdict"] == "undecided":
        yield from _screened(rule, why)
    for land in told["land"]:
        yield _LAND.fill(kind=LAND_WORDS[land["kind"]], mu=land["mu"], low=land["mu_low"], high=land["mu_high"])  # fmt: skip
    for hint in told["criminal"]:
        yield _CRIME.fill(
            kind=LAND_WORDS[hint["kind"]], line=hint["line_mu"], document=hint["document"],
            state=STATES[hint["state"]], verified=_unverified(verified=hint["verified"]),
        )  # fmt: skip
    if len({tuple(one["on"]) for one in told["basis"]}) > 1:
        yield _BOTH
    if told["day"]:
        yield _OLD.fill(day=told["day"])


def _about(told: Mapping[str, Any]) -> Iterator[Text]:
    yield {True: _CONFIRMED, False: _REFUTED, None: _UNCONFIRMED}[told["confirmed"]]
    if told["u_area_m2"] is None:
        yield _AREA_ONLY.fill(m2=told["area_m2"], mu=told["area_mu"])
    else:
        yield _AREA.fill(m2=told["area_m2"], u=told["u_area_m2"], mu=told["area_mu"])


def _where(told: Mapping[str, Any]) -> Iterator[Text]:
    for zone in told["zones"]:
        words = _IN if zone["sure"] else _EDGE
        yield words.fill(zone=zone["name"] or "—", kind=CLASSES[zone["kind"]], m2=zone["m2"])
        if not zone["official"]:
            yield _UNOFFICIAL
    if told["shore_m"] is None:
        yield _NO_SHORE.fill(reach=told["looked_m"])
    else:
        yield _SHORE.fill(
            water=told["water_name"] or Text("水库", "a reservoir"), line=_LINE[told["shore_is_high"]],
            metres=told["shore_m"], low=told["shore_low"], high=told["shore_high"],
        )  # fmt: skip


def _screened(rule: Rule | None, why: Text) -> Iterator[Text]:
    if rule is None:
        yield _NO_RULE.fill(why=why)
        return
    yield _SCREENED.fill(limit=rule.value, counts=_COUNTS[rule.comparator])
    yield _RULE.fill(
        title=rule.document.title, number=rule.document.number,
        article=Text(f"第{rule.article}条", f" art. {rule.article}") if rule.article else same(""),
        verified=_unverified(verified=rule.verified),
    )  # fmt: skip


def _unverified(*, verified: bool) -> Text:
    return same("") if verified else Text("（未核实）", " (unverified)")
