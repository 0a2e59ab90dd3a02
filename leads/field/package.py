"""What a person takes along to the field: the leads assigned to them, with all that is needed on site."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import shapely
from shapely.geometry import shape
from sqlalchemy import Connection, select

from checks import METHOD_WORDS, catalogue, verdict_words
from layers import Layer
from leads.field.form import form
from leads.field.sketch import sketch
from leads.field.visits import visits_in
from leads.scope import READ, rows_of
from leads.states import ENDED, STATE_WORDS
from leads.steps.look_back import PLANNED
from leads.steps.reinspecting import looks_of
from office import Actor, Database
from office.policy import require_somewhere
from office.schema import LEAD

MOST = 200
"""Leads of one package; a phone shows no more with sense."""
_COLUMNS = ("id", "number", "check_id", "verdict", "state", "subject_name", "address", "measured", "limit",
            "unit", "township", "admin_code", "assignee", "next_due", "version", "west", "south", "east",
            "north", "finding")  # fmt: skip


def package(
    db: Database, layers: Mapping[str, Layer] | None, *, actor: Actor, at: str
) -> dict[str, Any]:
    """The leads assigned to the person that are not ended, the next due first, as plain JSON.

    `layers` give each lead a sketch of its surroundings; without them there is none. `left` is how
    many leads more there are. Leads outside the scope of the person's rights are left out.
    """
    require_somewhere(actor, READ)
    with db.read() as connection:
        rows = _assigned(connection, actor)
        leads = [_lead(connection, row, layers) for row in rows[:MOST]]
    return {"person": actor.name, "at": at, "form": form(), "leads": leads,
            "left": max(len(rows) - MOST, 0)}  # fmt: skip


def _assigned(connection: Connection, actor: Actor) -> list[Mapping[str, Any]]:
    query = (
        select(*(LEAD.c[name] for name in _COLUMNS))
        .where(LEAD.c.assignee == actor.name, LEAD.c.state.not_in(sorted(ENDED)), rows_of(actor))
        .order_by(LEAD.c.next_due.asc().nulls_last(), LEAD.c.score.desc(), LEAD.c.id)
        .limit(MOST + 1)
    )
    return [dict(row) for row in connection.execute(query).mappings()]


def _lead(
    connection: Connection, row: Mapping[str, Any], layers: Mapping[str, Layer] | None
) -> dict[str, Any]:
    finding = json.loads(row["finding"])
    place = _place(row)
    looks = looks_of(connection, str(row["id"]))
    return {
        **{name: row[name] for name in ("id", "number", "version", "address", "township", "measured",
                                        "limit", "unit")},
        "name": row["subject_name"], "due": row["next_due"], "check": row["check_id"],
        "state": STATE_WORDS[row["state"]].as_dict(),
        "verdict": verdict_words(row["verdict"], row["unit"]).as_dict(),
        "place": None if place is None else {"lon": place[0], "lat": place[1]},
        "reasons": (finding.get("texts") or {}).get("reasons") or [],
        "method": _words(METHOD_WORDS.get(finding.get("method"))),
        **_check(str(row["check_id"]), finding),
        "look": [one["due_on"] for one in looks if one["state"] == PLANNED],
        "visits": visits_in(connection, str(row["id"])),
        "sketch": _sketch(layers, place, finding.get("geometry")),
    }  # fmt: skip


def _check(check: str, finding: Mapping[str, Any]) -> dict[str, Any]:
    """What the check says of itself; of one that is no longer there its title as the finding has it."""
    entry = catalogue().get(check)
    if entry is None:
        title = (finding.get("texts") or {}).get("title") or {"zh": check, "en": check}
        return {"title": title, "verify": [], "pitfalls": []}
    one = entry.check
    return {"title": one.title.as_dict(), "verify": [text.as_dict() for text in one.verify],
            "pitfalls": [text.as_dict() for text in one.pitfalls]}  # fmt: skip


def _place(row: Mapping[str, Any]) -> tuple[float, float] | None:
    """The middle of the lead's bounds, degrees."""
    if row["west"] is None:
        return None
    return (row["west"] + row["east"]) / 2, (row["south"] + row["north"]) / 2


def _sketch(
    layers: Mapping[str, Layer] | None, place: tuple[float, float] | None, drawn: Mapping[str, Any] | None
) -> list[dict[str, Any]]:  # fmt: skip
    if layers is None or place is None:
        return []
    return sketch(layers, *place, None if drawn is None else shapely.force_2d(shape(dict(drawn))))


def _words(text: Any) -> dict[str, str] | None:  # noqa: ANN401 - a Text or nothing
    return None if text is None else text.as_dict()
