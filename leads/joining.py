"""Two leads that are one: a person merges them, and may take that back.

The lead merged away keeps its history and is laid aside as a repeat; later runs hand what they
find of it on to the lead it went into.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, delete, insert, select

from layers.errors import LeadError
from leads.known import MERGED
from leads.scope import about_of
from leads.states import DISMISSED, REGISTERED
from leads.steps.changing import Change, lock, write
from leads.steps.moves import CAME_FROM
from office import Actor, Database
from office.policy import require, require_somewhere
from office.schema import LINK

_EARLY = frozenset({REGISTERED, "screening", DISMISSED})
"""States in which a lead has no file of its own yet."""


def merge(
    db: Database, lead_id: str, into: str, *, actor: Actor, at: str, reason: str,
    version: int | None = None,
) -> tuple[str, str]:  # fmt: skip
    """Merge a lead into another of the same check (ids or numbers); returns both ids.

    `version` is that of the lead merged away as the person saw it. Raises `LeadError` where
    the two cannot be one: other checks, a file already opened, merged before.
    """
    require_somewhere(actor, "lead.merge")
    if not reason.strip():
        raise LeadError("no reason is given", field="reason", remedy="say why the two are one")
    with db.write() as connection:
        away = lock(connection, lead_id, version, actor=actor, operation="lead.merge")
        stays = lock(connection, into, actor=actor, operation="lead.merge")
        _may_merge(connection, away, stays)
        connection.execute(
            insert(LINK), {"lead_id": away.id, "other_id": stays.id, "kind": MERGED, "at": at}
        )
        before = str(away.row["state"])
        away.data[CAME_FROM] = {**away.data.get(CAME_FROM, {}), DISMISSED: before}
        away.data[DISMISSED] = {"reason": "duplicate", "duplicate_of": stays.row["number"],
                                "note": reason, "on": at[:10], "at": at, "by": actor.name}  # fmt: skip
        away.values |= {"state": DISMISSED, "state_since": at, "asked_again": False}
        away.tell(
            "lead.merged", into=stays.id, before=before, to=DISMISSED, reason=reason, by="person"
        )
        stays.tell("lead.merged", took=away.id, reason=reason, by="person")
        write(connection, [away, stays], actor=actor, at=at)
        return away.id, stays.id


def unmerge(
    db: Database, lead_id: str, *, actor: Actor, at: str, reason: str, version: int | None = None
) -> tuple[str, str]:
    """Take a merge back: the lead stands for itself again; returns its id and the other's."""
    require_somewhere(actor, "lead.split")
    if not reason.strip():
        raise LeadError("no reason is given", field="reason", remedy="say why the two are not one")
    with db.write() as connection:
        back = lock(connection, lead_id, version, actor=actor, operation="lead.split")
        other = _into(connection, back.id)
        if other is None:
            raise LeadError(f"{back.row['number']} is merged into no other lead", field="lead",
                            remedy="a lead that was found apart needs no splitting; "
                                   "a case is split with `python -m leads split CASE`")  # fmt: skip
        stays = lock(connection, other)
        require(actor, "lead.split", scope=about_of(stays.row))
        connection.execute(delete(LINK).where(LINK.c.lead_id == back.id, LINK.c.kind == MERGED))
        if _is_repeat(back):
            state = str(back.data.get(CAME_FROM, {}).get(DISMISSED) or REGISTERED)
            del back.data[DISMISSED]
            back.values |= {"state": state, "state_since": at}
        back.tell("lead.split", **{"from": stays.id}, reason=reason, by="person")
        stays.tell("lead.split", gave=back.id, reason=reason, by="person")
        write(connection, [back, stays], actor=actor, at=at)
        return back.id, stays.id


def _may_merge(connection: Connection, away: Change, stays: Change) -> None:
    names = f"{away.row['number']} → {stays.row['number']}"
    if away.id == stays.id:
        raise LeadError(
            f"{names}: this is one and the same lead", field="into", remedy="name two leads"
        )
    if away.row["check_id"] != stays.row["check_id"]:
        raise LeadError(f"{names}: they come from different checks", field="into",
                        remedy="take them together as a case: `python -m leads group`")  # fmt: skip
    for one in (away, stays):
        if _into(connection, one.id) is not None:
            raise LeadError(f"{one.row['number']} was merged into another lead before", field="lead",
                            remedy="merge the other one, or take that merge back first")  # fmt: skip
    if away.row["state"] not in _EARLY or away.row["case_id"]:
        raise LeadError(f"{away.row['number']} has a file of its own ({away.row['state']})", field="lead",
                        remedy="merge the other way round, or close the file first")  # fmt: skip


def _into(connection: Connection, lead_id: str) -> str | None:
    found = connection.execute(
        select(LINK.c.other_id).where(LINK.c.lead_id == lead_id, LINK.c.kind == MERGED)
    ).scalar()
    return None if found is None else str(found)


def _is_repeat(change: Change) -> bool:
    entered: Mapping[str, Any] = change.data.get(DISMISSED) or {}
    return change.row["state"] == DISMISSED and entered.get("reason") == "duplicate"
