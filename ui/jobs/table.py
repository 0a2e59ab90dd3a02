"""The one table of heavy work: each job in a process of its own, a few at a time, the others in a row.

A job takes uploads in; or it carries out a task (a detector, a check), which has no files.

    <data>/uploads/jobs/<id>.json    what was asked, how it went, the report: kept
    <data>/uploads/jobs/<id>.log     when it began and ended, and what its process said
    <data>/uploads/jobs/<id>/        the files, until they are in the store
    <data>/uploads/jobs/<id>.lock    held by the process that works on it, <id>.tmp its scratch: both go

What is under way lives in memory. After a restart of the app unfinished take-ins begin again, which
costs little (what is in the store already is not read twice), and so do tasks that may be begun
again; the others are told as cut off. The process of a killed app may go on for some seconds: the
next attempt waits for its end.
"""

from __future__ import annotations

import contextlib
import json
import os
import queue
import secrets
import shutil
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any, get_args

from layers.errors import YichaError
from ui.jobs import takein
from ui.jobs.job import ACTIVE, ID, Cause, Job, JobState, Order, read_job, write_job
from ui.jobs.limits import Lane, Limits, limits_of
from ui.jobs.log import Log
from ui.jobs.process import Worker
from ui.jobs.tasks import lane_of, may_repeat
from ui.scenes.incoming import Incoming

__all__ = ["ACTIVE", "Job", "JobState", "Jobs", "Order", "open_jobs"]
_WORKER = (sys.executable, "-m", "ui.jobs.worker")
_CUT = "it was cut off when the app ended · 应用停止时被中断"
_CUT_REMEDY = "ask for it again · 请重新发起"


@dataclass
class Jobs:
    """The jobs of one data folder; made by `open_jobs`. `now` tells the time."""

    root: Path
    store: Path
    now: Callable[[], datetime]
    worker: Sequence[str] = _WORKER
    limits: Limits = field(default_factory=Limits)
    _jobs: dict[str, Job] = field(default_factory=dict)
    _lock: threading.RLock = field(default_factory=threading.RLock)
    _rows: dict[Lane, queue.Queue[str]] = field(
        default_factory=lambda: {lane: queue.Queue() for lane in get_args(Lane)}
    )
    _threads: dict[Lane, int] = field(default_factory=dict)
    _turns: dict[str, int] = field(default_factory=dict)
    _workers: dict[str, Worker] = field(default_factory=dict)

    def start(
        self, incoming: Incoming, ids: Sequence[str], order: Order, actor: str = ""
    ) -> str | None:
        """Take complete uploads in; the id of the job, or `None` where none of them is there."""
        job_id, asked = self._named()
        with self._lock:
            self._must_wait_for_few(actor)
            job = Job(job_id, "stopped", asked, order, (), actor=actor)
            self._keep(job)  # before the files move: `load` goes on with them after a kill
            names = incoming.hand_over(ids, self.folder(job_id), actor)
            if not names:
                self.forget(job_id)
                return None
            self._enter(replace(job, state="queued", files=tuple(sorted(names))))
        return job_id

    def ask(self, task: Mapping[str, Any]) -> str:
        """Have a task (plain JSON; `task` names its kind, `actor` who asks) carried out; the job's id.

        Raises `YichaError` where too many wait already.
        """
        job_id, asked = self._named()
        told = json.loads(json.dumps(task))
        actor = str(told.get("actor") or "")
        with self._lock:
            self._must_wait_for_few(actor)
            self._enter(Job(job_id, "queued", asked, Order({}), (), task=told, actor=actor))
        return job_id

    def get(self, job_id: str | None) -> Job | None:
        """The job as it stands now, or `None`."""
        with self._lock:
            return self._jobs.get(job_id or "")

    def all(self) -> list[Job]:
        """Every job, the newest first."""
        with self._lock:
            return sorted(self._jobs.values(), key=lambda job: job.id, reverse=True)

    def recent(self, most: int = 10, kind: str | None = None, actor: str | None = None) -> list[Job]:  # fmt: skip
        """The last take-ins, or the last tasks of a kind (of one person), the newest first."""
        found = [job for job in self.all() if (job.task or {}).get("task") == kind
                 and actor in (None, job.actor)]  # fmt: skip
        return found[:most]

    def before(self, job_id: str) -> int:
        """How many jobs of its lane are done before this one."""
        with self._lock:
            job, turn = self._jobs.get(job_id), self._turns.get(job_id)
            if job is None or turn is None:
                return 0
            return sum(one.active and lane_of(one.kind) == lane_of(job.kind) and self._turns[one.id] < turn
                       for one in self._jobs.values() if one.id in self._turns)  # fmt: skip

    def cancel(self, job_id: str) -> None:
        """Stop a job; files that were not reached stay, and `again` goes on with them."""
        with self._lock:
            job = self._jobs.get(job_id)
            if job is None or job.state not in ("queued", "running"):
                return
            self._event(job_id, "asked to stop")
            if job.state == "queued":
                self._end(job, "stopped")
                return
            self._jobs[job_id] = replace(job, state="stopping")
            if job_id in self._workers:
                self._workers[job_id].stop()

    def again(self, job_id: str, order: Order | None = None) -> None:
        """Go on with files that were stopped or refused, or begin a task once more that ended."""
        with self._lock:
            job = self._jobs.get(job_id)
            if job is None or job.active or (job.task is None and not self.can_go_on(job_id)):
                return
            fresh = Job(job.id, "queued", self._time(), order or job.order, job.files, task=job.task,
                        earlier=() if job.task else takein.came_in(job), actor=job.actor)  # fmt: skip
            self._enter(fresh)

    def can_go_on(self, job_id: str) -> bool:
        """Whether files of the job still lie here."""
        return bool(ID.fullmatch(job_id)) and self.folder(job_id).is_dir()

    def forget(self, job_id: str) -> None:
        """Remove a job that is not under way, with its files; what is in the store stays."""
        with self._lock:
            job = self._jobs.get(job_id)
            if job is not None and not job.active:
                shutil.rmtree(self.folder(job_id), ignore_errors=True)
                self._tidy(job_id)
                for path in (self._file(job_id), self.log(job_id).path):
                    path.unlink(missing_ok=True)
                del self._jobs[job_id]
                self._turns.pop(job_id, None)

    def folder(self, job_id: str) -> Path:
        """Where the job's files lie until they are in the store."""
        return self.root / job_id

    def log(self, job_id: str) -> Log:
        """What is noted of a job."""
        return Log(self.root / f"{job_id}.log", self.limits.log_bytes)

    def load(self) -> None:
        """Read what was kept; what was under way when the app ended is begun again, or told as cut off."""
        for path in sorted(self.root.glob("*.json")) if self.root.is_dir() else ():
            job = read_job(path)
            if job is None:
                continue
            self._jobs[job.id] = job
            if job.task is None and not job.files:
                self._moved(job)
            elif job.state == "stopping":
                self._end(job, "stopped")
            elif job.active and self._may_begin(job):
                self._enter(replace(job, state="queued"))
            elif job.active:
                self._end(job, "failed", problem=_CUT, remedy=_CUT_REMEDY, cause="cut")
            else:
                self._clear(job)

    def _moved(self, job: Job) -> None:
        """A take-in that was cut off while its files came here: on with those that did."""
        if files := takein.files_in(self.folder(job.id)):
            self._enter(replace(job, state="queued", files=files))
        else:
            self.forget(job.id)

    def _may_begin(self, job: Job) -> bool:
        """Whether a job cut off is begun again: not one that may have ended the app time after time."""
        if job.state == "queued" and not job.begun:
            return lane_of(job.kind) is not None
        return job.begun < self.limits.attempts and may_repeat(job.kind)

    def _must_wait_for_few(self, actor: str) -> None:
        waiting = [job for job in self._jobs.values() if job.state == "queued"]
        mine = sum(job.actor == actor for job in waiting)
        if len(waiting) >= self.limits.waiting or (actor and mine >= self.limits.each):
            raise YichaError(f"{mine} of your jobs and {len(waiting)} in all wait already · 等待的任务太多",
                             remedy="wait until some are done, or cancel them · 请等待或取消一些任务")  # fmt: skip

    def _named(self) -> tuple[str, str]:
        """The id of a new job, and when it was asked."""
        now = self.now().astimezone()
        return f"{now:%Y%m%d-%H%M%S}-{secrets.token_hex(3)}", now.isoformat(timespec="seconds")

    def _time(self) -> str:
        return self.now().astimezone().isoformat(timespec="seconds")

    def _enter(self, job: Job) -> None:
        lane = lane_of(job.kind) or "heavy"
        self._keep(job)
        self._event(job.id, f"waits in the {lane} lane, kind={job.kind[:40]}")
        self._turns[job.id] = max(self._turns.values(), default=0) + 1
        self._rows[lane].put(job.id)
        if self._threads.get(lane, 0) < self.limits.workers(lane):
            self._threads[lane] = self._threads.get(lane, 0) + 1
            threading.Thread(target=self._work, args=(lane,), daemon=True, name=f"jobs-{lane}").start()  # fmt: skip

    def _work(self, lane: Lane) -> None:
        while True:
            job_id = self._rows[lane].get()
            with self._lock:
                job = self._jobs.get(job_id)
                if job is None or job.state != "queued":
                    continue
                job = replace(job, state="running", begun=job.begun + 1)
                with contextlib.suppress(OSError):
                    self._keep(job)
            try:
                said = self._run(job)
            except OSError as error:
                said = {"problem": f"the work could not be started: {error}", "cause": "start"}
            with self._lock, contextlib.suppress(OSError):  # a full disk: it stands in memory
                self._settle(self._jobs[job_id], said)

    def _run(self, job: Job) -> dict[str, Any]:
        """Let a process do it; the last thing it said."""
        order = self._told(job)
        said: dict[str, Any] = {}
        with self._lock:
            worker = self._workers[job.id] = Worker(
                [*self.worker, lane_of(job.kind) or "heavy"], self.limits, self.log(job.id)
            )
            self._event(job.id, f"begun, attempt {job.begun}, pid={worker.pid}")
            worker.say(json.dumps(order, ensure_ascii=False))
            if self._jobs[job.id].state == "stopping":  # asked for before the process was there
                worker.stop()
        for answer in worker.answers():
            said = answer
            if "done" in said:
                self._advance(job.id, said)
        with self._lock:
            del self._workers[job.id]
        code = worker.end()
        self._event(job.id, f"process ended, code={code}, peak_mb={said.get('peak_mb', '?')}")
        return said

    def _told(self, job: Job) -> dict[str, Any]:
        """What the process is asked."""
        ground = {"store": str(self.store), "data": str(self.store.parent),
                  "lock": str(self._lock_file(job.id)), "scratch": str(self._scratch(job.id))}  # fmt: skip
        if job.task is not None:
            return {**job.task, **ground, "at": job.asked}
        return {**takein.order_of(job, self.folder(job.id)), **ground}

    def _advance(self, job_id: str, said: Mapping[str, Any]) -> None:
        with self._lock:
            job = self._jobs[job_id]
            try:
                done, total, name = int(said["done"]), int(said["total"]), str(said["name"])
            except (KeyError, TypeError, ValueError, OverflowError):
                return
            self._jobs[job_id] = replace(job, done=done, total=total, name=name)

    def _settle(self, job: Job, said: Mapping[str, Any]) -> None:
        """Keep the outcome."""
        report = said.get("report")
        try:
            if isinstance(report, dict):
                cancelled = bool(report["cancelled"])
                whole = report if job.task else takein.settled(job, report)
                self._end(job, "stopped" if cancelled else "done", report=whole)
                return
        except (KeyError, TypeError, OSError) as error:
            self.log(job.id).add(f"{type(error).__name__}: {error}\n")
        if job.state == "stopping" and "problem" not in said:  # it did not stop and was ended
            self._end(job, "stopped")
            return
        cause = str(said.get("cause") or ("said" if "problem" in said else "died"))
        self._end(job, "failed", problem=str(said.get("problem", "")), remedy=str(said.get("remedy", "")),
                  cause=cause)  # fmt: skip

    def _end(self, job: Job, state: JobState, **more: Any) -> None:  # noqa: ANN401 - fields
        ended = replace(job, state=state, ended=self._time(), **more)
        self._keep(ended)
        cause: Cause = ended.cause
        self._event(job.id, state + (f", cause={cause}" if cause else ""))
        self._clear(ended)
        self._prune()

    def _clear(self, job: Job) -> None:
        """Remove what an ended job needs no more; what a kill leaves of it goes when the app begins."""
        if job.task is None:
            with contextlib.suppress(OSError):
                takein.clear(job, self.folder(job.id))
        self._tidy(job.id)

    def _tidy(self, job_id: str) -> None:
        shutil.rmtree(self._scratch(job_id), ignore_errors=True)
        with contextlib.suppress(OSError):  # on Windows: a process of a killed app holds it still
            self._lock_file(job_id).unlink(missing_ok=True)

    def _prune(self) -> None:
        """Forget the oldest jobs that ended, save those whose files wait for somebody."""
        ended = [job for job in self.all() if not job.active]
        for job in ended[self.limits.kept :]:
            if not self.can_go_on(job.id):
                self.forget(job.id)

    def _event(self, job_id: str, text: str) -> None:
        self.log(job_id).event(self._time(), text)

    def _keep(self, job: Job) -> None:
        self._jobs[job.id] = job
        write_job(job, self._file(job.id))

    def _file(self, job_id: str) -> Path:
        return self.root / f"{job_id}.json"

    def _lock_file(self, job_id: str) -> Path:
        return self.root / f"{job_id}.lock"

    def _scratch(self, job_id: str) -> Path:
        return self.root / f"{job_id}.tmp"


def open_jobs(root: Path, store: Path, now: Callable[[], datetime]) -> Jobs:
    """The jobs kept below `root`, with the imagery store they work on; unfinished ones begin again."""
    jobs = Jobs(root, store, now, limits=limits_of(os.environ))
    jobs.load()
    return jobs
