"""Two offices with a store each."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from office import Database
from tests.leads.exchange.two import Side, two_sides


@pytest.fixture
def sides(tmp_path: Path) -> Iterator[tuple[Side, Side]]:
    """Two offices over SQLite."""
    here, there = (Database.open(tmp_path / f"{name}.sqlite") for name in ("here", "there"))
    yield two_sides(tmp_path / "offices", here, there)
    here.close()
    there.close()
