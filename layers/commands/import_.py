"""Import a file of any kind as a layer, with a report on every row.

Nothing is written when the import is refused; the exit code is then 1 and the message names
the remedy. The layer that stood there is kept as a version: `python -m layers undo` brings it back.
"""

from __future__ import annotations

import argparse
import json
import locale
import os
import shutil
import tempfile
from datetime import datetime
from pathlib import Path

from layers.atomic import write_text, written_whole
from layers.cache import cached_import
from layers.cleaning.privacy import POLICIES
from layers.errors import ColumnError, LayerError
from layers.importing import Manifest, read_manifest, write_manifest
from layers.importing.originals import keep_original
from layers.importing.precision import POSITION_KINDS
from layers.layer import read_layer
from layers.shelf import Shelf, Taken, ground_of, prepare, put_up, raw_table, told_of
from layers.shelf.shelf import checked_name
from layers.shelf.taking import written
from layers.sources.dxf import UNITS
from layers.themes import RECORD, THEMES

SOURCES = "sources"
"""Folder beside the output in which originals are kept."""

_WORDS = {
    "kept": ("  原件已原样保存：{copy}", "  original kept byte for byte: {copy}"),
    "personal": (
        "    原件含个人信息：请限制访问，或用 --no-keep 不保存",
        "    it holds personal data: limit who can read it, or use --no-keep",
    ),
}


def add(parser: argparse.ArgumentParser) -> None:
    """The arguments of `python -m layers import`."""
    parser.add_argument("file", type=Path, help="table, POI export, register or vector file")
    parser.add_argument("--theme", metavar="THEME",
                        help=", ".join((*THEMES, f"{RECORD}NAME (any other table)")))  # fmt: skip
    parser.add_argument("--out", type=Path, required=True, help="layer file to write (.parquet)")
    _add_reading(parser)
    _add_rows(parser)
    _add_outcome(parser)


def _add_reading(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("how the file is read")
    group.add_argument("--set", action="append", default=[], metavar="FIELD=COLUMN", dest="columns",
                       help="which column holds a field; FIELD= leaves it out")  # fmt: skip
    group.add_argument("--datum", help="wgs84, cgcs2000, gcj02, bd09, bd09mc, cgcs2000-gk3 …")
    group.add_argument(
        "--datum-column", metavar="COLUMN", help="column that names each row's datum"
    )
    group.add_argument("--trusted", type=Path, metavar="LAYER",
                       help="layer with known places, to propose the datum of an undeclared file")  # fmt: skip
    group.add_argument("--encoding", help="text encoding, if it shall not be detected")
    group.add_argument("--sheet", help="sheet of a workbook")
    group.add_argument("--header-row", type=int, metavar="ROW",
                       help="row of the file that names the columns, where another is found; 0: none does")  # fmt: skip
    group.add_argument("--table", help="layer of a vector file or member of an archive")
    group.add_argument("--unit", choices=UNITS, help="unit of a drawing (DXF) that states none")
    group.add_argument("--date-order", choices=["mdy", "dmy"], help="day and month of 3/4/2023")
    group.add_argument("--utc-offset", type=float, metavar="HOURS",
                       help="clock of dates in seconds since 1970 (default 8)")  # fmt: skip
    group.add_argument("--manifest", type=Path, help="settings kept from an earlier import (TOML)")
    group.add_argument("--save-manifest", type=Path, metavar="FILE", help="keep these settings")


def _add_rows(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("which rows and columns are kept")
    group.add_argument("--where", action="append", default=[], metavar="COLUMN~TEXT",
                       help="keep rows that hold (~), are (=), do not hold (!~), are not (!=)")  # fmt: skip
    group.add_argument(
        "--all-rows", action="store_true", help="keep rows that are not of the theme"
    )
    group.add_argument("--far", choices=["unplace", "keep"], help="positions far from all others")
    group.add_argument("--keep-column", action="append", default=[], metavar="COLUMN",
                       help="carry a further column on")  # fmt: skip
    group.add_argument("--personal", choices=list(POLICIES), help="personal columns (default drop)")
    group.add_argument("--not-personal", action="append", default=[], metavar="COLUMN",
                       help="a column that only looks personal")  # fmt: skip
    group.add_argument(
        "--position-kind", choices=list(POSITION_KINDS), help="how places were found"
    )
    group.add_argument("--position-error", type=float, metavar="METRES", help="position error")


def _add_outcome(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("what is said and kept")
    for name in ("source", "licence", "owner", "agreement"):
        group.add_argument(f"--{name}", help=f"{name} of the data, for the provenance")
    group.add_argument("--retrieved", metavar="DATE", help="when the file was obtained (ISO date)")
    group.add_argument("--state-of", metavar="DATE", help="the day the data describe (ISO date)")
    group.add_argument("--report", type=Path, metavar="FILE", help="report with every row (JSON)")
    group.add_argument("--lang", choices=["zh", "en"], help="language of the report")
    group.add_argument("--by", metavar="NAME", help="who imports, for the record of the version")
    group.add_argument("--keep", type=Path, metavar="FOLDER",
                       help=f"where the original is kept (default: {SOURCES}/ beside the output)")  # fmt: skip
    group.add_argument("--no-keep", action="store_true", help="do not keep the original")
    group.add_argument("--cache", type=Path, metavar="FOLDER",
                       help="answer from here what was imported before")  # fmt: skip


def run(arguments: argparse.Namespace) -> int:
    """Import, print the report, write layer, original, report and manifest."""
    lang = arguments.lang or language()
    with tempfile.TemporaryDirectory() as made:
        layer = Path(made) / "layer.parquet"
        taken = _take(arguments, layer)
        imported = taken.imported
        print(imported.report.text(lang))
        if imported.layer is None:
            return 1
        if not arguments.no_keep:
            copy = keep_original(arguments.file, arguments.keep or arguments.out.parent / SOURCES)
            print(_WORDS["kept"][lang == "en"].format(copy=copy))
            if imported.report.personal_columns:
                print(_WORDS["personal"][lang == "en"])
        put(taken, layer, arguments.out, by=arguments.by or "", file=arguments.file.name)
    if arguments.report is not None:
        text = json.dumps(imported.report.as_dict(), ensure_ascii=False, indent=1)
        write_text(arguments.report, text + "\n")
    if arguments.save_manifest is not None:
        write_manifest(imported.manifest, arguments.save_manifest)
    return 0


def put(taken: Taken, layer: Path, out: Path, *, by: str, file: str) -> None:
    """Let the prepared `layer` stand as the newest version of `out`, as an import on the page does."""
    try:
        checked_name(out.stem)
    except LayerError:  # no name a page could show: no versions either
        with written_whole(out) as partial:
            shutil.copyfile(layer, partial)
        return
    at = datetime.now().astimezone().isoformat(timespec="seconds")
    put_up(Shelf(out.parent), out.stem, layer, told_of(taken, file), None, by=by, at=at)


def language() -> str:
    """`zh` where the environment speaks Chinese, else `en`."""
    told = [os.environ.get(name, "") for name in ("LC_ALL", "LC_MESSAGES", "LANG")]
    told += [locale.getlocale()[0] or ""]
    first = next((text for text in told if text), "")
    return "zh" if first.lower().startswith(("zh", "chinese")) else "en"


def _take(arguments: argparse.Namespace, target: Path) -> Taken:
    """The file imported into `target`, beside the folder it will stand in."""
    manifest, shelf = _manifest(arguments), Shelf(arguments.out.parent)
    if manifest.theme is None:
        raise ColumnError("no theme is named", remedy="say --theme, for example tobacco_retailer")
    trusted = None if arguments.trusted is None else read_layer(arguments.trusted)
    if arguments.cache is not None:
        known = cached_import(arguments.file, arguments.cache, manifest=manifest, trusted=trusted)
        return written(known, shelf, target, ground_of(shelf.folder, manifest.theme, ""))
    table = raw_table(arguments.file, manifest)
    ground = ground_of(shelf.folder, manifest.theme, table.sha256)
    return prepare(table, manifest, shelf, target, ground, trusted=trusted)


def _manifest(arguments: argparse.Namespace) -> Manifest:
    base = Manifest() if arguments.manifest is None else read_manifest(arguments.manifest)
    names = ("theme", "datum", "datum_column", "encoding", "sheet", "table", "unit", "header_row", "date_order", "utc_offset",
             "far", "personal", "position_kind", "position_error", "source", "licence", "owner", "agreement",
             "retrieved", "state_of")  # fmt: skip
    said = {name: getattr(arguments, name) for name in names}
    return base.with_(
        **said,
        columns=_pairs(arguments.columns),
        where=_added(base.where, arguments.where),
        keep_columns=_added(base.keep_columns, arguments.keep_column),
        not_personal=_added(base.not_personal, arguments.not_personal),
        members="all" if arguments.all_rows else None,
    )


def _added(kept: tuple[str, ...], said: list[str]) -> tuple[str, ...]:
    """Both, in order, none twice."""
    return tuple(dict.fromkeys((*kept, *said)))


def _pairs(texts: list[str]) -> dict[str, str]:
    pairs = {}
    for text in texts:
        name, sign, header = text.partition("=")
        if not sign or not name.strip():
            raise ColumnError(f"--set {text!r} is no FIELD=COLUMN", remedy="write --set name=名称")
        pairs[name.strip()] = header.strip()
    return pairs
