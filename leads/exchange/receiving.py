"""The receiver's side: take a package in exactly once, refuse it, or say that it may be called back.

The commit that writes the answer decides whose lead it is, for good: whatever comes again, or comes
late, gets the same answer.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, insert, select

from checks import catalogue
from layers.errors import LeadError
from leads.exchange.answers import (
    ACCEPTED,
    IN,
    LONGEST,
    RECALLED,
    REFUSED,
    is_transfer,
    make_answer,
    read_recall,
)
from leads.exchange.arrived import Package, earlier_of, read_package
from leads.exchange.attachments import need_all
from leads.exchange.entering import enter, same_lead
from leads.exchange.offices import Offices
from leads.exchange.signed import PACKAGE, Signed, refuse
from leads.states import SENT
from office import Actor, Database, NewEvent, append
from office.exchange_tables import TRANSFER
from office.policy import may, may_somewhere, require
from office.schema import CHAIN_HEAD
from office.scope import About

Same = Row[str, str, str] | None
_UNFIT = (LookupError, TypeError, ValueError, AttributeError, ArithmeticError, RecursionError)


@dataclass(frozen=True, slots=True)
class TakenIn:
    """What became of a package: the answer for its sender, the lead here, whether it came before."""

    transfer: str
    verdict: str
    answer: Signed
    lead_id: str | None
    repeated: bool


def take_in(
    db: Database, signed: Signed, *, offices: Offices, actor: Actor, at: str, refusal: str = ""
) -> TakenIn:
    """Take a package in, or refuse it with a reason; one that came before gets its answer again.

    Its attachments lie in `offices.attachments` already. Raises `LeadError` for a package that is not
    whole, not signed by a partner, or not for us, `PolicyError` where the person may not take in leads
    of its place; then nothing was changed and the lead is still the sender's.
    """
    package = read_package(signed, offices)
    require(actor, "lead.receive", scope=package.about)
    if len(refusal) > LONGEST:
        raise LeadError(
            "the reason is too long", field="reason", remedy="keep it under 4000 characters"
        )
    need_all(package.attachments, offices.attachments)
    earlier_of(package)  # each is whole
    with db.write() as connection:
        known = _known(connection, signed.id)
        if known is not None:
            return known
        same = same_lead(connection, package)
        why = refusal.strip() or why_not(package, same, offices)
        lead = (
            None if why else _enter(connection, package, same, offices=offices, actor=actor, at=at)
        )
        if why:
            body = {"from": package.sender, "number": package.lead["number"], "reason": why}
            append(connection, [NewEvent("transfer.refused", signed.id, body)], actor=actor, at=at)
        verdict = REFUSED if why else ACCEPTED
        answer = make_answer(signed.id, package.sender, verdict, offices=offices, reason=why,
                             by=actor.name, at=at, lead=lead, head=_head(connection))  # fmt: skip
        _keep(connection, signed.id, package.sender, verdict, answer, about=package.about, at=at,
              lead_id=lead["id"] if lead else None, package=signed)  # fmt: skip
        return TakenIn(signed.id, verdict, answer, lead["id"] if lead else None, False)


def give_up(db: Database, wish: Signed, *, offices: Offices, actor: Actor, at: str) -> TakenIn:
    """Answer a sender that wants a package back: recalled where it never came (nor ever will be taken
    in), else what was answered when it came.
    """
    transfer, sender, reason = read_recall(wish, offices)
    with db.write() as connection:
        known = _known(connection, transfer, sender, actor)
        if known is not None:
            return known
        if not may_somewhere(actor, "lead.receive"):  # what never came lies nowhere
            require(actor, "lead.receive")
        append(connection, [NewEvent("transfer.recalled", transfer, {"from": sender, "reason": reason})],
               actor=actor, at=at)  # fmt: skip
        answer = make_answer(transfer, sender, RECALLED, offices=offices, reason=reason, by=actor.name,
                             at=at, head=_head(connection))  # fmt: skip
        _keep(connection, transfer, sender, RECALLED, answer, about=About(), at=at)
        return TakenIn(transfer, RECALLED, answer, None, False)


def answer_to(db: Database, transfer: str, *, actor: Actor) -> Signed | None:
    """The answer a package got; None where it did not come, or the actor may not know."""
    with db.read() as connection:
        row = connection.execute(select(TRANSFER).where(is_transfer(IN, transfer))).one_or_none()
    if row is None or not may(actor, "lead.receive", scope=About(row.area, row.check_id)):
        return None
    return Signed(row.answer, row.answer_signature)


def why_not(package: Package, same: Same, offices: Offices) -> str:
    """Why this office cannot have the lead, in both languages; "" where it can."""
    lead, code = package.lead, str(package.lead["admin_code"] or "")
    if lead["check_id"] not in catalogue():
        return f"本院程序没有监督模型 {lead['check_id']} · no such check here: {lead['check_id']}"
    if lead["state"] not in offices.rules.arrives:
        return f"该状态的线索不予接收 · no lead is taken in from state {lead['state']}"
    if offices.areas and code and not code.startswith(offices.areas):
        return f"不属本院管辖区域（{code}）· outside this office's area ({code})"
    if same is not None and same.state == SENT:
        return (f"同一线索 {same.number} 正由本院移送途中 · "
                f"the same lead ({same.number}) is on its way from here to another office")  # fmt: skip
    return ""


def _enter(
    connection: Connection, package: Package, same: Same, *, offices: Offices, actor: Actor, at: str
) -> dict[str, Any]:
    try:
        return enter(connection, package, same, offices=offices, actor=actor, at=at)
    except _UNFIT as error:  # the finding of a stranger, read by what reads our own
        refuse(f"holds a finding that cannot be read ({str(error)[:120]})", PACKAGE)


def _known(
    connection: Connection, transfer: str, sender: str | None = None, actor: Actor | None = None
) -> TakenIn | None:
    """What was answered before; to `sender` alone, through whoever may take in leads of its place."""
    row = connection.execute(select(TRANSFER).where(is_transfer(IN, transfer))).one_or_none()
    if row is None:
        return None
    if sender is not None and row.partner != sender:
        raise LeadError("the package came from another office", field="from",
                        remedy="only the office that sent it may call it back")  # fmt: skip
    if actor is not None and row.state != RECALLED:
        require(actor, "lead.receive", scope=About(row.area, row.check_id))
    answer = Signed(row.answer, row.answer_signature)
    return TakenIn(transfer, row.state, answer, row.lead_id, True)


def _head(connection: Connection) -> dict[str, Any]:
    row = connection.execute(select(CHAIN_HEAD.c.seq, CHAIN_HEAD.c.hash)).one()
    return {"seq": row.seq, "hash": row.hash}


def _keep(
    connection: Connection, transfer: str, sender: str, verdict: str, answer: Signed, *,
    about: About, at: str, lead_id: str | None = None, package: Signed | None = None,
) -> None:  # fmt: skip
    connection.execute(insert(TRANSFER), [{
        "direction": IN, "id": transfer, "lead_id": lead_id, "partner": sender, "state": verdict,
        "at": at, "settled_at": at, "area": about.area, "check_id": about.check,
        "package": package.text if package else None,
        "package_signature": package.signature if package else None,
        "answer": answer.text, "answer_signature": answer.signature}])  # fmt: skip
