"""What the page works on: a folder of layers, the county's name, the day and the rules."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

from layers import LayerFolder
from layers.errors import LayerError
from ui.settings import ROOT, is_demo

RULES = ROOT / "data" / "rules"
ABOUT = "county.json"


@dataclass(frozen=True)
class Workplace:
    """A layer folder and what is known about it.

    `names` holds the county's name by language; `generated` marks invented data; `on_date`
    (ISO) and `rules` are what its makers propose, and may be missing.
    """

    folder: Path
    stamp: str
    layers: LayerFolder
    names: dict[str, str] = field(default_factory=dict)
    generated: bool = False
    on_date: str | None = None
    rules: str | None = None

    def name(self, lang: str) -> str:
        """The county's name in `lang`, or the folder's."""
        return self.names.get(lang) or self.names.get("zh") or self.folder.name


def stamp_of(folder: Path) -> str:
    """Hash of the names, sizes and times of a folder's files: changes when a layer is imported."""
    inner = layer_folder(folder)
    facts = _facts(inner, ".parquet") + _facts(inner / "walking")
    facts += [one for one in _facts(folder, ".json") if one[0] == ABOUT]
    return _hashed([str(folder), *facts])


def layer_folder(folder: Path) -> Path:
    """Where the layers lie: in `layers/` below the folder, or (where some do) in the folder itself."""
    inner = folder / "layers"
    return folder if not inner.is_dir() and any(folder.glob("*.parquet")) else inner


def imagery_folder(folder: Path) -> Path:
    """Where the imagery store lies: beside the layers."""
    return folder / "imagery"


def imagery_stamp(root: Path) -> str:
    """Changes whenever a scene is added or moved: names, sizes and times of the items' files."""
    items = _facts(root / "items", ".json")
    return _hashed(items) if items else ""


def _facts(folder: Path, ending: str = "") -> list[tuple[str, int, int]]:
    """Names, sizes and times of a folder's files: asked several times for every page, so without `Path`."""
    try:
        with os.scandir(folder) as entries:
            told = [(one.name, one.stat()) for one in entries if one.name.endswith(ending)]
    except FileNotFoundError:
        return []
    return sorted((name, state.st_size, state.st_mtime_ns) for name, state in told)


def _hashed(facts: Sequence[object]) -> str:
    return sha256(repr(facts).encode()).hexdigest()[:16]


def has_layers(folder: Path) -> bool:
    """Whether there is a folder with at least one layer in it."""
    return any(layer_folder(folder).glob("*.parquet"))


def open_workplace(folder: Path, *, bare: bool = False) -> Workplace:
    """Open a folder; raises `LayerError` with the command that makes the missing data.

    With `bare` a folder without layers will do: the first one is about to come.
    """
    inner = layer_folder(folder)
    if bare:
        _make(inner)
    elif not has_layers(folder):
        demo = "make the demo county with `python -m demo`"
        bring = "import a file with `python -m layers import FILE --theme THEME --out FOLDER/name.parquet`"
        raise LayerError(
            "there are no layers", remedy=demo if is_demo(folder) else bring, file=folder
        )
    about = _about(folder / ABOUT)
    layers = LayerFolder(inner)
    return Workplace(
        folder=folder,
        stamp=stamp_of(folder),
        layers=layers,
        names=_names(about),
        generated=bool(about.get("generated")),
        on_date=about.get("on_date"),
        rules=about.get("rules"),
    )


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise LayerError(f"the folder cannot be made: {error.strerror}", file=folder,
                         remedy="set YICHA_DATA to a folder that may be written to") from error  # fmt: skip


def _about(file: Path) -> dict[str, Any]:
    if not file.is_file():
        return {}
    try:
        content = json.loads(file.read_text(encoding="utf-8"))
    except ValueError as error:
        raise LayerError(
            "this is not JSON", remedy="make the county again, or delete the file", file=file
        ) from error
    return content if isinstance(content, dict) else {}


def _names(about: dict[str, Any]) -> dict[str, str]:
    name = about.get("name")
    if isinstance(name, dict):
        return {str(key): str(value) for key, value in name.items()}
    return {"zh": str(name)} if name else {}
