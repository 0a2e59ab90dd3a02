"""The hamlet's findings as leads in a store of their own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from checks import RunResult
from leads.runs.ingest import ingest
from leads.store import Card, Filter, card, list_leads
from office import Actor, Database

AT = "2026-07-01T01:00:00Z"
WHO = Actor("王检", ("prosecutor",))


@pytest.fixture
def store(result: RunResult, tmp_path: Path) -> Iterator[Database]:
    db = Database.open(tmp_path / "leads.sqlite")
    ingest(db, result, actor=WHO, at=AT)
    yield db
    db.close()


@pytest.fixture
def near(store: Database) -> Card:
    """The lead about the shop whose name holds markup, on the limit."""
    page = list_leads(store, Filter(words="界上店", checks=["ecigarette-near-school"]), actor=WHO)
    return card(store, str(page.rows[0]["id"]), actor=WHO)
