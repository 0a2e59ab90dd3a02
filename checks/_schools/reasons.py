"""Why a finding says what it says, in words a prosecutor can read aloud."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from checks._records import VERDICT_WORDS
from checks._rulebook.pack import WATCH
from checks._rulebook.rule import METHODS, ORIGINS, SCHOOL_CLASSES, Rule
from checks._text import Text, same
from layers.schools import NOTES

_UNNAMED = Text("未命名学校", "an unnamed school")
_FROM: dict[str, Text] = {
    "gate": Text("校门", "a gate"),
    "main_gate": Text("正门", "the main gate"),
    "boundary": Text("校园边界", "the campus boundary"),
    "point": Text("学校点位", "the school's point"),
}
_MEASURED = Text(
    "{method}：自{school}（{start}）量起 {metres:.1f} 米，测得区间 {low:.1f}–{high:.1f} 米",
    "{method}: {metres:.1f} m from {start} of {school}, between {low:.1f} and {high:.1f} m",
)
_COMPARED = Text(
    "限值 {limit:g} 米{written}，{counts}即构成线索：{verdict}",
    "the limit is {limit:g} m{written}; a distance {counts} makes a finding: {verdict}",
)
_COUNTS = {"<=": Text("不超过限值", "up to the limit"), "<": Text("小于限值", "below the limit")}
_RULE = Text("依据{document}{article}，自 {start} 起施行{verified}",
             "under {document}{article}, in force from {start}{verified}")  # fmt: skip
_ASSUMED = Text(
    "文件未写明、由规则包补定的内容：{fields}",
    "not stated in the document, filled in by the rule pack: {fields}",
)
_CROSSINGS = Text(
    "规定按符合交通规则的路径测量；此处按最短步行路径近似，守规过街可能更长",
    "the rule asks for a way by the traffic rules; the shortest walkable path stands for it, and "
    "lawful crossings may make it longer",
)
_NO_WAY = Text(
    "{reach:.0f} 米内没有可步行到达的路径（直线 {straight:.1f} 米，起点{school}）",
    "no walkable way within {reach:.0f} m ({straight:.1f} m in a straight line from {school})",
)
_OFF: dict[str, Text] = {
    "shop_off": Text("该店附近 100 米内没有可步行的道路，未能接到路网（距{school}直线 {straight:.1f} 米）",
                     "no walkable way within 100 m of the shop: it could not be put on the network "
                     "({straight:.1f} m from {school} in a straight line)"),
    "school_off": Text("{school}的校门附近没有可步行的道路，未能接到路网（直线 {straight:.1f} 米）",
                       "no walkable way near the gates of {school}: it could not be put on the "
                       "network ({straight:.1f} m in a straight line)"),
    "no_network": Text("没有步行路网，无法测量步行距离（距{school}直线 {straight:.1f} 米）",
                       "there is no walking network to measure the walk on ({straight:.1f} m from "
                       "{school} in a straight line)"),
}  # fmt: skip
_STRAIGHT_DECIDES = Text(
    "直线距离已超出限值，步行只会更远",
    "the straight line alone is beyond the limit, and a walk is no shorter",
)
_UNDECIDED = Text(
    "{why}：只给出距离，不作结论。需要：{needs}",
    "{why}: the distance is given, no verdict. Wanted: {needs}",
)
_NEEDS = Text(
    "规定的距离、起止点和测量方法", "the distance, the points and the method of a local rule"
)
_NEEDS_KIND = Text("该校的类别（小学、中学、幼儿园等）", "the kind of the school")
_WALK_TOO = Text("步行距离 {metres:.1f} 米", "{metres:.1f} m on foot")
_UNKNOWN_KIND = Text(
    "学校类别不明，不知适用哪一项规定", "the kind of school is unknown, and with it the rule"
)
_PERHAPS = Text(
    "资料只写“学校”，未写是否中小学",
    "the data say “school” only, not whether primary, middle or another",
)
_NOTHING_NEAR = Text(
    "{reach:.0f} 米（直线）内没有该类学校",
    "no school of the class within {reach:.0f} m in a straight line",
)
CANDIDATE = Text(
    "资料没有写明该店经营这类商品，只是可能经营的业态：先到现场确认",
    "the data do not say that this shop is in the trade, only that its kind may be: see on site first",
)


def reasons(row: Mapping[str, Any], rule: Rule | None, why_none: Text) -> Iterator[Text]:
    """The reasons for one deciding pair (a row of the pairs' table with names filled in)."""
    school = same(row["school_name"]) if row["school_name"] else _UNNAMED
    if row["state"] == "measured":
        yield _measured(row, rule, school)
    elif row["state"] == "no_way":
        yield _NO_WAY.fill(reach=row["reach"], straight=row["straight_m"], school=school)
    else:
        yield _OFF[row["state"]].fill(straight=row["straight_m"], school=school)
        if row["verdict"] == "outside":
            yield _STRAIGHT_DECIDES
    if rule is None:
        yield from _without_rule(row, why_none)
    else:
        yield _compared(row, rule)
        yield from _about_rule(row, rule)
    yield from (Text(*NOTES[code]) for code in row["notes"])


def _without_rule(row: Mapping[str, Any], why_none: Text) -> Iterator[Text]:
    if why_none is WATCH:
        yield WATCH
    elif row["school_kind"] == "unknown":
        yield _UNDECIDED.fill(why=_UNKNOWN_KIND, needs=_NEEDS_KIND)
    else:
        yield _UNDECIDED.fill(why=why_none, needs=_NEEDS)
    if row["walk_m"] is not None:
        yield _WALK_TOO.fill(metres=row["walk_m"])


def nothing_near(reach_m: float) -> Text:
    """The reason of a subject with no school within reach."""
    return _NOTHING_NEAR.fill(reach=reach_m)


def _measured(row: Mapping[str, Any], rule: Rule | None, school: Text) -> Text:
    return _MEASURED.fill(
        method=METHODS[rule.method if rule else "straight"], metres=row["metres"], school=school,
        low=row["low"], high=row["high"], start=_start(row),
    )  # fmt: skip


def _start(row: Mapping[str, Any]) -> Text:
    gate = row.get("gate_name")
    return same(gate) if gate else _FROM[row["kind"]]


def _compared(row: Mapping[str, Any], rule: Rule) -> Text:
    return _COMPARED.fill(
        limit=round(rule.limit_m, 2), counts=_COUNTS[rule.comparator],
        written="" if rule.unit == "m" else Text(f"（{rule.written}）", f" ({rule.written})"),
        verdict=VERDICT_WORDS[row["verdict"]],
    )  # fmt: skip


def _about_rule(row: Mapping[str, Any], rule: Rule) -> Iterator[Text]:
    title = " ".join(filter(None, (rule.document.title, rule.document.number)))
    yield _RULE.fill(
        document=Text(f"《{rule.document.title}》{rule.document.number}", title),
        article=Text(f"第{rule.article}条", f" art. {rule.article}") if rule.article else "",
        start=rule.in_force_from,
        verified="" if rule.verified else Text("（未核实）", " (unverified)"),
    )
    if rule.assumed:
        yield _ASSUMED.fill(fields=_fields(rule))
    if rule.method == "walk_legal_crossings" and row["state"] == "measured":
        yield _CROSSINGS
    if rule.school_class == "primary_middle" and row["school_kind"] == "school":
        yield _PERHAPS


_FIELD_WORDS: dict[str, Text] = {
    "comparator": Text("是否含限值", "whether the limit itself counts"),
    "method": Text("测量方法", "method"),
    "origin": Text("起点", "starting point"),
    "origin_point": Text("校门上的点", "point of the gate"),
    "target_point": Text("终点", "end point"),
    "school_class": Text("学校类别", "class of school"),
    "in_force_from": Text("施行日期", "day it came into force"),
    "in_force_to": Text("失效日期", "day it ended"),
    "transition": Text("过渡办法", "transition"),
}
_VALUE_WORDS = {"method": METHODS, "origin": ORIGINS}


def _fields(rule: Rule) -> Text:
    parts = []
    for name in rule.assumed:
        value = getattr(rule, name)
        words = _VALUE_WORDS.get(name, {}).get(value)
        if name == "school_class":
            words = SCHOOL_CLASSES[value][0]
        word, said = _FIELD_WORDS.get(name, same(name)), words or same(str(value))
        parts.append(Text(f"{word.zh}（{said.zh}）", f"{word.en} ({said.en})"))
    return Text("、".join(part.zh for part in parts), "; ".join(part.en for part in parts))
