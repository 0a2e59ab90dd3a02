"""What a table model finds: every subject, the line of the verdicts that holds, and why."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from checks._gaps import missing_data
from checks._records import Finding, Undecided
from checks._rulebook.pack import Limits
from checks._tables.columns import FALSE, TRUE, UNKNOWN, Columns
from checks._tables.facts import Report
from checks._tables.gaps import missing_columns, said_by_nobody, theme_gap
from checks._tables.join import Join, join
from checks._tables.made import with_values
from checks._tables.report import report
from checks._tables.state import state_column
from checks._tables.terms import Clause, Model, Table
from checks._tables.truth import Scene, holds
from layers import LayerSet

OTHERWISE = -1
"""Position of the verdict `outside`, for subjects of whom no line says anything."""


@dataclass(frozen=True)
class Outcome:
    """Of every subject: whether it is looked at, and which line holds.

    `looked` is truth; `line` numbers the clause (-1: none); `sure` is 1 where the line holds
    for certain, 0 where it is not known, and -1 where only a match that a person must confirm
    decides. `scene` is the one the texts are filled from.
    """

    looked: np.ndarray
    line: np.ndarray
    sure: np.ndarray
    scene: Scene


def find_rows(
    model: Model, layers: LayerSet, limits: Limits, on_date: str, *, all_subjects: bool = False
) -> Iterator[Finding | Undecided]:
    """Findings and what stays undecided, in the order of the subjects.

    A missing theme or column leaves the whole check undecided; a subject without its key, or
    one of whom a condition cannot be known, stays undecided by itself.
    """
    themes = (model.subject.theme, *model.subject.also)
    there = [name for name in themes if len(layers.get(name, ()))]
    gaps = [
        *missing_data(model.check, layers, on_date, there),
        *missing_columns(model, layers, on_date),
    ]
    if gaps:
        yield from gaps
        return
    for name in there:
        one = replace(model, subject=replace(model.subject, theme=name))
        yield from _find_theme(one, layers, limits, on_date, all_subjects=all_subjects)
    for name in themes:
        if name not in there:
            yield theme_gap(model, name, on_date)


def _find_theme(
    model: Model, layers: LayerSet, limits: Limits, on_date: str, *, all_subjects: bool
) -> Iterator[Finding | Undecided]:
    """What the model finds of the subjects of one theme."""
    scene, joined = _scene(model, layers, limits, on_date)
    outcome = judge(model, scene, joined)
    yield from report(Report(model, layers, on_date, joined, outcome.scene, outcome.looked,
                             outcome.line, outcome.sure), all_subjects=all_subjects)  # fmt: skip


def _scene(
    model: Model, layers: LayerSet, limits: Limits, on_date: str
) -> tuple[Scene, Join | None]:
    subject = _columns(model.subject, layers, on_date)
    day = np.datetime64(on_date, "D")
    if model.register is None:
        return Scene(subject, None, None, limits, day), None
    register = _columns(model.register, layers, on_date)
    joined = join(model, layers, subject, register)
    return Scene(
        subject, register, joined.rows, limits, day, model.register.where, joined.links
    ), joined


def _columns(side: Table, layers: LayerSet, on_date: str) -> Columns:
    frame = layers[side.theme].frame
    state = state_column(frame, on_date) if "state" in side.columns else None
    made = {} if state is None else {"state": state}
    if "theme" in side.columns:
        made["theme"] = np.full(len(frame), side.theme, dtype=object)
    return Columns(frame, side.columns, made)


def judge(model: Model, scene: Scene, joined: Join | None) -> Outcome:
    """Which line holds for every subject, taking probable matches for unknown, true and false."""
    whole = with_values(model, scene)
    looked = _looked(model, whole)
    line, sure = _first(model.clauses, whole)
    if joined is None:
        return Outcome(looked, line, sure, whole)
    if not (joined.rows.sure == UNKNOWN).any():
        return Outcome(looked, line, np.where(joined.keyless, UNKNOWN, sure), whole)
    ways = [_first(model.clauses, with_values(model, replace(scene, joined=joined.rows.asked_as(truth))))
            for truth in (TRUE, FALSE)]  # fmt: skip
    settled = (ways[0][1] == TRUE) & (ways[1][1] == TRUE)
    alike = settled & (ways[0][0] == ways[1][0])
    open_ = (sure == UNKNOWN) & ~joined.keyless
    line = np.where(open_ & settled, ways[1][0], line)
    sure = np.where(open_ & alike, TRUE, np.where(open_ & settled, FALSE, sure))
    return Outcome(looked, line, np.where(joined.keyless, UNKNOWN, sure), whole)


def _looked(model: Model, scene: Scene) -> np.ndarray:
    where = model.subject.where
    if where is None:
        return np.full(len(scene.subject), TRUE, dtype=np.int8)
    return holds(where, scene)


def _first(clauses: tuple[Clause, ...], scene: Scene) -> tuple[np.ndarray, np.ndarray]:
    """The first line that is not refuted, and its truth; `OTHERWISE` and sure where none is left.

    Where that truth is unknown, a later line `undecided` that holds gives the words.
    """
    truths = np.array([holds(clause.when, scene) for clause in clauses])
    standing = truths != FALSE
    found = standing.any(axis=0)
    line = np.where(found, standing.argmax(axis=0), OTHERWISE)
    sure = np.where(found, truths[line, np.arange(truths.shape[1])], TRUE).astype(np.int8)
    return said_by_nobody(clauses, truths, line, sure), sure
