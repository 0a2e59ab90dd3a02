"""What a file that came holds, before anything is done with it: nothing is changed by looking."""

from __future__ import annotations

import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import select

from checks import Text
from layers.errors import LeadError
from leads.exchange.answers import IN, OUT, is_transfer, read_answer, read_recall
from leads.exchange.arrived import Package, read_package
from leads.exchange.carrier import is_recall, opened_carrier, read_papers
from leads.exchange.entering import same_lead
from leads.exchange.offices import Offices
from leads.exchange.receiving import why_not
from leads.exchange.signed import ANSWER, RECALL
from office import Actor, Database
from office.exchange_tables import TRANSFER
from office.policy import may, require_somewhere
from office.schema import LEAD
from office.scope import About

PACKAGES, RECALLS, RECEIPTS = "packages", "recalls", "receipts"
KINDS = {
    PACKAGES: Text("移送的线索", "leads sent here"), RECALLS: Text("撤回请求", "wishes to have leads back"),
    RECEIPTS: Text("回执", "receipts for leads sent from here"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Came:
    """A file, its papers checked: `kind` of `KINDS`, one row (plain JSON) for every package it is about.

    `state`: what was answered before, if anything; `why_not`: why a package would go back by itself;
    `may`: whether the person may decide; `here`: number of the lead it would be joined to.
    """

    kind: str
    sender: str
    words: Text
    rows: tuple[dict[str, Any], ...]


def look_at(db: Database, path: Path, *, offices: Offices, actor: Actor) -> Came:
    """Read a file that came, whatever of the three it is. `LeadError` says what is wrong with it."""
    if zipfile.is_zipfile(path):
        require_somewhere(actor, "lead.receive")
        with opened_carrier(path, offices.rules) as carrier:
            packages = [read_package(carrier.package(name), offices) for name in carrier.ids]
        return _came(PACKAGES, (one.sender for one in packages), offices,
                     [_package(db, one, offices, actor) for one in packages])  # fmt: skip
    if is_recall(path):
        require_somewhere(actor, "lead.receive")
        told = [read_recall(one, offices) for one in read_papers(path, RECALL, offices.rules)]
        rows = [{"transfer": transfer, "reason": reason, **_known(db, IN, transfer, "lead.receive", actor)}
                for transfer, _, reason in told]  # fmt: skip
        return _came(RECALLS, (sender for _, sender, _ in told), offices, rows)
    require_somewhere(actor, "lead.send")
    answers = [read_answer(one, offices) for one in read_papers(path, ANSWER, offices.rules)]
    rows = [{"transfer": one.transfer, "verdict": one.verdict, "reason": one.reason,
             "their_number": (one.lead or {}).get("number"), **_known(db, OUT, one.transfer, "lead.send", actor)}
            for one in answers]  # fmt: skip
    return _came(RECEIPTS, (one.sender for one in answers), offices, rows)


def _came(kind: str, senders: Iterable[str], offices: Offices, rows: list[dict[str, Any]]) -> Came:
    names = list(dict.fromkeys(senders))
    if not names:
        raise LeadError("the file holds nothing", field="package",
                        remedy="ask the office to hand it over anew")  # fmt: skip
    words = [offices.partner(one).words for one in names]
    both = Text("、".join(one.zh for one in words), ", ".join(one.en for one in words))
    return Came(kind, names[0], both, tuple(rows))


def _package(db: Database, one: Package, offices: Offices, actor: Actor) -> dict[str, Any]:
    known = _known(db, IN, one.paper.id, "lead.receive", actor)
    with db.read() as connection:
        same = None if known["state"] else same_lead(connection, one)
    lead, allowed = one.lead, may(actor, "lead.receive", scope=one.about)
    told = {
        **known, "transfer": one.paper.id, "may": allowed, "their_number": lead["number"], "check": lead["check_id"],
        "their_state": lead["state"], "reason": one.said["reason"], "attachments": [file.as_dict() for file in one.attachments],
        "why_not": "" if known["state"] else why_not(one, same, offices),
    }  # fmt: skip
    if not allowed:  # whose place is another's business
        return {**told, "name": None, "address": None, "case": None, "here": None}
    return told | {"name": lead["subject_name"], "address": lead["address"], "case": one.case,
                   "here": known["number"] or (None if same is None else same.number)}  # fmt: skip


def _known(db: Database, direction: str, transfer: str, right: str, actor: Actor) -> dict[str, Any]:
    """What our list says of a package; nothing where it is unknown here."""
    query = (
        select(TRANSFER.c.state, TRANSFER.c.area, TRANSFER.c.check_id, TRANSFER.c.answer, LEAD.c.number, LEAD.c.subject_name)
        .join(LEAD, LEAD.c.id == TRANSFER.c.lead_id, isouter=True)
        .where(is_transfer(direction, transfer))
    )  # fmt: skip
    with db.read() as connection:
        row = connection.execute(query).one_or_none()
    if row is None:
        return {"state": None, "number": None, "name": None, "may": direction == IN}
    allowed = may(actor, right, scope=About(row.area, row.check_id))
    told = row.state if row.answer else None
    if not allowed:
        return {"state": told, "number": None, "name": None, "may": False}
    return {"state": told, "number": row.number, "name": row.subject_name, "may": True}
