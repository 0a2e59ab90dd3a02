"""What is special about a job that takes files in: what is told of them, and which ones stay."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from imagery.ingest import ingest
from imagery.ingest.gather import beside_of
from imagery.ingest.report import FileRow, IngestReport
from imagery.scene import Stated
from imagery.store import Store
from ui.jobs.job import Job

IN = ("accepted", "restated", "duplicate")
"""What the store has now."""


def order_of(job: Job, folder: Path) -> dict[str, Any]:
    """What the process is asked; the files are those that still lie in the job's folder."""
    return {"paths": [str(path) for path in sorted(folder.iterdir())], "received": job.asked,
            "stated": job.order.stated, "collector": job.order.collector, "second": job.order.second,
            "why": job.order.why, "begun": job.begun}  # fmt: skip


def take_in(
    order: Mapping[str, Any], tell: Callable[[dict[str, Any]], None], stopped: Callable[[], bool]
) -> dict[str, Any]:
    """Take the files of an order into the store, in the worker's process; the report by row."""
    store = Store.open(order["store"])
    report = ingest(
        [Path(path) for path in order["paths"]], store,
        received=order["received"], stated=Stated(**order["stated"]),
        collector=order["collector"], second=order["second"], purpose=order["why"],
        progress=lambda done, total, name: tell({"done": done, "total": total, "name": name}),
        cancelled=stopped,
    )  # fmt: skip
    if order.get("begun", 1) > 1:
        report = replace(report, rows=tuple(_ours(row, store, report) for row in report.rows))
    return report.as_dict()


def _ours(row: FileRow, store: Store, report: IngestReport) -> FileRow:
    """What an attempt that was cut off had taken in came in by this job: it is no duplicate."""
    told = {scene for one in report.rows for scene in one.scenes}
    if row.status != "duplicate" or told & {*row.duplicate_of}:
        return row
    if any(store.record(one)[0].get("received") != report.received for one in row.duplicate_of):
        return row
    return replace(row, status="accepted", scenes=row.duplicate_of, duplicate_of=())


def files_in(folder: Path) -> tuple[str, ...]:
    """The files that lie in a job's folder, by their names below it."""
    return tuple(sorted(one.relative_to(folder).as_posix() for one in folder.rglob("*") if one.is_file()))  # fmt: skip


def came_in(job: Job) -> tuple[dict[str, Any], ...]:
    """Rows of files that are in the store, of this attempt and those before."""
    rows = job.report["rows"] if job.report else ()
    return (*job.earlier, *(row for row in rows if row["status"] in IN and row not in job.earlier))


def settled(job: Job, report: Mapping[str, Any]) -> dict[str, Any]:
    """The report over all attempts."""
    rows = [*job.earlier, *report["rows"]]
    counts = {name: sum(row["status"] == name for row in rows) for name in report["counts"]}
    return {**report, "rows": rows, "counts": counts}


def clear(job: Job, folder: Path) -> None:
    """Remove what the store has now; what was refused stays, to be taken in with more said.

    Only of a job whose report is kept: cut short by a kill, it is made up for.
    """
    rows = job.report["rows"][len(job.earlier) :] if job.report else ()
    if not rows:
        return
    for row in rows:
        if row["status"] in IN:
            path = folder / row["file"]
            for one in (path, *beside_of(path)):
                shutil.rmtree(one) if one.is_dir() else one.unlink(missing_ok=True)
    if all(row["status"] in IN for row in rows):
        shutil.rmtree(folder, ignore_errors=True)
