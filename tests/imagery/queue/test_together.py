"""Two people at once lose nothing; a kill at any moment leaves every answer that was given."""

from __future__ import annotations

import hashlib
import random
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from imagery.queue import ChangedMeanwhile, Queue
from imagery.queue.files import read_events
from imagery.store import Store
from tests.imagery.queue import made
from tests.imagery.queue.conftest import Place
from tests.imagery.queue.made import AT, DETECTOR

_WORKER = """
import sys
from imagery.queue import Queue
from imagery.store import Store
queue = Queue.open(Store.open(sys.argv[1], create=False))
ids, who = sys.argv[2].split(","), sys.argv[3]
print("ready", flush=True)
sys.stdin.readline()
for turn in range(int(sys.argv[4])):
    for one in ids:
        queue.decide(one, ("yes", "no")[turn % 2], note=f"{who} {turn}", actor=who, at="2026-06-01")
        print("said", flush=True)
"""
SEED, KILLS, TURNS = 20261122, 6, 8


def _worker(place: Place, root: Path, who: str, turns: int) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", _WORKER, str(place.queue.store.root), ",".join(place.ids.values()), who,
               str(turns)]  # fmt: skip
    process = subprocess.Popen(
        command, cwd=root, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    return process


def _start(process: subprocess.Popen[str]) -> None:
    assert process.stdin is not None
    process.stdin.write("\n")
    process.stdin.flush()


def test_two_processes_keep_every_answer(place: Place, root: Path) -> None:
    workers = [_worker(place, root, who, TURNS) for who in ("李某", "王某")]
    for one in workers:
        _start(one)
    for one in workers:
        one.communicate()
        assert one.returncode == 0
    events = read_events(place.queue.store, place.run.id)
    said = [event.told["note"] for event in events if event.told["event"] == "decided"]
    assert len(said) == 2 * TURNS * 3
    assert {note.split()[0] for note in said} == {"李某", "王某"}


def test_of_two_who_answer_at_once_one_is_told(place: Place) -> None:
    shown = place.queue.candidates()[0]
    both = threading.Barrier(2)

    def answer(who: str) -> str:
        both.wait()
        try:
            place.queue.decide(shown.id, "yes", actor=who, at=AT, seen=shown.seen)
        except ChangedMeanwhile as told:
            return f"{told.now.actor} first"
        return who

    with ThreadPoolExecutor(2) as pool:
        said = sorted(pool.map(answer, ["a", "b"]))
    assert said in (["a", "a first"], ["b", "b first"])
    assert len(place.queue.candidate(shown.id).history) == 1


def test_a_kill_loses_no_answer_that_was_given(place: Place, root: Path) -> None:
    chance = random.Random(SEED)
    for number in range(KILLS):
        before = len(read_events(place.queue.store, place.run.id))
        process = _worker(place, root, f"李某{number}", 1000)
        _start(process)
        assert process.stdout is not None
        given = 0
        for _ in range(chance.randrange(1, 12)):
            assert process.stdout.readline() == "said\n"
            given += 1
        threading.Event().wait(chance.random() * 0.01)
        process.kill()
        given += process.stdout.read().count("said")
        process.communicate()
        queue = Queue.open(Store.open(place.queue.store.root, create=False))
        kept = len(read_events(queue.store, place.run.id)) - before
        assert kept - given in (0, 1)
        assert len(queue.candidates(state="all")) == 3
    assert place.queue.decide(place.ids["one"], "unsure", actor="王某", at=AT).answer == "unsure"


def test_a_run_half_written_does_not_exist_and_is_written_again(place: Place) -> None:
    layer = made.seen(place.before, place.shapes)
    run = place.queue.add(layer, detector=DETECTOR, scene_id=place.before, actor="李某", at=AT)
    (place.queue.store.root / "candidates" / run.id / "run.json").unlink()
    assert [one.id for one in place.queue.runs()] == [place.run.id]
    assert len(place.queue.candidates()) == 3
    again = place.queue.add(layer, detector=DETECTOR, scene_id=place.before, actor="李某", at=AT)
    assert again.id == run.id
    assert len(place.queue.candidates()) == 6
    assert len(read_events(place.queue.store, run.id)) == 1


def test_one_run_added_by_two_at_once_is_one(place: Place) -> None:
    layer = made.seen(place.before, place.shapes)

    def add(who: str) -> str:
        return place.queue.add(layer, detector=DETECTOR, scene_id=place.before, actor=who, at=AT).id

    with ThreadPoolExecutor(4) as pool:
        assert len(set(pool.map(add, "abcd"))) == 1
    assert len(place.queue.candidates()) == 6


def test_reading_while_others_write_never_fails(place: Place, root: Path) -> None:
    worker = _worker(place, root, "李某", 12)
    _start(worker)
    queue, seen = place.queue, 0
    while worker.poll() is None:
        events = read_events(queue.store, place.run.id)
        assert len(events) >= seen
        seen = len(events)
        assert [one.sha256 for one in events[:-1]] == [one.told["previous"] for one in events[1:]]
        assert len(queue.candidates(state="all")) == 3
    worker.communicate()
    assert worker.returncode == 0
    last = (
        (queue.store.root / "candidates" / place.run.id / "decisions.jsonl")
        .read_bytes()
        .splitlines()[-1]
    )
    assert read_events(queue.store, place.run.id)[-1].sha256 == hashlib.sha256(last).hexdigest()
