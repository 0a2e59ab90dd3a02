"""Words about fire lanes: classes, and why a finding says what it says."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from checks._rulebook.pack import Limits
from checks._rulebook.rule import Rule
from checks._text import Text

WIDTH, HEIGHT = "clear_width", "clear_height"
DEAD_END, TURNAROUND, WALL = "dead_end", "turnaround", "wall_distance"
LANE_LIMITS = (WIDTH, HEIGHT, DEAD_END, TURNAROUND, WALL)
"""Names of the limits of a fire lane."""

CLASSES: dict[str, Text] = {
    "lane_shut": Text("车道被堵死", "lane shut"),
    "lane_low": Text("上方物体使净高不足", "something hangs too low over the lane"),
    "lane_narrowed": Text("障碍物使净宽不足", "narrowed by what stands in it"),
    "lane_narrow_built": Text("车道本身净宽不足", "lane itself too narrow"),
    "lane_risk": Text("净宽不足的风险（建成日期不明或早于规范）", "risk: too narrow, built before the code or at an unknown date"),
    "lane_unconfirmed": Text("障碍物未经人工确认", "obstacles not confirmed by a person"),
    "lane_measure": Text("须现场测量", "measure on the ground"),
    "not_checked": Text("未核对", "not checked"),
    "lane_clear": Text("净宽足够", "wide enough"),
}  # fmt: skip
STRENGTH = {name: rank for rank, name in enumerate(reversed(CLASSES))}

_WIDTH = Text("净宽 {width_m:.2f} 米，误差区间 [{low_m:.2f}, {high_m:.2f}] 米：从一端到另一端能通过的最大宽度",
              "clear width {width_m:.2f} m, interval [{low_m:.2f}, {high_m:.2f}] m: the widest that gets from one end to the other")  # fmt: skip
_SHUT = Text("车道被完全堵死，误差区间 [{low_m:.2f}, {high_m:.2f}] 米",
             "the lane is shut, interval [{low_m:.2f}, {high_m:.2f}] m")  # fmt: skip
_BARE = Text("没有障碍物时净宽 {bare_m:.2f} 米", "without obstacles it would be {bare_m:.2f} m")
_CROSS = Text(
    "最窄横断面的最大空档 {cross_section_m:.2f} 米",
    "the narrowest cross-section leaves {cross_section_m:.2f} m",
)
_LIMIT = Text(
    "限值 {limit:g} 米，{counts}即构成线索", "the limit is {limit:g} m; {counts} makes a finding"
)
_COUNTS = {"<": Text("小于限值", "less"), "<=": Text("不大于限值", "that or less")}
_DOUBT = Text(
    "限值落在误差区间内：须现场测量", "the limit lies inside the interval: measure on the ground"
)
_UNCONFIRMED = Text("{count} 处障碍物未经人工确认：影像本身不能得出明确结论，最多列为临界",
                    "obstacles that no person has confirmed: {count}; imagery alone makes no clear finding")  # fmt: skip
_WITHOUT = Text(
    "只计已确认的障碍物时净宽 {sure_m:.2f} 米",
    "with the confirmed obstacles alone it is {sure_m:.2f} m",
)
_RISK_DATE = Text("建成日期不明：既有建筑按批准时的规范判断，尺寸不足先作风险提示，不作违反规范的结论",
                  "built at an unknown date: the code in force at approval decides; the figure is a risk, not a breach of it")  # fmt: skip
_RISK_OLD = Text("建成于 {built}，早于该规定：按批准时的规范判断，尺寸不足先作风险提示",
                 "built on {built}, before this text: the code in force at approval decides; a risk, not a breach")  # fmt: skip
_OCCUPIED = Text("占用、堵塞消防车通道与建成日期无关（消防法第28条）",
                 "occupying or blocking a lane does not depend on when it was built (Fire Protection Law art. 28)")  # fmt: skip
_GATES = {
    "drawn": Text("出入口由人工画定", "the gates were drawn"),
    "far_end": Text("只有一个出入口，为尽头式车道", "one gate: a dead end"),
    "derived": Text("出入口按车道最长中线的两端推定，请人工确认", "the gates were derived from the lane's ends: a person confirms them"),
}  # fmt: skip
_SEEN = Text(
    "障碍物见于 {days} 的影像或勘查：车辆等可能已移开",
    "obstacles seen on {days}: vehicles may have moved since",
)
_DRIVE = {
    True: Text("模拟行驶（{vehicle}，参数{known}）：能通过",
               "drive-through ({vehicle}, figures {known}): it gets through"),
    False: Text("模拟行驶（{vehicle}，参数{known}）：未找到不倒车即可通过的路线",
                "drive-through ({vehicle}, figures {known}): no way through was found without shunting"),
}  # fmt: skip
_KNOWN = {True: Text("已核实", "verified"), False: Text("未核实", "not verified")}
_ERRORS = Text("障碍物轮廓误差 ±{obstacle_m:.2f} 米，车道边线误差 ±{wall_m:.2f} 米{how}",
               "outlines are known to ±{obstacle_m:.2f} m, the lane's edge to ±{wall_m:.2f} m{how}")  # fmt: skip
_ASSUMED = Text(
    "（未注明的按实测第90百分位误差 0.75 米取）",
    " (where none is stated: 0.75 m, the measured 90th percentile)",
)
_NO_HEIGHT = Text(
    "净高未评定：影像看不到物体下方",
    "clear height not assessed: a picture from above does not see under things",
)
_HEIGHT_LOW = Text(
    "上方有物体，净高 {height_m:.2f} 米，低于 {limit:g} 米",
    "something hangs at {height_m:.2f} m, below {limit:g} m",
)
_HEIGHT_OK = Text(
    "上方物体下净高 {height_m:.2f} 米，按可从下方通过计",
    "things overhead leave {height_m:.2f} m and were passed under",
)
_TURN = Text("尽头式车道长 {length_m:.0f} 米，可容最大方形场地约 {square_m:.1f} 米，小于 {limit:g} 米：回车条件须核实",
             "a dead end of {length_m:.0f} m with room for a square of about {square_m:.1f} m, less than {limit:g} m: check the turnaround")  # fmt: skip
_WALL = Text(
    "车道边缘距建筑外墙 {building_m:.1f} 米，小于宜保持的 {limit:g} 米",
    "the lane's edge is {building_m:.1f} m from a wall; {limit:g} m is recommended",
)
_SLOPE = Text("坡度未评定", "slope not assessed")
_RULE = Text(
    "依据《{title}》{number}{article}{verified}", "under {title} {number}{article}{verified}"
)
_NO_RULE = Text("{why}：只给出净宽，不作结论", "{why}: the width is given, no verdict")

NO_OBSTACLES = Text(
    "没有障碍物图层：没有看过，不等于畅通",
    "there is no layer of obstacles: not looked at is not the same as clear",
)
GET_OBSTACLES = Text("由影像检出或人工勾画障碍物，经人工确认后导入为 obstacle 图层",
                     "detect or draw obstacles, confirm them, and import them as layer obstacle")  # fmt: skip
UNMEASURED = Text("车道无法测量：{problem}", "the lane cannot be measured: {problem}")
REDRAW = Text("按提示重画车道或出入口：{remedy}", "{remedy}")


def reasons(facts: Mapping[str, Any], limits: Limits) -> Iterator[Text]:
    """The reasons of one lane, from its facts and the limits in force."""
    yield (_SHUT if not facts["width_m"] else _WIDTH).fill(**facts)
    rule = limits.rules.get(WIDTH)
    if rule is None:
        yield _NO_RULE.fill(why=limits.none.get(WIDTH, Text("没有现行规定", "no rule in force")))
    else:
        yield _LIMIT.fill(limit=rule.value, counts=_COUNTS.get(rule.comparator, Text("", "")))
    yield from _how_narrow(facts)
    yield from _how_sure(facts)
    yield from _dates(facts, rule)
    yield from _beside(facts, limits)
    if rule is not None:
        yield _RULE.fill(
            title=rule.document.title, number=rule.document.number,
            article=Text(f"第{rule.article}条", f" art. {rule.article}") if rule.article else "",
            verified="" if rule.verified else Text("（未核实）", " (unverified)"),
        )  # fmt: skip


def _how_narrow(facts: Mapping[str, Any]) -> Iterator[Text]:
    if facts["bare_m"] > facts["width_m"]:
        yield _BARE.fill(**facts)
    if facts["cross_section_m"] is not None:
        yield _CROSS.fill(**facts)
    drive = facts.get("drive")
    if drive and drive["passes"] is not None:
        yield _DRIVE[drive["passes"]].fill(
            vehicle=Text(drive["zh"], drive["en"]), known=_KNOWN[drive["verified"]],
        )  # fmt: skip


def _how_sure(facts: Mapping[str, Any]) -> Iterator[Text]:
    if facts["doubt"]:
        yield _DOUBT
    if facts["unconfirmed"]:
        yield _UNCONFIRMED.fill(count=facts["unconfirmed"])
        yield _WITHOUT.fill(**facts)
    yield _ERRORS.fill(obstacle_m=facts["u_outline_m"], wall_m=facts["u_lane_m"],
                       how=_ASSUMED if facts["u_assumed"] else "")  # fmt: skip
    yield _GATES[facts["gates_known"]]
    if facts["seen_on"]:
        yield _SEEN.fill(days="、".join(facts["seen_on"]))


def _dates(facts: Mapping[str, Any], rule: Rule | None) -> Iterator[Text]:
    if rule is None or not facts["too_narrow"]:
        return
    if facts["built"] is None:
        yield _RISK_DATE
    elif facts["built"] < rule.in_force_from:
        yield _RISK_OLD.fill(**facts)
    if facts["narrowed"]:
        yield _OCCUPIED


def _beside(facts: Mapping[str, Any], limits: Limits) -> Iterator[Text]:
    """Height, turnaround, walls and slope: notes beside the width."""
    height, turn = limits.rules.get(HEIGHT), limits.rules.get(TURNAROUND)
    if facts["height_m"] is None:
        yield _NO_HEIGHT
    elif height is not None:
        low = facts["height_m"] < height.value
        yield (_HEIGHT_LOW if low else _HEIGHT_OK).fill(limit=height.value, **facts)
    if turn is not None and facts["no_turnaround"]:
        yield _TURN.fill(limit=turn.value, **facts)
    wall = limits.rules.get(WALL)
    if wall is not None and facts["building_m"] is not None and facts["building_m"] < wall.value:
        yield _WALL.fill(limit=wall.value, **facts)
    yield _SLOPE
