"""A rule pack: the local rules of one place, and which of them are in force on a day."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from checks._records import Check
from checks._rulebook.rule import SCHOOL_CLASSES, Document, Rule, classes_of
from checks._text import Text, same

NO_PACK = Text("没有选用规则包", "no rule pack was chosen")
NO_RULE = Text("规则包“{place}”没有这一项规定", "rule pack “{place}” has no such rule")
NOT_YET = Text(
    "{day} 当日无现行规定（规定自 {start} 起施行）",
    "no local rule in force on {day} (the rule is in force from {start})",
)
NO_LONGER = Text(
    "{day} 当日无现行规定（规定至 {end} 失效）",
    "no local rule in force on {day} (the rule ended on {end})",
)
WATCH = Text("观察名单：没有距离规定", "watch list: no text sets a distance")
WATCHED = ("school", "kindergarten")
ONLY_DRAFT = Text(
    "{day} 当日无现行规定（只见到征求意见稿，是否施行未知）",
    "no local rule in force on {day} (only a draft is known; whether it was adopted is not)",
)


@dataclass(frozen=True, slots=True)
class RulePack:
    """The rules of one place as its documents state them; `path` is the file they stand in."""

    place: str
    title: Text
    rules: tuple[Rule, ...]
    documents: Mapping[str, Document]
    note: Text | None = None
    generated: bool = False
    not_covered: tuple[str, ...] = ()
    """Classes of schools that the law of this place does not speak of."""
    path: Path | None = None
    sha256: str | None = None

    def of(self, check: str, school_class: str | None = None) -> tuple[Rule, ...]:
        """The rules for one check, oldest first, whatever the day."""
        found = [rule for rule in self.rules if rule.check == check
                 and school_class in (None, rule.school_class)]  # fmt: skip
        return tuple(sorted(found, key=lambda rule: (rule.school_class, rule.in_force_from)))

    @property
    def verified(self) -> tuple[int, int]:
        """How many rules are verified, and how many there are."""
        return sum(rule.verified for rule in self.rules), len(self.rules)


@dataclass(frozen=True, slots=True)
class Limits:
    """The rules in force on one day for one check, by class of schools.

    `none` says for every class that could have a rule and has none why that is so. `covered` names
    the classes that belong to the check even without a rule.
    """

    on_date: str
    rules: Mapping[str, Rule]
    none: Mapping[str, Text]
    covered: frozenset[str]

    def for_kind(self, kind: str) -> Rule | None:
        """The rule for a kind of school: local before national, the narrower class first."""
        found = [self.rules[name] for name in classes_of(kind) if name in self.rules]
        return min(found, key=lambda rule: rule.national, default=None)

    def why_none(self, kind: str) -> Text:
        """Why no rule applies to a kind of school."""
        reasons = [self.none[name] for name in classes_of(kind) if name in self.none]
        return reasons[0] if reasons else NO_PACK

    def covers(self, kind: str) -> bool:
        """Whether schools of this kind belong to the check."""
        return any(name in self.covered or name in self.rules for name in classes_of(kind))

    @property
    def in_use(self) -> tuple[Rule, ...]:
        """The rules that apply to some kind of school, in a fixed order."""
        kinds = {kind for _, names in SCHOOL_CLASSES.values() for kind in names}
        used = {rule.id for rule in map(self.for_kind, kinds) if rule}
        return tuple(self.rules[name] for name in SCHOOL_CLASSES
                     if name in self.rules and self.rules[name].id in used)  # fmt: skip


def limits_in_force(check: Check, pack: RulePack | None, on_date: str) -> Limits:
    """What applies to `check` on the ISO date `on_date`: the pack's rules over the defaults."""
    rules: dict[str, Rule] = {}
    none: dict[str, Text] = {}
    for limit in check.limits:
        local = pack.of(check.id, limit.school_class) if pack else ()
        chosen = _on(local, on_date) or _on(limit.national, on_date)
        if chosen:
            rules[limit.school_class] = chosen
        elif local or limit.national or limit.covered:
            none[limit.school_class] = _why(pack, (*local, *limit.national), on_date)
    exempt = pack.not_covered if pack else ()
    covered = frozenset(
        limit.school_class for limit in check.limits
        if limit.covered and limit.school_class not in exempt
    )  # fmt: skip
    if not check.limits and check.level == "watch":
        none = dict.fromkeys(WATCHED, WATCH)
        covered = frozenset(WATCHED)
    return Limits(on_date, rules, none, covered)


def _on(rules: Iterable[Rule], on_date: str) -> Rule | None:
    return next((rule for rule in rules if rule.in_force(on_date)), None)


def _why(pack: RulePack | None, rules: tuple[Rule, ...], on_date: str) -> Text:
    if any(rule.draft for rule in rules):
        return ONLY_DRAFT.fill(day=on_date)
    coming = [rule.in_force_from for rule in rules if rule.in_force_from > on_date]
    gone = [rule.in_force_to for rule in rules if rule.in_force_to < on_date]
    if coming:
        return NOT_YET.fill(day=on_date, start=min(coming))
    if gone:
        return NO_LONGER.fill(day=on_date, end=max(gone))
    return NO_RULE.fill(place=same(pack.place)) if pack else NO_PACK
