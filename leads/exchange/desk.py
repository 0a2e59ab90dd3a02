"""What both doors (disk and network) do with files of packages and with answers."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from sqlalchemy import ColumnElement, select

from layers.errors import LeadError
from leads.exchange.answers import (
    ACCEPTED,
    OFFERED,
    OUT,
    RECALLED,
    RECALLING,
    REFUSED,
    is_transfer,
    make_recall,
)
from leads.exchange.arrived import read_package
from leads.exchange.attachments import Attachment, read_attachments
from leads.exchange.carrier import opened_carrier, write_carrier
from leads.exchange.entering import RUN_PREFIX, UNRATED
from leads.exchange.offices import Offices
from leads.exchange.receiving import TakenIn, take_in
from leads.exchange.sending import ASKED_BACK
from leads.exchange.signed import Signed
from leads.rating import rate_in
from leads.routing import route
from leads.states import SENT
from office import Actor, Database
from office.actors import MACHINE
from office.agencies import load_agencies
from office.exchange_tables import TRANSFER
from office.policy import require, rows_allowed
from office.schema import LEAD
from office.scope import About


def receive_file(
    db: Database, path: Path, *, offices: Offices, actor: Actor, at: str, refusal: str = ""
) -> list[TakenIn]:
    """Take in every package of a file, each by itself; what came before is answered again.

    Raises at the first package that is none; those before it stay taken in.
    """
    done: list[TakenIn] = []
    with opened_carrier(path, offices.rules) as carrier:
        for name in carrier.ids:
            paper = carrier.package(name)
            carrier.keep(read_package(paper, offices).attachments, offices.attachments)
            done.append(take_in(db, paper, offices=offices, actor=actor, at=at, refusal=refusal))
    _rate_new(db)
    return done


def _rate_new(db: Database) -> None:
    """Rate what came in, all at once; what a stopped program left unrated is rated with it."""
    with db.write() as connection:
        unrated = select(LEAD.c.id).where(
            LEAD.c.score_parts == UNRATED, LEAD.c.first_run.startswith(RUN_PREFIX))  # fmt: skip
        rate_in(connection, list(connection.scalars(unrated)))


def route_new(db: Database, done: Sequence[TakenIn], *, offices: Offices, at: str) -> int:
    """Route what came in by this office's own table, where the file of offices names one; how many
    found an agency. What was not routed when the program stopped is routed with the next.
    """
    ids = [one.lead_id for one in done if one.verdict == ACCEPTED and one.lead_id]
    if not (offices.agencies and ids):
        return 0
    routed = route(db, ids, table=load_agencies(offices.agencies), areas=None, actor=MACHINE, at=at,
                   on_date=at[:10])  # fmt: skip
    return sum(one.agency is not None for one in routed)


def write_offered(
    db: Database, out: Path, partner: str, *, offices: Offices, actor: Actor,
    transfers: Sequence[str] = (),
) -> int:  # fmt: skip
    """Write the packages on their way to a partner (or those named) to a file; how many."""
    found = [
        one for one in waiting(db, partner, actor=actor) if not transfers or one.id in transfers
    ]
    files = [file for one in found for file in attachments_in(one)]
    write_carrier(out, found, files, offices.attachments)
    return len(found)


def write_again(db: Database, out: Path, transfer: str, *, offices: Offices, actor: Actor) -> None:
    """Write a package to a file whatever was answered: for an office whose store came back from an
    older backup and lacks the lead. One that has it gives the receipt it gave.
    """
    query = select(TRANSFER).where(is_transfer(OUT, transfer))
    with db.read() as connection:
        row = connection.execute(query).one_or_none()
    if row is None or row.state in (REFUSED, RECALLED):
        raise LeadError(f"no package {transfer[:64]} that another office may have", field="transfer",
                        remedy="see `python -m leads transfers`; a lead that came back is sent anew")  # fmt: skip
    require(actor, "lead.send", scope=About(row.area, row.check_id))
    paper = Signed(row.package, row.package_signature)
    write_carrier(out, [paper], attachments_in(paper), offices.attachments)


def waiting(db: Database, partner: str, *, actor: Actor) -> list[Signed]:
    """The packages a partner has not answered yet, of leads that the actor may send."""
    query = select(TRANSFER.c.package, TRANSFER.c.package_signature)
    query = query.where(*_under_way(OFFERED, partner, actor))
    with db.read() as connection:
        rows = connection.execute(query.order_by(TRANSFER.c.at, TRANSFER.c.id)).all()
    return [Signed(row.package, row.package_signature) for row in rows]


def wishes(db: Database, partner: str, *, offices: Offices, actor: Actor, at: str) -> list[Signed]:
    """The wishes to have packages back that a partner has not answered yet."""
    query = select(TRANSFER.c.id, LEAD.c.data).join(LEAD, LEAD.c.id == TRANSFER.c.lead_id)
    query = query.where(*_under_way(RECALLING, partner, actor))
    with db.read() as connection:
        rows = connection.execute(query.order_by(TRANSFER.c.at, TRANSFER.c.id)).all()
    why = [(row.id, json.loads(row.data).get(SENT, {}).get(ASKED_BACK) or "—") for row in rows]
    return [make_recall(one, partner, offices=offices, reason=reason, by=actor.name, at=at)
            for one, reason in why]  # fmt: skip


def attachments_in(paper: Signed) -> tuple[Attachment, ...]:
    """The attachments of one of our own packages."""
    try:
        return read_attachments(json.loads(paper.text)["attachments"])
    except (KeyError, ValueError, TypeError) as error:
        raise LeadError("a package of ours cannot be read", field="package",
                        remedy="run `python -m leads verify`") from error  # fmt: skip


def _under_way(state: str, partner: str, actor: Actor) -> tuple[ColumnElement[bool], ...]:
    may = rows_allowed(actor, "lead.send", TRANSFER.c.area, TRANSFER.c.check_id)
    return (
        TRANSFER.c.direction == OUT,
        TRANSFER.c.state == state,
        TRANSFER.c.partner == partner,
        may,
    )
