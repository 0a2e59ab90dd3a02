"""A thousand damaged files through every reader: a table or a clear error, nothing else."""

from __future__ import annotations

import os
from pathlib import Path
from random import Random

import pytest

from layers.errors import SourceError
from tests.fuzz.mutate import MOST_BYTES, mutate
from tests.fuzz.run import case, fuzz, run_case, seeds_of
from tests.fuzz.seeds import FAMILIES
from tests.fuzz.targets import read

COUNT = int(os.environ.get("FUZZ_COUNT", "1000"))


@pytest.mark.parametrize("family", FAMILIES)
def test_the_seeds_themselves_are_read(family: str, tmp_path: Path) -> None:
    for seed in seeds_of(family):
        path = tmp_path / seed.name
        path.write_bytes(seed.data)
        assert read(path) == "table", seed.name


@pytest.mark.parametrize("family", FAMILIES)
def test_damaged_files_give_a_table_or_a_clear_error(family: str) -> None:
    report = fuzz(family, COUNT, seed=20261122)
    assert report.failures == []
    assert report.cases == COUNT
    assert report.outcomes["error"] > 0
    assert report.outcomes["table"] > 0


def test_a_case_is_always_the_same() -> None:
    seeds = seeds_of("csv")
    assert case("csv", 1, 7, seeds) == case("csv", 1, 7, seeds)
    assert case("csv", 1, 7, seeds) != case("csv", 2, 7, seeds)


def test_mutations_change_and_stay_bounded() -> None:
    data = seeds_of("csv")[0].data
    made = [mutate(data, Random(n), [data]) for n in range(200)]
    assert sum(one != data for one in made) > 150
    assert max(map(len, made)) <= MOST_BYTES


# The loop itself must see what it is there to see.


def explode(_path: Path) -> str:
    raise KeyError("seen")


def die(_path: Path) -> str:
    os._exit(7)


def complain(_path: Path) -> str:
    raise SourceError("bad", remedy="")


def test_a_traceback_is_a_failure(tmp_path: Path) -> None:
    outcome, failure = run_case(tmp_path, f"{__name__}:explode")
    assert outcome == "traceback"
    assert failure is not None
    assert "KeyError" in failure


def test_an_error_without_a_remedy_is_a_failure(tmp_path: Path) -> None:
    assert run_case(tmp_path, f"{__name__}:complain")[1] is not None


def test_a_crash_is_a_failure_and_the_loop_goes_on() -> None:
    report = fuzz("kml", 2, target="tests.fuzz.test_readers:die")
    assert report.cases == 2
    assert [failure[:7] for failure in report.failures] == ["case 0:", "case 1:"]
    assert "exit 7" in report.failures[0]
