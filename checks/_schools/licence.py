"""The licence behind a finding: which of the classes of transition it falls into.

The distance verdict never depends on the licence; the class says how strong the lead is
and what to ask next. Dates are ISO text and compare as text.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from checks._rulebook.rule import TRANSITIONS
from checks._text import Text

CLASSES: dict[str, Text] = {
    "issued_after_rule": Text("规定施行后首次发证", "first issued after the rule came into force"),
    "renewed_after_rule": Text("规定施行后延续", "renewed after the rule came into force"),
    "cancelled_or_revoked_but_trading": Text(
        "许可证已注销或吊销，疑似仍在营业", "licence cancelled or revoked, seemingly still trading"
    ),
    "unlicensed": Text("登记册中查无此证", "not in the licence register"),
    "expired_but_trading": Text(
        "许可证已过期，疑似仍在营业", "licence expired, seemingly still trading"
    ),
    "licensed_no_dates": Text("有许可证但无发证日期", "licensed, but the dates are not known"),
    "not_checked": Text("未核对许可证", "licence not checked"),
    "within_old_term": Text(
        "规定施行前的许可证，尚在有效期内", "licence older than the rule, still inside its term"
    ),
    "school_younger_than_licence": Text(
        "学校（校门）晚于许可证设立", "the school or gate is younger than the licence"
    ),
    "not_trading": Text("资料显示已停止经营", "no longer trading according to the data"),
}
"""The classes, strongest lead first."""

STRENGTH: dict[str, int] = {name: rank for rank, name in enumerate(reversed(CLASSES))}
COLUMNS = ("licence_no", "licence_status", "first_issued", "last_renewed", "valid_to", "trading")
_ENDED_WORDS = {
    "cancelled": Text("注销", "cancelled"),
    "revoked": Text("吊销", "revoked"),
    "closed": Text("歇业", "closed"),
}
ENDED = tuple(_ENDED_WORDS)

_SAYS: dict[str, Text] = {
    "issued_after_rule": Text(
        "许可证首次发证 {first}，晚于规定施行日 {start}：发证是否符合规定需核查",
        "the licence was first issued on {first}, after the rule came into force on {start}: "
        "look into how it was granted",
    ),
    "renewed_after_rule": Text(
        "许可证首次发证 {first}，规定 {start} 施行后于 {renewed} 延续：延续是否符合规定需核查",
        "the licence of {first} was renewed on {renewed}, after the rule came into force on "
        "{start}: look into the renewal",
    ),
    "cancelled_or_revoked_but_trading": Text(
        "许可证状态为“{status}”：若现场仍在经营，属无证经营疑点",
        "the licence is recorded as {status}: if the shop still sells, it does so without one",
    ),
    "unlicensed": Text(
        "许可证登记册中没有与该店编号、信用代码、名称或地址一致的记录：需现场查验证照",
        "no record of the register has the shop's number, credit code, name or address: "
        "ask for the licence on site",
    ),
    "expired_but_trading": Text(
        "许可证有效期至 {end}，早于 {day}：若现场仍在经营，属无证经营疑点",
        "the licence ran out on {end}, before {day}: if the shop still sells, it does so "
        "without one",
    ),
    "licensed_no_dates": Text(
        "有许可证记录，但缺少发证或到期日期，不能与规定施行日比较",
        "there is a licence, but its dates are missing: it cannot be compared with the rule",
    ),
    "within_old_term": Text(
        "许可证首次发证 {first}，早于规定施行日 {start}，有效期至 {end}；{transition}：列入观察",
        "the licence of {first} is older than the rule of {start} and runs to {end}; "
        "{transition}: keep it on the watch list",
    ),
    "school_younger_than_licence": Text(
        "学校或校门 {opened} 启用，晚于首次发证 {first}：线索较弱",
        "the school or gate opened on {opened}, after the licence of {first}: a weaker lead",
    ),
    "not_trading": Text("资料显示该店已停止经营", "the data say the shop no longer trades"),
}
_NOT_CHECKED: dict[str, Text] = {
    "ambiguous": Text(
        "许可证登记册中有多条记录可能对应该店，未作认定",
        "several records of the register may belong to the shop; none was chosen",
    ),
    "future": Text(
        "许可证首次发证 {first}，晚于 {day}，当日状态不明",
        "the licence was first issued on {first}, after {day}: its state that day is unknown",
    ),
    "no_rule": Text(
        "没有现行规定的施行日可供比较",
        "there is no rule whose date the licence could be set against",
    ),
    "no_register": Text("没有许可证登记册，未核对", "there is no licence register to look into"),
}


def classify(shops: pd.DataFrame, *, on_date: str, register: bool) -> pd.Series:
    """The class of every row.

    `shops` has the columns `COLUMNS`, `licence_match`, `rule_from` (day the rule came into
    force), `transition` (of the rule) and `opened` (the later of school and gate); each may be
    missing. Where the rule lets old licences go on being renewed, a renewal is no lead.
    `register` says whether a register was looked into.
    """
    table = shops.astype(object).where(shops.notna(), None)
    first, renewed = _dates(table, "first_issued"), _dates(table, "last_renewed")
    end, start, opened = (_dates(table, name) for name in ("valid_to", "rule_from", "opened"))
    status = table["licence_status"]
    match = table["licence_match"]
    known = table[[name for name in COLUMNS if name != "trading"]].notna().any(axis=1)
    ended = status.isin(ENDED)
    expired = (_has(end) & (end < on_date)) | (status == "expired")
    has_rule, kept = _has(start), table["transition"] == "kept"
    tests: list[tuple[str, pd.Series]] = [
        ("not_trading", table["trading"] == False),  # noqa: E712 - missing is not False
        ("not_checked", match == "ambiguous"),
        ("unlicensed", (match == "none") & register),
        ("not_checked", ~known),
        ("not_checked", _has(first) & (first > on_date)),
        ("cancelled_or_revoked_but_trading", ended),
        ("expired_but_trading", expired),
        ("school_younger_than_licence", _has(first) & (opened > first)),
        ("not_checked", ~has_rule),
        ("issued_after_rule", _has(first) & (first >= start)),
        ("renewed_after_rule", _has(renewed) & (renewed >= start) & ~kept),
        ("within_old_term", _has(first) & _has(end)),
    ]
    names = np.select([test.to_numpy(bool) for _, test in tests],
                      [name for name, _ in tests], default="licensed_no_dates")  # fmt: skip
    return pd.Series(names, index=shops.index, dtype=object)


def says(name: str, row: Mapping[str, Any], on_date: str) -> Text:
    """The reason in words for one row of `classify` (`row` holds its columns)."""
    template = _NOT_CHECKED[_why_not(row, on_date)] if name == "not_checked" else _SAYS[name]
    return template.fill(
        first=row.get("first_issued") or Text("日期不详", "unknown date"),
        renewed=row.get("last_renewed"),
        end=row.get("valid_to") or Text("日期不详", "an unknown date"),
        start=row.get("rule_from"),
        opened=row.get("opened"),
        status=_ENDED_WORDS.get(str(row.get("licence_status"))),
        day=on_date,
        transition=TRANSITIONS[row.get("transition") or "not_stated"],
    )


def _why_not(row: Mapping[str, Any], on_date: str) -> str:
    if row.get("licence_match") == "ambiguous":
        return "ambiguous"
    if (row.get("first_issued") or "") > on_date:
        return "future"
    known = any(row.get(name) is not None for name in COLUMNS if name != "trading")
    return "no_rule" if known else "no_register"


def _dates(table: pd.DataFrame, name: str) -> pd.Series:
    """Dates as text; a missing one is the empty text, which is before every date."""
    return table[name].where(table[name].notna(), "").astype(str)


def _has(dates: pd.Series) -> pd.Series:
    return dates != ""
