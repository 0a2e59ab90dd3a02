"""Two offices: the app's, over its own store, and another one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from leads.exchange.offices import load_offices
from office import Database
from tests.leads.exchange.two import Side, write_offices


@pytest.fixture
def sides(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Side, Side]]:
    files = write_offices(tmp_path / "offices")
    monkeypatch.setenv("YICHA_OFFICES", str(files[0]))
    (tmp_path / "hamlet" / "store").mkdir(parents=True)
    here = Database.open(tmp_path / "hamlet" / "store" / "leads.sqlite")
    there = Database.open(tmp_path / "there.sqlite")
    first, second = (Side(file, load_offices(file), db)
                     for file, db in zip(files, (here, there), strict=True))  # fmt: skip
    yield first, second
    here.close()
    there.close()
