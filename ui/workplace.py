"""What the page works on: a folder of layers, the county's name, the day and the rules."""

from __future__ import annotations

import json
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
    about = folder / ABOUT
    files = [*sorted(inner.glob("*.parquet")), *sorted((inner / "walking").glob("*"))]
    files += [about] if about.is_file() else []
    facts = [(file.name, file.stat().st_size, file.stat().st_mtime_ns) for file in files]
    return sha256(json.dumps([str(folder), facts]).encode()).hexdigest()[:16]


def layer_folder(folder: Path) -> Path:
    """Where the layers lie: in `layers/` below the folder, or in the folder itself."""
    inner = folder / "layers"
    return inner if inner.is_dir() else folder


def imagery_folder(folder: Path) -> Path:
    """Where the imagery store lies: beside the layers."""
    return folder / "imagery"


def imagery_stamp(root: Path) -> str:
    """Changes whenever a scene is added or moved: names, sizes and times of the items' files."""
    items = root / "items"
    if not items.is_dir():
        return ""
    facts = [
        (file.name, file.stat().st_size, file.stat().st_mtime_ns)
        for file in sorted(items.glob("*.json"))
    ]
    return sha256(json.dumps(facts).encode()).hexdigest()[:16]


def has_layers(folder: Path) -> bool:
    """Whether there is a folder with at least one layer in it."""
    return any(layer_folder(folder).glob("*.parquet"))


def open_workplace(folder: Path) -> Workplace:
    """Open a folder; raises `LayerError` with the command that makes the missing data."""
    inner = layer_folder(folder)
    if not has_layers(folder):
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
