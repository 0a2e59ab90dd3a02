"""Keys outside the store: `new FILE` adds one (the file is made), `reseal` seals anew under the last one.

Keep the file away from the store and from its backups, and keep a copy of it: without its key a
sealed field and a second factor open no more.
"""

from __future__ import annotations

import argparse
from datetime import UTC, datetime
from pathlib import Path

from office.doors.keys import ENVIRONMENT, add_key, load_keys
from office.doors.sealing import seal_anew
from office.shell_words import (
    add_language,
    add_person,
    add_store,
    english,
    opened_store,
    signed_in,
    utc_text,
)

_NEW = (
    "已在 {file} 中加入密钥 {name}；请设置 {env}",
    "key {name} added to {file}; set {env} to it",
)
_SEALED = ("已用新密钥重新封存 {count} 项", "{count} fields sealed anew")


def add(parser: argparse.ArgumentParser) -> None:
    """The arguments of the command."""
    acts = parser.add_subparsers(dest="act", required=True, metavar="WHAT")
    new = acts.add_parser("new", help="add a key to a file")
    new.add_argument("file", type=Path)
    new.add_argument("--lang", choices=["zh", "en"], help="language of what is printed")
    reseal = acts.add_parser("reseal", help="seal every field anew under the last key of the file")
    add_store(reseal)
    add_language(reseal)
    add_person(reseal)


def run(arguments: argparse.Namespace) -> int:
    """Do it."""
    en = english(arguments)
    if arguments.act == "new":
        name = add_key(arguments.file)
        print(_NEW[en].format(file=arguments.file, name=name, env=ENVIRONMENT))
        return 0
    at, keys = utc_text(datetime.now(UTC)), load_keys(arguments.keys)
    with opened_store(arguments) as database, signed_in(arguments, database, at) as actor:
        count = seal_anew(database, keys=keys, actor=actor, at=at)
    print(_SEALED[en].format(count=count))
    return 0
