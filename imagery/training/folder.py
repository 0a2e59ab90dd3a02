"""A folder of models: each with its card, the older ones kept; a file says which is in use."""

from __future__ import annotations

import hashlib
import json
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from imagery.detectors._boosted import CARD, TREES
from layers.atomic import written_whole
from layers.errors import ImageryError

PRESENT = "present.json"
_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,39}")


@dataclass(frozen=True)
class Saved:
    """A model of the folder: its name, its card, whether it is the one in use."""

    name: str
    card: dict[str, Any]
    present: bool


def save_model(folder: Path, text: str, card: Mapping[str, Any]) -> Path:
    """Write trees and card into a new folder; raises `ImageryError` where there is one already."""
    if not _NAME.fullmatch(folder.name):
        raise ImageryError(f"{folder.name!r} is no name for a model", field="name", file=folder,
                           remedy="use small letters, digits, dots and hyphens")  # fmt: skip
    if folder.exists():
        raise ImageryError("there is a model of this name", field="name", file=folder,
                           remedy="choose another: older models are kept")  # fmt: skip
    folder.mkdir(parents=True)
    raw = text.encode("utf-8")
    _write(folder / TREES, text)
    told = {**card, "sha256": hashlib.sha256(raw).hexdigest(), "bytes": len(raw)}
    _write(folder / CARD, json.dumps(_plain(told), ensure_ascii=False, indent=1, allow_nan=False) + "\n")  # fmt: skip
    return folder


def models_in(folder: Path) -> list[Saved]:
    """All models of the folder, by name."""
    now = present(folder)
    cards = sorted(folder.glob(f"*/{CARD}"))
    return [Saved(card.parent.name, json.loads(card.read_text(encoding="utf-8")),
                  now is not None and card.parent == now) for card in cards]  # fmt: skip


def present(folder: Path) -> Path | None:
    """The model in use; `None` where cells are ranked by hand."""
    file = folder / PRESENT
    if not file.is_file():
        return None
    name = json.loads(file.read_text(encoding="utf-8")).get("model")
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        raise ImageryError("the file does not name a model", file=file, field="model",
                           remedy="delete it to rank by hand, or train anew")  # fmt: skip
    return folder / name


def switch_on(folder: Path, day: str, who: str) -> None:
    """Make a model the one in use; what was before is written down with it."""
    before = present(folder.parent)
    told = {"model": folder.name, "since": day, "who": who, "before": before.name if before else None}  # fmt: skip
    _write(folder.parent / PRESENT, json.dumps(told, ensure_ascii=False, indent=1) + "\n")


def _write(path: Path, text: str) -> None:
    with written_whole(path) as beside:
        beside.write_text(text, encoding="utf-8", newline="\n")


def _plain(value: Any) -> Any:  # noqa: ANN401 - JSON is anything
    if isinstance(value, Mapping):
        return {str(key): _plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    if isinstance(value, float):
        return round(value, 4) if math.isfinite(value) else None
    return value
