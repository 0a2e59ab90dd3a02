"""Take files and folders of imagery into a store, with a report on every file.

The exit code is 1 when any file was refused. Running the same command again costs little and
goes on where a run was stopped.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from datetime import datetime
from pathlib import Path

from imagery.ingest import IngestReport, ingest
from imagery.scene import Stated
from imagery.shell_words import add_language, add_store, area_of, language_of
from imagery.store import Store
from layers.atomic import write_text

_KINDS = ("orthophoto", "satellite", "photo", "tiles", "picture")
_PLATFORMS = ("drone", "aeroplane", "satellite", "phone")


def add(parser: argparse.ArgumentParser) -> None:
    """The arguments of the command."""
    parser._negative_number_matcher = re.compile(r"^-\d")
    parser.add_argument("paths", nargs="+", type=Path, metavar="PATH", help="files and folders")
    add_store(parser)
    add_language(parser)
    parser.add_argument("--report", type=Path, metavar="FILE", help="write the report as JSON too")
    parser.add_argument("--area", metavar="W,S,E,N|FILE",
                        help="refuse what lies outside (degrees, or GeoJSON, or a layer file)")  # fmt: skip
    parser.add_argument("--hash", action="append", default=[], dest="algorithms", metavar="NAME",
                        help="a further hash of every original, such as sm3")  # fmt: skip
    _add_statements(parser)


def _add_statements(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("what you say about these files (their own word comes first)")
    group.add_argument("--crs", help="coordinate system of world files: EPSG:code or WKT")
    group.add_argument("--taken", metavar="TIME", help="local time, 2026-06-30 or 2026-06-30T09:15")
    group.add_argument("--zone", metavar="+08:00", help="offset of local times to UTC")
    group.add_argument("--u-m", type=float, metavar="M", help="position error on the ground, 95 %%")
    group.add_argument("--kind", choices=_KINDS, help="what they are")
    group.add_argument("--platform", choices=_PLATFORMS, help="what carried the camera")
    group.add_argument("--height-m", type=float, metavar="M", help="flying height above the ground")
    group.add_argument("--scheme", choices=["xyz", "tms"], help="how rows of map tiles count")
    group.add_argument("--collector", metavar="NAME", help="who collected them")
    group.add_argument("--second", metavar="NAME", help="the second person present")
    group.add_argument("--purpose", metavar="TEXT", help="why they were collected")


def run(arguments: argparse.Namespace) -> int:
    """Take everything in, print the report; 1 where something was refused, 130 where stopped."""
    stated = Stated(
        crs=arguments.crs, taken=arguments.taken, zone=arguments.zone, u_m=arguments.u_m,
        kind=arguments.kind, tile_scheme=arguments.scheme, platform=arguments.platform,
        height_m=arguments.height_m,
    )  # fmt: skip
    store = Store.open(arguments.store)
    report = ingest(
        arguments.paths, store, received=datetime.now().astimezone().isoformat(timespec="seconds"),
        stated=stated, collector=arguments.collector, second=arguments.second,
        purpose=arguments.purpose,
        area=area_of(arguments.area), algorithms=arguments.algorithms,
        progress=_progress if sys.stderr.isatty() else None,
    )  # fmt: skip
    if sys.stderr.isatty():
        sys.stderr.write("\r\x1b[K")
    print(report.text(language_of(arguments)))
    if arguments.report:
        text = json.dumps(report.as_dict(), ensure_ascii=False, indent=1)
        write_text(arguments.report, text + "\n")
    return _exit_code(report)


def _exit_code(report: IngestReport) -> int:
    if report.refused:
        return 1
    return 130 if report.cancelled else 0


def _progress(done: int, total: int, name: str) -> None:
    share = 100 * done // max(total, 1)
    sys.stderr.write(f"\r\x1b[K{share:3d} %  {done >> 20:,} / {total >> 20:,} MiB  {name[-60:]}")
    sys.stderr.flush()
