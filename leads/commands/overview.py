"""The office's work in numbers: the funnel by check or place, days to rectification, what is due."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, get_args

from layers.atomic import write_text
from layers.safe_csv import csv_text
from leads.shell_steps import CHINA
from leads.views.overview import By, due_counts, funnel, rectification_times
from office.shell_words import add_actor, add_language, add_store, at_work, utc_text

WHAT = ("funnel", "times", "deadlines")


def add(parser: argparse.ArgumentParser) -> None:
    """The arguments of the command."""
    parser.add_argument(
        "what", nargs="?", choices=WHAT, default=WHAT[0], help="(default %(default)s)"
    )
    parser.add_argument("--per", choices=get_args(By), default="check_id", help="funnel: per what")
    parser.add_argument(
        "--on", metavar="DAY", help="deadlines: as of this day (default: today in China)"
    )
    how = parser.add_mutually_exclusive_group()
    how.add_argument("--json", action="store_true", help="print JSON")
    how.add_argument("--csv", type=Path, metavar="FILE", help="write a table")
    add_store(parser)
    add_actor(parser)
    add_language(parser)


def run(arguments: argparse.Namespace) -> int:
    """Print the numbers, or write them."""
    rows = _rows(arguments)
    if arguments.json:
        print(json.dumps(rows, ensure_ascii=False, indent=1))
        return 0
    header = list(rows[0]) if rows else []
    if arguments.csv:
        write_text(arguments.csv, csv_text(header, [one.values() for one in rows]))
        return 0
    for line in _table(header, rows):
        print(line)
    return 0


def _rows(arguments: argparse.Namespace) -> list[dict[str, Any]]:
    now = datetime.now(UTC)
    with at_work(arguments, utc_text(now)) as (database, actor, _):
        if arguments.what == "funnel":
            return [one.as_dict() for one in funnel(database, arguments.per, actor=actor)]
        if arguments.what == "times":
            return [asdict(one) for one in rectification_times(database, actor=actor)]
        day = arguments.on or now.astimezone(CHINA).date().isoformat()
        return [asdict(one) for one in due_counts(database, day, actor=actor)]


def _table(header: Sequence[str], rows: Sequence[dict[str, Any]]) -> list[str]:
    lines = [header, *([str(value) for value in one.values()] for one in rows)]
    widths = [max(len(line[n]) for line in lines) for n in range(len(header))]
    return ["  ".join(text.ljust(width) for text, width in zip(line, widths, strict=True)).rstrip()
            for line in lines]  # fmt: skip
