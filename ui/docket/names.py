"""Words for what leads hold in codes: checks, states, agencies, days, what changed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from checks import METHOD_WORDS, UNITS, catalogue
from leads.shell_steps import CHINA
from leads.states import STATE_WORDS
from leads.steps.workflow import load_workflow
from leads.yields import reason_words
from office.actors import MACHINE
from office.agencies import AgencyTable, agency_tables
from ui.texts import Texts
from ui.words import licence_word, metres

_LONGEST = 60


def check_title(check: str, words: Texts) -> str:
    """The check's title, or its id where the catalogue knows none."""
    entry = catalogue().get(check)
    return entry.check.title.of(words.lang) if entry else check


def state_word(state: str, words: Texts) -> str:
    """A state in words."""
    return STATE_WORDS[state].of(words.lang) if state in STATE_WORDS else state


def capital(text: str) -> str:
    """With a capital at the beginning, as labels and headings have it."""
    return text[:1].upper() + text[1:]


def agency_word(agency: str | None, words: Texts) -> str:
    """An agency's or procuratorate's name, or its id."""
    if not agency:
        return ""
    for table in agency_tables():
        found = table.find(agency)
        if found:
            return found.words.of(words.lang)
    return agency


def table_of(lead: Mapping[str, Any]) -> AgencyTable | None:
    """The table of the place a lead belongs to: that of its agency, else the one around it."""
    tables = list(agency_tables())
    mine = [one for one in tables if lead["agency"] and one.find(str(lead["agency"]))]
    mine += [one for one in tables if lead["admin_code"] and one.covers(str(lead["admin_code"]))]
    return mine[0] if mine else tables[0] if len(tables) == 1 else None


def deadline_word(kind: str, words: Texts) -> str:
    """A kind of deadline in words."""
    found = next((one.words for one in load_workflow().deadlines if one.id == kind), None)
    return found.of(words.lang) if found else kind


def reason_word(reason: str, words: Texts) -> str:
    """A reason: the words of a dismissal's code, else what a person wrote."""
    known = reason_words()
    return known[reason].of(words.lang) if reason in known else reason


def actor_word(name: str, words: Texts) -> str:
    """Who did it; the program is called what it is."""
    return words("role_name.machine") if name == MACHINE.name else name


def day_of(at: str) -> str:
    """China's day and minute of a moment in UTC."""
    try:
        return datetime.fromisoformat(at).astimezone(CHINA).strftime("%Y-%m-%d %H:%M")
    except ValueError:
        return at


def figure(value: float | None, unit: str | None, words: Texts, *, limit: bool = False) -> str:
    """A number with its unit: measured, or a limit as it was written."""
    if value is None:
        return "—"
    if unit in ("m", "metres"):
        return metres(value, words, digits=None if limit else 1 if unit == "m" else 2)
    name = UNITS[unit].of(words.lang) if unit in UNITS else unit or ""
    return f"{value:g} {name}".strip()


def what_words(what: Mapping[str, Any], words: Texts) -> list[str]:
    """What a run changed: the fields that differ, before → after."""
    lines = []
    for name, pair in what.items():
        label = words.word("leads.what", name.removeprefix("facts."))
        if isinstance(pair, list) and len(pair) == 2:
            before, after = (_value(name, one, words) for one in pair)
            lines.append(f"{label}：{before} → {after}" if words.lang == "zh" else f"{label}: {before} → {after}")  # fmt: skip
        else:
            lines.append(label)
    return lines


def _value(name: str, value: Any, words: Texts) -> str:  # noqa: ANN401 - JSON is anything
    if value is None or value == "":
        return "—"
    if name == "verdict":
        return words.word("verdict", str(value))
    if name == "licence_class":
        return licence_word(str(value), words)
    if name == "place" and isinstance(value, list):
        return ", ".join(f"{float(one):.5f}" for one in value)
    if isinstance(value, float):
        return f"{value:.1f}"
    if name == "method" and value in METHOD_WORDS:
        value = METHOD_WORDS[value].of(words.lang)
    elif isinstance(value, str):
        value = words.word(name.removeprefix("facts."), value)
    text = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
