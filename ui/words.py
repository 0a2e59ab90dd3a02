"""Words for what the checks say in codes: verdicts, methods, licence classes, days."""

from __future__ import annotations

from checks import (
    CLOSURE_CLASSES,
    DOOR_CLASSES,
    LANE_CLASSES,
    LICENCE_CLASSES,
    METHOD_WORDS,
    ORIGIN_POINTS,
    ORIGINS,
    REGISTER_CLASSES,
    TARGET_POINTS,
    TRANSITIONS,
    VERDICT_WORDS,
    WASTE_CLASSES,
    Finding,
    Rule,
    Undecided,
)
from layers.measures import ErrorBand
from ui.texts import Texts

GLYPHS = {"inside": "●", "borderline": "◆", "undecided": "▲", "outside": "○"}
"""One shape per verdict, the same as on the map."""
SIGNS = {"<": "<", "<=": "≤", ">": ">", ">=": "≥"}
OPEN_END = "9999-12-31"


def verdict_words(record: Finding | Undecided, texts: Texts) -> str:
    """A verdict in words."""
    words = record.verdict_words if isinstance(record, Finding) else VERDICT_WORDS["undecided"]
    return words.of(texts.lang)


def licence_word(name: str, texts: Texts) -> str:
    """A class of licence in words."""
    words = LICENCE_CLASSES | REGISTER_CLASSES | DOOR_CLASSES | LANE_CLASSES
    words = words | WASTE_CLASSES | CLOSURE_CLASSES
    return words[name].of(texts.lang) if name in words else texts.word("record_class", name)


def method_words(finding: Finding, texts: Texts) -> str:
    """How the distance was measured, from where to where, and what becomes of old licences."""
    rule, lang = finding.in_force, texts.lang
    method = METHOD_WORDS[finding.method].of(lang)
    if rule is None or not rule.is_distance:
        return method
    ends = f"{_origin(rule, texts)} → {TARGET_POINTS[rule.target_point].of(lang)}"
    return texts("card.method_line", method=method, ends=ends,
                 transition=TRANSITIONS[rule.transition].of(lang))  # fmt: skip


def _origin(rule: Rule, texts: Texts) -> str:
    origin = ORIGINS[rule.origin].of(texts.lang)
    if rule.origin == "boundary":
        return origin
    return texts(
        "card.origin", origin=origin, point=ORIGIN_POINTS[rule.origin_point].of(texts.lang)
    )


def metres(value: float, texts: Texts, *, digits: int | None = 1) -> str:
    """Metres as every screen writes them: what was measured in tenths (widths with 2 digits), what
    somebody wrote, a limit or a radius, as he wrote it (`None`).
    """
    told = f"{value:,g}" if digits is None else f"{value:,.{digits}f}"
    return texts("list.metres", value=told)


def plus_minus(error: ErrorBand | None, texts: Texts) -> str:
    """An error band in short, e.g. `± 12.3 m`; nothing where there is none."""
    if error is None:
        return ""
    minus, plus = f"{error.minus:.1f}", f"{error.plus:.1f}"
    if minus == plus:
        return texts("card.plus_minus", value=plus)
    return texts("card.uneven", minus=minus, plus=plus)


def dates(start: str, end: str, texts: Texts) -> str:
    """The days a rule is in force."""
    if end >= OPEN_END:
        return texts("card.in_force_open", start=start)
    return texts("card.in_force", start=start, end=end)
