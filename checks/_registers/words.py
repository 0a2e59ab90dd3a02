"""Words of the register family: classes, and why a finding says what it says."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from checks._text import Text, same
from layers import Layer
from layers.matching import reason_text

CLASSES: dict[str, Text] = {
    "none": Text("登记册中查无此户", "not in the register"),
    "revoked": Text("证照已吊销", "licence revoked"),
    "cancelled": Text("证照已注销", "licence cancelled"),
    "expired": Text("证照已过期", "licence expired"),
    "closed": Text("登记为歇业", "recorded as closed for good"),
    "suspended": Text("登记为停业", "recorded as suspended"),
    "not_yet": Text("证照当日尚未生效", "licence not yet issued that day"),
    "shared_licence": Text("一证多用", "one licence shown by several"),
    "item_missing": Text("证照不含该项目", "the licence lacks the item"),
    "mismatch": Text("证照不符", "the licence says something else"),
    "inspection_overdue": Text("校验逾期", "inspection overdue"),
    "ask": Text("疑似对应，需人工确认", "perhaps in the register: a person decides"),
    "not_checked": Text("未核对", "not checked"),
    "not_needed": Text("无需该证照", "no licence needed"),
    "in_force": Text("证照有效", "in force"),
}
"""What may be said of a subject and its licence, strongest lead first."""

STRENGTH: dict[str, int] = {name: rank for rank, name in enumerate(reversed(CLASSES))}
ENDED = ("revoked", "cancelled", "expired", "closed", "suspended", "not_yet")
STALE_DAYS = 365
"""A register older than this on the day is said to be old; no limit of law."""

DIFFERS = {
    "name_differs": "name", "branch_differs": "name", "number_differs": "address",
    "road_differs": "address", "unit_differs": "address", "credit_differs": "credit_code",
    "licence_differs": "licence_no", "far": "place",
}  # fmt: skip
"""Reason of a link → the attribute in which site and register differ."""

_NONE = Text("{what}：登记册（{rows} 条）中没有名称、地址、编号或位置相符的记录",
             "{what}: no record among {rows} of the register agrees in name, address, number or place")  # fmt: skip
_ENDED: dict[str, Text] = {
    "revoked": Text("{what}已吊销", "{what}: revoked"),
    "cancelled": Text("{what}已注销", "{what}: cancelled"),
    "expired": Text(
        "{what}有效期至 {end}，{day} 当日已过期", "{what}: ran out on {end}, before {day}"
    ),
    "closed": Text("{what}登记为歇业", "{what}: recorded as closed for good"),
    "suspended": Text("{what}登记为停业", "{what}: recorded as suspended"),
    "not_yet": Text(
        "{what}自 {start} 起有效，{day} 当日尚未生效", "{what}: issued on {start}, after {day}"
    ),
}
_STILL = Text("；若现场仍在经营，属无证经营疑点", "; if it still trades, it does so without one")
_FOUND = Text("{what}：登记册中有“{name}”{number}", "{what}: the register has “{name}”{number}")
_IN_FORCE = Text("，当日有效", ", in force that day")
_UNKNOWN = Text(
    "登记册没有写明状态和有效期，按有效处理",
    "the register states neither state nor term; taken as in force",
)
_ASK = Text(
    "{what}：登记册中“{name}”{number}可能为同一户（相符概率 {score:.2f}），需人工确认",
    "{what}: “{name}”{number} of the register may be the same holder (probability {score:.2f}): "
    "a person decides",
)
_WHY = Text("比对情况：{codes}", "compared: {codes}")
_MORE = Text("登记册中另有 {count} 条与其相连的记录", "{count} more records of the register are linked to it")  # fmt: skip
_DECIDED = Text("人工确认：{who}（{why}）", "a person decided: {who} ({why})")
_OLD = Text(
    "登记册截至 {day}，早于判断日 {days} 天：其后发证的可能未收录",
    "the register is of {day}, {days} days before the day judged: later licences may be missing",
)
_NEWER = Text(
    "登记册截至 {day}，晚于判断日：其间注销、变更的可能当日仍有效",
    "the register is of {day}, after the day judged: what ended between may have been in force then",
)
_AGELESS = Text(
    "登记册没有写明截至日期：可能不含近期发证",
    "the register does not say of which day it is: recent licences may be missing",
)
NAME_OFF = Text("名称与证照不一致", "the name is not that of the licence")
ADDRESS_OFF = Text("地址与证照不一致", "the address is not that of the licence")
SHARED = Text(
    "同一证号由 {count} 户使用，本户与证照所载不一致",
    "{count} traders show this licence number, and this one is not the one it names",
)
NOT_TRADING = Text("资料显示已停止经营", "no longer trading according to the data")
TOO_LITTLE = Text(
    "没有足够的名称、地址、编号或位置与登记册比对",
    "too little of name, address, number or place to look it up by",
)
ADD_FACTS = Text(
    "补充名称、地址、证照编号或坐标后重新导入",
    "add name, address, licence number or position and import again",
)
NO_REGISTER = Text(
    "没有“{what}”登记册：仅据其他登记册不能得出在册结论",
    "there is no register of {what}: nothing can be called in order without it",
)


def outcome_words(row: Mapping[str, Any], what: Text, on_date: str, rows: int) -> Iterator[Text]:
    """The reasons of one subject against one register (`row` is a row of `judge`'s table)."""
    name = row["licence_class"]
    if row["link"] < 0:
        yield TOO_LITTLE if row["verdict"] == "undecided" else _NONE.fill(what=what, rows=rows)
        return
    known = {"what": what, "name": row.get("register_name") or "—", "number": _number(row),
             "day": on_date, "score": row["score"], "end": _or_unknown(row.get("register_valid_to")),
             "start": _or_unknown(row.get("register_first_issued"))}  # fmt: skip
    if not row["sure"]:
        yield _ASK.fill(**known)
    elif name not in ENDED:
        good = name == "in_force" and row["state"] != "unknown"
        yield _join(_FOUND.fill(**known), _IN_FORCE if good else same(""))
    if row["state"] in ENDED:
        yield _join(_ENDED[row["state"]].fill(**known), _STILL)
    elif row["state"] == "unknown":
        yield _UNKNOWN
    yield from row["faults"]
    yield _WHY.fill(codes=Text(reason_text(row["reasons"]), reason_text(row["reasons"], "en")))
    if row["decided_by"]:
        yield _DECIDED.fill(who=row["decided_by"], why=row["decided_why"] or "—")
    if row["count"] > 1:
        yield _MORE.fill(count=row["count"] - 1)


def register_age(register: Layer, on_date: str) -> Text | None:
    """What to say of a register's own day: unknown, long before the day judged, or after it."""
    days = sorted({entry.state_of for entry in register.provenance if entry.state_of})
    if not days or any(not entry.state_of for entry in register.provenance):
        return _AGELESS
    try:
        between = (date.fromisoformat(on_date) - date.fromisoformat(days[0])).days
    except ValueError:
        return _AGELESS
    if between > STALE_DAYS:
        return _OLD.fill(day=days[0], days=between)
    return _NEWER.fill(day=days[-1]) if days[-1] > on_date else None


def _number(row: Mapping[str, Any]) -> Text:
    number = row.get("register_licence_no") or row.get("register_credit_code")
    return Text(f"（{number}）", f" ({number})") if number else same("")


def _or_unknown(value: object) -> Text:
    return same(str(value)) if value else Text("日期不详", "an unknown date")


def _join(one: Text, other: Text) -> Text:
    return Text(one.zh + other.zh, one.en + other.en)
