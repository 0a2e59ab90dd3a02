"""A few visitors at once against the real app: nothing goes wrong, every job is done."""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path

import pytest

pytest.importorskip("resource", reason="the benchmarks measure memory as Linux and macOS do")

from benchmarks._users_work import Book
from benchmarks.upload import _folder, make
from benchmarks.users import price_list, processor_s, ready, settled, together
from tests.browser.conftest import end, serve
from tests.lacking import lacking
from ui.assets import installed


def test_five_visitors_do_their_work_at_once(tmp_path: Path) -> None:
    if not installed():
        lacking("WEB ASSETS MISSING: run `python -m ui.assets`; this test did not run")
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


def test_what_an_action_costs_is_told_beside_what_it_takes() -> None:
    book = Book(took={"map: open": [0.2, 0.1, 0.4]}, cost={"map: open": [0.05, 0.06, 0.07]})
    assert price_list(book).splitlines()[-1] == "| map: open | 0.200 | 60 |"


@pytest.mark.skipif(sys.platform != "linux", reason="processor time is read from /proc")
def test_a_process_has_used_some_time() -> None:
    before = processor_s(os.getpid())
    assert 0 <= before <= processor_s(os.getpid()) < 1e6
