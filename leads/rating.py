"""Keeps the scores of the leads in the store: at an ingest, and again when what they rest on moved.

A score is no change of a lead: it gets no version and no event.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, bindparam, func, select, update

from leads.known import chunks
from leads.scope import rows_of
from leads.score import Beside, as_stored, data_day, layer_days, score, total
from leads.yields import Yield, yields_in
from office import Actor, Database
from office.canonical import canonical
from office.policy import require_somewhere
from office.schema import LEAD, LEAD_KEY, RUN, SIGHTING

STEP = 0.05
"""A share that was right moves by less without the check's leads being rated again."""
_SUBJECT_KEYS = ("code:", "licence:", "id:")


def rate(db: Database, *, actor: Actor) -> int:
    """Rate every lead again that the person may take findings in for; returns how many got another
    score.
    """
    require_somewhere(actor, "lead.ingest")
    with db.write() as connection:
        ids = list(connection.scalars(select(LEAD.c.id).where(rows_of(actor, "lead.ingest"))))
        return rate_in(connection, ids)


def rate_in(connection: Connection, ids: Sequence[str]) -> int:
    """Rate these leads inside a write transaction; returns how many got another score."""
    right = yields_in(connection) if ids else {}
    days: dict[str, Mapping[str, str]] = {}
    changed = 0
    for some in chunks(ids):
        again, others = _again(connection, some), _others(connection, some)
        query = select(LEAD.c.id, LEAD.c.finding, LEAD.c.verdict, LEAD.c.check_id, LEAD.c.last_run,
                       LEAD.c.score, LEAD.c.score_parts).where(LEAD.c.id.in_(some))  # fmt: skip
        rows = []
        for lead in connection.execute(query).all():
            finding = json.loads(lead.finding) | {"verdict": lead.verdict}
            made = rated(finding, again[lead.id], others[lead.id],
                         _days(connection, lead.last_run, days), right.get(lead.check_id))  # fmt: skip
            if (made["score"], made["score_parts"]) != (lead.score, lead.score_parts):
                rows.append(
                    {"b_id": lead.id, **{f"b_{name}": value for name, value in made.items()}}
                )
        _write(connection, rows)
        changed += len(rows)
    return changed


def rated(
    finding: Mapping[str, Any], again: int, others: int, layers: Mapping[str, str],
    right: Yield | None,
) -> dict[str, Any]:  # fmt: skip
    """The columns `score` and `score_parts` of a finding."""
    beside = Beside(again, others, data_day(finding, layers),
                    right.right if right else 0.5, right.decided if right else 0)  # fmt: skip
    parts = score(finding, beside)
    return {"score": total(parts), "score_parts": canonical(as_stored(parts))}


def moved(connection: Connection, checks: Iterable[str]) -> list[str]:
    """Leads of those checks whose share that was right is not any more what their score says."""
    right = yields_in(connection)
    found: list[str] = []
    for check in checks:
        sample = connection.execute(
            select(LEAD.c.score_parts)
            .where(LEAD.c.check_id == check)
            .order_by(LEAD.c.number)
            .limit(1)
        ).scalar()
        if sample and check in right and abs(_share(sample) - right[check].right) >= STEP:
            found += connection.scalars(select(LEAD.c.id).where(LEAD.c.check_id == check))
    return found


def others_of(connection: Connection, keys: Iterable[str]) -> dict[str, list[str]]:
    """Key → the leads that have it, for keys that name a subject."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for some in chunks([key for key in keys if key.startswith(_SUBJECT_KEYS)]):
        query = select(LEAD_KEY.c.key, LEAD_KEY.c.lead_id).where(LEAD_KEY.c.key.in_(some))
        for key, lead_id in connection.execute(query):
            found[key].append(lead_id)
    return found


def _share(parts: str) -> float:
    return next((float(one[1]) for one in json.loads(parts) if one[0] == "yield"), -1.0)


def _again(connection: Connection, ids: Sequence[str]) -> Counter[str]:
    query = select(SIGHTING.c.lead_id, func.count()).where(
        SIGHTING.c.lead_id.in_(ids), SIGHTING.c.change == "back").group_by(SIGHTING.c.lead_id)  # fmt: skip
    return Counter({row[0]: int(row[1]) for row in connection.execute(query)})


def _others(connection: Connection, ids: Sequence[str]) -> Counter[str]:
    """How many other leads there are about the subject of each."""
    own = connection.execute(
        select(LEAD_KEY.c.lead_id, LEAD_KEY.c.key).where(LEAD_KEY.c.lead_id.in_(ids))
    )
    keys: defaultdict[str, set[str]] = defaultdict(set)
    for lead_id, key in own:
        keys[lead_id].add(key)
    held = others_of(connection, sorted({key for some in keys.values() for key in some}))
    return Counter({lead_id: len({other for key in some for other in held.get(key, ())} - {lead_id})
                    for lead_id, some in keys.items()})  # fmt: skip


def _days(
    connection: Connection, run_id: str, known: dict[str, Mapping[str, str]]
) -> Mapping[str, str]:
    if run_id not in known:
        layers = connection.execute(select(RUN.c.layers).where(RUN.c.id == run_id)).scalar()
        known[run_id] = layer_days(json.loads(layers or "[]"))
    return known[run_id]


def _write(connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    if rows:
        connection.execute(
            update(LEAD).where(LEAD.c.id == bindparam("b_id"))
            .values(score=bindparam("b_score"), score_parts=bindparam("b_score_parts")), list(rows),
        )  # fmt: skip
