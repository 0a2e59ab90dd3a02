"""The table of drone cameras: how wide a sensor is, and who says so (`cameras.toml`)."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

from imagery.scene import Sensor

Platform = Literal["drone", "phone", "unknown"]
_TABLE = Path(__file__).with_name("cameras.toml")


@dataclass(frozen=True, slots=True)
class CameraModel:
    """One camera: `width_mm` of its sensor; `calibrated` = focal length / picture width."""

    model: str
    name: str
    width_mm: float
    source: str
    calibrated: float | None = None


def camera_model(model: str | None) -> CameraModel | None:
    """The row of an EXIF model, letter case ignored; None where the table has none."""
    return _models().get((model or "").strip().lower())


def platform_of(make: str | None, model: str | None, drone_words: bool) -> Platform:
    """`drone`, `phone` or `unknown`, from the maker's name or words only a drone writes."""
    if drone_words or camera_model(model) is not None:
        return "drone"
    name = (make or "").strip().lower()
    makes: dict[str, list[str]] = _table()["makes"]
    if name in makes["drone"]:
        return "drone"
    return "phone" if name in makes["phone"] else "unknown"


def sensor_of(make: str | None, model: str | None, serial: str | None, drone: bool) -> Sensor:
    """Who took a photo."""
    return Sensor(platform_of(make, model, drone), make, model, serial)


def rewrites(software: str | None) -> bool:
    """Whether a program of this name writes photos again, so that their pixels may be turned."""
    name = (software or "").lower()
    return any(word in name for word in _table()["software"]["rewrites"])


@lru_cache(maxsize=1)
def _table() -> dict[str, Any]:
    return tomllib.loads(_TABLE.read_text(encoding="utf-8"))


@lru_cache(maxsize=1)
def _models() -> dict[str, CameraModel]:
    rows: dict[str, dict[str, Any]] = _table()["models"]
    return {model.lower(): CameraModel(model=model, **row) for model, row in rows.items()}
