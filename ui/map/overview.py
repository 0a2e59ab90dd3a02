"""What the filters let through, at a glance: how many per check, verdict, state, score, age, township."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

import numpy as np

from checks import VERDICTS
from ui.docket.names import check_title, state_word
from ui.map.table import AGES, NO_LEAD, Marks
from ui.texts import Texts
from ui.words import GLYPHS

MOST = 8
"""Lines of a group; the rest is one line."""
_SCORES = (80, 70, 60, 50, 40, 0)
Line = tuple[str, int]


def overview(marks: Marks, rows: np.ndarray, today: str, words: Texts) -> str:
    """The overview as HTML."""
    groups = [
        ("verdict", _verdicts(marks, rows, words)),
        ("check", _named(marks.counts("check", rows), lambda one: check_title(one, words), words)),
        ("town", _named(marks.counts("town", rows), str, words)),
    ]  # fmt: skip
    states = marks.counts("state", rows)
    if set(states) - {NO_LEAD}:
        led = rows[(marks.frame["lead"].iloc[rows] != "").to_numpy(dtype=bool)]
        groups += [
            ("state", _named(states, lambda one: words("map.no_lead") if one == NO_LEAD else state_word(one, words), words)),
            ("score", _scores(marks.frame["score"].to_numpy()[led], words)),
            ("age", _ages(marks.days(today)[led], words)),
        ]  # fmt: skip
    told = "".join(_group(name, lines, words) for name, lines in groups if lines)
    return (f'<article class="y-card y-overview"><h2>{escape(words("map.glance.title", n=f"{len(rows):,}"))}</h2>'
            f'<p class="y-quiet">{escape(words("card.none_hint"))}</p>{told}</article>')  # fmt: skip


def _group(name: str, lines: Iterable[Line], words: Texts) -> str:
    shown = list(lines)
    most = max((count for _, count in shown), default=1) or 1
    rows = "".join(f'<li style="--share:{100 * count / most:.1f}%"><span{_look(label)}>{escape(label)}</span><b>{count:,}</b></li>'
                   for label, count in shown)  # fmt: skip
    return f'<section><h3>{escape(words("map.glance." + name))}</h3><ul class="y-bars">{rows}</ul></section>'


def _look(label: str) -> str:
    """The colour of the verdict whose glyph the line begins with."""
    found = next((name for name, glyph in GLYPHS.items() if label.startswith(glyph)), "")
    return f' class="{found}"' if found else ""


def _verdicts(marks: Marks, rows: np.ndarray, words: Texts) -> list[Line]:
    counts = marks.counts("verdict", rows)
    return [
        (f"{GLYPHS[one]} {words('verdict.' + one)}", counts[one])
        for one in VERDICTS
        if one in counts
    ]


def _named(counts: dict[str, int], name: object, words: Texts) -> list[Line]:
    lines = [(str(name(one)), count) for one, count in counts.items()]  # type: ignore[operator]
    rest = sum(count for _, count in lines[MOST:])
    return lines[:MOST] + ([(words("map.glance.rest", n=len(lines) - MOST), rest)] if rest else [])


def _scores(scores: np.ndarray, words: Texts) -> list[Line]:
    lines, above = [], np.inf
    for least in _SCORES:
        count = int(((scores >= least) & (scores < above)).sum())
        if count:
            label = words("leads.score_from", n=least) if np.isinf(above) else f"{least}–{above:g}"
            lines.append((label, count))
        above = least
    return lines


def _ages(days: np.ndarray, words: Texts) -> list[Line]:
    lines, before = [], -np.inf
    for age in AGES:
        limit = np.inf if age == AGES[-1] else float(age)
        count = int(((days > before) & (days <= limit)).sum())
        if count:
            lines.append((words(f"map.glance.ages.{age}"), count))
        before = limit
    return lines
