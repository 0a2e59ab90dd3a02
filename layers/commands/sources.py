"""Sources of a layer folder: rows, owner, licence, dates, age against its period, datum, hash."""

from __future__ import annotations

import argparse
import sys
from datetime import datetime
from pathlib import Path

from layers.commands.import_ import language
from layers.provenance import Provenance
from layers.safe_csv import csv_text
from layers.shelf import Age, Shelf
from layers.shelf.about import Held, held

_STATES = {
    "fresh": ("有效", "fresh"),
    "stale": ("过期", "stale"),
    "unknown": ("日期不明", "no date"),
}


def add(parser: argparse.ArgumentParser) -> None:
    """The folder, the day, the form."""
    parser.add_argument("folder", type=Path, help="layer folder")
    parser.add_argument("--on", metavar="DATE", help="day to judge the age by (default: today)")
    parser.add_argument("--csv", action="store_true", help="as CSV")
    parser.add_argument("--lang", choices=["zh", "en"])


def run(arguments: argparse.Namespace) -> int:
    """Print a line per source; 1 where one is stale or without a date."""
    on = arguments.on or datetime.now().astimezone().date().isoformat()
    lang = 0 if (arguments.lang or language()) == "zh" else 1
    rows, late = [], 0
    for one in held(Shelf(arguments.folder), on):
        rows += [
            _row(one, entry, age, lang) for entry, age in zip(one.provenance, one.ages, strict=True)
        ]
        late += one.late
    head = ("layer", "theme", "rows", "source", "owner", "licence", "as_of", "age_days", "period_days",
            "state", "datum", "file", "sha256")  # fmt: skip
    if arguments.csv:
        sys.stdout.write(csv_text(head, rows))
    else:
        sys.stdout.writelines("\t".join(map(str, row)) + "\n" for row in (head, *rows))
    return 1 if late else 0


def _row(one: Held, entry: Provenance, age: Age, lang: int) -> tuple[object, ...]:
    days = "" if age.age_days is None else age.age_days
    return (one.name, one.theme, entry.rows_out, entry.source, entry.owner, entry.licence, age.day or "",
            days, age.period.days, _STATES[age.state][lang], entry.datum, entry.file, entry.sha256)  # fmt: skip
