"""The history in words: every kind of event in Chinese and English, and what an event says of itself."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from checks import Text
from layers.errors import LeadError
from leads.states import STATE_WORDS
from leads.steps.look_back import RESULT_WORDS
from leads.steps.workflow import load_workflow
from office import Event

FILE = Path(__file__).resolve().parents[2] / "data" / "words" / "events.toml"
_ACTS = {
    "started": Text("开始", "started"), "met": Text("已完成", "met"), "late": Text("逾期完成", "met late"),
    "extended": Text("延长", "extended"), "stopped": Text("中止计算", "stopped"), "resumed": Text("恢复计算", "set going again"),
    "ended": Text("终止", "ended"), "cancelled": Text("取消", "cancelled"), "recounted": Text("重新计算", "counted again"),
    "planned": Text("已安排", "planned"),
}  # fmt: skip
_HOW = {
    "joined": Text("并入本院已有线索", "joined to a lead already here"), "back": Text("移回", "came back"),
    "asked_again": Text("本院曾搁置，需重新研判", "had been laid aside here, to be looked at again"),
    "refused": Text("对方退回", "refused"), "recalled": Text("已撤回", "called back"),
}  # fmt: skip
"""What became of a lead between two offices (`leads.exchange`)."""
_SHORT = 160


@cache
def event_kinds(path: Path = FILE) -> Mapping[str, Text]:
    """Words of every kind of event, by kind (`lead.moved`)."""
    table = tomllib.loads(path.read_text(encoding="utf-8"))
    return {f"{group}.{name}": Text(entry["zh"], entry["en"])
            for group, entries in table.items() for name, entry in entries.items()}  # fmt: skip


def event_words(kind: str) -> Text:
    """Words of a kind; one that an older or newer program wrote reads as it stands."""
    return event_kinds().get(kind, Text(kind, kind))


def event_line(event: Event) -> Text:
    """One event in words, with what it says of itself: the state, the person, the day, the note."""
    told: Mapping[str, Any] = json.loads(event.body)
    more = _more(event.kind, told, event.at[:10])
    name = event_words(event.kind)
    return Text(f"{name.zh}：{more.zh}", f"{name.en}: {more.en}") if more.zh or more.en else name


def _more(kind: str, told: Mapping[str, Any], day: str) -> Text:
    if kind == "lead.moved":
        return Text(" → ".join(_state(told.get(one)).zh for one in ("before", "to")),
                    " → ".join(_state(told.get(one)).en for one in ("before", "to")))  # fmt: skip
    if kind in ("lead.deadline", "lead.look_back"):
        days = [told.get("due_on"), *(one.get("due_on") for one in told.get("days") or ())]
        act = _ACTS.get(str(told.get("did")), _plain(told.get("did")))
        return _both(
            _deadline(told.get("deadline"), day),
            act,
            _plain(", ".join(str(one) for one in days if one)),
        )
    if kind in ("lead.reinspected", "lead.visited"):
        said = told.get("words") if kind == "lead.visited" else None
        result = Text(**said) if said else RESULT_WORDS.get(str(told.get("result")), _plain(""))
        return _both(result, _plain(told.get("note")))
    if "office_words" in told:
        return _between(told)
    named = (
        told.get(name)
        for name in ("text", "to", "agency", "receiver", "into", "why", "problem", "title")
    )
    return _both(
        *(_plain(one) for one in named if isinstance(one, str)), _plain(told.get("reason"))
    )


def _between(told: Mapping[str, Any]) -> Text:
    """What happened between two offices: the other one, its number for the lead, how, why."""
    office, number = told["office_words"], told.get("their_number")
    how = _HOW.get(str(told.get("how") or told.get("why")), _plain(""))
    theirs = Text(f"对方编号 {number}", f"their number {number}") if number else _plain("")
    name = Text(str(office["zh"])[:_SHORT], str(office["en"])[:_SHORT])
    return _both(name, theirs, how, _plain(told.get("reason")))


def _deadline(kind: object, day: str) -> Text:
    try:
        return load_workflow().deadline(str(kind), day).words if kind else _plain("")
    except LeadError:
        return _plain(kind)


def _state(state: object) -> Text:
    return STATE_WORDS.get(str(state), _plain(state))


def _plain(value: object) -> Text:
    words = "" if value is None else str(value)[:_SHORT]
    return Text(words, words)


def _both(*parts: Text) -> Text:
    kept = [one for one in parts if one.zh or one.en]
    return Text(" · ".join(one.zh for one in kept), " · ".join(one.en for one in kept))
