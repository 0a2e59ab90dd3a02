"""What a detector saw on the shore, put into the queue: something to confirm from the first minute.

Only the quick detector runs here; the slow ones run when somebody asks for them.
"""

from __future__ import annotations

from imagery.catalogue import footprints
from imagery.detectors import detector, shot_of
from imagery.queue import Queue, settings_told
from imagery.store import Store

DETECTOR, LATER, EARLIER = "waste", "shore_20260521.tif", "shore_20251018.tif"
BY = "演示 demo"


def search(store: Store, at: str) -> None:
    """Look for waste in the later scene of the shore against the earlier one; nobody answers."""
    ids = footprints(store).set_index("title")["id"]
    scene, before = shot_of(store, ids[LATER]), shot_of(store, ids[EARLIER])
    entry, area = detector(DETECTOR), scene.ground.footprint
    settings = entry.settings()
    layer = entry.detect(scene, settings, before=before, area=area)
    Queue.open(store).add(
        layer, detector=entry.detector.label, scene_id=scene.id, before_id=before.id, area=area,
        settings=settings_told(settings), actor=BY, at=at,
    )  # fmt: skip
