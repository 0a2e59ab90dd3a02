"""A detector over a scene or a pair, as a task of the worker: its candidates go into the queue."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from shapely.geometry import mapping, shape
from shapely.geometry.base import BaseGeometry

from imagery.detectors import detector, shot_of
from imagery.queue import Queue, settings_told
from imagery.store import Store
from layers.errors import Cancelled
from ui.jobs.tasks import Tell

TASK = "detect"


def task_of(
    name: str, scene_id: str, before_id: str | None, area: BaseGeometry | None, *, actor: str,
    settings: Mapping[str, Any] | None = None,
) -> dict[str, Any]:  # fmt: skip
    """What the worker is asked: plain JSON. `area` in WGS 84 degrees."""
    return {"task": TASK, "detector": name, "scene": scene_id, "before": before_id, "actor": actor,
            "area": None if area is None else mapping(area), "settings": dict(settings or {})}  # fmt: skip


def search(
    order: Mapping[str, Any], tell: Tell, stopped: Callable[[], bool] = lambda: False
) -> dict[str, Any]:
    """Run the detector and queue what it returns; what came of it: run, candidates, cancelled.

    Raises `ImageryError` where the scene does not fit the detector.
    """
    store, entry = Store.open(order["store"], create=False), detector(order["detector"])
    before, area = order["before"], order["area"]
    ground = None if area is None else shape(area)
    settings = entry.settings(**order["settings"])
    try:
        layer = entry.detect(
            shot_of(store, order["scene"]), settings,
            before=None if before is None else shot_of(store, before), area=ground,
            progress=lambda done, total: tell({"done": done, "total": total, "name": ""}),
            cancelled=stopped,
        )  # fmt: skip
    except Cancelled:
        return {"cancelled": True, "run": None, "candidates": 0}
    run = Queue.open(store).add(
        layer, detector=entry.detector.label, scene_id=order["scene"], before_id=before, area=ground,
        settings=settings_told(settings), actor=order["actor"], at=order["at"],
    )  # fmt: skip
    return {"cancelled": False, "run": run.id, "candidates": run.candidates}
