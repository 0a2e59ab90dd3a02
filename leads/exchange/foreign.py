"""What a lead brought along: its history at other offices, read anew from the signed packages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, select

from checks import Text
from layers.errors import LeadError
from leads.exchange.answers import ACCEPTED, IN
from leads.exchange.arrived import Package, earlier_of, opened
from leads.exchange.signed import PACKAGE, Signed, read_paper
from leads.steps.event_words import event_line, event_words
from office import Database, Event
from office.actors import Actor
from office.exchange_tables import TRANSFER
from office.history import events
from office.policy import require

WHOLE = Text("已按签名核验，只读", "verified by its signature, read-only")
ALTERED = Text("已被改动，不可采信", "altered, not to be relied on")


@dataclass(frozen=True, slots=True)
class Foreign:
    """A lead's history at another office: its number there, when it was sent, its events, whether the
    package still is the one our own history names (`whole`).
    """

    transfer: str
    office: str
    words: Text
    number: str
    at: str
    events: tuple[Event, ...]
    whole: bool


def foreign_histories(connection: Connection, lead_id: str) -> tuple[Foreign, ...]:
    """Every history a lead brought along, the oldest first; one that was altered tells no events."""
    named = [one.body for one in events(connection, lead_id) if one.kind == "lead.received"]
    query = select(TRANSFER).where(TRANSFER.c.direction == IN, TRANSFER.c.lead_id == lead_id,
                                   TRANSFER.c.state == ACCEPTED)  # fmt: skip
    found: dict[str, Foreign] = {}
    rows = connection.execute(query).all()
    for row in sorted(rows, key=lambda row: (_place(row.id, named), row.id)):
        paper = Signed(row.package, row.package_signature)
        told = paper.id == row.id and _place(row.id, named) < len(named)
        try:
            package = opened(paper, read_paper(paper, PACKAGE, len(paper.text)))
            for one in [*reversed(earlier_of(package)), package]:
                found.setdefault(one.paper.id, _foreign(one, told))
        except LeadError:
            found[row.id] = Foreign(
                row.id, row.partner, Text(row.partner, row.partner), "", row.at, (), False
            )
    return tuple(found.values())


def foreign_lines(one: Foreign) -> list[tuple[Event, Text]]:
    """Its events in our words; one that a stranger's program wrote otherwise reads by its kind alone."""
    return [(event, _line(event)) for event in one.events]


def _line(event: Event) -> Text:
    try:
        return event_line(event)
    except (TypeError, ValueError, KeyError, AttributeError):
        return event_words(event.kind)


def altered(db: Database, *, actor: Actor) -> list[str]:
    """The transfers whose package is not the one that our history names."""
    require(actor, "history.verify")
    with db.read() as connection:
        query = select(TRANSFER.c.lead_id).where(
            TRANSFER.c.direction == IN, TRANSFER.c.state == ACCEPTED
        )
        leads = sorted({str(one) for one in connection.scalars(query)})
        return [
            one.transfer
            for lead in leads
            for one in foreign_histories(connection, lead)
            if not one.whole
        ]


def _place(transfer: str, named: Sequence[str]) -> int:
    """Which of our own events names it; after the last where none does."""
    return next((n for n, body in enumerate(named) if transfer in body), len(named))


def _foreign(package: Package, told: bool) -> Foreign:
    return Foreign(package.paper.id, package.sender, package.words, str(package.lead["number"]),
                   str(package.said["at"]), package.events, told)  # fmt: skip
