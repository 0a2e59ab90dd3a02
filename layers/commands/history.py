"""Versions of a layer file: who brought which when, what was taken back; `--report N` tells every row."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from pathlib import Path

from layers.atomic import write_text
from layers.commands.import_ import language
from layers.errors import LayerError
from layers.importing.report_table import rejected_csv
from layers.shelf import Shelf, Version

_WORDS = {
    "none": ("没有导入记录", "no import is recorded"), "stands": ("有效", "stands"),
    "undone": ("已撤销", "taken back"), "found": ("导入前已有", "lay here before"),
    "rows": ("行", "rows"), "rejected": ("拒收", "rejected"), "doubt": ("坐标系存疑", "datum in doubt"),
}  # fmt: skip


def add(parser: argparse.ArgumentParser) -> None:
    """The layer file and what to tell."""
    parser.add_argument("layer", type=Path, help="layer file (.parquet)")
    parser.add_argument(
        "--report", type=int, metavar="N", help="the import report of a version, as JSON"
    )
    parser.add_argument("--rejected", type=Path, metavar="FILE",
                        help="with --report: rejected and emptied rows as a CSV file, for Excel")  # fmt: skip
    parser.add_argument("--json", action="store_true", help="the records as JSON")
    parser.add_argument("--lang", choices=["zh", "en"])


def run(arguments: argparse.Namespace) -> int:
    """Print the versions; 1 where there are none."""
    shelf, name = Shelf(arguments.layer.parent), arguments.layer.stem
    if arguments.report is not None:
        report = shelf.report(name, arguments.report)
        if report is None:
            raise LayerError(f"version {arguments.report} of {name} has no report", field="report",
                             remedy="see the versions without --report")  # fmt: skip
        if arguments.rejected is not None:
            write_text(arguments.rejected, rejected_csv(report, arguments.lang or language()))
            return 0
        sys.stdout.write(json.dumps(report, ensure_ascii=False, indent=1) + "\n")
        return 0
    versions = shelf.versions(name)
    if arguments.json:
        told = [one.as_dict() for one in versions]
        sys.stdout.write(json.dumps(told, ensure_ascii=False, indent=1) + "\n")
        return 0 if versions else 1
    lang = 0 if (arguments.lang or language()) == "zh" else 1
    standing = shelf.standing(name)
    for one in versions:
        sys.stdout.write("\t".join(_line(one, standing, lang)) + "\n")
    if not versions:
        sys.stdout.write(_WORDS["none"][lang] + "\n")
    return 0 if versions else 1


def _line(one: Version, standing: Version | None, lang: int) -> Iterator[str]:
    yield str(one.number)
    stands = standing is not None and standing.number == one.number
    yield (
        _WORDS["stands" if stands else "undone" if one.undone else "rows"][lang]
        if stands or one.undone
        else "-"
    )
    yield one.at
    yield one.by or (_WORDS["found"][lang] if one.kind == "found" else "-")
    yield f"{one.rows} {_WORDS['rows'][lang]}"
    yield f"{_WORDS['rejected'][lang]} {(one.counts or {}).get('rejected', 0)}"
    yield one.datum + (f" ({_WORDS['doubt'][lang]}: {one.doubt['best']})" if one.doubt else "")
    yield one.file
    for deed in one.deeds:
        yield f"{deed['what']} {deed['at']} {deed['by']} {deed['why']}".rstrip()
