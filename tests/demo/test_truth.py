"""Generate, import with the real importers, run every check: exactly the planted truth."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from checks import LICENCE_CLASSES, RunResult, load_rules, run
from demo.scene import CHECKS
from demo.sources import EXPORT
from demo.truth import WITHOUT_RULE
from layers import LayerFolder, LayerSet
from layers.importing import import_file

Truth = dict[str, Any]


@pytest.fixture(scope="session")
def result(county: Path, truth: Truth) -> RunResult:
    layers = LayerFolder(county / "layers")
    return run(CHECKS, layers, load_rules("demo"), truth["on_date"], all_subjects=True)


def _verdicts(result: RunResult, check: str) -> dict[str, str]:
    said = {f.subject_id: str(f.verdict) for f in result.findings if f.check == check}
    unplaced = [u for u in result.undecided if u.check == check]
    assert all(u.subject_id is not None for u in unplaced), [u.code for u in unplaced]
    assert not said.keys() & {u.subject_id for u in unplaced}
    return said | {str(u.subject_id): "undecided" for u in unplaced}


def test_no_check_fails(result: RunResult) -> None:
    assert result.failures == ()


@pytest.mark.parametrize("check", CHECKS)
def test_every_verdict_is_the_planted_one(check: str, result: RunResult, truth: Truth) -> None:
    planted = truth["checks"][check]["subjects"]
    wanted = {subject: record["verdict"] for subject, record in planted.items()}
    assert _verdicts(result, check) == wanted


@pytest.mark.parametrize("check", CHECKS)
def test_the_school_that_decides_and_the_distance(
    check: str, result: RunResult, truth: Truth
) -> None:
    planted = truth["checks"][check]["subjects"]
    asked = 0
    for finding in (f for f in result.findings if f.check == check):
        record = planted[finding.subject_id]
        if record["school"] is None:
            continue
        asked += 1
        assert finding.object_id == record["school"], finding.subject_name
        assert finding.measured == pytest.approx(record["measured_m"], abs=record["tolerance_m"]), (
            finding.subject_name
        )
    assert asked >= 4


def test_every_licence_class_is_the_planted_one(result: RunResult, truth: Truth) -> None:
    planted = truth["checks"]["tobacco-near-school"]["subjects"]
    wanted = {key: r["licence_class"] for key, r in planted.items() if r["licence_class"]}
    found = {f.subject_id: f.licence_class for f in result.findings
             if f.check == "tobacco-near-school" and f.subject_id in wanted}  # fmt: skip
    assert found == wanted
    transitions = set(LICENCE_CLASSES) - {"not_checked", "licensed_no_dates"}
    assert set(wanted.values()) == transitions


def test_the_verdict_of_a_row_flips_when_its_datum_is_ignored(county: Path, truth: Truth) -> None:
    shops = import_file(county / "sources" / EXPORT, "tobacco_retailer", datum="wgs84",
                        position_error=8.0, far="keep").layer  # fmt: skip
    assert shops is not None
    folder = LayerFolder(county / "layers")
    layers = LayerSet({**folder, "tobacco_retailer": shops}, folder.walking)
    wrong = run(["tobacco-near-school"], layers, load_rules("demo"), truth["on_date"],
                all_subjects=True)  # fmt: skip
    said = _verdicts(wrong, "tobacco-near-school")
    planted = truth["checks"]["tobacco-near-school"]["subjects"]
    sure = {key: r for key, r in planted.items() if r.get("if_datum_ignored", "doubt") != "doubt"}
    assert {key: said[key] for key in sure} == {k: r["if_datum_ignored"] for k, r in sure.items()}
    flips = Counter((r["verdict"], r["if_datum_ignored"]) for r in sure.values())
    assert flips["outside", "inside"] >= 2
    assert flips["inside", "outside"] >= 2


def test_straight_in_walk_out_and_the_reverse(result: RunResult, truth: Truth) -> None:
    planted = truth["checks"]["tobacco-near-school"]["subjects"]
    findings = {f.subject_id: f for f in result.findings if f.check == "tobacco-near-school"}
    why = {key: record["why"] for key, record in planted.items()}
    behind = [findings[k] for k, reason in why.items() if "river" in reason or "wall" in reason]
    assert len(behind) == 6
    for finding in behind:
        assert finding.facts["straight_m"] < 100
        assert finding.measured is None or finding.measured > 150
    reverse = [findings[k] for k, reason in why.items() if reason == "only another gate is near"]
    assert len(reverse) == 2
    lottery = {f.subject_id: f for f in result.findings if f.check == "lottery-near-school"}
    back = [lottery[key] for key, r in truth["checks"]["lottery-near-school"]["subjects"].items()
            if "back gate" in r["why"]]  # fmt: skip
    assert {finding.verdict for finding in back} == {"outside"}


@pytest.mark.parametrize("check", WITHOUT_RULE)
def test_without_a_rule_there_is_a_distance_and_no_verdict(check: str, result: RunResult) -> None:
    findings = [f for f in result.findings if f.check == check]
    assert {f.verdict for f in findings} == {"undecided"}
    assert any(f.measured is not None for f in findings)


def test_shops_without_a_position_are_undecided_and_never_clear(
    result: RunResult, truth: Truth
) -> None:
    planted = truth["checks"]["tobacco-near-school"]["subjects"]
    wanted = {key for key, r in planted.items() if r.get("undecided") == "no_position"}
    found = {u.subject_id for u in result.undecided
             if u.check == "tobacco-near-school" and u.code == "no_position"}  # fmt: skip
    assert found == wanted
    assert len(wanted) == 2
