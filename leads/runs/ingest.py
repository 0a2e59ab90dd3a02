"""Findings become leads, or are known again as leads there already are: new, changed, unchanged,
vanished, back.

A lead vanishes only where the run looked: its check ran whole, over its place, under the rules
it was last judged by. What a person laid aside stays laid aside until its facts change.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry
from sqlalchemy import Connection, insert, select

from checks import RunResult, catalogue, keys_of, subject_of
from leads.known import Known, chunks, load_known
from leads.rating import moved, others_of, rate_in
from leads.runs.planning import STILL_GONE, Plan, Step, plan_check
from leads.runs.reading import Findings, Sighted, read_findings
from leads.runs.report import CHANGES, IngestReport
from leads.runs.writing import write_plan
from leads.scope import rows_of
from office import Actor, Database, NewEvent, append
from office.canonical import canonical, sha256
from office.policy import may, require, require_somewhere
from office.schema import CHAIN_HEAD, LEAD, RUN
from office.scope import About

INGEST = "lead.ingest"
_MANY = 2000
"""After so many changed leads the store's statistics are made anew."""


def ingest(
    db: Database,
    findings: str | Path | RunResult | Findings,
    *,
    actor: Actor,
    at: str,
    area: BaseGeometry | None = None,
) -> IngestReport:
    """Take in the findings of one run: a GeoJSON file, or the run itself.

    `at` is ISO in UTC. `area` (WGS 84) is the ground the run covered where it was less than its
    layers; without it, leads last judged by the same place's rules are covered. The same findings
    taken in a second time at the same `at` write nothing. Raises `LeadError` for a file that holds
    no findings, `PolicyError` where the person may not.
    """
    require_somewhere(actor, INGEST)
    read = findings if isinstance(findings, Findings) else read_findings(findings)
    with db.write() as connection:
        report = ingest_in(connection, read, actor=actor, at=at, area=area)
    if sum(map(len, report.leads.values())) > _MANY:
        db.tidy()
    return report


def ingest_in(
    connection: Connection, read: Findings, *, actor: Actor, at: str, area: BaseGeometry | None = None
) -> IngestReport:  # fmt: skip
    """Take findings in inside the caller's write transaction."""
    require_somewhere(actor, INGEST)
    run_id = "R" + sha256(f"{read.sha256}|{at}|{'' if area is None else area.wkt}")[:16]
    connection.execute(select(CHAIN_HEAD.c.seq).with_for_update())
    earlier = connection.execute(select(RUN.c.counts).where(RUN.c.id == run_id)).scalar()
    if earlier is not None:
        return _repeated(run_id, read, earlier)
    plan = _plan(connection, read, area)
    _weigh(connection, actor, read, plan)
    report = _report(run_id, read, plan)
    run = _run_row(read, report, area) | {"at": at, "actor": actor.name}
    connection.execute(insert(RUN), run)
    events = write_plan(connection, plan, run_id, read, at)
    body = {"on_date": read.run["on_date"], "rules": read.run.get("rules"),
            "rules_sha256": read.run.get("rules_sha256"), "findings_sha256": read.sha256,
            "checks": list(read.run["checks"]), "counts": report.counts,
            "uncovered": report.uncovered, "version": read.run["version"]}  # fmt: skip
    append(connection, [NewEvent("run.ingested", run_id, body), *events], actor=actor, at=at)
    rate_in(connection, _to_rate(connection, plan))
    return report


def uncovered(run: Mapping[str, Any]) -> dict[str, str]:
    """Checks of the run from whose silence nothing follows, with why (`report.WHY_NOT`)."""
    found = {str(one.get("check")): "undecided" for one in run.get("undecided") or ()}
    found |= dict.fromkeys(run.get("no_data") or (), "no_data")
    found |= {str(one.get("check")): "failed" for one in run.get("failures") or ()}
    return {check: found[check] for check in run["checks"] if check in found}


def _weigh(connection: Connection, actor: Actor, read: Findings, plan: Plan) -> None:
    """`PolicyError` where a finding, or a lead that it would change, lies outside of the person's scope."""
    if may(actor, INGEST):
        return
    for area, check in sorted({(one.admin_code or "", one.check) for one in read.sighted}):
        require(actor, INGEST, scope=About(area, check))
    for some in chunks([step.lead_id for step in plan.steps if step.known is not None]):
        query = select(LEAD.c.admin_code, LEAD.c.check_id).where(
            LEAD.c.id.in_(some), ~rows_of(actor, INGEST)).limit(1)  # fmt: skip
        for row in connection.execute(query):
            require(actor, INGEST, scope=About(row.admin_code, row.check_id))


def _plan(connection: Connection, read: Findings, area: BaseGeometry | None) -> Plan:
    run, silent = read.run, uncovered(read.run)
    watch = {entry.check.id for entry in catalogue().values() if entry.check.level == "watch"}
    found: defaultdict[str, list[Sighted]] = defaultdict(list)
    for one in read.sighted:
        found[one.check].append(one)
    checks = list(dict.fromkeys([*run["checks"], *found]))
    known: defaultdict[str, list[Known]] = defaultdict(list)
    for lead in load_known(connection, checks):
        known[lead.check].append(lead)
    steps: list[Step] = []
    for check in checks:
        covered = [] if check in silent or check not in run["checks"] else [
            lead for lead in known[check] if _covers(lead, run, area)]  # fmt: skip
        steps += plan_check(connection, found[check], known[check],
                            covered=frozenset(lead.id for lead in covered), opens=check not in watch)  # fmt: skip
    return Plan(tuple(checks), tuple(steps), silent)


def _covers(lead: Known, run: Mapping[str, Any], area: BaseGeometry | None) -> bool:
    if area is None:
        return lead.rules == run.get("rules")
    point = lead.subject.point
    return point is not None and bool(shapely.intersects_xy(area, *point))


def _to_rate(connection: Connection, plan: Plan) -> list[str]:
    """Leads whose score may be another now: those told, those beside them, those of a check whose
    share that was right has moved.
    """
    told = [step for step in plan.steps if step.change in ("new", "changed", "back")]
    keys = {key for step in told if step.known is None and step.one is not None
            for key in keys_of(subject_of(step.one))}  # fmt: skip
    beside = [lead for some in others_of(connection, sorted(keys)).values() for lead in some]
    ids = [step.lead_id for step in told]
    return list(dict.fromkeys([*ids, *sorted(beside), *moved(connection, plan.checks)]))


def _report(run_id: str, read: Findings, plan: Plan) -> IngestReport:
    counts: dict[str, Counter[str]] = {check: Counter() for check in plan.checks}
    leads: defaultdict[str, list[str]] = defaultdict(list)
    for step in plan.steps:
        counts[step.check][step.change] += 1
        if step.change not in ("unchanged", STILL_GONE):
            leads[step.change].append(step.lead_id)
        for extra in step.extras:
            counts[step.check][extra] += 1
            leads[extra].append(step.lead_id)
    for one in read.sighted:
        counts[one.check][f"verdict_{one.verdict}"] += 1
    silent = tuple(check for check in plan.checks if check not in plan.uncovered
                   and counts[check]["vanished"]
                   and not any(counts[check][name] for name in CHANGES if name != "vanished"))  # fmt: skip
    return IngestReport(run_id, str(read.run["on_date"]),
                        {check: dict(sorted(one.items())) for check, one in counts.items()},
                        {change: tuple(ids) for change, ids in leads.items()}, plan.uncovered,
                        silent)  # fmt: skip


def _repeated(run_id: str, read: Findings, counts: str) -> IngestReport:
    return IngestReport(run_id, str(read.run["on_date"]), json.loads(counts), repeated=True)


def _run_row(read: Findings, report: IngestReport, area: BaseGeometry | None) -> dict[str, Any]:
    run = read.run
    return {
        "id": report.run_id, "on_date": str(run["on_date"]), "rules": run.get("rules"),
        "rules_sha256": run.get("rules_sha256"), "findings_sha256": read.sha256,
        "area": None if area is None else area.wkt, "checks": canonical(list(run["checks"])),
        "counts": canonical(report.counts), "layers": canonical(run.get("layers") or []),
        "version": str(run["version"]),
    }  # fmt: skip
