"""Where a scene lies against the base: measured, and moved where a person takes it; a task of the worker."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from imagery.align import against_base, by_hand, ground_of, middle_of, move
from imagery.store import Store
from layers import LayerFolder
from ui.jobs.tasks import Tell

TASK = "scene-position"


def task_of(scene: str, layers: Path, *, actor: str) -> dict[str, Any]:
    """Measure how the scene lies on the outlines of these layers."""
    return {"task": TASK, "scene": scene, "layers": str(layers), "actor": actor, "take": None}


def move_of(task: Mapping[str, Any], report: Mapping[str, Any], why: str, *, actor: str) -> dict[str, Any]:  # fmt: skip
    """Take what was measured: the scene moves, who decided it and why stand in its record."""
    taken = {name: report[name] for name in ("east_m", "north_m", "u_m")}
    return {**task, "actor": actor, "take": {**taken, "why": why}}


def position(
    order: Mapping[str, Any],
    tell: Tell,  # noqa: ARG001
    stopped: Callable[[], bool] = lambda: False,  # noqa: ARG001
) -> dict[str, Any]:
    """Measure the scene against the base, or move it; `ImageryError` where it lies nowhere."""
    store, scene = Store.open(order["store"], create=False), order["scene"]
    ground, take = ground_of(store, scene), order["take"]
    if take is None:
        found = asdict(against_base(ground, LayerFolder(Path(order["layers"]))))
        return {"cancelled": False, "scene": scene, "moved": False, **found}
    placement, entry = by_hand(
        ground.placement, middle_of(ground), (take["east_m"], take["north_m"]), u_m=take["u_m"],
        who=order["actor"], when=order["at"], why=take["why"],
    )  # fmt: skip
    told = {"event": "moved", **entry.as_dict()}.items()
    if not any(told <= event.items() for event in store.record(scene)):  # else: done before a kill
        move(store, scene, placement, entry)
    return {"cancelled": False, "scene": scene, "moved": True, "found": True, **take}
