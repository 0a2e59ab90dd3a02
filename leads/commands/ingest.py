"""Take in the findings of a run: new leads, and what changed about those there are."""

from __future__ import annotations

import argparse
import json
from datetime import UTC, datetime
from pathlib import Path

from checks import area_of
from leads.runs.ingest import ingest
from leads.runs.reading import read_findings
from office.shell_words import (
    add_actor,
    add_language,
    add_store,
    at_work,
    language_of,
    utc_text,
)


def add(parser: argparse.ArgumentParser) -> None:
    """The arguments of the command."""
    parser.add_argument("findings", type=Path, metavar="FINDINGS.geojson",
                        help="what `python -m checks run … --out` wrote")  # fmt: skip
    parser.add_argument("--area", metavar="W,S,E,N|FILE", help="the ground the run covered, where it "
                        "was less than its layers: degrees of a window, or a GeoJSON polygon")  # fmt: skip
    parser.add_argument("--json", action="store_true", help="print the report as JSON")
    add_store(parser)
    add_actor(parser)
    add_language(parser)


def run(arguments: argparse.Namespace) -> int:
    """Take them in and say what changed."""
    at = utc_text(datetime.now(UTC))
    found = read_findings(arguments.findings)
    area = area_of(arguments.area) if arguments.area else found.area
    with at_work(arguments, at, create=True) as (database, actor, _):
        report = ingest(database, found, actor=actor, at=at, area=area)
    if arguments.json:
        print(json.dumps(report.as_dict(), ensure_ascii=False, indent=1))
    else:
        print(report.text(language_of(arguments)))
    return 0
