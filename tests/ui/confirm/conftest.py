"""A small store with a queue of three candidates, and it as the page holds it."""

from __future__ import annotations

from pathlib import Path

import pytest

from imagery.detectors import shot_of
from imagery.queue import Queue
from imagery.store import Store
from tests.imagery.queue import made
from ui.scenes.holdings import Holdings, open_holdings

AT = made.AT


@pytest.fixture(scope="module")
def scenes(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, str]]:
    """A folder with a store of two dates; their ids by `before` and `after`."""
    folder = tmp_path_factory.mktemp("confirm")
    return folder, made.fill(folder)


@pytest.fixture(scope="module")
def held(scenes: tuple[Path, dict[str, str]]) -> Holdings:
    folder, ids = scenes
    store = Store.open(folder / "store", create=False)
    shot = shot_of(store, ids["after"])
    Queue.open(store).add(
        made.seen(ids["after"], made.outlines(shot)), detector=made.DETECTOR, scene_id=ids["after"],
        before_id=ids["before"], area=shot.ground.footprint, settings={}, actor="张某", at=AT,
    )  # fmt: skip
    found = open_holdings(folder / "store")
    assert found is not None
    return found


@pytest.fixture(scope="module")
def queue(held: Holdings) -> Queue:
    return Queue.open(held.store)
