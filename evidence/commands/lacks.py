"""What is missing or not verified about leads: read it before anything leaves."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime
from pathlib import Path

from evidence.lacking import lacks
from imagery.store import Store
from office.shell_words import (
    add_actor,
    add_language,
    add_store,
    at_work,
    language_of,
    utc_text,
)


def add(parser: argparse.ArgumentParser) -> None:
    """Leads, imagery."""
    parser.add_argument("leads", nargs="+", metavar="LEAD", help="id or number of a lead")
    add_store(parser)
    parser.add_argument(
        "--imagery", type=Path, help="imagery store: without it every picture counts as missing"
    )
    parser.add_argument(
        "--share", action="store_true", help="for a redacted copy: also pictures nobody approved"
    )
    add_language(parser)
    add_actor(parser, "reviewer")


def run(arguments: argparse.Namespace) -> int:
    """One line for each thing: sort, words, scene, leads; 1 where something is missing."""
    imagery = Store.open(arguments.imagery, create=False) if arguments.imagery else None
    with at_work(arguments, utc_text(datetime.now(UTC)), create=True) as (db, actor, _):
        found = lacks(db, arguments.leads, imagery, actor=actor, shared=arguments.share)
    for one in found:
        print(
            f"{one.sort}\t{one.says.of(language_of(arguments))}\t{one.scene or '-'}\t{', '.join(one.leads)}"
        )
    return 1 if found else 0
