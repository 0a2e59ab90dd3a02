"""The app ends, by itself or killed: what was under way is begun again, or told as cut off."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from imagery.store.locks import try_lock
from layers.errors import Cancelled
from office import Actor
from tests.imagery.ingest.made import geotiff
from tests.ui.jobs.test_table import ORDER, state_of, until
from tests.ui.jobs.workers import AT_ONCE, HELD, NOON, table, task
from ui.jobs.job import Job, read_job
from ui.jobs.sight import all_in_sight, in_sight
from ui.jobs.takein import take_in
from ui.jobs.worker import alone
from ui.settings import ROOT

ID = "20260630-120000-abcdef"
LATER = "2026-07-01T09:00:00+08:00"


def kept(root: Path, **values: Any) -> Path:
    """A job's file as an app (or somebody else) left it."""
    root.mkdir(parents=True, exist_ok=True)
    job = asdict(Job(ID, "running", NOON.isoformat(), ORDER, (), task=task(), begun=1))
    path = root / f"{ID}.json"
    path.write_text(json.dumps({**job, **values}), encoding="utf-8")
    return path


@pytest.mark.parametrize(("values", "state", "cause"), [
    ({}, "running", ""),
    ({"state": "queued", "begun": 0}, "running", ""),
    ({"begun": 3}, "failed", "cut"),  # it may have ended the app each time
    ({"task": task("os:system")}, "failed", "cut"),
    ({"state": "queued", "begun": 0, "task": task("../x")}, "failed", "cut"),
    ({"state": "stopping"}, "stopped", ""),
    ({"task": task("store-backup")}, "failed", "cut"),
])  # fmt: skip
def test_a_task_left_under_way(
    tmp_path: Path, values: dict[str, Any], state: str, cause: str
) -> None:
    kept(tmp_path / "uploads" / "jobs", **values)
    jobs = table(tmp_path, HELD)
    jobs.load()
    until(lambda: state_of(jobs, ID) == state)
    job = jobs.get(ID)
    assert job is not None
    assert job.cause == cause
    assert job.begun == (2 if values == {} else job.begun)
    jobs.cancel(ID)
    until(lambda: not any(job.active for job in jobs.all()))


@pytest.mark.parametrize("values", [
    {"id": "../../etc"}, {"id": "20260630-120001-abcdef"}, {"id": 3}, {"state": "well"}, {"state": None},
    {"asked": "yesterday"}, {"asked": 3}, {"order": []}, {"order": {"stated": "x"}}, {"order": {"bad": 1}},
    {"files": [3]}, {"files": None}, {"report": []}, {"report": "x"}, {"task": "detect"}, {"done": "1"},
    {"total": None}, {"name": {}}, {"actor": 3}, {"begun": "x"}, {"cause": "who knows"}, {"earlier": 3},
    {"task": None, "report": {"rows": [3]}}, {"task": None, "report": {"rows": [{"file": 3, "status": ""}]}},
    {"task": None, "earlier": ["x"]},
])  # fmt: skip
def test_a_hostile_file_is_no_job(tmp_path: Path, values: dict[str, Any]) -> None:
    path = kept(tmp_path / "uploads" / "jobs", **values)
    before = path.read_bytes()
    jobs = table(tmp_path, HELD)
    jobs.load()
    assert jobs.all() == []
    assert path.read_bytes() == before


def test_files_that_are_no_json_and_fields_of_a_later_version(tmp_path: Path) -> None:
    root = tmp_path / "uploads" / "jobs"
    path = kept(root, later="field", state="done")
    assert read_job(path) is not None
    for number, text in enumerate(("", "{", "[" * 100_000, "null", '"x"', "\x00")):
        (root / f"20260630-12000{number}-aaaaaa.json").write_text(text, encoding="utf-8")
    (root / "20260630-120009-aaaaaa.json").mkdir()
    jobs = table(tmp_path, HELD)
    jobs.load()
    assert [job.id for job in jobs.all()] == [ID]


def test_what_waited_goes_on_in_its_order(tmp_path: Path) -> None:
    root = tmp_path / "uploads" / "jobs"
    marks = tmp_path / "marks"
    for n in range(3):
        one = f"20260630-12000{n}-abcdef"
        job = Job(one, "queued", NOON.isoformat(), ORDER, (), task=task(mark=str(marks)))
        root.mkdir(parents=True, exist_ok=True)
        (root / f"{one}.json").write_text(json.dumps(asdict(job)), encoding="utf-8")
    jobs = table(tmp_path, AT_ONCE)
    jobs.load()
    until(lambda: not any(job.active for job in jobs.all()))
    assert marks.read_text(encoding="utf-8") == "xxx"


def test_killed_while_the_files_moved_it_goes_on_with_those_that_did(tmp_path: Path) -> None:
    jobs = table(tmp_path, HELD)
    kept(jobs.root, task=None, state="stopped", begun=0)
    jobs.load()
    assert jobs.all() == []  # none of them: they lie where they came in
    kept(jobs.root, task=None, state="stopped", begun=0)
    (jobs.root / ID / "航片").mkdir(parents=True)
    (jobs.root / ID / "航片" / "a.tif").write_bytes(b"x")
    jobs.load()
    job = jobs.get(ID)
    assert job is not None
    assert job.files == ("航片/a.tif",)
    until(lambda: state_of(jobs, ID) == "running")
    jobs.cancel(ID)
    until(lambda: not any(job.active for job in jobs.all()))


def test_killed_before_the_files_were_cleared_the_report_stands(tmp_path: Path) -> None:
    jobs = table(tmp_path, HELD)
    rows = [{"file": "old.tif", "status": "accepted"}, {"file": "a.tif", "status": "accepted"},
            {"file": "b.tif", "status": "refused"}]  # fmt: skip
    report = {"cancelled": False, "rows": rows, "counts": {}}
    kept(
        jobs.root,
        task=None,
        files=["a.tif", "b.tif"],
        state="done",
        report=report,
        earlier=rows[:1],
    )
    for name in ("a.tif", "b.tif"):
        (jobs.root / ID).mkdir(exist_ok=True)
        (jobs.root / ID / name).write_bytes(b"x")
    (jobs.root / f"{ID}.tmp").mkdir()
    (jobs.root / f"{ID}.lock").touch()
    jobs.load()
    job = jobs.get(ID)
    assert job is not None
    assert (job.state, job.report) == ("done", report)
    assert [one.name for one in jobs.folder(ID).iterdir()] == ["b.tif"]
    assert {one.name for one in jobs.root.iterdir()} == {ID, f"{ID}.json"}


def test_what_an_attempt_that_was_cut_off_took_in_is_no_duplicate(tmp_path: Path) -> None:
    file = geotiff(tmp_path / "files" / "a.tif")
    order: dict[str, Any] = {"paths": [str(file)], "store": str(tmp_path / "imagery"), "received": NOON.isoformat(), "stated": {},
             "collector": None, "second": None, "why": None}  # fmt: skip
    first = take_in({**order, "begun": 1}, lambda _: None, lambda: False)
    again = take_in({**order, "begun": 2}, lambda _: None, lambda: False)
    other = take_in({**order, "begun": 2, "received": LATER}, lambda _: None, lambda: False)
    assert [one["rows"][0]["status"] for one in (first, again, other)] == [
        "accepted",
        "accepted",
        "duplicate",
    ]
    assert again["rows"][0]["scenes"] == first["rows"][0]["scenes"]
    assert again["counts"]["accepted"] == 1


def test_two_attempts_never_work_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("TMPDIR", "TEMP", "TMP", "CPL_TMPDIR"):
        monkeypatch.setenv(name, str(tmp_path))
    order = {"lock": str(tmp_path / "a.lock"), "scratch": str(tmp_path / "a.tmp")}
    left = tmp_path / "a.tmp" / "left"
    left.mkdir(parents=True)
    earlier = try_lock(tmp_path / "a.lock")
    assert earlier is not None
    with pytest.raises(Cancelled), alone(order, lambda: True):
        raise AssertionError("the earlier one works still")
    assert left.is_dir()
    os.close(earlier)
    before = tempfile.gettempdir()
    with alone(order, lambda: True):
        assert not left.exists()
        assert Path(tempfile.mkdtemp()).parent == tmp_path / "a.tmp"
    tempfile.tempdir = before


_APP = """
import sys
from pathlib import Path
from tests.imagery.ingest.made import geotiff
from tests.ui.jobs.test_table import until
from tests.ui.jobs.workers import HELD, table, task
jobs = table(Path(sys.argv[1]), HELD)
one = jobs.ask(task(mark="x"))
until(lambda: jobs.get(one).done == 1)
print(one, jobs.log(one).read(content=False).split("pid=")[1].split()[0], flush=True)
sys.stdin.read()
"""


@pytest.mark.skipif(sys.platform == "win32", reason="no kill -9 there")
def test_the_app_is_killed(tmp_path: Path) -> None:
    """kill -9: the worker sees the end of its input and leaves; the next app begins the job again."""
    with subprocess.Popen([sys.executable, "-c", _APP, str(tmp_path)], cwd=ROOT, encoding="utf-8",
                          stdin=subprocess.PIPE, stdout=subprocess.PIPE) as app:  # fmt: skip
        assert app.stdout is not None
        one, pid = app.stdout.readline().split()
        app.send_signal(signal.SIGKILL)
        app.wait()
    until(lambda: not _alive(int(pid)), 20)
    told = read_job(tmp_path / "uploads" / "jobs" / f"{one}.json")
    assert told is not None
    assert told.state == "running"
    jobs = table(tmp_path, HELD)
    jobs.load()
    until(lambda: jobs.get(one).done == 1)  # type: ignore[union-attr]
    assert jobs.get(one).begun == 2  # type: ignore[union-attr]
    jobs.cancel(one)
    until(lambda: state_of(jobs, one) == "stopped")


def _alive(pid: int) -> bool:
    """Whether a process is there and no mere entry of the process table."""
    try:
        os.kill(pid, 0)
        stat = Path(f"/proc/{pid}/stat")
        return (
            not stat.is_file()
            or stat.read_text(encoding="utf-8").rsplit(")", 1)[1].split()[0] != "Z"
        )
    except OSError:
        return False


def test_who_sees_what() -> None:
    mine = Job(ID, "done", NOON.isoformat(), ORDER, ("a.tif",), actor="王检", report={"cancelled": False},
               name="地点", problem="p", task=task(check="x"))  # fmt: skip
    wang, liu = (Actor(name, ("prosecutor",)) for name in ("王检", "刘检"))
    admin = Actor("系管", ("system_admin",))
    assert in_sight(mine, wang) == mine
    assert in_sight(mine, liu) is None
    assert in_sight(mine, None) is None
    assert in_sight(None, wang) is None
    (seen,) = all_in_sight([mine], admin)
    assert (seen.id, seen.state, seen.actor, seen.kind) == (ID, "done", "王检", "detect")
    assert (seen.files, seen.report, seen.name, seen.problem, seen.order.why, seen.task) == (
        (), None, "", "", None, {"task": "detect"})  # fmt: skip
