"""Take-ins: one at a time, stopped and gone on with, found again after the app was ended."""

from __future__ import annotations

import json
import sys
import threading
from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

from imagery.store import Store
from tests.imagery.ingest.made import geotiff, with_world_file
from tests.ui.scenes.conftest import BATCH
from ui.jobs.table import Job, Jobs, Order, open_jobs
from ui.scenes.incoming import Incoming

HELD = """
import json, sys
order = json.loads(sys.stdin.readline())
print(json.dumps({"done": 1, "total": 2, "name": order["paths"][0]}), flush=True)
word = sys.stdin.readline()
if not word:
    sys.exit(1)
rows = [{"file": "a", "status": "stopped"}]
print(json.dumps({"report": {"cancelled": word == "stop\\n", "rows": rows, "counts": {"stopped": 1}}}), flush=True)
"""
DEAD = "import sys; sys.stdin.readline(); sys.exit(3)"
ORDER = Order({"zone": "+08:00"}, "张三", "李四", "核实")
NOON = datetime(2026, 6, 30, 12, tzinfo=timezone(timedelta(hours=8)))


def until(true: Callable[[], bool], seconds: float = 60.0) -> None:
    nothing = threading.Event()
    for _ in range(int(seconds / 0.02)):
        if true():
            return
        nothing.wait(0.02)
    raise AssertionError("it did not happen")


def jobs_in(folder: Path, script: str | None = None) -> Jobs:
    jobs = Jobs(folder / "uploads" / "jobs", folder / "imagery", lambda: NOON)
    if script:
        jobs.worker = (sys.executable, "-c", script)
    return jobs


def arrived(incoming: Incoming, name: str, data: bytes) -> str:
    one = incoming.begin({"batch": BATCH, "name": name, "size": len(data)})
    incoming.append(one.id, incoming.claim(one.id, 0), data)
    return one.id


def state_of(jobs: Jobs, job_id: str | None) -> str:
    job = jobs.get(job_id)
    return job.state if job else "gone"


@pytest.fixture
def incoming(tmp_path: Path) -> Incoming:
    return Incoming(tmp_path / "uploads")


def test_a_good_and_a_broken_file(tmp_path: Path, incoming: Incoming) -> None:
    good = geotiff(tmp_path / "made" / "岸边.tif")
    data = good.read_bytes()
    ids = [arrived(incoming, "岸边.tif", data), arrived(incoming, "broken.tif", data[: len(data) // 2])]  # fmt: skip
    jobs = jobs_in(tmp_path)
    job_id = jobs.start(incoming, ids, ORDER)
    until(lambda: state_of(jobs, job_id) == "done", 120)
    job = jobs.get(job_id)
    assert job is not None
    assert job.report is not None
    rows = {row["file"]: row for row in job.report["rows"]}
    assert rows["岸边.tif"]["status"] == "accepted"
    assert rows["broken.tif"]["status"] == "refused"
    assert rows["broken.tif"]["remedy"]
    store = Store.open(tmp_path / "imagery", create=False)
    (scene,) = store.scenes()
    assert store.original(scene).read_bytes() == data
    told = store.document(scene)["properties"]
    assert (told["yicha:collector"], told["yicha:second"]) == ("张三", "李四")
    assert told["yicha:stated"] == {"zone": "+08:00"}
    assert store.record(scene)[0]["purpose"] == "核实"
    assert [path.name for path in jobs.folder(job.id).iterdir()] == ["broken.tif"]
    assert incoming.all() == []

    found = open_jobs(tmp_path / "uploads" / "jobs", tmp_path / "imagery", lambda: NOON)
    assert found.get(job.id) == job  # the report is the same for whoever comes back
    assert found.recent() == [job]


def test_a_refused_file_comes_in_once_more_is_said(tmp_path: Path, incoming: Incoming) -> None:
    picture = with_world_file(tmp_path / "made" / "岸.png", prj=False)
    good = geotiff(tmp_path / "made" / "a.tif", 2)
    files = (good, picture, picture.with_suffix(".pgw"))
    ids = [arrived(incoming, path.name, path.read_bytes()) for path in files]
    jobs = jobs_in(tmp_path)
    job_id = jobs.start(incoming, ids, ORDER)
    assert job_id is not None
    until(lambda: state_of(jobs, job_id) == "done", 120)
    assert sorted(path.name for path in jobs.folder(job_id).iterdir()) == ["岸.pgw", "岸.png"]
    jobs.again(job_id, Order({"crs": "EPSG:4326"}))
    until(lambda: state_of(jobs, job_id) == "done", 120)
    job = jobs.get(job_id)
    assert job is not None
    assert job.report is not None
    assert {row["file"]: row["status"] for row in job.report["rows"]} == {
        "a.tif": "accepted",
        "岸.png": "accepted",
    }
    assert (job.report["counts"]["accepted"], job.report["counts"]["refused"]) == (2, 0)
    assert not jobs.can_go_on(job_id)


def test_files_that_have_not_wholly_arrived_stay(tmp_path: Path, incoming: Incoming) -> None:
    half = incoming.begin({"batch": BATCH, "name": "half.tif", "size": 10})
    jobs = jobs_in(tmp_path, HELD)
    assert jobs.start(incoming, [half.id, "f" * 32, "../x"], ORDER) is None
    assert jobs.recent() == []
    assert [one.id for one in incoming.all()] == [half.id]


def test_the_second_waits_for_the_first_and_both_can_be_stopped(
    tmp_path: Path, incoming: Incoming
) -> None:
    jobs = jobs_in(tmp_path, HELD)
    first, second = (jobs.start(incoming, [arrived(incoming, n, b"x")], ORDER) for n in "ab")
    assert first is not None
    assert second is not None
    until(lambda: any(job.total == 2 for job in jobs.recent()))
    assert (state_of(jobs, first), state_of(jobs, second)) == ("running", "queued")
    assert jobs.before(second) == 1
    jobs.cancel(second)
    assert state_of(jobs, second) == "stopped"
    jobs.forget(first)  # not while it is under way
    jobs.cancel(first)
    until(lambda: state_of(jobs, first) == "stopped")
    assert (jobs.folder(first) / "a").read_bytes() == b"x"
    jobs.again(first, ORDER)
    until(lambda: state_of(jobs, first) == "running")
    jobs.cancel(first)
    until(lambda: state_of(jobs, first) == "stopped")
    jobs.forget(first)
    assert (state_of(jobs, first), jobs.folder(first).exists()) == ("gone", False)


def test_a_process_that_dies_loses_nothing(tmp_path: Path, incoming: Incoming) -> None:
    jobs = jobs_in(tmp_path, DEAD)
    job_id = jobs.start(incoming, [arrived(incoming, "a.tif", b"x")], ORDER)
    until(lambda: state_of(jobs, job_id) == "failed")
    assert job_id is not None
    assert jobs.can_go_on(job_id)
    assert (jobs.folder(job_id) / "a.tif").read_bytes() == b"x"


@pytest.mark.parametrize(("left", "found"), [("queued", "running"), ("running", "running"), ("stopping", "stopped"),
                                             ("stopped", "stopped"), ("done", "done")])  # fmt: skip
def test_after_the_app_was_ended_it_goes_on(tmp_path: Path, left: str, found: str) -> None:
    root = tmp_path / "uploads" / "jobs"
    job_id = "20260630-120000-abcdef"
    (root / job_id).mkdir(parents=True)
    (root / job_id / "a.tif").write_bytes(b"x")
    job = Job(job_id, left, NOON.isoformat(), ORDER, ("a.tif",))  # type: ignore[arg-type]
    (root / f"{job_id}.json").write_text(json.dumps(asdict(job)), encoding="utf-8")
    (root / "20260630-120001-abcdef.json").write_text("{", encoding="utf-8")
    jobs = jobs_in(tmp_path, HELD)
    jobs.load()
    until(lambda: state_of(jobs, job_id) == found)
    jobs.cancel(job_id)
    until(lambda: not any(job.active for job in jobs.recent()))
