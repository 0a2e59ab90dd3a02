"""A limit moved over what was measured says what a run with that limit says, to the last subject."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from shapely.geometry.base import BaseGeometry

from checks import (
    CheckEntry,
    Limits,
    Rule,
    Spread,
    WhatIf,
    catalogue,
    if_measured,
    if_run,
    limits_in_force,
    load_rules,
    load_spread,
    rule_to_move,
    rules_to_move,
    spread,
    township_area,
    townships,
)
from checks.__main__ import main
from layers import LayerFolder
from layers.errors import RuleError

DAY = "2026-06-30"
PACK = load_rules("demo")
MOVABLE = [(name, rule) for name, entry in catalogue().items() if entry.perimeter
           for rule in rules_to_move(entry, PACK, DAY)]  # fmt: skip
SHARES = (0.0, 0.77, 1.0, 1.63, 2.0)


@pytest.fixture(scope="module")
def county(demo_layers: Path) -> LayerFolder:
    return LayerFolder(demo_layers)


def ground(name: str) -> tuple[CheckEntry, Limits]:
    entry = catalogue()[name]
    return entry, limits_in_force(entry.check, PACK, DAY)


def equal(one: WhatIf, other: WhatIf) -> None:
    assert dict(one.before) == dict(other.before)
    assert dict(one.after) == dict(other.after)
    for name in ("new", "gone"):
        first, second = (sorted(row[0] for row in getattr(which, name)) for which in (one, other))
        assert first == second


def test_several_kinds_of_limits_are_here() -> None:
    assert len({name for name, _ in MOVABLE}) >= 6
    assert {rule.comparator for _, rule in MOVABLE} == {"<", "<="}
    assert {rule.walks for _, rule in MOVABLE} == {True, False}


@pytest.mark.parametrize(
    ("name", "rule"), MOVABLE, ids=lambda one: getattr(one, "school_class", one)
)
def test_as_a_run_with_that_limit(county: LayerFolder, name: str, rule: Rule) -> None:
    entry, limits = ground(name)
    found = spread(entry, county, limits, rule, rule.limit_m * 2)
    assert found is not None
    for share in SHARES:
        value = rule.value * share
        equal(if_measured(found, rule, value), if_run(entry, county, limits, rule, value))


def test_in_one_township(county: LayerFolder) -> None:
    name, rule = MOVABLE[0]
    entry, limits = ground(name)
    for town in list(townships(county))[:3]:
        area: BaseGeometry = township_area(county, town)
        found = spread(entry, county, limits, rule, rule.limit_m * 2, area=area)
        assert found is not None
        value = rule.value * 1.6
        equal(
            if_measured(found, rule, value), if_run(entry, county, limits, rule, value, area=area)
        )


def test_kept_and_read_again(county: LayerFolder, tmp_path: Path) -> None:
    name, rule = MOVABLE[-1]
    entry, limits = ground(name)
    found = spread(entry, county, limits, rule, rule.limit_m * 2)
    assert found is not None
    again = load_spread(found.save(tmp_path / "a" / "spread.npz"))
    assert if_measured(again, rule, 77) == if_measured(found, rule, 77)
    with pytest.raises(RuleError, match="beyond"):
        again.verdicts(rule.limit_m * 2 + 0.1)
    for text in (b"", b"PK\x03\x04", b"no archive"):
        (tmp_path / "b.npz").write_bytes(text)
        with pytest.raises(RuleError, match="holds no measurement"):
            load_spread(tmp_path / "b.npz")
    np.savez(tmp_path / "c.npz", facts=np.array(json.dumps({})), ids=np.array(["a"]))
    with pytest.raises(RuleError, match="holds no measurement"):
        load_spread(tmp_path / "c.npz")


def test_the_other_limits_need_a_run(county: LayerFolder) -> None:
    entry, limits = ground("wage-deposit")
    rule = rule_to_move(entry, PACK, DAY, None)
    with pytest.raises(RuleError, match="does not measure around schools"):
        spread(entry, county, limits, rule, 5)
    more, less = (
        if_run(entry, county, limits, rule, value) for value in (rule.value * 2, rule.value)
    )
    assert more.method == "rerun"
    assert sum(more.after.values()) == sum(more.before.values())
    assert more.new
    assert not more.gone
    assert (less.new, less.gone, less.before) == ((), (), less.after)


def test_which_limit_is_meant() -> None:
    entry = catalogue()["tobacco-near-school"]
    assert rule_to_move(entry, PACK, DAY, "kindergarten").value == 50
    with pytest.raises(RuleError, match="2 limits"):
        rule_to_move(entry, PACK, DAY, None)
    with pytest.raises(RuleError, match="0 limits"):
        rule_to_move(catalogue()["alcohol-near-school"], PACK, DAY, None)


def test_nothing_to_measure() -> None:
    from layers import LayerSet

    name, rule = MOVABLE[0]
    entry, limits = ground(name)
    assert spread(entry, LayerSet({}), limits, rule, 300) is None


def test_a_subject_takes_its_worst_school() -> None:
    """By hand: one shop by two schools, one of them without a rule, one by a walk nobody could measure."""
    made = Spread(
        check="x", on_date=DAY, moved="r", widest=400.0,
        rules=({"id": "r", "comparator": "<=", "limit_m": 200.0}, {"id": "s", "comparator": "<", "limit_m": 100.0},
               {"id": "", "comparator": "<=", "limit_m": 0.0}),
        ids=np.array(["a", "b", "c", "d"]), names=np.array(["", "", "", ""]), lonlat=np.zeros((4, 2)),
        subject=np.array([0, 0, 1, 2, 2]), rule=np.array([0, 1, 0, 0, 2]),
        low=np.array([190.0, 100.0, 50.0, 300.0, np.nan]), high=np.array([210.0, 120.0, np.nan, 320.0, np.nan]),
        state=np.array([0, 0, 2, 0, 3]), lost=1,
    )  # fmt: skip
    assert made.verdicts(200.0).tolist() == ["borderline", "undecided", "undecided", "outside"]
    assert made.verdicts(210.0).tolist() == ["inside", "undecided", "undecided", "outside"]
    assert made.verdicts(189.9).tolist() == ["outside", "undecided", "undecided", "outside"]
    assert made.verdicts(49.0).tolist() == ["outside", "outside", "undecided", "outside"]
    assert made.verdicts(400.0).tolist() == ["inside", "undecided", "inside", "outside"]


def test_in_a_shell(county: LayerFolder, capsys: pytest.CaptureFixture[str]) -> None:
    folder = str(county.path)
    told = [
        "what-if",
        "bar-near-school",
        "--limit",
        "300",
        "--layers",
        folder,
        "--rules",
        "demo",
        "--on",
        DAY,
    ]
    assert main([*told, "--json"]) == 0
    measured = json.loads(capsys.readouterr().out)
    assert main([*told, "--json", "--rerun"]) == 0
    rerun = json.loads(capsys.readouterr().out)
    assert (measured["method"], rerun["method"]) == ("measured", "rerun")
    assert (measured["after"], len(measured["new"])) == (rerun["after"], len(rerun["new"]))
    assert main([*told, "--lang", "en"]) == 0
    assert "not the law" in capsys.readouterr().out
    assert main([*told, "--area", "nowhere"]) == 1
    assert "there is no township" in capsys.readouterr().err
