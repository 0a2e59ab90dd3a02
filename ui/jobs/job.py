"""One job as it is kept: what was asked by whom, how it stands, what came of it.

A kept file may be old, cut off or made by somebody else: what does not fit is no job.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from pathlib import Path
from typing import Any, Literal, get_args

from layers.atomic import write_text

JobState = Literal["queued", "running", "stopping", "done", "stopped", "failed"]
Cause = Literal["", "said", "died", "cut", "start"]
"""Why a job failed: the work said it, its process died, the app ended meanwhile, it never began."""
ACTIVE = ("queued", "running", "stopping")
"""States in which something will still happen."""
TAKE_IN = "take-in"
"""The kind of a job that takes uploads in; every other one is a task and bears its name."""
ID = re.compile(r"\d{8}-\d{6}-[0-9a-f]{6}")
_MOST_BYTES = 64_000_000


@dataclass(frozen=True)
class Order:
    """What the person says about all the files: `stated` by the names of `imagery.scene.Stated`."""

    stated: dict[str, Any]
    collector: str | None = None
    second: str | None = None
    why: str | None = None


@dataclass(frozen=True)
class Job:
    """One take-in or task; times are ISO with offset. `report` is what came of it, plain JSON types.

    `earlier` are the rows of files that came in before the rest was tried again. `task` is what the
    worker was asked, where it was no take-in. `actor` asked for it; `begun` counts the attempts.
    """

    id: str
    state: JobState
    asked: str
    order: Order
    files: tuple[str, ...]
    ended: str | None = None
    report: dict[str, Any] | None = None
    problem: str = ""
    remedy: str = ""
    done: int = 0
    total: int = 0
    name: str = ""
    earlier: tuple[dict[str, Any], ...] = ()
    task: dict[str, Any] | None = None
    actor: str = ""
    begun: int = 0
    cause: Cause = ""

    @property
    def active(self) -> bool:
        """Whether something will still happen."""
        return self.state in ACTIVE

    @property
    def kind(self) -> str:
        """`take-in`, or the name of the task."""
        return TAKE_IN if self.task is None else str(self.task.get("task"))

    @property
    def share(self) -> float:
        """How much is done, 0 to 1."""
        return min(max(self.done / self.total, 0.0), 1.0) if self.total > 0 else 0.0


def write_job(job: Job, path: Path) -> None:
    """Keep a job, whole or not at all."""
    write_text(path, json.dumps(asdict(job), ensure_ascii=False, indent=1) + "\n")


def read_job(path: Path) -> Job | None:
    """A kept job, or `None` for a file that holds none."""
    try:
        if path.stat().st_size > _MOST_BYTES:
            return None
        job = _made(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return None
    return job if job.id == path.stem else None


def _made(told: Mapping[str, Any]) -> Job:
    known = {field.name for field in fields(Job)}
    values = {name: value for name, value in told.items() if name in known}
    job = Job(**{**values, "order": Order(**values["order"]), "files": tuple(values["files"]),
                 "earlier": tuple(values.get("earlier") or ())})  # fmt: skip
    datetime.fromisoformat(job.asked)
    texts = (job.problem, job.remedy, job.name, job.actor, *job.files)
    counts = (job.done, job.total, job.begun)
    good = (
        bool(ID.fullmatch(job.id))
        and job.state in get_args(JobState) and job.cause in get_args(Cause)
        and all(isinstance(one, str) for one in texts)
        and all(isinstance(one, int) for one in counts)
        and isinstance(job.order.stated, dict)
        and all(isinstance(one, dict | None) for one in (job.report, job.task))
        and (job.task is not None or _are_rows([*job.earlier, *(job.report or {}).get("rows", ())]))
    )  # fmt: skip
    if not good:
        raise ValueError(job.id)
    return job


def _are_rows(rows: list[Any]) -> bool:
    """Whether these can be shown as rows of a take-in's report."""
    return all(isinstance(row, dict) and isinstance(row.get("file"), str)
               and isinstance(row.get("status"), str) for row in rows)  # fmt: skip
