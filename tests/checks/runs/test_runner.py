"""The runner: findings, undecided and failures apart; progress, cancelling, order."""

from __future__ import annotations

import random
from typing import Any

import geopandas as gpd
import pytest

from checks import VERDICTS, LayerRef, load_rules, run
from checks._runs.runner import RunResult
from layers import Layer, LayerSet, make_layer
from layers.errors import Cancelled, RuleError
from tests.cases import FOLDER, HERE, Case, layer_of, network_of

DAY = "2026-06-30"
STREETS = [[[-400.0, 10.0], [0.0, 10.0], [400.0, 10.0]]]


def town(shuffle: int | None = None) -> LayerSet:
    """A school, a kindergarten, bars and tobacconists along one street."""
    schools: list[dict[str, Any]] = [
        {"id": "s1", "name": "一小", "kind": "primary",
         "area": [[-60, 20], [60, 20], [60, 120], [-60, 120]]},
        {"id": "k1", "name": "幼儿园", "kind": "kindergarten", "at": [200, 25]},
    ]  # fmt: skip
    gates: list[dict[str, Any]] = [
        {"id": "g1", "school_id": "s1", "role": "main", "at": [0, 20], "u_point_m": 2.0}
    ]
    shops: list[dict[str, Any]] = [{"id": f"t{n}", "name": f"店{n}", "u_source_m": 3.0, "at": [40 * n - 300, 5]}
             for n in range(15)]  # fmt: skip
    if shuffle is not None:
        random.Random(shuffle).shuffle(shops)
    return LayerSet(
        {
            "school": layer_of("school", schools), "school_gate": layer_of("school_gate", gates),
            "tobacco_retailer": layer_of("tobacco_retailer", shops),
            "bar": layer_of("bar", shops),
        },
        network_of(STREETS),
    )  # fmt: skip


CHECKS = ("tobacco-near-school", "bar-near-school", "hotel-near-school")


def go(layers: LayerSet | None = None, **options: Any) -> RunResult:
    return run(CHECKS, layers or town(), load_rules("demo"), DAY, **options)


def test_one_finding_per_shop_and_check() -> None:
    result = go(all_subjects=True)
    keys = [(f.check, f.subject_id) for f in result.findings]
    assert len(keys) == len(set(keys)) == 30
    assert not result.failures


def test_without_all_those_outside_are_left_out() -> None:
    some, everything = go(), go(all_subjects=True)
    assert "outside" not in {f.verdict for f in some.findings}
    kept = [f for f in everything.findings if f.verdict != "outside"]
    assert [(f.check, f.subject_id, f.measured) for f in some.findings] == [
        (f.check, f.subject_id, f.measured) for f in kept]  # fmt: skip


def test_findings_come_worst_first() -> None:
    for check in CHECKS:
        ranks = [
            VERDICTS.index(f.verdict) for f in go(all_subjects=True).findings if f.check == check
        ]
        assert ranks == sorted(ranks)


def test_the_order_of_rows_does_not_matter() -> None:
    facts = [
        [
            (f.check, f.subject_id, f.verdict, f.measured, f.object_id, f.also)
            for f in go(town(n)).findings
        ]
        for n in (None, 1, 2)
    ]
    assert facts[0] == facts[1] == facts[2]


def test_missing_data_is_no_clearance() -> None:
    result = go()
    assert result.no_data("hotel-near-school")
    assert not result.no_data("bar-near-school")
    (gap,) = [u for u in result.undecided if u.check == "hotel-near-school"]
    assert (gap.code, gap.theme, gap.subject_id) == ("theme_missing", "hotel", None)
    assert "--theme hotel" in gap.remedy.en


def test_an_empty_layer_is_no_clearance() -> None:
    layers = dict(town())
    empty = gpd.GeoDataFrame({"id": []}, geometry=[], crs=layers["bar"].frame.crs)
    result = run(["bar-near-school"], LayerSet({**layers, "bar": make_layer("bar", empty, HERE)}),
                 load_rules("demo"), DAY)  # fmt: skip
    assert [u.code for u in result.undecided] == ["no_data"]
    assert result.no_data("bar-near-school")


def test_an_empty_register_makes_nobody_unlicensed() -> None:
    layers = dict(town())
    empty = gpd.GeoDataFrame({"id": []}, geometry=[], crs=layers["bar"].frame.crs)
    register = make_layer("tobacco_licence", empty, HERE)
    found = run(["tobacco-near-school"], LayerSet({**layers, "tobacco_licence": register},
                town().walking), load_rules("demo"), DAY).findings  # fmt: skip
    assert {f.licence_class for f in found} == {"not_checked"}


def test_counts_add_up() -> None:
    case = Case(FOLDER / "tobacco-near-school" / "undecided.toml")
    result = case.run()
    assert result.counts() == {"inside": 0, "borderline": 0, "undecided": 3, "outside": 0}
    assert {u.code for u in result.undecided} == {"no_position", "position_too_vague"}


class Broken(LayerSet):
    """Layers of which one cannot be read."""

    def __getitem__(self, name: str) -> Layer:
        if name == "bar":
            raise ZeroDivisionError("the file is damaged")
        return super().__getitem__(name)


def test_a_crash_is_a_failure_and_the_others_go_on() -> None:
    healthy = town()
    result = go(Broken(dict(healthy), healthy.walking))
    (failure,) = result.failures
    assert failure.check == "bar-near-school"
    assert failure.message == "ZeroDivisionError: the file is damaged"
    assert "Traceback" in failure.trace
    assert {f.check for f in result.findings} == {"tobacco-near-school"}
    assert not [u for u in result.undecided if u.check == "bar-near-school"]


def test_progress_counts_checks() -> None:
    seen: list[tuple[int, int, str]] = []
    go(progress=lambda *step: seen.append(step))
    assert seen == [(0, 3, CHECKS[0]), (1, 3, CHECKS[1]), (2, 3, CHECKS[2]), (3, 3, "")]


def test_a_run_can_be_cancelled() -> None:
    asked: list[int] = []

    def cancelled() -> bool:
        asked.append(1)
        return len(asked) > 2

    with pytest.raises(Cancelled):
        go(cancelled=cancelled)
    assert len(asked) == 3
    with pytest.raises(Cancelled):
        go(cancelled=lambda: True)


@pytest.mark.parametrize("day", ["", "2026", "30.06.2026", "2026-02-30", "20260630", "2026-6-30"])
def test_a_day_is_a_day(day: str) -> None:
    with pytest.raises(RuleError, match="YYYY-MM-DD"):
        run(CHECKS, town(), None, day)


def test_an_unknown_check_names_the_known_ones() -> None:
    with pytest.raises(RuleError, match="bar-near-school"):
        run(["chess-near-school"], town(), None, DAY)


def test_a_check_asked_twice_runs_once() -> None:
    assert run(["bar-near-school"] * 2, town(), None, DAY).checks == ("bar-near-school",)


def test_every_finding_carries_its_data() -> None:
    result = go()
    for finding in result.findings:
        themes = {ref.theme: ref for ref in finding.layers}
        assert {finding.subject_theme, "school", "school_gate", "walking"} <= set(themes)
        assert all(isinstance(ref, LayerRef) for ref in finding.layers)
        assert len(themes["walking"].sha256 or "") == 64
        assert finding.in_force is None or finding.in_force.id == finding.rule
        assert finding.on_date == DAY
    assert {ref.theme for ref in result.layers} == {
        "tobacco_retailer", "bar", "school", "school_gate", "walking"}  # fmt: skip
    assert result.rules_sha256 == load_rules("demo").sha256


def test_the_measured_line_ends_at_the_shop() -> None:
    for finding in go().findings:
        assert finding.measured is not None
        if finding.method == "walk_shortest":
            assert finding.geometry is not None
            assert finding.geometry.geom_type == "LineString"
        low, high = finding.measured_low, finding.measured_high
        assert low is not None
        assert high is not None
        assert low <= finding.measured <= high


def test_others_are_listed_worst_first_and_without_the_decider() -> None:
    for finding in go(all_subjects=True).findings:
        assert finding.object_id not in {other.id for other in finding.also}
        ranks = [VERDICTS.index(v) for v in (finding.verdict, *(o.verdict for o in finding.also))]
        assert ranks == sorted(ranks)
