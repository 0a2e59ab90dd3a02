"""Who is planted where: the parts of the play, each a question that a door must answer.

A part says of what kind the shop is, which verdict its check must reach, what else must be
true of the place, and what its licence looks like. The rest of the town is filled with shops
that no check can find.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from demo.campuses import ESTATE_KINDERGARTEN, RIVERSIDE, WALLED
from demo.law import BORDERLINE, INSIDE, OUTSIDE, UNDECIDED, Judged
from demo.shapes import Array
from demo.survey import Survey

NEW_SCHOOL, NEW_GATE_SCHOOL = "锦屏小学", "青石小学"
FUTURE_SCHOOL = "云溪特殊教育学校"
"""A school that opened lately, one with a gate that did, and one that has not opened yet."""
TOBACCO, ECIG, LOTTERY = "tobacco-near-school", "ecigarette-near-school", "lottery-near-school"
CAFE, ENTERTAINMENT, BAR = (
    "internet-cafe-near-school",
    "entertainment-near-school",
    "bar-near-school",
)
ALCOHOL, HOTEL = "alcohol-near-school", "hotel-near-school"


@dataclass(frozen=True)
class Scene:
    """What a part may ask about the doors: the survey, the verdicts, and those of a wrong datum."""

    seen: Survey
    judged: dict[str, Judged]
    shifted: Judged
    """Tobacco verdicts where every door's GCJ-02 figures are read as WGS 84."""

    def column(self, name: str) -> int:
        """The place of a school in the survey's columns."""
        return next(n for n, campus in enumerate(self.seen.campuses) if campus.name == name)

    def decided_by(self, check: str, *kinds: str) -> Array:
        """Doors whose deciding school is of one of these kinds."""
        fits = np.array([campus.kind in kinds for campus in self.seen.campuses] + [False])
        return np.asarray(fits[self.judged[check].school])


Question = Callable[[Scene], Array]
SCHOOLS = ("primary", "middle", "primary_middle", "special", "vocational")


@dataclass(frozen=True)
class Part:
    """`count` shops of `kind` with this verdict under `check` where `where` holds."""

    kind: str
    check: str
    verdict: int
    count: int
    why: str
    where: Question
    licence: str = ""


def by_school(check: str) -> Question:
    """A school of old with known gates decides, not a kindergarten."""
    return lambda scene: (
        scene.decided_by(check, *SCHOOLS) & _known_gates(scene, check) & _of_old(scene, check)
    )


def by_kindergarten(check: str) -> Question:
    """A kindergarten decides."""
    return lambda scene: scene.decided_by(check, "kindergarten") & _known_gates(scene, check)


def without_gates(check: str) -> Question:
    """The deciding school has no known gate."""
    return lambda scene: (scene.judged[check].school >= 0) & ~_known_gates(scene, check)


def _known_gates(scene: Scene, check: str) -> Array:
    known = [any(g.source in ("osm", "drawn", "poi") for g in c.gates) for c in scene.seen.campuses]
    return np.asarray(np.array([*known, False])[scene.judged[check].school])


def _of_old(scene: Scene, check: str) -> Array:
    new = [scene.column(name) for name in (NEW_SCHOOL, NEW_GATE_SCHOOL)]
    return ~np.isin(scene.judged[check].school, new)


def at_school(name: str, check: str) -> Question:
    """The school called `name` decides."""
    return lambda scene: scene.judged[check].school == scene.column(name)


def just_outside(check: str) -> Question:
    """Beyond the limit by more than any error band, and by less than half a block."""
    return lambda scene: (scene.judged[check].margin > 26) & (scene.judged[check].margin < 48)


def behind(name: str, reach_m: float = 96.0) -> Question:
    """Near in a straight line, far on foot: a river, a wall or a fence lies between."""

    def question(scene: Scene) -> Array:
        n = scene.column(name)
        return (scene.seen.straight[:, n] < reach_m) & (scene.seen.walk[:, n] > 1.8 * reach_m)

    return question


def _any(fits: Array) -> Array:
    """Doors that fit at any school."""
    return np.asarray(fits.any(axis=1))


def other_gate(scene: Scene) -> Array:
    """Far from a school's main gate, a few steps from another of its gates."""
    return _any((scene.seen.main > 232) & (scene.seen.walk < 70))


def shut_gate(scene: Scene) -> Array:
    """A few steps from a gate that is locked or opens later."""
    return _any(scene.seen.closed < 70)


def new_gate(scene: Scene) -> Array:
    """Found because of a side gate that opened only lately."""
    n = scene.column(NEW_GATE_SCHOOL)
    return (scene.judged[TOBACCO].school == n) & (scene.seen.main[:, n] > 120)


def future_school(scene: Scene) -> Array:
    """A few steps from a school that has not opened yet."""
    return np.asarray(scene.seen.walk[:, scene.column(FUTURE_SCHOOL)] < 70)


def wrong_datum_finds(scene: Scene) -> Array:
    """Found only if the datum is ignored."""
    return np.asarray(scene.shifted.verdict == INSIDE)


def near_kindergarten_only(scene: Scene) -> Array:
    """Within a school's distance of a kindergarten, beyond the kindergarten's own."""
    small = np.array([campus.kind == "kindergarten" for campus in scene.seen.campuses])
    return _any((scene.seen.walk[:, small] > 67) & (scene.seen.walk[:, small] < 96))


def wall_within(scene: Scene) -> Array:
    """The campus wall is near, every gate is far."""
    n = scene.judged[BAR].school
    rows = np.arange(len(n))
    return (n >= 0) & (scene.seen.straight[rows, n] > 240)


def short_way_long_walk(check: str) -> Question:
    """The straight line is well inside, the walk is twice as long."""

    def question(scene: Scene) -> Array:
        n = scene.judged[check].school
        return np.asarray(scene.seen.walk[np.arange(len(n)), n] > 280)

    return question


def straight_only(scene: Scene) -> Array:
    """Within 160 m of a school's gate in a straight line and far on foot."""
    walk, straight = scene.seen.walk, scene.seen.straight
    return _any((straight < 160) & (walk > 250))


def near_any(scene: Scene) -> Array:
    """A gate within 150 m."""
    return np.asarray(scene.seen.straight.min(axis=1) < 150)


def anywhere(scene: Scene) -> Array:
    """No further condition."""
    return np.ones(len(scene.seen.places), dtype=bool)


def _tobacco(verdict: int, count: int, why: str, where: Question, licence: str = "") -> Part:
    return Part("tobacco", TOBACCO, verdict, count, why, where, licence)


PARTS: tuple[Part, ...] = (
    _tobacco(INSIDE, 2, "only another gate is near", other_gate, "issued_after_rule"),
    _tobacco(INSIDE, 1, "the gate is younger than the licence", new_gate, "gate_younger"),
    _tobacco(INSIDE, 3, "the school is younger than the licence", at_school(NEW_SCHOOL, TOBACCO), "school_younger"),
    _tobacco(INSIDE, 4, "clearly inside", by_school(TOBACCO), "issued_after_rule"),
    _tobacco(INSIDE, 4, "clearly inside", by_school(TOBACCO), "renewed_after_rule"),
    _tobacco(INSIDE, 4, "clearly inside", by_school(TOBACCO), "within_old_term"),
    _tobacco(INSIDE, 3, "clearly inside", by_school(TOBACCO), "expired_but_trading"),
    _tobacco(INSIDE, 3, "clearly inside", by_school(TOBACCO), "unlicensed"),
    _tobacco(INSIDE, 2, "clearly inside", by_school(TOBACCO), "cancelled"),
    _tobacco(INSIDE, 1, "clearly inside", by_school(TOBACCO), "revoked"),
    _tobacco(INSIDE, 1, "clearly inside, the register says closed down", by_school(TOBACCO), "closed"),
    _tobacco(INSIDE, 1, "clearly inside, no longer trading", by_school(TOBACCO), "not_trading"),
    _tobacco(INSIDE, 2, "inside the kindergarten's smaller distance", by_kindergarten(TOBACCO), "issued_after_rule"),
    _tobacco(INSIDE, 1, "inside the kindergarten's smaller distance", by_kindergarten(TOBACCO), "expired_but_trading"),
    _tobacco(BORDERLINE, 3, "borderline", by_school(TOBACCO), "issued_after_rule"),
    _tobacco(BORDERLINE, 2, "borderline at a kindergarten", by_kindergarten(TOBACCO), "renewed_after_rule"),
    _tobacco(BORDERLINE, 3, "the school has no known gate", without_gates(TOBACCO), "issued_after_rule"),
    _tobacco(OUTSIDE, 2, "across the river: near in a straight line only", behind(RIVERSIDE)),
    _tobacco(OUTSIDE, 2, "a lane that ends at the wall", behind(WALLED)),
    _tobacco(OUTSIDE, 2, "behind the estate's wall", behind(ESTATE_KINDERGARTEN, 48.0)),
    _tobacco(OUTSIDE, 2, "found only if the datum is ignored", wrong_datum_finds),
    _tobacco(OUTSIDE, 2, "the near gate is shut or not open yet", shut_gate),
    _tobacco(OUTSIDE, 1, "the school has not opened yet", future_school),
    _tobacco(OUTSIDE, 3, "between the two distances, kindergarten", near_kindergarten_only),
    _tobacco(OUTSIDE, 5, "just outside", just_outside(TOBACCO)),
    Part("convenience", TOBACCO, INSIDE, 1, "a convenience shop, unlicensed", by_school(TOBACCO), "unlicensed"),
    Part("convenience", TOBACCO, INSIDE, 2, "a convenience shop", by_school(TOBACCO), "issued_after_rule"),
    Part("supermarket", TOBACCO, INSIDE, 1, "a supermarket", by_school(TOBACCO), "renewed_after_rule"),
    Part("ecig", ECIG, INSIDE, 2, "clearly inside", by_school(ECIG)),
    Part("ecig", ECIG, INSIDE, 1, "straight line inside, the walk is long", short_way_long_walk(ECIG)),
    Part("ecig", ECIG, INSIDE, 1, "clearly inside", by_kindergarten(ECIG)),
    Part("ecig", ECIG, BORDERLINE, 2, "borderline", by_school(ECIG)),
    Part("ecig", ECIG, OUTSIDE, 3, "just outside", just_outside(ECIG)),
    Part("lottery", LOTTERY, INSIDE, 4, "clearly inside", by_school(LOTTERY)),
    Part("lottery", LOTTERY, BORDERLINE, 2, "borderline", by_school(LOTTERY)),
    Part("lottery", LOTTERY, BORDERLINE, 1, "the school has no known gate", without_gates(LOTTERY)),
    Part("lottery", LOTTERY, OUTSIDE, 3, "near a back gate, the rule counts the main gate", other_gate),
    Part("lottery", LOTTERY, OUTSIDE, 2, "just outside", just_outside(LOTTERY)),
    Part("lottery", LOTTERY, UNDECIDED, 3, "no rule for kindergartens", by_kindergarten(LOTTERY)),
    Part("internet", CAFE, INSIDE, 3, "clearly inside", by_school(CAFE)),
    Part("internet", CAFE, BORDERLINE, 2, "borderline", by_school(CAFE)),
    Part("internet", CAFE, OUTSIDE, 2, "near in a straight line only", straight_only),
    Part("internet", CAFE, OUTSIDE, 2, "just outside", just_outside(CAFE)),
    Part("internet", CAFE, UNDECIDED, 2, "no rule for this kind of school", anywhere),
    Part("karaoke", ENTERTAINMENT, INSIDE, 3, "clearly inside", by_school(ENTERTAINMENT)),
    Part("arcade", ENTERTAINMENT, INSIDE, 2, "clearly inside", by_school(ENTERTAINMENT)),
    Part("billiards", ENTERTAINMENT, INSIDE, 2, "clearly inside", by_kindergarten(ENTERTAINMENT)),
    Part("karaoke", ENTERTAINMENT, BORDERLINE, 2, "borderline", by_school(ENTERTAINMENT)),
    Part("billiards", ENTERTAINMENT, OUTSIDE, 3, "just outside", just_outside(ENTERTAINMENT)),
    Part("arcade", ENTERTAINMENT, OUTSIDE, 2, "near in a straight line only", straight_only),
    Part("bar", BAR, INSIDE, 2, "clearly inside", by_school(BAR)),
    Part("bar", BAR, INSIDE, 1, "the wall is near, every gate is far", wall_within),
    Part("bar", BAR, BORDERLINE, 2, "borderline", by_school(BAR)),
    Part("bar", BAR, OUTSIDE, 2, "just outside", just_outside(BAR)),
    Part("bar", BAR, UNDECIDED, 2, "no rule for kindergartens", by_kindergarten(BAR)),
    Part("hotel", HOTEL, UNDECIDED, 6, "watch list: a school near by", near_any),
)  # fmt: skip
