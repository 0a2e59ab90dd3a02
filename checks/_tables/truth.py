"""Whether conditions hold, for all rows at once, in three values: yes, no, not known.

What is missing makes a comparison unknown, never false: nothing comes out clear because a
cell was empty.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from checks._rulebook.pack import Limits
from checks._rulebook.rule import Rule
from checks._tables.columns import FALSE, TRUE, UNKNOWN, Columns, missing, text_keys
from checks._tables.terms import (
    MATCH_COLUMNS,
    All,
    AnyOf,
    Compare,
    Condition,
    Constant,
    Day,
    InForce,
    LimitRef,
    Missing,
    Not,
    Operand,
    Ref,
    Some,
    Words,
)
from checks._tables.text import without
from checks._words import has_word
from layers.errors import RuleError
from layers.themes import Kind

_FLIPPED = {"below": "<", "at_most": "<", "above": ">", "at_least": ">", "older_than_days": ">"}


@dataclass(frozen=True)
class Joined:
    """Joined rows, ordered by subject: positions in both sides, and whether each is sure.

    `sure` is 1 for a join by keys or a match in the zone `same`, 0 for one a person is asked
    about. `start` has (n + 1,) offsets: the rows of subject k are start[k] … start[k + 1].
    """

    subject: np.ndarray
    register: np.ndarray
    sure: np.ndarray
    start: np.ndarray

    def asked_as(self, truth: np.int8) -> Joined:
        """The same rows with those a person is asked about taken for true or for false."""
        return replace(self, sure=np.where(self.sure == UNKNOWN, truth, self.sure).astype(np.int8))


@dataclass(frozen=True)
class Scene:
    """All that a condition may look at."""

    subject: Columns
    register: Columns | None
    joined: Joined | None
    limits: Limits
    day: np.datetime64
    kept: Condition | None = None
    """Which rows of the register are looked at."""
    links: pd.DataFrame | None = None
    """What a matching says of the joined rows: `score`, `reasons`, `metres`."""

    def rule(self, name: str) -> Rule | None:
        """The limit called `name`, if one is in force."""
        return self.limits.rules.get(name)


def holds(condition: Condition, scene: Scene, *, joined: bool = False) -> np.ndarray:
    """(n,) truth (1 yes, 0 not known, -1 no) over the subjects, or over the joined rows."""
    truth: np.ndarray
    match condition:
        case All(parts):
            truth = np.minimum.reduce([holds(part, scene, joined=joined) for part in parts])
        case AnyOf(parts):
            truth = np.maximum.reduce([holds(part, scene, joined=joined) for part in parts])
        case Not(part):
            truth = -holds(part, scene, joined=joined)
        case Some(where):
            truth = _some(where, scene)
        case Missing(left, empty):
            truth = _truth(missing(cells(left, scene, joined=joined)) == empty)
        case Words(left, words, apart):
            texts = cells(left, scene, joined=joined)
            truth = _truth(has_word(without(texts, apart), words), missing(texts))
        case InForce(limit, wanted):
            size = len(scene.joined.subject) if joined and scene.joined else len(scene.subject)
            truth = np.full(size, TRUE if (scene.rule(limit.name) is not None) == wanted else FALSE)
        case Compare():
            truth = _compare(condition, scene, joined=joined)
    return truth


def members(where: Condition | None, scene: Scene) -> np.ndarray:
    """(p,) truth over the joined rows: joined, looked at, and `where` holds."""
    if scene.joined is None:
        return np.zeros(0, dtype=np.int8)
    truth = scene.joined.sure
    for condition in (scene.kept, where):
        if condition is not None:
            truth = np.minimum(truth, holds(condition, scene, joined=True))
    return truth


def cells(ref: Ref, scene: Scene, *, joined: bool) -> np.ndarray:
    """The cells of a column over the subjects, or over the joined rows."""
    if ref.side == "register" and ref.name in MATCH_COLUMNS:
        return _link(ref.name, scene)
    side = scene.register if ref.side == "register" else scene.subject
    return _spread((side or scene.subject).cells(ref.name), ref, scene, joined=joined)


def limit_value(rule: Rule) -> float:
    """The number of a limit; a percentage as a share of one."""
    return rule.value / 100.0 if rule.unit == "percent" else rule.value


def numbers(operand: Operand, scene: Scene, size: int, *, joined: bool = False) -> np.ndarray:
    """(size,) numbers or dates of an operand; missing where a limit is not in force."""
    match operand:
        case Ref():
            return cells(operand, scene, joined=joined)
        case LimitRef(name):
            rule = scene.rule(name)
            return np.full(size, np.nan if rule is None else limit_value(rule))
        case Day(shift):
            return np.full(size, scene.day + np.timedelta64(shift, "D"))
        case Constant(values, "date"):
            return np.full(size, np.datetime64(str(values[0]), "D"))
        case Constant(values):
            return np.full(size, float(values[0]))


def _link(name: str, scene: Scene) -> np.ndarray:
    """One column of what the matching says, by joined row."""
    if scene.links is None:
        return np.zeros(0)
    column = scene.links[name.removeprefix("match_")]
    return (column.map(" ".join) if name == "match_reasons" else column).to_numpy()


def _spread(whole: np.ndarray, ref: Ref, scene: Scene, *, joined: bool) -> np.ndarray:
    if not joined or scene.joined is None:
        return whole
    rows = scene.joined.register if ref.side == "register" else scene.joined.subject
    found: np.ndarray = whole[rows]
    return found


def _some(where: Condition | None, scene: Scene) -> np.ndarray:
    found = np.full(len(scene.subject), FALSE, dtype=np.int8)
    if scene.joined is not None:
        np.maximum.at(found, scene.joined.subject, members(where, scene))
    return found


def _truth(yes: np.ndarray, unknown: np.ndarray | None = None) -> np.ndarray:
    truth = np.where(yes, TRUE, FALSE).astype(np.int8)
    if unknown is not None:
        truth[unknown] = UNKNOWN
    return truth


def _compare(term: Compare, scene: Scene, *, joined: bool) -> np.ndarray:
    left, op, right = term.left, term.op, term.right
    if op in ("is", "is_not", "in", "not_in"):
        same = _equal(left, right, scene, joined=joined)
        return -same if op in ("is_not", "not_in") else same
    values = cells(left, scene, joined=joined)
    if op == "older_than_days":
        values = (scene.day - values).astype(float)
        values[missing(cells(left, scene, joined=joined))] = np.nan
    other = numbers(right, scene, len(values), joined=joined)
    unknown = missing(values) | missing(other)
    return _truth(_ordered(values, _sign(op, right, scene), other), unknown)


def _sign(op: str, right: Operand, scene: Scene) -> str:
    """The comparison; whether the limit itself counts is for the limit's own rule to say."""
    plain = {"below": "<", "at_most": "<=", "above": ">", "at_least": ">=", "older_than_days": ">"}[
        op
    ]
    rule = scene.rule(right.name) if isinstance(right, LimitRef) else None
    if rule is None:
        return plain
    if not rule.comparator.startswith(_FLIPPED[op]):
        raise RuleError(
            f"the rule {rule.id} compares with {rule.comparator}, the check with {plain}",
            remedy=f"write a comparator that begins with {_FLIPPED[op]}", field="comparator",
        )  # fmt: skip
    return rule.comparator


def _ordered(left: np.ndarray, sign: str, right: np.ndarray) -> np.ndarray:
    with np.errstate(invalid="ignore"):
        found: np.ndarray = {
            "<": np.less, "<=": np.less_equal, ">": np.greater, ">=": np.greater_equal,
        }[sign](left, right)  # fmt: skip
    return found


def _equal(left: Ref, right: Operand, scene: Scene, *, joined: bool) -> np.ndarray:
    """Truth of equality with a column, or with any of some constants."""
    if left.kind in ("text", "code"):
        mine = _keys(left, left.kind, scene, joined=joined)
        if isinstance(right, Constant):
            wanted = text_keys(np.array(right.values, dtype=object), left.kind)
            return _truth(np.isin(mine, wanted), mine == "")
        if isinstance(right, Ref):
            other = _keys(right, left.kind, scene, joined=joined)
            return _truth(mine == other, (mine == "") | (other == ""))
    values = cells(left, scene, joined=joined)
    if left.kind == "flag":
        return _equal_flags(values, right, scene, joined=joined)
    if isinstance(right, Constant):
        kind: Kind = left.kind
        wanted = np.array(right.values, dtype="datetime64[D]" if kind == "date" else float)
        return _truth(np.isin(values, wanted), missing(values))
    other = numbers(right, scene, len(values), joined=joined)
    return _truth(values == other, missing(values) | missing(other))


def _equal_flags(values: np.ndarray, right: Operand, scene: Scene, *, joined: bool) -> np.ndarray:
    if isinstance(right, Constant):
        wanted = {TRUE if value else FALSE for value in right.values}
        return _truth(np.isin(values, list(wanted)), values == UNKNOWN)
    other = cells(right, scene, joined=joined) if isinstance(right, Ref) else values
    return (values * other).astype(np.int8)


def _keys(ref: Ref, kind: Kind, scene: Scene, *, joined: bool) -> np.ndarray:
    if ref.side == "register" and ref.name in MATCH_COLUMNS:
        return text_keys(_link(ref.name, scene), kind)
    side = scene.register if ref.side == "register" else scene.subject
    whole = (side or scene.subject).keys(ref.name, kind)
    return _spread(whole, ref, scene, joined=joined)
