"""The app killed under load: what it said is there, every job ends once, nothing half-made stays."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

import pytest

if sys.platform != "linux":
    pytest.skip("looks at processes as Linux tells them", allow_module_level=True)

from benchmarks.app_killed import storm
from benchmarks.upload import _folder
from tests.browser.conftest import _missing
from ui.assets import installed


def test_killed_twice_it_goes_on(tmp_path: Path) -> None:
    if not installed():
        _missing("WEB ASSETS MISSING: run `python -m ui.assets`; this test did not run")
    told = asyncio.run(
        storm(_folder(tmp_path), kills=2, life_s=(3.0, 5.0), seed=7, browser=False, senders=1)
    )
    assert told.wrong == []
    assert sum(told.kills.values()) == 2
    assert told.said["pieces"] > 10
    assert told.after.counts["files that arrived"] >= 2
    assert told.after.counts["jobs"] >= 1
