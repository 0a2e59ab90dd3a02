"""What the commands of this folder share: the store, who signs in, secrets, language, time.

Somebody who keeps people and rights signs in here as on the screen: `--by NAME`, then password and
code. They are asked for without being shown, or read line by line from `--secrets FILE`, which only
its owner may read. They never stand in the command line, where others see them.
"""

from __future__ import annotations

import argparse
import getpass
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from layers.commands.import_ import language
from layers.errors import PolicyError
from office.actors import Actor
from office.database import DEFAULT_FILE, ENVIRONMENT, Database
from office.doors.keys import ENVIRONMENT as KEY_FILE
from office.doors.keys import load_keys, refuse_open_to_others
from office.doors.own_account import need_session
from office.doors.rules import load_doors
from office.doors.sessions import sign_out
from office.doors.sign_in import Presented, SignedIn, sign_in

WHO = "YICHA_ACTOR"
_SOURCE = "shell"


def add_store(parser: argparse.ArgumentParser) -> None:
    """The store every command works on, and the language of what is printed."""
    parser.add_argument("--store", metavar="URL", help="SQLite file or postgresql://…; else "
                        f"{ENVIRONMENT}, else {DEFAULT_FILE.as_posix()}")  # fmt: skip
    parser.add_argument("--lang", choices=["zh", "en"], help="language of what is printed")


def add_person(parser: argparse.ArgumentParser) -> None:
    """Who signs in."""
    parser.add_argument("--by", metavar="NAME", help=f"whose account acts; else {WHO}")
    add_secrets(parser)


def add_secrets(parser: argparse.ArgumentParser) -> None:
    """Where secrets come from where nobody is asked."""
    parser.add_argument("--secrets", type=Path, metavar="FILE",
                        help="answers line by line instead of asking (password, code); chmod 600")  # fmt: skip
    parser.add_argument("--keys", type=Path, metavar="FILE", help=f"file of keys; else {KEY_FILE}")


@contextmanager
def opened_store(arguments: argparse.Namespace, *, create: bool = False) -> Iterator[Database]:
    """The store that is meant; closed at the end."""
    database = Database.open(arguments.store, create=create)
    try:
        yield database
    finally:
        database.close()


class Secrets:
    """Asks for secrets one after the other, at the terminal or from a file."""

    def __init__(self, file: Path | None) -> None:
        self._lines: Iterator[str] | None = None
        if file is not None:
            refuse_open_to_others(file)
            self._lines = iter(file.read_text(encoding="utf-8").splitlines())

    def ask(self, words: str) -> str:
        """The next secret; `PolicyError` where the file has no more."""
        if self._lines is None:
            return getpass.getpass(f"{words}: ")
        line = next(self._lines, None)
        if line is None:
            raise PolicyError(f"the file of secrets does not say: {words}", field="secrets",
                              remedy="one answer a line, in the order of the questions")  # fmt: skip
        return line


def come_in(
    arguments: argparse.Namespace, database: Database, secrets: Secrets, at: str
) -> SignedIn:
    """Sign in the person named; `PolicyError` where they do not get in."""
    name = arguments.by or os.environ.get(WHO) or ""
    if not name:
        raise PolicyError("nobody is named as the person who acts", field="actor",
                          remedy="name your account: --by NAME")  # fmt: skip
    shown = Presented(name, secrets.ask("口令 / password"), source=_SOURCE)
    rules = load_doors()
    try:
        return sign_in(database, shown, at=at, rules=rules)
    except PolicyError as error:
        if error.field != "code":
            raise
    shown = replace(shown, code=secrets.ask("动态验证码 / code"))
    return sign_in(database, shown, at=at, rules=rules, keys=load_keys(arguments.keys))


@contextmanager
def signed_in(arguments: argparse.Namespace, database: Database, at: str) -> Iterator[Actor]:
    """Who acts, signed in for this command only. `PolicyError` where they do not get in, or have a
    password to change or a second factor to set up first (`python -m office account`).
    """
    come = come_in(arguments, database, Secrets(arguments.secrets), at)
    try:
        yield need_session(database, come.token, at=at, rules=load_doors()).actor
    finally:
        sign_out(database, come.token, at=at)


def english(arguments: argparse.Namespace) -> bool:
    """Whether to print English: as asked for, else as the system speaks."""
    return bool((arguments.lang or language()) != "zh")


def utc_text(moment: datetime) -> str:
    """A moment as events name it: ISO, UTC, seconds. Commands hand in their clock."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
