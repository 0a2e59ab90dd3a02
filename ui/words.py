"""Words for what the checks say in codes: verdicts, methods, licence classes, days."""

from __future__ import annotations

from checks import VERDICT_WORDS, Finding, Rule
from checks._licence import CLASSES as LICENCE_CLASSES
from checks._rule import COMPARATORS, METHODS, ORIGIN_POINTS, ORIGINS, TARGET_POINTS, TRANSITIONS
from ui.texts import Texts

GLYPHS = {"inside": "●", "borderline": "◆", "undecided": "▲", "outside": "○"}
"""One shape per verdict, the same as on the map."""
OPEN_END = "9999-12-31"


def verdict_words(verdict: str, texts: Texts) -> str:
    """A verdict in words."""
    return VERDICT_WORDS[verdict].of(texts.lang)


def licence_word(name: str, texts: Texts) -> str:
    """A class of licence in words."""
    return LICENCE_CLASSES[name].of(texts.lang) if name in LICENCE_CLASSES else name


def method_words(finding: Finding, texts: Texts) -> str:
    """How the distance was measured, from where to where, and what counts as within."""
    rule = finding.in_force
    method = METHODS[finding.method].of(texts.lang) if finding.method in METHODS else finding.method
    return f"{method}：{_ends(rule, texts)}" if rule else method


def _ends(rule: Rule, texts: Texts) -> str:
    lang = texts.lang
    origin, target = ORIGINS[rule.origin].of(lang), TARGET_POINTS[rule.target_point].of(lang)
    point = ORIGIN_POINTS[rule.origin_point].of(lang)
    parts = (f"{origin}（{point}）→ {target}", COMPARATORS[rule.comparator].of(lang),
             TRANSITIONS[rule.transition].of(lang))  # fmt: skip
    return (
        "；".join(parts)
        if lang == "zh"
        else "; ".join(parts).replace("（", " (").replace("）", ")")
    )


def dates(start: str, end: str, texts: Texts) -> str:
    """The days a rule is in force."""
    if end >= OPEN_END:
        return texts("card.in_force_open", start=start)
    return texts("card.in_force", start=start, end=end)
