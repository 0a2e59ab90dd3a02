"""Damaged files through the whole import: a layer with a report, or a clear error; never half."""

from __future__ import annotations

import os

import pytest

from tests.fuzz.run import fuzz
from tests.fuzz.seeds import FAMILIES

COUNT = int(os.environ.get("FUZZ_COUNT_IMPORT", "20"))


@pytest.mark.parametrize("family", FAMILIES)
def test_damaged_files_become_a_layer_or_a_clear_error(family: str) -> None:
    report = fuzz(
        family, COUNT, seed=20261123, target="tests.layers.importing.fuzz_target:bring_in"
    )
    assert report.failures == []
    assert report.cases == COUNT
    assert report.outcomes["error"] > 0
