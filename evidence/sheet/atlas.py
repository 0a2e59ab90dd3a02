"""Many leads on paper: an index page and their sheets, in parts so that memory stays flat."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from evidence.dossier import Dossier
from evidence.sheet.render import Paper, Setting
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
    progress: Callable[[int], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Iterator[tuple[bytes, tuple[str, ...]]]:
    """The parts of an atlas one after the other: the PDF and the ids of the leads in it.

    `progress(n)` is called after every sheet; raises `Cancelled` when `cancelled()` says so. Nothing
    where there are no dossiers.
    """
    waiting, number, done = iter(dossiers), 0, 0
    while True:
        with tempfile.TemporaryDirectory(prefix="yicha-atlas-") as folder:
            setting, leads = Setting(Path(folder), lang, paper), []
            for dossier in waiting:
                if cancelled is not None and cancelled():
                    raise Cancelled
                setting.add(dossier)
                leads.append(dossier.lead_id)
                done += 1
                if progress is not None:
                    progress(done)
                if len(leads) == part:
                    break
            if not leads:
                return
            number += 1
            yield setting.pdf(_index(setting, number)), tuple(leads)


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
