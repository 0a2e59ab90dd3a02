"""A detector's settings as plain JSON: what they say; files, scenes and tables by their hash."""

from __future__ import annotations

import dataclasses
import hashlib
import math
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from imagery.detectors import Shot
from layers.provenance import sha256_of


def settings_told(settings: Any) -> dict[str, Any]:  # noqa: ANN401 - each detector has settings of its own
    """What a run is known by: two settings that would find the same tell the same."""
    if settings is None:
        return {}
    return {one.name: _told(getattr(settings, one.name)) for one in dataclasses.fields(settings)}


def _told(value: Any) -> Any:  # noqa: ANN401 - JSON is anything
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else str(value)
    if isinstance(value, list | tuple):
        return [_told(one) for one in value]
    if dataclasses.is_dataclass(value) and not isinstance(value, Shot):
        return settings_told(value)
    return _hashed(value)


def _hashed(value: Any) -> dict[str, Any]:  # noqa: ANN401 - whatever is left
    if isinstance(value, Path):
        return {"file": value.name, "sha256": _hash_of(value)}
    if isinstance(value, Shot):
        return {"scene": value.id, "sha256": value.sha256}
    if isinstance(value, BaseGeometry):
        return {"outline": _digest(shapely.to_wkb(value.normalize()))}
    raw = value.tobytes() if isinstance(value, np.ndarray) else repr(value).encode("utf-8")
    return {"kind": type(value).__name__, "sha256": _digest(raw)}


def _hash_of(path: Path) -> str | None:
    """Of a file its hash; of a folder that of its files' names and hashes; missing without either."""
    if path.is_file():
        return sha256_of(path)
    if not path.is_dir():
        return None
    inside = sorted(one for one in path.rglob("*") if one.is_file())
    text = "".join(f"{one.relative_to(path).as_posix()} {sha256_of(one)}\n" for one in inside)
    return _digest(text.encode("utf-8"))


def _digest(raw: bytes) -> str:
    return hashlib.sha256(raw).hexdigest()
