"""What travels: one lead with its finding, its whole history and the chain that history hangs in.

Sealed fields stay behind: only their names are told. A lead that came from another office brings that
office's package along, as it was signed.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from sqlalchemy import Connection, Table, or_, select

from layers.errors import LeadError
from leads.exchange.answers import IN, is_transfer
from leads.exchange.attachments import Attachment
from leads.exchange.offices import Offices, Partner
from leads.exchange.signed import PACKAGE, Signed, sign
from office.actors import Actor
from office.door_tables import SEALED
from office.exchange_tables import TRANSFER
from office.history import events, links
from office.schema import (
    CASE,
    CHAIN_HEAD,
    DEADLINE,
    LEAD,
    LEAD_KEY,
    LINK,
    REINSPECTION,
    RUN,
    SIGHTING,
)

MOST_LINKS = 5_000
"""Of the chain so many links go along; a longer way to the head is left out, and said to be."""
NOT_TOLD = frozenset({"geometry", "finding", "data", "score", "score_parts"})
"""Columns of a lead that have a place of their own in a package, or are made anew."""
_RUN = ("id", "at", "actor", "on_date", "rules", "rules_sha256", "version", "layers")


def make_package(
    connection: Connection, lead_id: str, *, to: Partner, offices: Offices, reason: str,
    attachments: Sequence[Attachment], actor: Actor, at: str,
) -> Signed:  # fmt: skip
    """The signed package of a lead as it stands in this transaction; `LeadError` where its history
    does not bear it out, or where it is larger than what may be sent.
    """
    row = dict(connection.execute(select(LEAD).where(LEAD.c.id == lead_id)).mappings().one())
    history = _history(connection, lead_id)
    body = {
        "from": offices.id, "words": offices.words.as_dict(), "to": to.id, "at": at, "by": actor.name,
        "reason": reason, "lead": {k: v for k, v in row.items() if k not in NOT_TOLD},
        "finding": json.loads(row["finding"]), "data": json.loads(row["data"]),
        "geometry": row["geometry"] and base64.b64encode(bytes(row["geometry"])).decode("ascii"),
        "attachments": [one.as_dict() for one in attachments],
        "earlier": _earlier(connection, history["events"]),
        **history, **_beside(connection, row),
    }  # fmt: skip
    paper = sign(PACKAGE, body, offices.key)
    if len(paper.text.encode()) > offices.rules.package:
        raise LeadError(f"{row['number']} with its history is larger than a package may be", field="lead",
                        remedy="have the administrator raise package_mib in both offices")  # fmt: skip
    return paper


def _history(connection: Connection, lead_id: str) -> dict[str, Any]:
    own = [asdict(event) for event in events(connection, lead_id)]
    head = connection.execute(select(CHAIN_HEAD.c.seq, CHAIN_HEAD.c.hash)).one()
    chained = links(connection, own[0]["seq"], MOST_LINKS + 1) if own else []
    whole = len(chained) <= MOST_LINKS
    return {"head": {"seq": head.seq, "hash": head.hash}, "events": own,
            "chain": [one["hash"] for one in chained] if whole else None}  # fmt: skip


def _beside(connection: Connection, row: Mapping[str, Any]) -> dict[str, Any]:
    lead_id = row["id"]
    sightings = _rows(connection, SIGHTING, lead_id, "lead_id")
    wanted = {row["first_run"], row["last_run"], *(one["run_id"] for one in sightings)}
    runs = connection.execute(
        select(*(RUN.c[name] for name in _RUN)).where(RUN.c.id.in_(sorted(wanted)))
    )
    keys = select(LEAD_KEY.c.key).where(LEAD_KEY.c.lead_id == lead_id).order_by(LEAD_KEY.c.key)
    sealed = select(SEALED.c.field).where(SEALED.c.subject == lead_id).order_by(SEALED.c.field)
    case = connection.execute(select(CASE).where(CASE.c.id == row["case_id"])).mappings().first()
    return {
        "keys": list(connection.scalars(keys)), "sealed": list(connection.scalars(sealed)),
        "runs": [{**one, "layers": json.loads(one["layers"])} for one in runs.mappings()],
        "sightings": [{**one, "what": json.loads(one["what"]),
                       "finding": one["finding"] and json.loads(one["finding"])} for one in sightings],
        "deadlines": [_read(one) for one in _rows(connection, DEADLINE, lead_id, "id")],
        "looks": [_read(one) for one in _rows(connection, REINSPECTION, lead_id, "id")],
        "links": _links(connection, lead_id), "case": None if case is None else dict(case),
    }  # fmt: skip


def _rows(connection: Connection, table: Table, lead_id: str, order: str) -> list[dict[str, Any]]:
    query = select(table).where(table.c.lead_id == lead_id).order_by(table.c[order])
    return [dict(row) for row in connection.execute(query).mappings()]


def _read(row: Mapping[str, Any]) -> dict[str, Any]:
    return {**row, "data": json.loads(row["data"])}


def _links(connection: Connection, lead_id: str) -> list[dict[str, str]]:
    """Both ways, by the numbers of the leads."""
    query = select(LINK).where(or_(LINK.c.lead_id == lead_id, LINK.c.other_id == lead_id))
    found = connection.execute(query.order_by(LINK.c.at, LINK.c.lead_id, LINK.c.other_id)).all()
    ids = {one for row in found for one in (row.lead_id, row.other_id)}
    named = connection.execute(select(LEAD.c.id, LEAD.c.number).where(LEAD.c.id.in_(sorted(ids))))
    numbers = {row.id: row.number for row in named}
    return [{"lead": numbers[row.lead_id], "kind": row.kind, "other": numbers[row.other_id],
             "at": row.at} for row in found]  # fmt: skip


def _earlier(connection: Connection, told: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The last package by which the lead came here, with those it brought along itself."""
    came = [json.loads(one["body"])["transfer"] for one in told if one["kind"] == "lead.received"]
    query = select(TRANSFER.c.package, TRANSFER.c.package_signature)
    query = query.where(is_transfer(IN, came[-1] if came else ""))
    return [Signed(*row).as_dict() for row in connection.execute(query)]
