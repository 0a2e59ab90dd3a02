"""Look-back (回头看): when somebody looks again, and what a later run says of the place.

On entering follow-up a first re-inspection and several relapse checks are planned
(`data/workflow/look-back.toml`). `look_again` reads what runs since then say; only a person (or a
watch, by name) records a result (`leads.steps.reinspecting`).
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, insert, select, update

from checks import Text
from layers.errors import LeadError
from leads.steps.changing import Change
from leads.steps.workflow import FOLDER
from office.canonical import canonical, sha256
from office.schema import DEADLINE, LEAD, REINSPECTION, RUN
from office.working_days import Period, WorkingDays, parse_day

FIRST, RELAPSE, EXTRA = "first", "relapse", "extra"
PLANNED, DONE, CANCELLED = "planned", "done", "cancelled"
GONE, STILL_THERE, CANNOT_TELL = "gone", "still_there", "cannot_tell"
RESULT_WORDS: Mapping[str, Text] = {
    GONE: Text("已消除", "gone"),
    STILL_THERE: Text("仍然存在", "still there"),
    CANNOT_TELL: Text("无法判断", "cannot tell"),
}
_FILE = FOLDER / "look-back.toml"
_VIEW = ("scene_id", "day", "detector", "flight", "camera")
"""Facts of a finding that say from where it was seen: the next look takes the same view."""


@dataclass(frozen=True, slots=True)
class Plan:
    """The plan of one check: the first look, the relapse checks, and how soon once more where a
    look found it still there or could not tell.
    """

    first: Period
    relapse: tuple[Period, ...]
    again: Period


@dataclass(frozen=True, slots=True)
class Look:
    """What the runs after a day say: `verdict` gone, still_there or cannot_tell, with why."""

    verdict: str
    why: Text
    run_id: str | None
    on_date: str | None
    measured: float | None = None


def plan_of(check: str, file: Path = _FILE) -> Plan:
    """The plan of a check, else the common one."""
    table = _table(file)
    row = {**table["default"], **table.get("checks", {}).get(check, {})}
    return Plan(Period.parse(row["first"]), tuple(Period.parse(one) for one in row["relapse"]),
                Period.parse(row["again"]))  # fmt: skip


def article_82(file: Path = _FILE) -> dict[str, Text]:
    """When an agency has not lawfully performed: code → words, in the order of the article."""
    return {code: Text(one["zh"], one["en"]) for code, one in _table(file)["tests"].items()
            if isinstance(one, dict)}  # fmt: skip


def plan_look_back(
    connection: Connection, change: Change, *, on_date: str, calendar: WorkingDays
) -> None:
    """Plan the looks of a lead that enters follow-up; those planned before are replaced."""
    cancel_look_back(connection, change, on_date=on_date)
    base = max(on_date, _rectified_until(connection, change.id) or on_date)
    plan = plan_of(str(change.row["check_id"]))
    looks = [(FIRST, plan.first), *((RELAPSE, period) for period in plan.relapse)]
    _plan(connection, change, looks, base=base, on_date=on_date, calendar=calendar)


def plan_once_more(
    connection: Connection, change: Change, *, on_date: str, calendar: WorkingDays
) -> None:
    """Plan one more look, where the last found it still there or could not tell."""
    again = plan_of(str(change.row["check_id"])).again
    _plan(connection, change, [(FIRST, again)], base=on_date, on_date=on_date, calendar=calendar)


def _plan(
    connection: Connection, change: Change, looks: Sequence[tuple[str, Period]], *,
    base: str, on_date: str, calendar: WorkingDays,
) -> None:  # fmt: skip
    rows = []
    for number, (kind, period) in enumerate(looks):
        due = calendar.count(parse_day(base), period)
        data = {"after": str(period), "from": base, "planned_on": on_date, "view": _view(change.row),
                "run": change.row["last_run"], "provisional": due.provisional}  # fmt: skip
        name = sha256(canonical([change.id, kind, number, change.version]))[:16]
        rows.append({"id": f"R{name}", "lead_id": change.id, "kind": kind, "state": PLANNED,
                     "due_on": due.day.isoformat(), "data": canonical(data)})  # fmt: skip
    connection.execute(insert(REINSPECTION), rows)
    change.tell("lead.look_back", did="planned", on=on_date,
                days=[{"kind": r["kind"], "due_on": r["due_on"]} for r in rows])  # fmt: skip


def cancel_look_back(connection: Connection, change: Change, *, on_date: str) -> None:
    """Cancel what is planned; nothing is told where nothing was."""
    done = connection.execute(
        update(REINSPECTION)
        .where(REINSPECTION.c.lead_id == change.id, REINSPECTION.c.state == PLANNED)
        .values(state=CANCELLED)
    )
    if done.rowcount:
        change.tell("lead.look_back", did="cancelled", on=on_date, count=done.rowcount)


def look_again(connection: Connection, lead_id: str, since: str) -> Look:
    """What runs of the lead's check after the ISO day `since` say of it.

    Gone only where a run after that day looked at data that are new, and did not find it; a run
    that could not decide, or that read the very same data, tells nothing: missing data is never clear.
    """
    lead = connection.execute(
        select(LEAD.c.check_id, LEAD.c.presence, LEAD.c.verdict, LEAD.c.measured, LEAD.c.last_run,
               LEAD.c.finding, RUN.c.on_date, RUN.c.layers)
        .join(RUN, RUN.c.id == LEAD.c.last_run).where(LEAD.c.id == lead_id)
    ).one_or_none()  # fmt: skip
    if lead is None:
        raise LeadError(
            f"there is no lead {lead_id}", field="lead", remedy="see `python -m leads list`"
        )
    at = (lead.last_run, lead.on_date)
    if lead.on_date <= since:
        return Look(CANNOT_TELL, _NOT_RUN.fill(day=since), *at)
    if not _is_new(connection, lead, since):
        return Look(CANNOT_TELL, _SAME_DATA.fill(day=lead.on_date), *at)
    if lead.presence == "vanished":
        return Look(GONE, _GONE.fill(day=lead.on_date), *at)
    if lead.verdict == "undecided":
        return Look(CANNOT_TELL, _UNDECIDED.fill(day=lead.on_date), *at)
    return Look(STILL_THERE, _STILL.fill(day=lead.on_date), *at, lead.measured)


def _is_new(connection: Connection, lead: Any, since: str) -> bool:  # noqa: ANN401 - a row
    """Whether that run read another version of any layer of the lead than the last one before."""
    used = {layer["theme"] for layer in json.loads(lead.finding).get("layers") or ()}
    query = (
        select(RUN.c.layers, RUN.c.checks)
        .where(RUN.c.on_date <= since)
        .order_by(RUN.c.on_date.desc())
    )
    for run in connection.execute(query):
        if lead.check_id in json.loads(run.checks):
            return _hashes(run.layers, used) != _hashes(lead.layers, used)
    return True


def _hashes(layers: str, themes: set[str]) -> set[tuple[str, str]]:
    return {(one["theme"], str(one["sha256"])) for one in json.loads(layers)
            if not themes or one["theme"] in themes}  # fmt: skip


def _rectified_until(connection: Connection, lead_id: str) -> str | None:
    """The end of the rectification period: that of the agency's last period to reply."""
    query = select(DEADLINE.c.due_on).where(DEADLINE.c.lead_id == lead_id, DEADLINE.c.kind == "reply",
                                            DEADLINE.c.state != CANCELLED)  # fmt: skip
    return max(connection.scalars(query).all(), default=None)


def _view(row: Mapping[str, Any]) -> dict[str, Any]:
    """The place and the view of the first finding, so that the next picture shows the same."""
    facts = json.loads(row["finding"]).get("facts") or {}
    view = {name: facts[name] for name in _VIEW if facts.get(name)}
    return {"bounds": [row["west"], row["south"], row["east"], row["north"]], **view}


@cache
def _table(file: Path) -> dict[str, Any]:
    try:
        table = tomllib.loads(file.read_text(encoding="utf-8"))
        for row in (table["default"], *table.get("checks", {}).values()):
            for period in (
                *row.get("relapse", ()),
                *(row[k] for k in ("first", "again") if k in row),
            ):
                Period.parse(period)
    except (OSError, ValueError, KeyError) as error:
        raise LeadError(f"the plan of the look-back cannot be read ({error})", file=file,
                        remedy="put the file back as it came, or mend it") from error  # fmt: skip
    return table


_NOT_RUN = Text("{day}之后该检查未再运行", "the check has not run since {day}")
_SAME_DATA = Text(
    "{day}的运行所用数据与此前相同，不能说明问题",
    "the run of {day} read the same data as before: it tells nothing",
)
_GONE = Text("{day}的运行用新数据未再发现", "the run of {day} on new data no longer finds it")
_UNDECIDED = Text("{day}的运行无法判定", "the run of {day} could not decide")
_STILL = Text("{day}的运行用新数据仍然发现", "the run of {day} on new data still finds it")
