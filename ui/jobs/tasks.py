"""The kinds of heavy work: name → `module:function`, loaded by the worker's process only.

A function takes the order (plain JSON, with `store`, `at` and what was asked), `tell` (call it with
`{"done": n, "total": m, "name": words}` as the work goes on) and `stopped` (ask it between two steps).
It returns a report of plain JSON types with `cancelled`; a `YichaError` is shown with its remedy.
A kind whose function may not be begun a second time after a kill stands in `ONCE`; a kind that takes
seconds to a few minutes stands in `QUICK` and does not wait behind take-ins and detectors.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Any, cast

from ui.jobs.job import TAKE_IN
from ui.jobs.limits import Lane

Tell = Callable[[dict[str, Any]], None]
Work = Callable[[dict[str, Any], Tell, Callable[[], bool]], dict[str, Any]]
TASKS = {
    TAKE_IN: "ui.jobs.takein:take_in",
    "detect": "ui.confirm.search:search",
    "check-run": "ui.models.tasks:run_checks",
    "what-if": "ui.models.tasks:look_what_if",
    "run-ingest": "ui.models.tasks:take_run",
    "run-compare": "ui.models.tasks:compare_runs",
    "transfer-offer": "ui.between.tasks:offer_leads",
    "transfer-work": "ui.between.tasks:work",
    "table-look": "ui.data_desk.work:look",
    "table-try": "ui.data_desk.work:try_out",
    "table-put": "ui.data_desk.work:put",
    "table-measure": "ui.data_desk.work:measure",
    "field-photos": "ui.field.take_in:take_in",
    "scene-position": "ui.scenes.position:position",
    "store-backup": "ui.admin.tasks:back_up",
    "backup-try": "ui.admin.tasks:try_one",
    "history-verify": "ui.admin.tasks:read_history",
    "evidence-look": "ui.proof.tasks:look",
    "evidence-make": "ui.proof.tasks:make",
    "evidence-verify": "ui.proof.tasks:verify",
    "evidence-compare": "ui.proof.tasks:compare",
}
QUICK: frozenset[str] = frozenset(
    {
        "check-run",
        "what-if",
        "run-ingest",
        "run-compare",
        "transfer-offer",
        "transfer-work",
        "table-look",
        "table-try",
        "table-put",
        "table-measure",
        "scene-position",
        "store-backup",
        "backup-try",
        "history-verify",
        "evidence-look",
        "evidence-make",
        "evidence-verify",
        "evidence-compare",
    }
)
ONCE: frozenset[str] = frozenset({"store-backup"})


def work_of(name: str) -> Work:
    """The function of a kind of work; `KeyError` for one that is not there."""
    module, _, function = TASKS[name].partition(":")
    return cast("Work", getattr(import_module(module), function))


def lane_of(kind: str) -> Lane | None:
    """Where a kind of work waits; `None` for one that is not there."""
    if kind not in TASKS:
        return None
    return "light" if kind in QUICK else "heavy"


def may_repeat(kind: str) -> bool:
    """Whether a kind of work may be begun a second time where its first attempt was cut off."""
    return kind in TASKS and kind not in ONCE
