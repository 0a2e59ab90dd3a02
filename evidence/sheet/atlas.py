"""Many leads on paper: an index page and their sheets, in parts so that memory stays flat."""

from __future__ import annotations

import itertools
import tempfile
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from evidence.dossier import Dossier
from evidence.sheet.render import Paper, Setting
from evidence.sheet.typeset import typeset
from evidence.words import Lang
from layers.errors import Cancelled

PART = 50
"""Sheets in one PDF; more leads make more parts. Memory grows with the part, not with the atlas."""


def atlas_parts(
    dossiers: Iterable[Dossier],
    *,
    lang: Lang = "zh",
    paper: Paper = "A4",
    part: int = PART,
    first: int = 1,
    progress: Callable[[int], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Iterator[tuple[bytes, tuple[str, ...]]]:
    """The parts of an atlas one after the other: the PDF and the ids of the leads in it.

    While one part is being set in a process of its own the next is drawn. `progress(n)` is called
    after every sheet drawn; `first` is the number of the first part; raises `Cancelled` when `cancelled()` says so. Nothing where there are no
    dossiers.
    """
    watch = _Watch(progress, cancelled)
    drawing = _drawn(dossiers, (lang, paper), part, watch)
    with ExitStack() as stack:
        pool = None
        waiting: _Part | None = None
        for number, one in enumerate(drawing, first):
            if pool is None and one.full:
                pool = stack.enter_context(
                    ProcessPoolExecutor(1, get_context("spawn"), max_tasks_per_child=1)
                )
            book = one.setting.book(_index(one.setting, number))
            one.pdf = pool.submit(typeset, book) if pool is not None else None
            if waiting is not None:
                yield waiting.result()
            waiting = one
        if waiting is not None:
            yield waiting.result()


@dataclass
class _Part:
    """Sheets drawn into `folder`; `full` where more may follow; `pdf` being set elsewhere, or not yet."""

    folder: tempfile.TemporaryDirectory[str]
    setting: Setting
    leads: tuple[str, ...]
    full: bool
    pdf: Future[bytes] | None = None

    def result(self) -> tuple[bytes, tuple[str, ...]]:
        """The PDF; its folder is swept."""
        with self.folder:
            made = (
                self.pdf.result()
                if self.pdf is not None
                else typeset(self.setting.work / "book.typ")
            )
            return made, self.leads


@dataclass
class _Watch:
    """Tells how far it is and asks whether to stop, between two sheets."""

    progress: Callable[[int], None] | None
    cancelled: Callable[[], bool] | None
    done: int = 0

    def stopped(self) -> bool:
        return self.cancelled is not None and self.cancelled()

    def drew(self) -> None:
        self.done += 1
        if self.progress is not None:
            self.progress(self.done)


def _drawn(
    dossiers: Iterable[Dossier], look: tuple[Lang, Paper], part: int, watch: _Watch
) -> Iterator[_Part]:
    waiting = iter(dossiers)
    while True:
        folder = tempfile.TemporaryDirectory(prefix="yicha-atlas-")
        setting, leads = Setting(Path(folder.name), *look), []
        for dossier in itertools.islice(waiting, part):
            if watch.stopped():
                folder.cleanup()
                raise Cancelled
            setting.add(dossier)
            leads.append(dossier.lead_id)
            watch.drew()
        if not leads:
            folder.cleanup()
            return
        yield _Part(folder, setting, tuple(leads), len(leads) == part)


def _index(setting: Setting, part: int) -> dict[str, Any]:
    """The first page: what is where. Its look is that of the sheets."""
    words, tables = setting.words, setting.tables
    first = tables[0]
    columns = ("position", "number", "check", "subject", "verdict", "value", "page")
    told = f"{words('atlas.count', count=len(tables))} · {words('atlas.part', part=part)}"
    return {
        **{name: first[name] for name in ("lang", "paper", "marking", "reference", "page", "made_at", "watermark")},
        "notices": [one for one in first["notices"] if all(one in every["notices"] for every in tables)],
        "title": words("atlas.title"), "number": told, "facts": told,
        "head": [words(f"atlas.{name}") for name in columns],
        "rows": [{"cells": [str(n + 1), one["number"], one["check"], one["subject"],
                            one["verdict"]["words"], one["value"]], "label": one["label"]}
                 for n, one in enumerate(tables)],
    }  # fmt: skip


def part_name(out: Path, number: int, *, several: bool) -> Path:
    """The file of a part: the name given, or with its number where there are several."""
    return out.with_name(f"{out.stem}-{number:02d}{out.suffix}") if several else out
