"""Deadlines and planned looks of a lead that is sent: they end here, and run again if it comes back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, update

from leads.steps import deadlines
from leads.steps.changing import Change
from leads.steps.look_back import PLANNED, cancel_look_back
from office.canonical import canonical
from office.schema import DEADLINE, REINSPECTION


def stop_clocks(connection: Connection, change: Change, day: str) -> None:
    """Nothing runs here while another office may have the lead."""
    deadlines.end_all(connection, change, day)
    cancel_look_back(connection, change, on_date=day)


def give_back_clocks(
    connection: Connection, change: Change, said: Mapping[str, Any], day: str
) -> None:
    """What ran when the package was made runs on, to the same days: the law's clock did not stop."""
    for one in said["deadlines"]:
        if one["state"] in deadlines.RUNNING:
            connection.execute(
                update(DEADLINE).where(DEADLINE.c.id == one["id"])
                .values(state=one["state"], due_on=one["due_on"], provisional=one["provisional"],
                        data=canonical(one["data"])))  # fmt: skip
            change.tell("lead.deadline", deadline=one["kind"], did="resumed", on=day,
                        due_on=one["due_on"], provisional=one["provisional"])  # fmt: skip
    looks = [one for one in said["looks"] if one["state"] == PLANNED]
    for one in looks:
        connection.execute(
            update(REINSPECTION).where(REINSPECTION.c.id == one["id"]).values(state=PLANNED)
        )
    if looks:
        change.tell("lead.look_back", did="planned", on=day,
                    days=[{"kind": one["kind"], "due_on": one["due_on"]} for one in looks])  # fmt: skip
