"""The figures on the detector's card, on the smaller of the two real sequences."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks import _detector_frames as frames
from benchmarks.lanes import alone, ours
from imagery.detectors.obstruction import Settings


@pytest.mark.shared
def test_vehicles_in_a_real_street_with_and_without_a_clear_reference(shared_imagery: Path) -> None:
    street = frames.load(shared_imagery / "aerial_vehicles", "MunichStreet02")
    with_reference = frames.score(street, ours(Settings()))
    assert with_reference["F1 strict"] > 0.80
    assert with_reference["F1"] > 0.93
    assert with_reference["edge p90"] < 0.40
    every = frames.standing_too(street)
    without = frames.score(every, alone(Settings()))
    assert without["F1"] > 0.85
    assert without["false per 100 m"] < 1.0
