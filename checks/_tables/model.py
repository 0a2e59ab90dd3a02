"""Table models: a TOML file is a check like any other, written without programming.

The project's models stand in `data/models/`; an office keeps its own in a folder named by the
environment variable `YICHA_MODELS` (several are separated as in PATH) or by `--models`. A file
that is wrong takes down nothing else: it is listed as broken, with what is wrong and the remedy.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from operator import itemgetter
from pathlib import Path

from checks._records import Check, Finding, Undecided
from checks._rulebook.pack import Limits
from checks._tables.find import find_rows
from checks._tables.read import read_model
from checks._tables.terms import Model
from layers import LayerSet
from layers.errors import RuleError

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "data" / "models"
VARIABLE = "YICHA_MODELS"


@dataclass(frozen=True, slots=True)
class TableModel:
    """A model as a check: its manifest and its function."""

    model: Model
    path: Path

    @property
    def check(self) -> Check:
        """The manifest."""
        return self.model.check

    def find(
        self, layers: LayerSet, limits: Limits, on_date: str, *, all_subjects: bool = False
    ) -> Iterator[Finding | Undecided]:
        """What the model finds; see `find_rows`."""
        return find_rows(self.model, layers, limits, on_date, all_subjects=all_subjects)


@dataclass(frozen=True, slots=True, eq=False)
class Models:
    """The models of some folders by id, and what is wrong with the files that are none."""

    good: Mapping[str, TableModel]
    broken: Mapping[str, RuleError]


def model_folders() -> tuple[Path, ...]:
    """The project's folder of models, then those of the office that exist."""
    told = [Path(text) for text in os.environ.get(VARIABLE, "").split(os.pathsep) if text.strip()]
    return (FOLDER, *told)


def models(folders: tuple[Path, ...]) -> Models:
    """The models in `folders`; read again only where a file has changed.

    Raises `RuleError` for a folder that does not exist.
    """
    files: list[tuple[str, int, int]] = []
    for folder in folders:
        if not folder.is_dir():
            if folder == FOLDER:
                continue
            raise RuleError("there is no such folder of models",
                            remedy=f"correct --models or {VARIABLE}", file=folder)  # fmt: skip
        files += _files(folder)
    return _read(tuple(files))


def _files(folder: Path) -> list[tuple[str, int, int]]:
    """The model files of a folder with their times and sizes: asked dozens of times for every page."""
    with os.scandir(folder) as entries:
        told = [(one.path, one.stat()) for one in entries if one.name.endswith(".toml")]
    return [
        (path, state.st_mtime_ns, state.st_size) for path, state in sorted(told, key=itemgetter(0))
    ]


@lru_cache(maxsize=8)
def _read(files: tuple[tuple[str, int, int], ...]) -> Models:
    good: dict[str, TableModel] = {}
    broken: dict[str, RuleError] = {}
    for name, *_ in files:
        path = Path(name)
        try:
            model = read_model(path)
            _refuse_repeated(model, path, good)
        except RuleError as error:
            broken.setdefault(path.stem, error)
        else:
            good[model.check.id] = TableModel(model, path)
    return Models(good, broken)


def _refuse_repeated(model: Model, path: Path, good: Mapping[str, TableModel]) -> None:
    if model.check.id in good:
        raise RuleError(
            f"the id {model.check.id!r} is used twice, the first time in {good[model.check.id].path}",
            remedy="give every check an id of its own", file=path, field="id",
        )  # fmt: skip


def shown_path(path: Path) -> str:
    """A model's file as people read it: from the project's folder on where it stands there."""
    return path.relative_to(ROOT).as_posix() if path.is_relative_to(ROOT) else path.as_posix()
