"""Who exported what, for whom, why and until when."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime

from evidence.ledger import ledger, matching
from evidence.words import moment
from office.shell_words import add_actor, add_store, at_work, utc_text


def add(parser: argparse.ArgumentParser) -> None:
    """The store and who asks."""
    add_store(parser)
    parser.add_argument("--words", default="", help="lines with all of these words, newest first")
    add_actor(parser, "auditor")


def run(arguments: argparse.Namespace) -> int:
    """Print one line per file."""
    with at_work(arguments, utc_text(datetime.now(UTC)), create=True) as (db, actor, _):
        found = ledger(db, actor=actor)
    for one in matching(found, arguments.words) if arguments.words else found:
        until = one.until or "-"
        print(f"{one.seq}\t{moment(one.at)}\t{one.actor}\t{one.what}\t{len(one.leads)} leads\t{one.file}\t"
              f"{one.sha256[:16]}\t{one.reason}\t{one.recipient}\t{until}\t"
              f"{'approved by ' + ', '.join(one.approved_by) if one.approved_by else '-'}")  # fmt: skip
    return 0
