"""A detector as a task of the worker: through the job table into the queue, stopped, refused."""

from __future__ import annotations

import io
import json
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest

from imagery.detectors import shot_of
from imagery.queue import Queue
from imagery.store import Store
from layers.errors import ImageryError
from tests.ui.jobs.test_table import until
from ui.confirm.search import TASK, search, task_of
from ui.jobs.table import Jobs, open_jobs
from ui.jobs.worker import main
from ui.scenes.holdings import Holdings

NOON = datetime(2026, 6, 30, 12, tzinfo=timezone(timedelta(hours=8)))


@pytest.fixture
def task(held: Holdings, scenes: tuple[Path, dict[str, str]]) -> dict[str, Any]:
    ground = shot_of(held.store, scenes[1]["after"]).ground.footprint
    return task_of("waste", scenes[1]["after"], scenes[1]["before"], ground, actor="王敏",
                   settings={"sensitivity": "low"})  # fmt: skip


def ordered(task: dict[str, Any], store: Store) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(
        json.dumps({**task, "store": str(store.root), "at": NOON.isoformat()})
    )
    return found


def test_through_the_job_table_into_the_queue(tmp_path: Path, task: dict[str, Any], held: Holdings) -> None:  # fmt: skip
    jobs = Jobs(tmp_path / "jobs", held.store.root, lambda: NOON)
    job_id = jobs.ask(task)
    until(lambda: not (jobs.get(job_id) or pytest.fail("gone")).active, 120)
    job = jobs.get(job_id)
    assert job is not None
    assert (job.state, job.problem) == ("done", "")
    assert job.report is not None
    run = next(one for one in Queue.open(held.store).runs() if one.id == job.report["run"])
    assert (run.added_by, run.candidates) == ("王敏", job.report["candidates"])
    assert run.settings["sensitivity"] == "low"
    assert run.area is not None
    assert jobs.recent() == []  # no take-in
    assert jobs.recent(kind=TASK) == [job]
    assert not jobs.can_go_on(job_id)
    assert open_jobs(tmp_path / "jobs", held.store.root, lambda: NOON).get(job_id) == job


def test_stopped_between_two_blocks_nothing_is_queued(task: dict[str, Any], held: Holdings) -> None:
    runs = len(Queue.open(held.store).runs())
    told = search(ordered({**task, "settings": {"sensitivity": "high"}}, held.store), lambda _: None, lambda: True)  # fmt: skip
    assert told == {"cancelled": True, "run": None, "candidates": 0}
    assert len(Queue.open(held.store).runs()) == runs


def test_it_tells_how_far_it_is(task: dict[str, Any], held: Holdings) -> None:
    said: list[dict[str, Any]] = []
    search(ordered(task, held.store), said.append)
    assert said
    assert said[-1]["done"] == said[-1]["total"] > 0


def test_what_does_not_fit_is_told_with_a_remedy(task: dict[str, Any], held: Holdings) -> None:
    order = ordered({**task, "detector": "obstruction", "before": None, "settings": {}}, held.store)
    with pytest.raises(ImageryError):
        search(order, lambda _: None)
    target = io.StringIO()
    assert main(io.StringIO(json.dumps(order) + "\n"), target) == 1
    told = json.loads(target.getvalue().splitlines()[-1])
    assert told["problem"]
    assert told["remedy"]
