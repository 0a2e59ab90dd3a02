"""Waste near the reservoir and the look-back on the demo county: exactly the planted truth."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from checks import RunResult, load_rules, run
from demo.zones import BACK, NEAR, THEMES
from layers import LayerFolder

Truth = dict[str, Any]


@pytest.fixture(scope="module")
def result(county: Path, truth: Truth) -> RunResult:
    layers = LayerFolder(county / "layers")
    return run([NEAR, BACK], layers, load_rules("demo"), truth["on_date"], all_subjects=True)


@pytest.mark.parametrize("check", [NEAR, BACK])
def test_every_verdict_and_class_is_the_planted_one(
    check: str, result: RunResult, truth: Truth
) -> None:
    assert result.failures == ()
    said: dict[str, tuple[str, str | None]] = {
        f.subject_id: (str(f.verdict), f.licence_class) for f in result.findings if f.check == check
    }
    said |= {str(u.subject_id): ("undecided", None) for u in result.undecided if u.check == check}
    planted = truth["checks"][check]["subjects"]
    assert said == {key: (one["verdict"], one["licence_class"]) for key, one in planted.items()}


def test_the_distance_to_the_water_is_the_planted_one(result: RunResult, truth: Truth) -> None:
    planted = truth["checks"][NEAR]["subjects"]
    for finding in (f for f in result.findings if f.check == NEAR):
        wanted = planted[finding.subject_id]
        assert finding.measured == pytest.approx(wanted["measured_m"], abs=wanted["tolerance_m"])


def test_the_model_case(result: RunResult) -> None:
    found = next(f for f in result.findings if f.check == NEAR and f.subject_id == "w1")
    assert found.facts["area_mu"] == pytest.approx(5.79, abs=0.005)
    assert found.object_name == "石塘水库"
    assert found.measured == pytest.approx(100.0, abs=0.3)
    [land] = found.facts["land"]
    assert land["kind"] == "farmland"
    assert land["mu"] == pytest.approx(5.79, abs=0.01)
    [hint] = found.facts["criminal"]
    assert (hint["line_mu"], hint["state"], hint["verified"]) == (10, "below", False)
    assert found.facts["screening"]
    assert not found.facts["zones"]


def test_the_layers_say_that_they_are_made_up(county: Path) -> None:
    layers = LayerFolder(county / "layers")
    for theme in THEMES:
        assert len(layers[theme])
        assert all(entry.generated for entry in layers[theme].provenance)


@pytest.mark.parametrize(("day", "titles"), [("2026-08-14", {"Solid Waste Law"}),
                                             ("2026-08-15", {"Solid Waste Law", "Ecological Environment Code"})])  # fmt: skip
def test_both_texts_are_listed_once_the_law_has_changed(
    county: Path, day: str, titles: set[str]
) -> None:
    layers = LayerFolder(county / "layers")
    found = run([NEAR], layers, load_rules("demo"), day).findings
    first = next(f for f in found if f.subject_id == "w1")
    waste = [one for one in first.facts["basis"] if one["topic"] == "waste"]
    assert {one["title"]["en"] for one in waste} == titles
