"""Heavy work in a process of its own, one thing at a time, the others wait in a row.

A job takes uploads in; or it carries out a task (a detector over a scene), which has no files.

    <data>/uploads/jobs/<id>.json    what was asked, how it went, the report: kept
    <data>/uploads/jobs/<id>/        the files, until they are in the store

What is under way lives in memory; after a restart of the app unfinished take-ins begin again,
which costs little: what is in the store already is not read twice.
"""

from __future__ import annotations

import contextlib
import json
import os
import queue
import re
import secrets
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import IO, Any, Literal

from imagery.ingest.gather import beside_of
from layers.atomic import write_text
from ui.scenes.incoming import Incoming
from ui.settings import ROOT

JobState = Literal["queued", "running", "stopping", "done", "stopped", "failed"]
ACTIVE = ("queued", "running", "stopping")
"""States in which something will still happen."""
_ID = re.compile(r"\d{8}-\d{6}-[0-9a-f]{6}")
_IN = ("accepted", "restated", "duplicate")
_WORKER = (sys.executable, "-m", "ui.jobs.worker")


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
    worker was asked, where it was no take-in.
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

    @property
    def active(self) -> bool:
        """Whether something will still happen."""
        return self.state in ACTIVE


@dataclass
class Jobs:
    """The take-ins of one data folder; made by `open_jobs`. `now` tells the time."""

    root: Path
    store: Path
    now: Callable[[], datetime]
    worker: Sequence[str] = _WORKER
    _jobs: dict[str, Job] = field(default_factory=dict)
    _lock: threading.RLock = field(default_factory=threading.RLock)
    _queue: queue.Queue[str] = field(default_factory=queue.Queue)
    _input: IO[str] | None = None
    _thread: threading.Thread | None = None

    def start(self, incoming: Incoming, ids: Sequence[str], order: Order) -> str | None:
        """Take complete uploads in; the id of the job, or `None` where none of them is there."""
        job_id, asked = self._named()
        with self._lock:
            job = Job(job_id, "stopped", asked, order, ())
            self._keep(job)  # before the files move: a kill in between leaves them findable
            names = incoming.hand_over(ids, self.folder(job_id))
            if not names:
                self.forget(job_id)
                return None
            self._enter(replace(job, state="queued", files=tuple(sorted(names))))
        return job_id

    def ask(self, task: Mapping[str, Any]) -> str:
        """Have a task (plain JSON, `task` names its kind) carried out; the id of the job."""
        job_id, asked = self._named()
        with self._lock:
            self._enter(
                Job(job_id, "queued", asked, Order({}), (), task=json.loads(json.dumps(task)))
            )
        return job_id

    def get(self, job_id: str | None) -> Job | None:
        """The job as it stands now, or `None`."""
        with self._lock:
            return self._jobs.get(job_id or "")

    def recent(self, most: int = 10, kind: str | None = None) -> list[Job]:
        """The last take-ins, or the last tasks of a kind, the newest first."""
        with self._lock:
            found = [job for job in self._jobs.values() if (job.task or {}).get("task") == kind]
        return sorted(found, key=lambda job: job.id, reverse=True)[:most]

    def before(self, job_id: str) -> int:
        """How many jobs are done before this one."""
        with self._lock:
            return sum(job.active and job.id < job_id for job in self._jobs.values())

    def cancel(self, job_id: str) -> None:
        """Stop a job; files that were not reached stay, and `again` goes on with them."""
        with self._lock:
            job = self._jobs.get(job_id)
            if job is None or job.state not in ("queued", "running"):
                return
            if job.state == "queued":
                self._end(job, "stopped")
                return
            self._jobs[job_id] = replace(job, state="stopping")
            self._say("stop")

    def again(self, job_id: str, order: Order) -> None:
        """Go on with files that were stopped or refused, with what is said about them now."""
        with self._lock:
            job = self._jobs.get(job_id)
            if job is None or job.active or not self.can_go_on(job_id):
                return
            rows = job.report["rows"] if job.report else ()
            earlier = (*job.earlier, *(row for row in rows if row["status"] in _IN and row not in job.earlier))  # fmt: skip
            asked = self.now().astimezone().isoformat(timespec="seconds")
            self._enter(Job(job.id, "queued", asked, order, job.files, earlier=earlier))

    def can_go_on(self, job_id: str) -> bool:
        """Whether files of the job still lie here."""
        return bool(_ID.fullmatch(job_id)) and self.folder(job_id).is_dir()

    def forget(self, job_id: str) -> None:
        """Remove a job that is not under way, with its files; what is in the store stays."""
        with self._lock:
            job = self._jobs.get(job_id)
            if job is not None and not job.active:
                shutil.rmtree(self.folder(job_id), ignore_errors=True)
                self._file(job_id).unlink(missing_ok=True)
                del self._jobs[job_id]

    def folder(self, job_id: str) -> Path:
        """Where the job's files lie until they are in the store."""
        return self.root / job_id

    def load(self) -> None:
        """Read what was kept; what was under way when the app ended is begun again."""
        for path in sorted(self.root.glob("*.json")) if self.root.is_dir() else ():
            job = _read(path)
            if job is None or job.id != path.stem or not _ID.fullmatch(job.id):
                continue
            self._jobs[job.id] = job
            if job.state == "stopping":
                self._end(job, "stopped")
            elif job.active:
                self._enter(replace(job, state="queued"))

    def _named(self) -> tuple[str, str]:
        """The id of a new job, and when it was asked."""
        now = self.now().astimezone()
        return f"{now:%Y%m%d-%H%M%S}-{secrets.token_hex(3)}", now.isoformat(timespec="seconds")

    def _enter(self, job: Job) -> None:
        self._keep(job)
        self._queue.put(job.id)
        if self._thread is None:
            self._thread = threading.Thread(target=self._work, daemon=True, name="take-in")
            self._thread.start()

    def _work(self) -> None:
        while True:
            job_id = self._queue.get()
            with self._lock:
                job = self._jobs.get(job_id)
                if job is None or job.state != "queued":
                    continue
                self._keep(replace(job, state="running"))
            try:
                said = self._run(job)
            except OSError as error:
                said = {"problem": f"the work could not be started: {error}", "remedy": ""}
            with self._lock:
                self._settle(self._jobs[job_id], said)

    def _run(self, job: Job) -> dict[str, Any]:
        """Let a process do it; the last thing it said."""
        process = subprocess.Popen(  # noqa: S603 - our own module
            [*self.worker], cwd=ROOT, env={**os.environ, "PYTHONUTF8": "1"}, encoding="utf-8",
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        assert process.stdin is not None
        assert process.stdout is not None
        order = self._told(job)
        said: dict[str, Any] = {}
        with process:
            with self._lock:
                self._input = process.stdin
                self._say(json.dumps(order, ensure_ascii=False))
                if self._jobs[job.id].state == "stopping":  # asked for while the process began
                    self._say("stop")
            for line in process.stdout:
                said = json.loads(line)
                if "done" in said:
                    self._advance(job.id, said)
            with self._lock:
                self._input = None
                with contextlib.suppress(OSError):
                    process.stdin.close()
        return said

    def _told(self, job: Job) -> dict[str, Any]:
        """What the process is asked."""
        if job.task is not None:
            return {**job.task, "store": str(self.store), "at": job.asked}
        return {"paths": [str(path) for path in sorted(self.folder(job.id).iterdir())],
                "store": str(self.store), "received": job.asked, "stated": job.order.stated,
                "collector": job.order.collector, "second": job.order.second,
                "why": job.order.why}  # fmt: skip

    def _say(self, line: str) -> None:
        """A line to the process under way; one that has ended needs none."""
        if self._input is not None:
            with contextlib.suppress(OSError, ValueError):
                self._input.write(line + "\n")
                self._input.flush()

    def _advance(self, job_id: str, said: dict[str, Any]) -> None:
        with self._lock:
            job = self._jobs[job_id]
            self._jobs[job_id] = replace(job, done=said["done"], total=said["total"], name=said["name"])  # fmt: skip

    def _settle(self, job: Job, said: dict[str, Any]) -> None:
        """Keep the outcome; the files go once the store has them all."""
        report = said.get("report")
        if report is None:
            self._end(job, "failed", problem=said.get("problem", ""), remedy=said.get("remedy", ""))
            return
        if job.task is not None:
            self._end(job, "stopped" if report["cancelled"] else "done", report=report)
            return
        if report["rows"]:
            self._clear(job.id, report["rows"])
        rows = [*job.earlier, *report["rows"]]
        counts = {name: sum(row["status"] == name for row in rows) for name in report["counts"]}
        report = {**report, "rows": rows, "counts": counts}
        self._end(job, "stopped" if report["cancelled"] else "done", report=report)

    def _clear(self, job_id: str, rows: Sequence[Mapping[str, Any]]) -> None:
        """Remove what the store has now; what was refused stays, to be taken in with more said."""
        folder = self.folder(job_id)
        for row in rows:
            if row["status"] in _IN:
                path = folder / row["file"]
                for one in (path, *beside_of(path)):
                    shutil.rmtree(one) if one.is_dir() else one.unlink(missing_ok=True)
        if all(row["status"] in _IN for row in rows):
            shutil.rmtree(folder, ignore_errors=True)

    def _end(self, job: Job, state: JobState, **more: Any) -> None:  # noqa: ANN401 - fields
        ended = self.now().astimezone().isoformat(timespec="seconds")
        self._keep(replace(job, state=state, ended=ended, **more))

    def _keep(self, job: Job) -> None:
        self._jobs[job.id] = job
        text = json.dumps(asdict(job), ensure_ascii=False, indent=1)
        write_text(self._file(job.id), text + "\n")

    def _file(self, job_id: str) -> Path:
        return self.root / f"{job_id}.json"


def open_jobs(root: Path, store: Path, now: Callable[[], datetime]) -> Jobs:
    """The take-ins kept below `root`, which go into `store`; unfinished ones begin again."""
    jobs = Jobs(root, store, now)
    jobs.load()
    return jobs


def _read(path: Path) -> Job | None:
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
        return Job(
            **{
                **told,
                "order": Order(**told["order"]),
                "files": tuple(told["files"]),
                "earlier": tuple(told["earlier"]),
            }
        )
    except (OSError, ValueError, TypeError, KeyError):
        return None
