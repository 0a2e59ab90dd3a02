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
from tests.lacking import lacking
from ui.assets import installed

LAYERS = ("school", "school_gate", "tobacco_retailer", "township")


def test_killed_twice_it_goes_on(tmp_path: Path) -> None:
    if not installed():
        lacking("WEB ASSETS MISSING: run `python -m ui.assets`; this test did not run")
    folder = _folder(tmp_path)
    for layer in (folder / "layers").glob("*.parquet"):
        if layer.stem not in LAYERS:
            layer.unlink()  # a start judges all there is
    told = asyncio.run(storm(folder, kills=2, life_s=(2.0, 4.0), seed=7, browser=False, senders=1))
    assert told.wrong == []
    assert sum(told.kills.values()) == 2
    assert told.said["pieces"] > 3
    assert told.after.counts["files that arrived"] == told.after.counts["scenes"] > 0
    assert told.after.counts["events of the history"] > 0
