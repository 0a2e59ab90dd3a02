"""What the worker does for the page: a run kept, a limit moved, a run's findings taken into the leads."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from checks import findings_of, kept_runs
from layers.errors import PolicyError, RuleError
from office import Actor, Database
from office.scope import Grant, Scope
from tests.ui.conftest import DAY
from ui.models import tasks
from ui.models.tasks import actor_told, ground_of, look_what_if, pack_of, run_checks, take_run
from ui.workplace import open_workplace

ECIG = "ecigarette-near-school"
AT = "2026-06-30T12:00:00+08:00"
WEST = "109.99,29.99;110.0008,29.99;110.0008,30.02;109.99,30.02"
PROSECUTOR = Actor("王检", ("prosecutor",))


def order(folder: Path, **more: Any) -> dict[str, Any]:
    return {"data": str(folder), "at": AT, "actor": "王检", "checks": [ECIG], "rules": "demo", "on_date": DAY,
            "area": "", "area_name": "", "lang": "zh", **more}  # fmt: skip


def never() -> bool:
    return False


def heard() -> tuple[list[dict[str, Any]], Callable[[dict[str, Any]], None]]:
    said: list[dict[str, Any]] = []
    return said, said.append


def test_a_run_is_kept_with_its_hashes(folder: Path) -> None:
    said, tell = heard()
    report = run_checks(order(folder), tell, never)
    (run,) = kept_runs(folder / tasks.RUNS)
    assert (report["run"], report["cancelled"]) == (run.id, False)
    assert (run.actor, run.on_date, run.rules, run.area) == ("王检", DAY, "demo", None)
    assert run.counts[ECIG]["inside"] == 1
    assert said[0] == {"done": 0, "total": 1, "name": "学校周边电子烟零售点"}
    assert findings_of(folder / tasks.RUNS, run.id).is_file()


def test_only_what_lies_in_the_area(folder: Path) -> None:
    report = run_checks(order(folder, area=WEST, area_name="画的"), heard()[1], never)
    all_of_it = run_checks(order(folder), heard()[1], never)
    runs = {run.id: run for run in kept_runs(folder / tasks.RUNS)}
    inside, whole = runs[report["run"]], runs[all_of_it["run"]]
    assert inside.area_name == "画的"
    assert inside.ground is not None
    assert inside.count("inside", "borderline") < whole.count("inside", "borderline")
    with pytest.raises(RuleError, match="no township"):
        run_checks(order(folder, area="nowhere"), heard()[1], never)


def test_a_run_that_is_stopped_leaves_nothing(folder: Path) -> None:
    assert run_checks(order(folder), heard()[1], lambda: True) == {"cancelled": True, "run": None}
    assert not (folder / tasks.RUNS).exists()


def test_areas_and_packs_of_an_order(folder: Path) -> None:
    layers = open_workplace(folder).layers
    assert ground_of("", layers) is None
    assert ground_of("township-0", layers) is not None
    for wrong in (
        "1,2;3",
        "a,b;c,d;e,f",
        "0,0;1,1;1,0;0,1",
        "nan,1;2,3;4,5",
        ";".join(["1,2"] * 300),
    ):
        with pytest.raises(RuleError):
            ground_of(wrong, layers)
    assert pack_of("demo") is not None
    for name in (None, "", "../rules/demo", "/etc/passwd", "demo.toml"):
        assert pack_of(name) is None


def test_a_limit_is_measured_once(folder: Path, tmp_path: Path) -> None:
    rule = "demo:ecigarette-near-school:school:2022-05-01"
    asked = order(folder, check=ECIG, rule=rule, widest=400.0, value=None)
    report = look_what_if(asked, heard()[1], never)
    assert report["spread"]
    assert not (folder / tasks.RUNS).exists()
    rerun = look_what_if({**asked, "value": 300.0}, heard()[1], never)
    assert rerun["what_if"]["method"] == "rerun"
    assert rerun["what_if"]["not_law"]["en"] == "not the law: for thinking only"
    assert look_what_if({**asked, "value": 300.0}, heard()[1], lambda: True)["cancelled"]
    assert tmp_path.is_dir()


def test_taken_into_the_leads_once(folder: Path, tmp_path: Path) -> None:
    run = run_checks(order(folder), heard()[1], never)["run"]
    address = str(tmp_path / "leads.sqlite")
    Database.open(address).close()
    asked = {**order(folder, run=run, address=address), **actor_told(PROSECUTOR)}
    report = take_run(asked, heard()[1], never)
    assert report["counts"]["new"] > 0
    assert take_run(asked, heard()[1], never)["repeated"]
    with pytest.raises(RuleError, match="there is no run"):
        take_run({**asked, "run": "../x"}, heard()[1], never)


@pytest.mark.parametrize("who", [
    Actor("陈审计", ("auditor",)),
    Actor("王检", ("prosecutor",), Scope((Grant("prosecutor", "999999"),))),
    Actor("系统", ("prosecutor",), Scope((Grant("prosecutor"),), frozenset({"lead.read"}))),
])  # fmt: skip
def test_who_may_not_may_not_by_the_worker_either(folder: Path, tmp_path: Path, who: Actor) -> None:
    run = run_checks(order(folder), heard()[1], never)["run"]
    address = str(tmp_path / "leads.sqlite")
    Database.open(address).close()
    asked = {**order(folder, run=run, address=address), **actor_told(who)}
    assert actor_told(tasks.actor_from(asked)) == actor_told(who)
    with pytest.raises(PolicyError):
        take_run(asked, heard()[1], never)
