"""One small store is made; every test gets a copy of it, with three candidates in its queue."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest
from shapely.geometry.base import BaseGeometry

from imagery.detectors import shot_of
from imagery.queue import Queue, Run
from imagery.store import Store
from tests.imagery.queue import made


@dataclass(frozen=True)
class Place:
    """A queue of one run, its scenes, and the outlines of its heaps by name."""

    queue: Queue
    before: str
    after: str
    shapes: dict[str, BaseGeometry]
    run: Run

    @property
    def ids(self) -> dict[str, str]:
        """Candidates by the name of their heap."""
        found = self.queue.candidates(state="all")
        return {name: one.id for name, shape in self.shapes.items() for one in found
                if one.detected.equals(shape)}  # fmt: skip


@pytest.fixture(scope="session")
def filled(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, str]]:
    folder = tmp_path_factory.mktemp("queue")
    return folder / "store", made.fill(folder)


@pytest.fixture
def store(filled: tuple[Path, dict[str, str]], tmp_path: Path) -> Store:
    shutil.copytree(filled[0], tmp_path / "store")
    return Store.open(tmp_path / "store", create=False)


@pytest.fixture
def place(store: Store, filled: tuple[Path, dict[str, str]]) -> Place:
    scenes = filled[1]
    shot = shot_of(store, scenes["after"])
    shapes = made.outlines(shot)
    queue = Queue.open(store)
    run = queue.add(made.seen(scenes["after"], shapes), detector=made.DETECTOR, scene_id=scenes["after"],
                    before_id=scenes["before"], area=shot.ground.footprint, settings={"least_m2": 40.0},
                    actor="张某", at=made.AT)  # fmt: skip
    return Place(queue, scenes["before"], scenes["after"], shapes, run)
