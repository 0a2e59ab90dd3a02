"""Two lanes, more than one worker, the order, how many may wait, stopping what does not stop."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

import pytest

from layers.errors import YichaError
from tests.ui.jobs.test_table import state_of, until
from tests.ui.jobs.workers import AT_ONCE, BABBLE, DEAF, HELD, table, task
from ui.jobs.limits import Limits, limits_of, memory_mb
from ui.jobs.tasks import ONCE, QUICK, TASKS, lane_of, may_repeat, work_of


def test_light_work_does_not_wait_behind_heavy_work(tmp_path: Path) -> None:
    jobs = table(tmp_path, HELD)
    heavy, second = jobs.ask(task()), jobs.ask(task())
    light = jobs.ask(task("check-run"))
    until(lambda: state_of(jobs, heavy) == state_of(jobs, light) == "running")
    assert state_of(jobs, second) == "queued"
    assert (jobs.before(heavy), jobs.before(second), jobs.before(light)) == (0, 1, 0)
    for one in (second, heavy, light):
        jobs.cancel(one)
    until(lambda: not any(job.active for job in jobs.all()))
    assert {job.state for job in jobs.all()} == {"stopped"}


def test_as_many_at_once_as_the_limits_say(tmp_path: Path) -> None:
    jobs = table(tmp_path, HELD, heavy=2)
    three = [jobs.ask(task()) for _ in range(3)]
    until(lambda: [state_of(jobs, one) for one in three] == ["running", "running", "queued"])
    assert [jobs.before(one) for one in three] == [0, 1, 2]
    jobs.cancel(three[0])
    until(lambda: state_of(jobs, three[2]) == "running")
    for one in three:
        jobs.cancel(one)
    until(lambda: not any(job.active for job in jobs.all()))


def test_first_come_first_served(tmp_path: Path) -> None:
    jobs, marks = table(tmp_path, AT_ONCE), tmp_path / "marks"
    asked = [jobs.ask(task(mark=str(marks), n=n)) for n in range(5)]
    until(lambda: all(state_of(jobs, one) == "done" for one in asked))
    assert marks.read_text(encoding="utf-8") == "xxxxx"
    ended = [jobs.log(one).path.stat().st_mtime_ns for one in asked]
    assert ended == sorted(ended)


def test_a_row_has_an_end(tmp_path: Path) -> None:
    jobs = table(tmp_path, HELD, each=2, waiting=3)
    held = jobs.ask(task(actor="甲"))
    until(lambda: state_of(jobs, held) == "running")
    for _ in range(2):
        jobs.ask(task(actor="甲"))
    with pytest.raises(YichaError, match="2 of your jobs"):
        jobs.ask(task(actor="甲"))
    jobs.ask(task(actor="乙"))
    with pytest.raises(YichaError, match="3 in all"):
        jobs.ask(task(actor="乙"))
    assert len(jobs.all()) == 4
    for job in jobs.all():
        jobs.cancel(job.id)
    until(lambda: not any(job.active for job in jobs.all()))


def test_what_does_not_stop_is_ended(tmp_path: Path) -> None:
    jobs = table(tmp_path, DEAF, grace_s=0.2)
    one = jobs.ask(task())
    until(lambda: state_of(jobs, one) == "running" and jobs.get(one).done == 1)  # type: ignore[union-attr]
    jobs.cancel(one)
    jobs.cancel(one)
    assert state_of(jobs, one) == "stopping"
    until(lambda: state_of(jobs, one) == "stopped")


def test_cancelled_before_its_process_is_there(tmp_path: Path) -> None:
    jobs = table(tmp_path, HELD, grace_s=20)
    for _ in range(5):  # the race: cancelled at whatever moment the thread is
        one = jobs.ask(task())
        jobs.cancel(one)
        until(lambda one=one: state_of(jobs, one) == "stopped")  # type: ignore[misc]
    assert not any(job.active for job in jobs.all())


def test_a_killed_worker_is_told_and_the_next_job_goes_on(tmp_path: Path) -> None:
    jobs = table(tmp_path, HELD)
    first, second = jobs.ask(task()), jobs.ask(task())
    until(lambda: jobs.get(first).done == 1)  # type: ignore[union-attr]
    pid = int(jobs.log(first).read(content=False).split("pid=")[1].split()[0])
    os.kill(pid, getattr(signal, "SIGKILL", signal.SIGTERM))
    until(lambda: state_of(jobs, first) == "failed")
    job = jobs.get(first)
    assert job is not None
    assert (job.cause, job.report) == ("died", None)
    until(lambda: state_of(jobs, second) == "running")
    jobs.again(first)  # a task is begun once more with what was asked
    assert state_of(jobs, first) == "queued"
    for one in (first, second):
        jobs.cancel(one)
    until(lambda: not any(job.active for job in jobs.all()))


def test_a_worker_that_cannot_be_started(tmp_path: Path) -> None:
    jobs = table(tmp_path, HELD)
    jobs.worker = (str(tmp_path / "nothing"),)
    one = jobs.ask(task())
    until(lambda: state_of(jobs, one) == "failed")
    assert jobs.get(one).cause == "start"  # type: ignore[union-attr]


def test_what_is_no_answer_goes_into_the_log_and_content_does_not_leave_it(tmp_path: Path) -> None:
    jobs = table(tmp_path, BABBLE, line_chars=2000)
    one = jobs.ask(task())
    until(lambda: state_of(jobs, one) == "done")
    job = jobs.get(one)
    assert job is not None
    assert (job.done, job.total) == (1, 2)
    whole, told = (jobs.log(one).read(content=content) for content in (True, False))
    assert "no json" in whole
    assert "secret" in whole
    assert "secret" not in told
    assert "张三" not in told
    assert "work.py" in told
    assert "RuleError" in told
    assert [line.split(" ", 2)[2].split(",")[0] for line in told.splitlines() if line.startswith("=")] == [
        "waits in the heavy lane", "begun", "process ended", "done"]  # fmt: skip


def test_a_log_keeps_its_last_part(tmp_path: Path) -> None:
    jobs = table(tmp_path, HELD, log_bytes=1000)
    log = jobs.log("20260630-120000-abcdef")
    for n in range(200):
        log.add(f"line {n}\n")
    assert log.path.stat().st_size <= 1100
    assert log.read(content=True).endswith("line 199\n")


def test_the_oldest_ended_jobs_are_forgotten(tmp_path: Path) -> None:
    jobs = table(tmp_path, AT_ONCE, kept=2)
    asked = [jobs.ask(task(mark=str(tmp_path / "m"))) for _ in range(4)]
    until(lambda: not any(job.active for job in jobs.all()))
    assert len(jobs.all()) == 2
    assert len(list(jobs.root.glob("*.json"))) == len(list(jobs.root.glob("*.log"))) == 2
    assert {job.id for job in jobs.all()} <= set(asked)


@pytest.mark.parametrize("kind", sorted(TASKS))
def test_every_kind_of_work_can_be_loaded(kind: str) -> None:
    assert callable(work_of(kind))
    assert lane_of(kind) == ("light" if kind in QUICK else "heavy")
    assert may_repeat(kind) == (kind not in ONCE)
    assert set(TASKS) >= QUICK


def test_the_limits_are_said_by_the_environment() -> None:
    assert (limits_of({}, 2).heavy, limits_of({}, 16).heavy, limits_of({}, 1).heavy) == (1, 8, 1)
    assert limits_of({"YICHA_WORKERS": "3", "YICHA_LIGHT_WORKERS": "2"}, 2) == Limits(
        heavy=3, light=2
    )
    assert (memory_mb({}), memory_mb({"YICHA_WORKER_MB": "2048"})) == (None, 2048)
    for wrong in ("0", "-1", "many", "1e3", "٣", "9" * 30, "65"):
        with pytest.raises(YichaError, match="YICHA_WORKERS"):
            limits_of({"YICHA_WORKERS": wrong}, 2)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows bounds no memory")
def test_a_worker_holds_no_more_than_it_was_given(tmp_path: Path) -> None:
    script = (
        "import os, sys, json; sys.path.insert(0, os.getcwd())\n"
        "from ui.jobs.modest import hold_back, peak_mb\n"
        "hold_back({'YICHA_WORKER_MB': '300'}); sys.stdin.readline()\n"
        "try: b'x' * (1 << 30)\n"
        "except MemoryError: print(json.dumps({'report': {'cancelled': False, 'mb': peak_mb(), 'nice': os.nice(0)}}))\n"
    )
    jobs = table(tmp_path, script)
    one = jobs.ask(task())
    until(lambda: not jobs.get(one).active)  # type: ignore[union-attr]
    job = jobs.get(one)
    assert job is not None
    assert job.report is not None
    assert job.report["mb"] < 400
    assert job.report["nice"] >= 5
