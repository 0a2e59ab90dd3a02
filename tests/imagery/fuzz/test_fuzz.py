"""A slice of the hostile and mutated files; `python -m tests.imagery.fuzz` runs them all."""

from __future__ import annotations

import os
from itertools import islice
from pathlib import Path

from tests.imagery.fuzz.hostile import hostile
from tests.imagery.fuzz.run import Case, cases, fuzz, mutated, run
from tests.imagery.fuzz.seeds import Seed, seeds

COUNT = int(os.environ.get("FUZZ_COUNT", "200"))
HUNGRY = 1 << 30


def test_the_seeds_themselves_are_read() -> None:
    report = fuzz(Case("seed", seed, refused=False) for seed in seeds())
    assert report.failures == []
    assert report.outcomes["scenes"] == len(seeds()) > 15


def test_hostile_files() -> None:
    report = fuzz(Case("hostile", file, refused) for file, refused in hostile())
    assert report.failures == []
    assert report.cases["hostile"] > 130
    assert report.peak_child < HUNGRY


def test_a_slice_of_the_damaged() -> None:
    some = (case for n, case in enumerate(cases(2000, seed=20261122)) if n % 11 == 5)
    report = fuzz(case for case in islice(some, COUNT) if case.kind != "hostile")
    assert report.failures == []
    assert report.outcomes["refused"] > 0
    assert report.outcomes["scenes"] > 0
    assert report.peak_child < HUNGRY


def test_a_case_is_always_the_same() -> None:
    assert mutated(1, 7) == mutated(1, 7)
    assert mutated(1, 7) != mutated(2, 7)


def test_the_loop_sees_what_it_is_there_to_see(tmp_path: Path) -> None:
    sound = next(seed for seed in seeds() if seed.name == "plain.tif")
    assert "must be refused" in (run(Case("x", sound, refused=True), tmp_path)[1] or "")
    broken = Seed("plain.tif", sound.data[:100])
    assert "must be read" in (run(Case("x", broken, refused=False), tmp_path)[1] or "")
