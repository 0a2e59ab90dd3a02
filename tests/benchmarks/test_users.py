"""A few visitors at once against the real app: nothing goes wrong, every job is done."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

pytest.importorskip("resource", reason="the benchmarks measure memory as Linux and macOS do")

from benchmarks.upload import _folder, make
from benchmarks.users import ready, settled, together
from tests.browser.conftest import _missing, end, serve
from ui.assets import installed


def test_five_visitors_do_their_work_at_once(tmp_path: Path) -> None:
    if not installed():
        _missing("WEB ASSETS MISSING: run `python -m ui.assets`; this test did not run")
    folder, file = _folder(tmp_path), tmp_path / "flight.tif"
    make(file, 0.002)
    site = serve(folder, tmp_path / "server.log")
    try:
        asyncio.run(ready(site.address))
        book = asyncio.run(together(site.address, users=5, seconds=0, file=file, think_s=0))
        states = asyncio.run(settled(folder))
    finally:
        end(site)
    assert book.errors == []
    assert sum(map(len, book.took.values())) > 25
    assert set(states) == {"done"}
    assert {name: len(took) for name, took in book.jobs.items()} == {"take-in": 1, "model run": 1}
