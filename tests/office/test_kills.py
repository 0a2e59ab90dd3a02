"""Processes killed at random moments: nothing acknowledged is lost, nothing stands half done.

The long run (two minutes, two hundred kills) is `python -m benchmarks.store_writers`.
"""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from office import Database
from office.backup import backup
from office.restore import restore
from office.verify import verify
from tests.office.rows import AT
from tests.office.storm import KEEPER, killed_while, make_store, restore_into, storm
from tests.office.test_backup import fill


def test_writers_killed_at_random_moments_lose_nothing_they_said(
    store_url: str, tmp_path: Path
) -> None:
    folder = tmp_path / "said"
    folder.mkdir()
    seen = storm(store_url, folder, writers=20, seconds=6, kills=25)
    assert seen.wrong == ()
    assert seen.acknowledged > 40
    assert seen.starts == 45


def test_killed_while_a_store_is_made_it_can_be_made_again(
    request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    dice = random.Random(2)
    for url in (str(tmp_path / "new.sqlite"), request.getfixturevalue("empty_postgres")):
        for _ in range(4):
            killed_while(make_store, (url,), dice.uniform(0.02, 0.5))
        database = Database.open(url)
        fill(database)
        assert verify(database).ok
        database.close()


def test_killed_while_restoring_the_store_stays_empty(store_url: str, tmp_path: Path) -> None:
    source = Database.open(tmp_path / "source.sqlite")
    fill(source, 3000)
    path = backup(source, tmp_path / "b.zip", actor=KEEPER, at=AT).path
    source.close()
    dice, killed = random.Random(4), 0
    Database.open(store_url).close()
    for _ in range(5):
        killed += killed_while(restore_into, (store_url, path), dice.uniform(0.05, 0.4))
        database = Database.open(store_url)
        events = verify(database).events
        database.close()
        assert events in {0, 3002}
        if events:
            break
    assert killed > 0
    database = Database.open(store_url)
    if not events:
        restore(path, database, actor=KEEPER, at=AT)
    assert verify(database).ok
    database.close()
