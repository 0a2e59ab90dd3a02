"""Where each lead and each account stands according to the history, against what the rows say.

Events about a lead (`lead.…`) tell in their body the `state` and the `version` its row has after
them, and `finding_sha256` of the finding a run brought. A row changed past the history shows, and
so does a finding that no run told. Events about an account (`person.…`) tell its `state` and `grants`:
rights written into the store past the program show too.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field

from sqlalchemy import Connection, Select, select

from layers.errors import PolicyError
from office.canonical import sha256
from office.doors.accounts import accounts_in
from office.history import Event
from office.schema import LEAD, SIGHTING

_BATCH = 2000


@dataclass(slots=True)
class Standing:
    """What the events read so far say: state and version by lead, the findings of all runs, state and
    rights by account.
    """

    leads: dict[str, tuple[object, object]] = field(default_factory=dict)
    findings: set[object] = field(default_factory=set)
    people: dict[str, tuple[object, object]] = field(default_factory=dict)

    def take(self, event: Event) -> None:
        """Read one more event."""
        if not event.kind.startswith(("lead.", "person.")):
            return
        try:
            body = json.loads(event.body)
        except (ValueError, TypeError):
            return
        if not isinstance(body, dict):
            return
        if event.kind.startswith("person."):
            state, grants = self.people.get(event.subject, (None, None))
            self.people[event.subject] = body.get("state", state), body.get("grants", grants)
            return
        state, version = self.leads.get(event.subject, (None, None))
        self.leads[event.subject] = body.get("state", state), body.get("version", version)
        if "finding_sha256" in body:
            self.findings.add(body["finding_sha256"])


def disagreements(connection: Connection, standing: Standing) -> Iterator[tuple[str, str]]:
    """Every row that the history does not bear out, in Chinese and English."""
    left = dict(standing.leads)
    query = select(LEAD.c.id, LEAD.c.number, LEAD.c.state, LEAD.c.version).order_by(LEAD.c.id)
    for row in connection.execute(query, execution_options={"yield_per": _BATCH}):
        said = left.pop(row.id, None)
        if said is None:
            yield f"线索 {row.number} 没有历史", f"lead {row.number} ({row.id}) has no history"
            continue
        for zh, en, told, found in (("状态", "state", said[0], row.state),
                                    ("版本", "version", said[1], row.version)):  # fmt: skip
            if told is not None and told != found:
                yield (f"线索 {row.number} 的{zh}为 {found}，历史为 {told}",
                       f"lead {row.number} ({row.id}): its {en} is {found}, its history says {told}")  # fmt: skip
    for lead_id in sorted(left):
        yield f"线索 {lead_id} 有历史而无记录", f"lead {lead_id} has a history but no row"
    yield from _people(connection, standing)
    if standing.findings:
        yield from _untold(connection, standing, select(LEAD.c.id, LEAD.c.finding))
        yield from _untold(connection, standing, select(SIGHTING.c.lead_id, SIGHTING.c.finding)
                           .where(SIGHTING.c.finding.is_not(None)))  # fmt: skip


def _people(connection: Connection, standing: Standing) -> Iterator[tuple[str, str]]:
    left = dict(standing.people)
    try:
        accounts = accounts_in(connection)
    except PolicyError as error:
        yield (
            f"账户的权限不可读：{error.problem}",
            f"rights of accounts cannot be read: {error.problem}",
        )
        return
    for one in accounts:
        state, grants = left.pop(one.id, (None, None))
        if state != one.state:
            yield (f"账户 {one.name} 的状态为 {one.state}，历史为 {state}",
                   f"account {one.name} is {one.state}, its history says {state}")  # fmt: skip
        if grants != sorted(grant.text() for grant in one.grants):
            yield (f"账户 {one.name} 的权限与历史不符",
                   f"account {one.name} has other rights than its history says")  # fmt: skip
    for account_id in sorted(left):
        yield f"账户 {account_id} 有历史而无记录", f"account {account_id} has a history but no row"


def _untold(
    connection: Connection, standing: Standing, query: Select[str, str]
) -> Iterator[tuple[str, str]]:
    for lead_id, finding in connection.execute(query, execution_options={"yield_per": _BATCH}):
        try:
            told = sha256(finding) in standing.findings
        except UnicodeEncodeError:
            told = False
        if not told:
            yield (f"线索 {lead_id} 的检查结果与历史不符",
                   f"lead {lead_id}: its finding is none that a run told")  # fmt: skip
