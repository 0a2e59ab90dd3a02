"""The history of a lead in words: who did what, when, with its number in the chain."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from html import escape
from typing import Any

from leads.exchange.foreign import ALTERED, WHOLE, Foreign, foreign_lines
from leads.steps.event_words import event_line
from leads.steps.event_words import event_words as kind_words
from office import Event
from ui.docket.names import agency_word, day_of, deadline_word, reason_word, state_word, what_words
from ui.texts import Texts

_QUIET = frozenset({"lead.grouped"})
_SHORT = 160
_Told = Mapping[str, Any]


def history(events: Iterable[Event], words: Texts) -> str:
    """Who did what when, the newest first, each with its number in the chain."""
    rows = [one for one in events if one.kind not in _QUIET]
    lines = "".join(
        f'<li><span class="y-when">{escape(day_of(one.at))}</span> <b>{escape(one.actor)}</b> '
        f'<span class="y-quiet">{escape(_roles(one.roles, words))}</span> {escape(event_words(one, words))}'
        f'<code title="{escape(one.hash)}">#{one.seq}</code></li>'
        for one in reversed(rows)
    )
    return (f'<details open><summary>{escape(words("leads.history"))}</summary><ul class="y-history">{lines}</ul>'
            f'<p class="y-quiet">{escape(words("leads.history_note"))}</p></details>')  # fmt: skip


def foreign(parts: Iterable[Foreign], words: Texts) -> str:
    """The histories a lead brought from other offices: theirs, signed, read-only."""
    return "".join(_foreign(one, words) for one in parts)


def _foreign(one: Foreign, words: Texts) -> str:
    lines = "".join(
        f'<li><span class="y-when">{escape(day_of(event.at))}</span> <b>{escape(event.actor)}</b> '
        f'<span class="y-quiet">{escape(_roles(event.roles, words))}</span> {escape(line.of(words.lang))}'
        f'<code title="{escape(event.hash)}">#{event.seq}</code></li>'
        for event, line in reversed(foreign_lines(one))
    )
    title = words("exchange.history", office=one.words.of(words.lang), number=one.number)
    state = (WHOLE if one.whole else ALTERED).of(words.lang)
    return (f'<details><summary>{escape(title)}</summary><ul class="y-history">{lines}</ul>'
            f'<p class="y-quiet">{escape(state)}</p></details>')  # fmt: skip


def event_words(event: Event, words: Texts) -> str:
    """One event in words: what was done, with what it names."""
    told: Mapping[str, Any] = json.loads(event.body)
    if "office_words" in told:  # between offices: said in one place for pages and shell
        return event_line(event).of(words.lang)
    code = event.kind.removeprefix("lead.")
    name = words.word("leads.event", code)
    name = kind_words(event.kind).of(words.lang) if name == code else name
    more = _told(event.kind, told, words)
    return f"{name}{'：' if words.lang == 'zh' else ': '}{more}" if more else name


def _told(kind: str, told: _Told, words: Texts) -> str:
    say = _SAY.get(kind)
    if say is not None:
        return say(told, words)
    for name in ("text", "to", "receiver", "into", "file"):
        if told.get(name):
            return " · ".join(str(one)[:_SHORT] for one in (told[name], told.get("reason")) if one)
    return ""


def _moved(told: _Told, words: Texts) -> str:
    fields = told.get("fields") or {}
    why = fields.get("reason") or fields.get("note")
    before, to = (state_word(str(told.get(name)), words) for name in ("before", "to"))
    return f"{before} → {to}" + (f" · {reason_word(str(why), words)[:_SHORT]}" if why else "")


def _deadline(told: _Told, words: Texts) -> str:
    name = deadline_word(str(told.get("deadline")), words)
    return f"{name} · {words.word('leads.did', str(told.get('did')))} · {told.get('due_on') or ''}"


def _changed(told: _Told, words: Texts) -> str:
    return "; ".join(what_words(told.get("what") or {}, words))[:_SHORT]


def _looked(told: _Told, words: Texts) -> str:
    said = (told.get("words") or {}).get(words.lang)
    return " · ".join(str(one) for one in (said, told.get("on"), told.get("note")) if one)


def _planned(told: _Told, words: Texts) -> str:
    days = ", ".join(str(one.get("due_on")) for one in told.get("days") or ())
    return f"{words.word('leads.did', str(told.get('did')))} {days}".strip()


def _routed(told: _Told, words: Texts) -> str:
    return " · ".join(
        one
        for one in (agency_word(told.get("agency"), words), str(told.get("reason") or ""))
        if one
    )


_SAY: Mapping[str, Callable[[_Told, Texts], str]] = {
    "lead.moved": _moved, "lead.deadline": _deadline, "lead.changed": _changed, "lead.back": _changed,
    "lead.vanished": _changed, "lead.reinspected": _looked, "lead.look_back": _planned, "lead.routed": _routed,
}  # fmt: skip


def _roles(roles: str, words: Texts) -> str:
    return ", ".join(words.word("role_name", one) for one in roles.split(","))
