"""All leads as one table for the map: where each one is, how it stands, since when."""

from __future__ import annotations

import pandas as pd
from sqlalchemy import select

from leads.scope import READ
from leads.store import Filter, clauses_of
from office import Actor, Database
from office.policy import require_somewhere
from office.schema import LEAD, RUN

COLUMNS = (
    "id", "number", "check_id", "verdict", "state", "presence", "change", "asked_again", "subject_theme",
    "subject_id", "subject_name", "address", "credit_code", "licence_no", "score", "township", "measured",
    "unit", "state_since", "next_due", "west", "south", "east", "north",
)  # fmt: skip


def lead_table(db: Database, where: Filter | None = None, *, actor: Actor) -> pd.DataFrame:
    """`COLUMNS` of the leads that the person may read, the highest score first.

    `since` is the day (ISO) of the run that first saw the lead.
    """
    require_somewhere(actor, READ)
    with db.read() as connection:
        query = (
            select(*(LEAD.c[name] for name in COLUMNS), LEAD.c.first_run)
            .where(*clauses_of(connection, where or Filter(), actor))
            .order_by(LEAD.c.score.desc(), LEAD.c.id.desc())
        )
        rows = connection.execute(query).all()
        days = {row.id: str(row.at)[:10] for row in connection.execute(select(RUN.c.id, RUN.c.at))}
    found = pd.DataFrame(rows, columns=[*COLUMNS, "first_run"])
    found["since"] = found.pop("first_run").map(days).astype(object)
    return found
