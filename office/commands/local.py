"""Rule packs and lists of agencies: check a file, take it in, list earlier versions.

A rule pack or a list goes into data/rules or data/agencies under the name of its place, the version
before is kept; an earlier one comes back by taking its file in again.
"""

from __future__ import annotations

import argparse
import hashlib
from datetime import UTC, datetime
from pathlib import Path

from office.local_files import AGENCIES, RULES, take, text_of, versions, weigh
from office.shell_words import add_actor, add_language, add_store, at_work, english, utc_text

_GOOD = ("没有发现问题", "nothing is wrong with it")
_TAKEN = ("已更新 {place}（{sha}）", "{place} taken in ({sha})")


def add(parser: argparse.ArgumentParser) -> None:
    """The arguments of the command."""
    parser.add_argument("what", choices=["check", "take", "versions"])
    parser.add_argument("kind", choices=[RULES, AGENCIES])
    parser.add_argument("file", type=Path, metavar="FILE", help="a .toml; for versions the place")
    add_store(parser)
    add_actor(parser, "reviewer")
    add_language(parser)


def run(arguments: argparse.Namespace) -> int:
    """Do it; 1 where something is wrong with the file."""
    en, kind = english(arguments), arguments.kind
    if arguments.what == "versions":
        for one in versions(kind, arguments.file.stem):
            print(f"{one.at}\t{one.sha256}\t{one.path}")
        return 0
    raw = arguments.file.read_bytes()
    weighed = weigh(kind, raw)
    for fault in weighed.faults:
        print(f"{fault.field}\t{fault.problem}\t{fault.remedy}")
    if weighed.made is None or arguments.what == "check":
        if weighed.made is not None:
            print(_GOOD[en])
        return 0 if weighed.made else 1
    there = text_of(kind, weighed.place)
    before = hashlib.sha256(there).hexdigest() if there else None
    at = utc_text(datetime.now(UTC))
    with at_work(arguments, at) as (database, actor, _):
        done = take(database, kind, raw, actor=actor, at=at, before=before)
    print(_TAKEN[en].format(place=done.place, sha=done.sha256[:12]))
    return 0
