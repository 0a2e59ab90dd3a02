"""The catalogue: every check in this package and every table model in `data/models/`.

Both are found by walking their folders; no list is edited. A model file that is wrong is left
out and told by `broken_models`: the others go on.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Protocol

from checks._records import Check, Finding, Undecided
from checks._rulebook.pack import Limits
from checks._schools.perimeter import Perimeter
from checks._tables.model import Models, TableModel, model_folders, models, shown_path
from layers import LayerSet
from layers.errors import RuleError


class Find(Protocol):
    """What a check does: look at the layers of one day and say what it finds."""

    def __call__(
        self, layers: LayerSet, limits: Limits, on_date: str, *, all_subjects: bool = False
    ) -> Iterator[Finding | Undecided]:
        """Yield findings, and what could not be decided."""


@dataclass(frozen=True, slots=True)
class CheckEntry:
    """A check of the catalogue: its manifest, its function, the file it stands in.

    `module` is the dotted name of a Python module, or the path of a table model.
    """

    check: Check
    find: Find
    module: str
    perimeter: Perimeter | None = None
    """What a check of the perimeter family looks at: its limits can be moved without measuring anew."""

    @property
    def is_model(self) -> bool:
        """Whether the check is a table model."""
        return self.module.endswith(".toml")

    @property
    def file(self) -> str:
        """The file from the project's folder on, such as `checks/bar_near_school.py`."""
        return self.module if self.is_model else self.module.replace(".", "/") + ".py"


def catalogue() -> dict[str, CheckEntry]:
    """Every check by id: the files of the package in the order of their names, then the models.

    Raises `RuleError` where a file of the package is not a check or an id repeats there.
    """
    return dict(_both(_models()))


def broken_models() -> dict[str, RuleError]:
    """What is wrong with every model file that is no check, by file name without `.toml`."""
    found = _models()
    clash = {name: _clash(found.good[name]) for name in found.good if name in _files()}
    return {**found.broken, **clash}


def get_check(name: str) -> CheckEntry:
    """The check called `name`; raises `RuleError`: that of a broken model, else naming the known."""
    known = catalogue()
    if name in known:
        return known[name]
    broken = broken_models()
    if name in broken:
        raise broken[name]
    raise RuleError(
        f"there is no check {name!r}", remedy=f"use one of {', '.join(known)}", field="check"
    )


def _models() -> Models:
    return models(model_folders())


@lru_cache(maxsize=4)
def _both(found: Models) -> Mapping[str, CheckEntry]:
    models = (found.good[name] for name in sorted(set(found.good) - set(_files())))
    told = {one.check.id: CheckEntry(one.check, one.find, shown_path(one.path)) for one in models}
    return {**_files(), **told}


def _clash(model: TableModel) -> RuleError:
    return RuleError(
        f"the id {model.check.id!r} is that of a check in checks/",
        remedy="give every check an id of its own", file=model.path, field="id",
    )  # fmt: skip


@cache
def _files() -> Mapping[str, CheckEntry]:
    """The checks of the package (names beginning with `_` are skipped)."""
    found: dict[str, CheckEntry] = {}
    package = __package__ or "checks"
    for info in pkgutil.iter_modules(importlib.import_module(package).__path__):
        if info.name.startswith("_"):
            continue
        entry = _entry(f"{package}.{info.name}")
        if entry.check.id in found:
            raise RuleError(
                f"the id {entry.check.id!r} is used twice",
                remedy="give every check an id of its own",
                file=entry.module,
                field="CHECK.id",
            )
        found[entry.check.id] = entry
    return found


def _entry(module_name: str) -> CheckEntry:
    module = importlib.import_module(module_name)
    check, find = getattr(module, "CHECK", None), getattr(module, "find", None)
    if not isinstance(check, Check) or not callable(find):
        raise RuleError(
            "this file is not a check",
            remedy="give it CHECK = Check(…) and find(layers, limits, on_date), "
            "or a name beginning with an underscore",
            file=module_name,
        )
    perimeter = getattr(module, "SUBJECTS", None)
    return CheckEntry(
        check, find, module_name, perimeter if isinstance(perimeter, Perimeter) else None
    )
