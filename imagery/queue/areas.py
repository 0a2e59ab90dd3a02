"""Where people have looked: the areas of runs all of whose candidates were answered."""

from __future__ import annotations

from collections.abc import Sequence

import shapely
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from imagery.queue.entries import BY_HAND, Run
from imagery.queue.listing import Listed
from imagery.store import Store


def answered(runs: Sequence[Run], found: Sequence[Listed]) -> list[Run]:
    """Runs of detectors that leave nothing to be asked; a thing seen twice waits once, for both."""
    stands = {one.candidate.id: one.candidate for one in found}
    waits = {one.candidate.run_id for one in found
             if stands[one.same_as or one.candidate.id].answer is None}  # fmt: skip
    return [run for run in runs if run.id not in waits and run.detector != BY_HAND]


def area_of(store: Store, run: Run) -> BaseGeometry:
    """What a run looked at: its area within the scene, or the whole scene (WGS 84)."""
    geometry = store.document(run.scene_id)["geometry"]
    outline = shapely.make_valid(shape(geometry))
    if run.area is None:
        return outline
    found: BaseGeometry = shapely.intersection(outline, shapely.make_valid(shape(run.area)))
    return found
