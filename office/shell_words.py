"""What the commands of this and the later folders share: the store, who acts, secrets, language, time.

On a store that has accounts everybody signs in here as on the screen: `--by NAME`, then password and
code. They are asked for without being shown, or read line by line from `--secrets FILE`, which only
its owner may read. They never stand in the command line, where others see them. A system comes in
by its token in `YICHA_TOKEN`. Only a store without any account believes `--role`.
"""

from __future__ import annotations

import argparse
import getpass
import os
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from layers.commands.import_ import language
from layers.errors import PolicyError
from office.actors import MACHINE, ROLES, Actor
from office.database import DEFAULT_FILE, ENVIRONMENT, Database
from office.doors.first_admin import has_accounts
from office.doors.keys import ENVIRONMENT as KEY_FILE
from office.doors.keys import load_keys, refuse_open_to_others
from office.doors.own_account import need_session
from office.doors.refusals import refusals_told
from office.doors.rules import load_doors
from office.doors.sessions import sign_out
from office.doors.sign_in import Presented, SignedIn, sign_in
from office.doors.tokens import system_of

WHO, TOKEN = "YICHA_ACTOR", "YICHA_TOKEN"
_SOURCE = "shell"


def add_store(parser: argparse.ArgumentParser) -> None:
    """The store every command works on."""
    parser.add_argument("--store", metavar="URL", help="SQLite file or postgresql://…; else "
                        f"{ENVIRONMENT}, else {DEFAULT_FILE.as_posix()}")  # fmt: skip


def add_language(parser: argparse.ArgumentParser) -> None:
    """The language of what is printed."""
    parser.add_argument("--lang", choices=["zh", "en"], help="language of what is printed")


def add_actor(parser: argparse.ArgumentParser, role: str = "prosecutor") -> None:
    """Who acts; on a store without accounts in which roles (usually `role`)."""
    add_person(parser)
    parser.add_argument("--role", action="append", choices=ROLES,
                        help=f"on a store without accounts: in which role (usually {role})")  # fmt: skip
    parser.set_defaults(usual_role=role)


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
            return _asked(words)
        line = next(self._lines, None)
        if line is None:
            raise PolicyError(f"the file of secrets does not say: {words}", field="secrets",
                              remedy="one answer a line, in the order of the questions")  # fmt: skip
        return line


def _asked(words: str) -> str:
    """Asked at the terminal, unseen; `PolicyError` where there is none."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", getpass.GetPassWarning)
            return getpass.getpass(f"{words}: ")
    except (getpass.GetPassWarning, EOFError, OSError) as error:
        raise PolicyError(f"there is no terminal to ask at: {words} · 没有可供输入的终端", field="secrets",
                          remedy=f"give --secrets FILE (chmod 600), or a system's token in {TOKEN}"
                          ) from error  # fmt: skip


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
def signed_in(
    arguments: argparse.Namespace, database: Database, at: str, secrets: Secrets | None = None
) -> Iterator[Actor]:
    """Who acts, signed in for this command only; what they may not do is told in the history.

    `PolicyError` where they do not get in, or have a password to change or a second factor to set up
    first (`python -m office account`).
    """
    come = come_in(arguments, database, secrets or Secrets(arguments.secrets), at)
    try:
        actor = need_session(database, come.token, at=at, rules=load_doors()).actor
        with refusals_told(database, actor, at=at, source=_SOURCE):
            yield actor
    finally:
        sign_out(database, come.token, at=at)


class Desk(NamedTuple):
    """What a command works with: the store, who acts, where further secrets are asked for."""

    database: Database
    actor: Actor
    secrets: Secrets


@contextmanager
def at_work(arguments: argparse.Namespace, at: str, *, create: bool = False) -> Iterator[Desk]:
    """The store opened, and who acts on it: a system by its token, a person signed in, or on a store
    without accounts whoever is named, in the role they say.
    """
    with opened_store(arguments, create=create) as database:
        secrets = Secrets(arguments.secrets)
        if not os.environ.get(TOKEN) and has_accounts(database):
            if arguments.role:
                raise PolicyError("roles are those of the account here", field="role",
                                  remedy="leave --role out; rights are given by `python -m office person`")  # fmt: skip
            with signed_in(arguments, database, at, secrets) as actor:
                yield Desk(database, actor, secrets)
            return
        actor = _system(database, at) or named_actor(arguments)
        with refusals_told(database, actor, at=at, source=_SOURCE):
            yield Desk(database, actor, secrets)


def _system(database: Database, at: str) -> Actor | None:
    """The system whose token stands in the environment; `PolicyError` where it holds no longer."""
    text = os.environ.get(TOKEN)
    if not text:
        return None
    found = system_of(database, text, at=at, rules=load_doors())
    if found is None:
        raise PolicyError("the token is unknown, revoked or ran out · 令牌无效", field=TOKEN,
                          remedy="ask the security administrator for one: `python -m office token add`")  # fmt: skip
    return found


def named_actor(arguments: argparse.Namespace) -> Actor:
    """Whoever is named, in the role they say: only for a store that has no account."""
    name = arguments.by or os.environ.get(WHO) or ""
    if not name and not arguments.role and arguments.usual_role in MACHINE.roles:
        return MACHINE
    return Actor(name, tuple(arguments.role or (arguments.usual_role,)))


def language_of(arguments: argparse.Namespace) -> str:
    """`zh` or `en`: as asked for, else as the system speaks."""
    return "zh" if (arguments.lang or language()) == "zh" else "en"


def english(arguments: argparse.Namespace) -> bool:
    """Whether to print English."""
    return language_of(arguments) == "en"


def utc_text(moment: datetime) -> str:
    """A moment as events name it: ISO, UTC, seconds. Commands hand in their clock."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
