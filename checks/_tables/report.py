"""From lines to findings: one record per subject reported, with its texts."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from checks._records import Finding, Undecided, Verdict
from checks._rulebook.rule import Rule
from checks._tables.columns import FALSE, TRUE, UNKNOWN
from checks._tables.facts import Report, used
from checks._tables.gaps import FILL_IN, NO_KEY, UNCLEAR, why_unknown
from checks._tables.terms import Clause, LimitRef, Words, operands, terms
from checks._tables.text import fill, hits
from checks._text import Text
from layers.matching import reason_text

_NOT_FOUND = Text("所列条件均不成立", "none of the conditions holds")
_ASK = Text("登记中“{name}”可能为同一对象，须由人确认：若不是，{says}",
            "“{name}” of the register may be the same, a person decides; if it is not: {says}")  # fmt: skip
_WHY = Text("对应依据：{codes}", "taken for one holder by: {codes}")
_LOST = Text("登记中有{count}行没有对照用的编号：其中可能有本对象",
             "{count} rows of the register have no key to compare: this subject may be among them")  # fmt: skip


def report(seen: Report, *, all_subjects: bool) -> Iterator[Finding | Undecided]:
    """One record per subject looked at; those outside only where `all_subjects` is set."""
    clauses = seen.model.clauses
    plain = np.array([clause.verdict == "outside" for clause in clauses] + [True])  # -1: otherwise
    outside = plain[seen.line] & (seen.sure == TRUE)
    told = (seen.looked != FALSE) & (all_subjects | ~outside)
    for row in map(int, np.flatnonzero(told)):
        clause = clauses[seen.line[row]] if seen.line[row] >= 0 else None
        if seen.looked[row] == UNKNOWN or seen.sure[row] == UNKNOWN:
            yield _unknown(seen, row, clause)
        elif clause is not None and clause.verdict == "undecided" and seen.sure[row] == TRUE:
            yield _undecided(seen, row, "as_written", _says(seen, clause, row), FILL_IN)
        else:
            yield _finding(seen, row, clause)


def _unknown(seen: Report, row: int, clause: Clause | None) -> Undecided:
    where = seen.model.subject.where
    if seen.looked[row] == UNKNOWN and where is not None:
        reason, remedy, code = why_unknown(seen.model, where, seen.scene, row)
    elif seen.join is not None and seen.join.keyless[row]:
        reason, remedy, code = NO_KEY, FILL_IN, "no_key"
    elif clause is not None and clause.verdict == "undecided":
        reason, remedy, code = _says(seen, clause, row), FILL_IN, "as_written"
    elif clause is not None:
        reason, remedy, code = why_unknown(seen.model, clause.when, seen.scene, row)
    else:
        reason, remedy, code = UNCLEAR, FILL_IN, "value_missing"
    return _undecided(seen, row, code, reason, remedy)


def _undecided(seen: Report, row: int, code: str, reason: Text, remedy: Text) -> Undecided:
    return Undecided(
        seen.model.check.id, code, reason, remedy, seen.on_date,
        subject_id=seen.subjects.id(row), subject_name=seen.subjects.name(row),
        subject_theme=seen.model.subject.theme, geometry=seen.subjects.place(row),
        facts=seen.facts(row),
    )  # fmt: skip


def _finding(seen: Report, row: int, clause: Clause | None) -> Finding:
    model, asked = seen.model, bool(seen.sure[row] == FALSE)
    verdict: Verdict = "borderline" if asked else clause.verdict if clause else "outside"
    name = "ask" if asked else clause.name if clause else model.otherwise_class
    rule, other, register = _rule(seen, clause), seen.first(row), seen.register
    strength = len(model.clauses) - model.clauses.index(clause) if clause else 0
    there = other is not None and register is not None
    return Finding(
        check=model.check.id, title=model.check.title, rule=rule.id if rule else None,
        verdict=verdict, measured=None, limit=None, unit="", comparator=None, method=model.method,
        error_band=None, subject_id=seen.subjects.id(row), subject_name=seen.subjects.name(row),
        subject_theme=model.subject.theme,
        object_id=register.id(other) if there else None,  # type: ignore[union-attr, arg-type]
        object_name=register.name(other) if there else None,  # type: ignore[union-attr, arg-type]
        object_theme=model.register.theme if model.register else "", on_date=seen.on_date,
        reasons=tuple(_reasons(seen, row, clause, asked=asked)), layers=seen.refs,
        geometry=seen.subjects.place(row), facts=seen.facts(row), licence_class=name,
        strength=strength, in_force=rule,
    )  # fmt: skip


def _reasons(seen: Report, row: int, clause: Clause | None, *, asked: bool) -> Iterator[Text]:
    says = _says(seen, clause, row) if clause else _otherwise(seen, row)
    other, join = seen.first(row), seen.join
    if asked and other is not None and seen.register is not None:
        yield _ASK.fill(name=seen.register.name(other) or "—", says=says)
    else:
        yield says
    if other is not None and join is not None and join.links is not None:
        codes = join.links["reasons"].iloc[seen.places(row)[0]]
        yield _WHY.fill(codes=Text(reason_text(codes), reason_text(codes, "en")))
    if clause is None or clause.verdict == "outside":
        return
    if join is not None and join.lost and other is None:
        yield _LOST.fill(count=join.lost)
    if seen.age is not None:
        yield seen.age


def _says(seen: Report, clause: Clause, row: int) -> Text:
    found: list[str] = []
    for term in terms(clause.when):
        if isinstance(term, Words) and term.left.side == "subject":
            cell = seen.scene.subject.cells(term.left.name)[row]
            found += hits(cell, term.words, term.apart_from)
    return _filled(seen, clause.says, row, tuple(dict.fromkeys(found)))


def _otherwise(seen: Report, row: int) -> Text:
    return _filled(seen, seen.model.otherwise, row) if seen.model.otherwise else _NOT_FOUND


def _filled(seen: Report, text: Text, row: int, words: tuple[str, ...] = ()) -> Text:
    return fill(text, lambda name: seen.placeholder(name, row, words))


def _rule(seen: Report, clause: Clause | None) -> Rule | None:
    """The limit the line looks at, or else the first one in force that the model looks at."""
    asked = [*operands(clause.when)] if clause else []
    names = [one.name for one in (*asked, *used(seen.model)) if isinstance(one, LimitRef)]
    return next(filter(None, map(seen.scene.rule, names)), None)
