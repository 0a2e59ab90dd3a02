"""Write a portable copy of the whole store to a new file, while others go on writing.

The file restores into SQLite and into PostGIS alike. It holds everything the store holds, so keep
it as carefully, on another machine.
"""

from __future__ import annotations

import argparse
from datetime import UTC, datetime
from pathlib import Path

from office.backup import backup
from office.shell_words import (
    add_actor,
    add_language,
    add_store,
    at_work,
    language_of,
    utc_text,
)

_WORDS = (
    "已备份 {leads} 条线索、{events} 个事件至 {file}\n  SHA-256 {sha256}\n  历史末位 {seq} {head}",
    "{leads} leads and {events} events saved in {file}\n  SHA-256 {sha256}\n  head {seq} {head}",
)


def add(parser: argparse.ArgumentParser) -> None:
    """The arguments of the command."""
    parser.add_argument("file", type=Path, metavar="FILE", help="new file, such as 2026-06-30.zip")
    add_store(parser)
    add_actor(parser, "system_admin")
    add_language(parser)


def run(arguments: argparse.Namespace) -> int:
    """Write it and say what is in it."""
    at = utc_text(datetime.now(UTC))
    with at_work(arguments, at) as (database, actor, _):
        made = backup(database, arguments.file, actor=actor, at=at)
    print(_WORDS[language_of(arguments) == "en"].format(
        leads=made.rows["lead"], events=made.rows["event"], file=made.path, sha256=made.sha256,
        seq=made.head_seq, head=made.head))  # fmt: skip
    return 0
