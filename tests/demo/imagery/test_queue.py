"""The demo has something to confirm from the first minute."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import shapely
from shapely.geometry import shape

from demo.imagery.search import BY
from imagery.queue import Queue
from imagery.store import Store


def test_the_heap_on_the_shore_waits_in_the_queue(flights: Path, planted: dict[str, Any]) -> None:
    queue = Queue.open(Store.open(flights / "imagery", create=False))
    [run] = [one for one in queue.runs() if one.added_by == BY]
    assert run.theme == "waste_candidate"
    assert run.before_id is not None
    best = queue.candidates(run=run.id, state="all")[0].detected
    [heap] = [
        shape(one["outline"])
        for one in planted["sites"]["shore"]["planted"]
        if one["kind"] == "rubble"
    ]
    shared = shapely.area(shapely.intersection(best, heap))
    assert shared / shapely.area(shapely.union(best, heap)) > 0.6
