"""What one run means for the leads of one check, decided before anything is written."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import Connection

from checks import Matches, changes, comparable, is_material, match, subject_of
from leads.known import Known, column_of
from leads.runs.reading import Sighted
from leads.states import DISMISSED, ENDED, RESTING
from office.canonical import sha256

OPENING = ("inside", "borderline")
"""Verdicts that open a lead; an undecided subject is no lead, but a lead may become undecided."""
STILL_GONE = "still_gone"
"""A lead that had vanished, looked for again and not found: told by its last run, a change it is not."""
_GONE_REASONS = ("closed",)
"""Reasons (`data/words/dismissals.toml`) of a dismissal that stop being true when the subject is
found again or under a new name.
"""
_OF_SUBJECT = frozenset({"name", "address", "place", "credit_code", "own_licence"})
"""What two leads merged by a person say differently of the one subject: told once, at the merge."""


@dataclass(frozen=True, slots=True)
class Step:
    """What happens to one lead: `known` is missing for a new one, `one` for one not found.

    `change` is new, changed, unchanged, vanished, back or `STILL_GONE`; `extras` may hold `asked_again`,
    `merged`, `split`; `what` the differences; `links` (kind, other lead); `before` the finding
    that is replaced.
    """

    check: str
    lead_id: str
    change: str
    known: Known | None = None
    one: Sighted | None = None
    what: Mapping[str, Any] = field(default_factory=dict)
    extras: tuple[str, ...] = ()
    links: tuple[tuple[str, str], ...] = ()
    before: str | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """All steps of one ingest; `uncovered` names checks from whose silence nothing follows."""

    checks: tuple[str, ...]
    steps: tuple[Step, ...]
    uncovered: Mapping[str, str]


def plan_check(
    connection: Connection,
    found: Sequence[Sighted],
    known: Sequence[Known],
    *,
    covered: frozenset[str],
    opens: bool,
) -> list[Step]:
    """The steps of one check. `covered` are the leads that vanish where they are not found."""
    taken = {lead.id for lead in known}
    copies = _copies(known)
    known = [lead for lead in known if lead.follows is None]
    matches = match([subject_of(one) for one in found], [lead.subject for lead in known])
    pairs = _through_merges(matches, known)
    again = [
        (found[row], lead, matches.pairs[row] != number)
        for row, number in sorted(pairs.items())
        for lead in (known[number], *copies.get(known[number].id, ()))
    ]
    steps = _known_again(connection, again)
    gone = _not_found(known, matches, pairs, covered)
    steps += gone + [
        _likewise(step, copy) for step in gone for copy in copies.get(step.lead_id, ())
    ]
    matched = set(matches.pairs)
    for row, one in enumerate(found):
        if row not in matched and opens and one.verdict in OPENING:
            steps.append(_new(one, row, matches, known, taken))
    return steps


def _through_merges(matches: Matches, known: Sequence[Known]) -> dict[int, int]:
    """Finding → lead, where a lead merged into another hands its finding on to that one."""
    at = {lead.id: number for number, lead in enumerate(known)}
    pairs = {row: lead for row, lead in matches.pairs.items() if known[lead].redirected is None}
    held = set(pairs.values())
    for row, lead in sorted(matches.pairs.items()):
        into = known[lead].redirected
        if into is not None and into in at and at[into] not in held:
            pairs[row] = at[into]
            held.add(at[into])
    return pairs


def _copies(known: Sequence[Known]) -> dict[str, list[Known]]:
    """Lead → its copies for other agencies: what a run says of the lead, it says of them."""
    found: dict[str, list[Known]] = {}
    for lead in known:
        if lead.follows is not None:
            found.setdefault(lead.follows, []).append(lead)
    return found


def _likewise(step: Step, copy: Known) -> Step:
    """A copy goes with its lead; it had gone before where it was already not seen."""
    change = step.change if copy.is_seen else STILL_GONE
    return Step(step.check, copy.id, change, copy, None, step.what if copy.is_seen else {})


def _known_again(
    connection: Connection, again: Sequence[tuple[Sighted, Known, bool]]
) -> list[Step]:
    """Steps of (finding, lead, whether the finding is that of a lead merged into this one)."""
    look: list[tuple[Sighted, Known, bool]] = []
    steps: list[Step] = []
    for one, lead, through in again:
        if lead.is_seen and lead.verdict == one.verdict and lead.facts_hash == one.facts_hash:
            steps.append(Step(one.check, lead.id, "unchanged", lead, one))
        else:
            look.append((one, lead, through))
    findings = column_of(connection, "finding", [lead.id for _, lead, _ in look])
    resting = [lead.id for _, lead, _ in look if lead.state == DISMISSED]
    data = column_of(connection, "data", resting)
    for one, lead, through in look:
        apart = _OF_SUBJECT if through else frozenset()
        steps.append(_compared(one, lead, findings[lead.id], data.get(lead.id), apart))
    return steps


def _compared(
    one: Sighted, lead: Known, finding: str, data: str | None, apart: frozenset[str]
) -> Step:
    """One lead and its finding; differences named in `apart` are not looked at."""
    if one.verdict == "outside":
        return _left(one, lead)
    before = comparable(json.loads(finding)) | {"verdict": lead.verdict}
    what = {name: pair for name, pair in changes(before, one.facts).items() if name not in apart}
    change = "back" if not lead.is_seen else "changed" if what else "unchanged"
    step = Step(one.check, lead.id, change, lead, one, what, before=finding)
    asleep = lead.state in RESTING and not lead.asked_again and change != "unchanged"
    if asleep and _asks(step, lead, finding, data):
        return replace(step, extras=("asked_again",))
    return step


def _left(one: Sighted, lead: Known) -> Step:
    """Measured, and now outside the limit: no longer found, and it is known why."""
    change = "vanished" if lead.is_seen else STILL_GONE
    what = {"verdict": [lead.verdict, "outside"]} if lead.is_seen else {}
    return Step(one.check, lead.id, change, lead, one, what)


def _asks(step: Step, lead: Known, finding: str, data: str | None) -> bool:
    what = dict(step.what)
    if "verdict" in what and what["verdict"][1] == json.loads(finding).get("verdict"):
        del what["verdict"]  # it was undecided for a while and reads as it did
    if is_material(what):
        return True
    if step.change == "back" and lead.state in ENDED:
        return True
    return dismissal_reason(data) in _GONE_REASONS and (step.change == "back" or "name" in what)


def dismissal_reason(data: str | None) -> str | None:
    """The reason code of the last dismissal in a lead's `data`."""
    dismissed = (json.loads(data) if data else {}).get(DISMISSED) or {}
    return dismissed.get("reason") if isinstance(dismissed, dict) else None


def _not_found(
    known: Sequence[Known], matches: Matches, pairs: Mapping[int, int], covered: frozenset[str]
) -> list[Step]:
    held = {*pairs.values(), *matches.pairs.values()}
    steps: list[Step] = []
    for number, lead in enumerate(known):
        if number in held or lead.redirected is not None:
            continue
        if number in matches.merged:
            into = known[matches.merged[number]].id
            steps.append(Step(lead.check, lead.id, "vanished", lead, None, {"merged_into": [None, into]},
                              ("merged",), (("merged_into", into),)))  # fmt: skip
        elif lead.id in covered:
            steps.append(
                Step(lead.check, lead.id, "vanished" if lead.is_seen else STILL_GONE, lead)
            )
    return steps


def _new(one: Sighted, row: int, matches: Matches, known: Sequence[Known], taken: set[str]) -> Step:
    extras: tuple[str, ...] = ()
    links: list[tuple[str, str]] = []
    if row in matches.split:
        extras = ("split",)
        links.append(("split_from", known[matches.split[row]].id))
    elif row in matches.same_place:
        links.append(("same_place", known[matches.same_place[row]].id))
    lead_id = _id(one, taken)
    taken.add(lead_id)
    return Step(one.check, lead_id, "new", None, one, {}, extras, tuple(links))


def _id(one: Sighted, taken: set[str]) -> str:
    """Made of the check and the subject's id, so that two stores name a lead alike."""
    key = f"{one.check}|{one.theme}|{one.subject_id}"
    number = 1
    while (made := "L" + sha256(key if number == 1 else f"{key}#{number}")[:16]) in taken:
        number += 1
    return made
