"""The collection record of a scene at the moment it comes in: who, when, what, from where, how."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from imagery.catalogue.items import Intake
from imagery.scene import Scene
from imagery.store.originals import Kept
from layers.version import __version__

SOFTWARE = f"yicha {__version__}"


def received_event(
    scene: Scene, intake: Intake, shown: str, method: Sequence[str], settings: Mapping[str, Any]
) -> dict[str, Any]:
    """What is known at ingest; a field that nobody has told yet is there and empty.

    `shown` is the path below what was handed in, `settings` what the software was told.
    """
    where = None if scene.footprint is None else scene.footprint.centroid
    return {
        "event": "received", "received": intake.received, "item": scene.kind,
        "case_no": None, "purpose": intake.purpose, "original_medium": None, "holder": None,
        "witness": None, "path": shown, "member": scene.member, **_file(intake.kept),
        "beside": [_file(kept) for kept in intake.sidecars],
        "format": scene.format, "device": _device(scene), "taken": {
            "utc": scene.taken.utc, "local": scene.taken.local, "zone": scene.taken.zone,
            "how": scene.taken.how},
        "place": {
            "lon": None if where is None else round(where.x, 7),
            "lat": None if where is None else round(where.y, 7), "datum": "WGS 84",
            "u_m": scene.placement.u_m if scene.placement else None, "text": None},
        "collectors": [name for name in (intake.collector, intake.second) if name],
        "software": SOFTWARE, "settings_sha256": hash_of(settings), "method": list(method),
    }  # fmt: skip


def hash_of(settings: Mapping[str, Any]) -> str:
    """SHA-256 of settings as sorted JSON: two records with the same were made the same way."""
    text = json.dumps(settings, sort_keys=True, default=str)
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def _file(kept: Kept) -> dict[str, Any]:
    changed = datetime.fromtimestamp(kept.mtime_ns / 1e9, UTC).isoformat(timespec="seconds")
    return {
        "file": kept.name, "size": kept.size, "file_changed": changed.replace("+00:00", "Z"),
        "hashes": [{"algorithm": name, "value": value} for name, value in kept.hashes.items()],
    }  # fmt: skip


def _device(scene: Scene) -> dict[str, Any]:
    sensor = scene.sensor
    told = ("platform", "make", "model", "serial")
    return {name: getattr(sensor, name, None) for name in told} | {"clock_checked": None}
