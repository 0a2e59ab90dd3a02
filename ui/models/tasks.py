"""What the page of models asks the worker for: a run, a limit moved, a run's findings taken in."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from shapely.geometry.base import BaseGeometry

from checks import (
    RulePack,
    area_of,
    catalogue,
    compare,
    findings_of,
    get_check,
    if_run,
    keep_run,
    limits_in_force,
    load_rules,
    read_run,
    rule_packs,
    rule_to_move,
    run,
    spread,
    township_area,
    within,
    write_comparison,
)
from layers import LayerSet
from layers.atomic import write_text
from layers.errors import Cancelled
from leads.runs.ingest import ingest
from leads.runs.reading import read_findings
from office import Actor, Database
from office.scope import Grant, Scope
from office.shell_words import utc_text
from ui.jobs.tasks import Tell
from ui.settings import CACHE
from ui.texts import LANGUAGES
from ui.workplace import open_workplace

RUN, WHAT_IF, TAKE, PAIR = "check-run", "what-if", "run-ingest", "run-compare"
RUNS = "runs"
"""Folder of kept runs below the data folder."""
BRIEF, MOST_TOLD = "brief.json", 2000
"""Of a comparison: what the page reads, and so many differences of each check; the files hold all."""
Order = Mapping[str, Any]
Stopped = Callable[[], bool]


def ground_of(text: str, layers: LayerSet) -> BaseGeometry | None:
    """The area an order names: nothing for all, corners, or a township's id. Raises `RuleError`."""
    if not text:
        return None
    return area_of(text) if ";" in text else township_area(layers, text)


def pack_of(name: str | None) -> RulePack | None:
    """The rule pack of a place; a path in an order is no place."""
    return load_rules(name) if name and name in {pack.place for pack in rule_packs()} else None


def run_checks(order: Order, tell: Tell, stopped: Stopped) -> dict[str, Any]:
    """Run checks on a day and an area, and keep the run; its id and counts."""
    place = open_workplace(Path(order["data"]))
    area = ground_of(order["area"], place.layers)
    titles = {name: entry.check.title.of(order["lang"]) for name, entry in catalogue().items()}
    try:
        found = run(
            order["checks"], place.layers, pack_of(order["rules"]), order["on_date"], cancelled=stopped,
            progress=lambda done, total, name: tell({"done": done, "total": total, "name": titles.get(name, name)}),
        )  # fmt: skip
    except Cancelled:
        return {"cancelled": True, "run": None}
    kept = keep_run(within(found, area), place.folder / RUNS, at=order["at"], actor=order["actor"],
                    area_name=order["area_name"])  # fmt: skip
    return {"cancelled": False, "run": kept.id}


def spread_file(order: Order, stamp: str, rules_sha256: str | None) -> Path:
    """Where a measurement is kept: by everything it depends on."""
    told = "|".join(str(one) for one in (
        order["check"], order["rule"], order["on_date"], order["area"], order["widest"], stamp, rules_sha256))  # fmt: skip
    return CACHE / "what-if" / f"{sha256(told.encode()).hexdigest()[:24]}.npz"


def look_what_if(order: Order, tell: Tell, stopped: Stopped) -> dict[str, Any]:
    """Measure for every limit up to the widest, or run with one other; nothing is kept as a finding."""
    place = open_workplace(Path(order["data"]))
    entry, pack = get_check(order["check"]), pack_of(order["rules"])
    limits = limits_in_force(entry.check, pack, order["on_date"])
    rule = rule_to_move(entry, pack, order["on_date"], order["rule"])
    area = ground_of(order["area"], place.layers)
    tell({"done": 0, "total": 2, "name": ""})
    try:
        if order["value"] is not None:
            found = if_run(
                entry, place.layers, limits, rule, order["value"], area=area, cancelled=stopped
            )
            return {"cancelled": False, "what_if": found.as_dict(), "spread": None}
    except Cancelled:
        return {"cancelled": True, "what_if": None, "spread": None}
    measured = spread(entry, place.layers, limits, rule, order["widest"], area=area)
    file = spread_file(order, place.stamp, pack.sha256 if pack else None)
    if measured is not None and not stopped():
        measured.save(file)
    return {"cancelled": stopped(), "what_if": None, "spread": file.name if measured else None}


def pair_folder(before: str, after: str) -> Path:
    """Where the comparison of two kept runs is kept; runs never change, so it never does either."""
    return CACHE / "compared" / sha256(f"{before}|{after}".encode()).hexdigest()[:24]


def compare_runs(order: Order, tell: Tell, stopped: Stopped) -> dict[str, Any]:
    """Lay two kept runs side by side: the files to take away, and of each check what the page shows."""
    seen, runs = [], Path(order["data"]) / RUNS
    for done, name in enumerate((order["before"], order["after"])):
        tell({"done": done, "total": 3, "name": ""})
        seen.append(read_run(findings_of(runs, name)))
        if stopped():
            return {"cancelled": True}
    tell({"done": 2, "total": 3, "name": ""})
    found, folder = compare(*seen), pair_folder(order["before"], order["after"])
    for lang in LANGUAGES:
        write_comparison(found, folder / f"differences.{lang}.csv", lang)
    write_comparison(found, folder / "differences.geojson")
    checks = dict.fromkeys([*seen[0].facts["checks"], *seen[1].facts["checks"]])
    told = {check: found.brief(check, MOST_TOLD) for check in checks}
    write_text(folder / BRIEF, json.dumps(told, ensure_ascii=False))
    return {"cancelled": False}


def actor_told(who: Actor) -> dict[str, Any]:
    """Who acts, as an order carries it: with the scope, so that the worker may no more than the person."""
    scope = who.scope
    return {"actor": who.name, "roles": list(who.roles),
            "grants": None if scope is None else [grant.row() for grant in scope.grants],
            "operations": None if scope is None or scope.operations is None else sorted(scope.operations)}  # fmt: skip


def actor_from(order: Order) -> Actor:
    """The person who asked for an order that holds what `actor_told` said."""
    scope = None
    if order["grants"] is not None:
        narrowed = order["operations"]
        scope = Scope(tuple(Grant(*row) for row in order["grants"]),
                      None if narrowed is None else frozenset(narrowed))  # fmt: skip
    return Actor(order["actor"], tuple(order["roles"]), scope)


def take_run(order: Order, tell: Tell, stopped: Stopped) -> dict[str, Any]:  # noqa: ARG001 - one transaction
    """Take a kept run's findings into the leads; how many are new, changed, gone."""
    tell({"done": 0, "total": 1, "name": ""})
    found = read_findings(findings_of(Path(order["data"]) / RUNS, order["run"]))
    at = utc_text(datetime.fromisoformat(order["at"]).astimezone(UTC))
    db = Database.open(order["address"])
    try:
        report = ingest(db, found, actor=actor_from(order), at=at, area=found.area)
    finally:
        db.close()
    counts = {change: len(ids) for change, ids in report.leads.items()}
    return {
        "cancelled": False,
        "run_id": report.run_id,
        "counts": counts,
        "repeated": report.repeated,
    }
