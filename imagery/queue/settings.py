"""A detector's settings as plain JSON: what they say, files and scenes by their hash."""

from __future__ import annotations

import dataclasses
import hashlib
from pathlib import Path
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry

from layers.provenance import sha256_of

_PLAIN = (str, int, float, bool)


def settings_told(settings: Any) -> dict[str, Any]:  # noqa: ANN401 - each detector has settings of its own
    """What a run is known by: two settings that would find the same tell the same."""
    if settings is None:
        return {}
    return {one.name: _told(getattr(settings, one.name)) for one in dataclasses.fields(settings)}


def _told(value: Any) -> Any:  # noqa: ANN401 - JSON is anything
    if value is None or isinstance(value, _PLAIN):
        return value
    if isinstance(value, Path):
        return {"file": value.name, "sha256": _hash_of(value)}
    if isinstance(value, BaseGeometry):
        return {"wkb": hashlib.sha256(shapely.to_wkb(value.normalize())).hexdigest()}
    if hasattr(value, "sha256") and hasattr(value, "id"):
        return {"scene": value.id, "sha256": value.sha256}
    if dataclasses.is_dataclass(value):
        return settings_told(value)
    return {"kind": type(value).__name__,
            "sha256": hashlib.sha256(repr(value).encode("utf-8")).hexdigest()}  # fmt: skip


def _hash_of(path: Path) -> str | None:
    """Of a file its hash; of a folder that of its files' names and hashes; missing without either."""
    if path.is_file():
        return sha256_of(path)
    if not path.is_dir():
        return None
    inside = sorted(one for one in path.rglob("*") if one.is_file())
    text = "".join(f"{one.relative_to(path).as_posix()} {sha256_of(one)}\n" for one in inside)
    return hashlib.sha256(text.encode("utf-8")).hexdigest()
