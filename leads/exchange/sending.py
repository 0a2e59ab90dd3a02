"""The sender's side: offer a lead, call it back, and do what the receiver's answer says.

From the offer on the lead rests here, owned but worked on by nobody, until the answer comes: accepted
closes it, refused and recalled give it back as it was. Every step may be repeated without harm.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, insert, select, update

from layers.errors import ConflictError, LeadError
from leads.exchange.answers import (
    ACCEPTED,
    LONGEST,
    OFFERED,
    OUT,
    RECALLING,
    Answer,
    is_transfer,
    make_recall,
    read_answer,
)
from leads.exchange.arrived import need_borne_out
from leads.exchange.attachments import Attachment
from leads.exchange.clocks import give_back_clocks, stop_clocks
from leads.exchange.offices import Offices, Partner
from leads.exchange.package import make_package
from leads.exchange.signed import PACKAGE, Signed, read_paper
from leads.known import MERGED
from leads.scope import weigh
from leads.states import DISMISSED, HANDED_OVER, SENT
from leads.steps.changing import Change, lock, write
from office import Actor, Database
from office.exchange_tables import TRANSFER
from office.history import events
from office.policy import require
from office.schema import LEAD, LINK
from office.scope import About

ASKED_BACK = "asked_back"
"""In what a lead keeps of its sending: why it was asked back."""
_NO_RUN = ("lead.deadline", "lead.look_back", "lead.asked_back")


@dataclass(frozen=True, slots=True)
class Offered:
    """A lead on its way: its number, and the package it went into."""

    transfer: str
    lead_id: str
    number: str


def offer(
    db: Database, lead_ids: Sequence[str], to: str, *, offices: Offices, reason: str, actor: Actor,
    at: str, attachments: Mapping[str, Sequence[Attachment]] | None = None,
) -> list[Offered]:  # fmt: skip
    """Offer leads (ids or numbers) to a partner: all or none. From now on nobody here works on them.

    `attachments` by id or number as named; their bytes lie in `offices.attachments`. Raises `LeadError`
    where a lead is in no state to be sent, was merged, or leaves leads of its case behind.
    """
    partner = offices.partner(to)
    if not reason.strip() or len(reason) > LONGEST:
        raise LeadError("a reason of 1 to 4000 characters is needed", field="reason",
                        remedy="say why: --reason …")  # fmt: skip
    if not lead_ids:
        raise LeadError("no lead is named", field="lead", remedy="name ids or numbers")
    with db.write() as connection:
        changes = {one.id: (one, name) for name in lead_ids for one in [lock(connection, name)]}
        for change, name in changes.values():
            weigh(actor, "lead.send", change.row, name)
            _may_go(connection, change, changes.keys(), offices)
        found = []
        for change, name in changes.values():
            paper = make_package(connection, change.id, to=partner, offices=offices, reason=reason.strip(),
                                 attachments=(attachments or {}).get(name, ()), actor=actor, at=at)  # fmt: skip
            found.append(_send(connection, change, paper, partner=partner, reason=reason.strip(),
                               actor=actor, at=at))  # fmt: skip
        return found


def call_back(
    db: Database, transfer: str, *, offices: Offices, reason: str, actor: Actor, at: str
) -> Signed:
    """Ask for a package back: returns the signed wish for the receiver, whose answer decides.

    Raises `LeadError` where there is no such package, or where it was answered already.
    """
    with db.write() as connection:
        row = _row(connection, transfer)
        require(actor, "lead.send", scope=About(row.area, row.check_id))
        if row.answer is not None:
            raise LeadError(f"the package was answered already: {row.state}", field="transfer",
                            remedy="an accepted lead comes back when the other office sends it back")  # fmt: skip
        if row.state != RECALLING:
            change = lock(connection, row.lead_id, away=True)
            change.data[SENT] = {**change.data[SENT], ASKED_BACK: reason.strip() or "—"}
            change.tell("lead.asked_back", number=change.row["number"], transfer=transfer, office=row.partner,
                        office_words=offices.partner(row.partner).words.as_dict(), reason=reason.strip())  # fmt: skip
            write(connection, [change], actor=actor, at=at)
            connection.execute(
                update(TRANSFER).where(is_transfer(OUT, transfer)).values(state=RECALLING)
            )
        return make_recall(transfer, row.partner, offices=offices, reason=reason.strip() or "—",
                           by=actor.name, at=at)  # fmt: skip


def settle(db: Database, signed: Signed, *, offices: Offices, actor: Actor, at: str) -> Answer:
    """Do what an answer says; the same answer again changes nothing.

    Raises `LeadError` where it answers no package of ours, `ConflictError` where another answer was
    given before: one of the two offices has lost part of its store.
    """
    answer = read_answer(signed, offices)
    partner = offices.partner(answer.sender)
    with db.write() as connection:
        row = _row(connection, answer.transfer)
        if row.partner != answer.sender:
            raise LeadError(f"the package went to {row.partner}, not to {answer.sender}", field="from",
                            remedy="let the office answer that it went to")  # fmt: skip
        require(actor, "lead.send", scope=About(row.area, row.check_id))
        if row.answer is not None:
            if row.state != answer.verdict:
                raise ConflictError(f"{answer.sender} said {row.state} before and says {answer.verdict} now",
                                    field="verdict", remedy="compare both histories with that office: one "
                                    "of the stores was brought back from an older backup")  # fmt: skip
            return answer
        change = lock(connection, row.lead_id, away=True)
        if answer.verdict == ACCEPTED:
            _close(connection, change, answer, partner, at)
        else:
            _take_back(connection, change, answer, partner, said=_said(row), at=at)
        write(connection, [change], actor=actor, at=at)
        connection.execute(update(TRANSFER).where(is_transfer(OUT, answer.transfer)).values(
            state=answer.verdict, settled_at=at, answer=signed.text, answer_signature=signed.signature))  # fmt: skip
    return answer


def _may_go(
    connection: Connection, change: Change, named: Collection[str], offices: Offices
) -> None:
    row = change.row
    if row["state"] not in offices.rules.arrives:
        raise LeadError(f"in no state to be sent: {row['number']} ({row['state']})", field="state",
                        remedy=f"a lead is sent from {', '.join(offices.rules.arrives)}")  # fmt: skip
    merged = select(LINK.c.other_id).where(LINK.c.lead_id == change.id, LINK.c.kind == MERGED)
    if connection.execute(merged).first() is not None:
        raise LeadError(f"merged into another lead: {row['number']}", field="lead",
                        remedy="send the other one, or take the merge back first")  # fmt: skip
    beside = select(LEAD.c.id, LEAD.c.number).where(
        LEAD.c.case_id.is_not(None), LEAD.c.case_id == row["case_id"], LEAD.c.state != DISMISSED)  # fmt: skip
    left = [one.number for one in connection.execute(beside) if one.id not in named]
    if left:
        raise LeadError(f"stands in case {row['case_id']} with others: {row['number']} with {', '.join(left)}", field="case",
                        remedy="send them together, or take it out of the case: "
                               "python -m leads group --out LEAD")  # fmt: skip
    try:
        finding = connection.execute(
            select(LEAD.c.finding).where(LEAD.c.id == change.id)
        ).scalar_one()
        need_borne_out(tuple(events(connection, change.id)), row, finding)
    except ValueError as error:
        raise LeadError(f"{row['number']}: {error}", field="lead",
                        remedy="run `python -m leads verify`: the store was changed past the program") from error  # fmt: skip


def _send(
    connection: Connection, change: Change, paper: Signed, *, partner: Partner, reason: str,
    actor: Actor, at: str,
) -> Offered:  # fmt: skip
    row = change.row
    connection.execute(insert(TRANSFER), [{
        "direction": OUT, "id": paper.id, "lead_id": change.id, "partner": partner.id, "state": OFFERED,
        "at": at, "area": row["admin_code"], "check_id": row["check_id"], "package": paper.text,
        "package_signature": paper.signature}])  # fmt: skip
    change.values |= {"state": SENT, "state_since": at}
    change.data[SENT] = {"transfer": paper.id, "to": partner.id, "reason": reason, "on": at[:10],
                         "at": at, "by": actor.name}  # fmt: skip
    change.tell("lead.sent", number=row["number"], before=row["state"], transfer=paper.id, office=partner.id,
                office_words=partner.words.as_dict(), reason=reason)  # fmt: skip
    stop_clocks(connection, change, at[:10])
    write(connection, [change], actor=actor, at=at)
    return Offered(paper.id, change.id, str(row["number"]))


def _close(
    connection: Connection, change: Change, answer: Answer, partner: Partner, at: str
) -> None:
    """The other office has it; what runs here said of it since the offer is named, it did not travel."""
    since = _since(connection, change.id, answer.transfer)
    lead = answer.lead or {}
    change.values |= {"state": HANDED_OVER, "state_since": at}
    change.data[HANDED_OVER] = {"transfer": answer.transfer, "to": partner.id, "on": answer.at[:10],
                                "at": at, "number": lead.get("number")}  # fmt: skip
    change.tell("lead.taken_over", number=change.row["number"], transfer=answer.transfer, office=partner.id,
                office_words=partner.words.as_dict(), their_number=lead.get("number"),
                receipt=answer.paper.id, since=since)  # fmt: skip


def _take_back(
    connection: Connection, change: Change, answer: Answer, partner: Partner, *,
    said: Mapping[str, Any], at: str,
) -> None:  # fmt: skip
    before = said["lead"]
    change.values |= {"state": before["state"], "state_since": before["state_since"]}
    change.data.pop(SENT, None)
    change.tell("lead.given_back", number=change.row["number"], why=answer.verdict, transfer=answer.transfer,
                office=partner.id, office_words=partner.words.as_dict(), receipt=answer.paper.id,
                reason=answer.reason)  # fmt: skip
    give_back_clocks(connection, change, said, at[:10])


def _since(connection: Connection, lead_id: str, transfer: str) -> list[int]:
    """Numbers of the events that runs told of the lead after it was sent."""
    told = [one for one in events(connection, lead_id) if one.kind.startswith("lead.")]
    sent = max(
        (one.seq for one in told if one.kind == "lead.sent" and transfer in one.body), default=0
    )
    return [one.seq for one in told
            if one.seq > sent and one.kind not in _NO_RUN]  # fmt: skip


def _row(connection: Connection, transfer: str) -> Any:  # noqa: ANN401 - a row
    row = connection.execute(select(TRANSFER).where(is_transfer(OUT, transfer))).one_or_none()
    if row is None:
        raise LeadError(f"we sent no package {transfer[:64]}", field="transfer",
                        remedy="see `python -m leads transfers`")  # fmt: skip
    return row


def _said(row: Any) -> dict[str, Any]:  # noqa: ANN401 - a row
    return read_paper(Signed(row.package, row.package_signature), PACKAGE, len(row.package))
