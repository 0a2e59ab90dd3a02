"""Fire lanes of the demo county: exactly the planted truth, and the planted widths."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from checks import RunResult, load_rules, run
from demo.imagery.lanes import CHECK
from layers import LayerFolder

Truth = dict[str, Any]


@pytest.fixture(scope="module")
def result(county: Path, truth: Truth) -> RunResult:
    layers = LayerFolder(county / "layers")
    return run([CHECK], layers, load_rules("demo"), truth["on_date"], all_subjects=True)


def test_every_verdict_and_class_is_the_planted_one(result: RunResult, truth: Truth) -> None:
    assert result.failures == ()
    said: dict[str, tuple[str, str | None]] = {
        f.subject_id: (str(f.verdict), f.licence_class) for f in result.findings
    }
    said |= {str(u.subject_id): ("undecided", None) for u in result.undecided}
    planted = truth["checks"][CHECK]["subjects"]
    assert said == {key: (one["verdict"], one["licence_class"]) for key, one in planted.items()}


def test_the_width_is_the_planted_one(result: RunResult, truth: Truth) -> None:
    planted = truth["checks"][CHECK]["subjects"]
    for finding in result.findings:
        assert finding.measured is not None
        wanted = planted[finding.subject_id]
        assert finding.measured == pytest.approx(wanted["measured_m"], abs=wanted["tolerance_m"])
        assert finding.measured_low is not None
        assert finding.measured_high is not None
        assert finding.measured_low <= finding.measured <= finding.measured_high


def test_the_estate_is_narrowest_beside_the_bed(result: RunResult) -> None:
    estate = next(f for f in result.findings if f.subject_id == "x1")
    assert estate.object_name == "绿化花坛"
    assert estate.geometry is not None
    assert estate.geometry.geom_type == "LineString"
    assert estate.facts["drive"]["passes"] is False
    assert estate.facts["gates_known"] == "drawn"
