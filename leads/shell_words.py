"""What the commands of this folder share: the store, who acts, the language, the time of an event."""

from __future__ import annotations

import argparse
import os
from datetime import UTC, datetime

from layers.commands.import_ import language
from office import Actor, Database
from office.actors import ROLES
from office.database import DEFAULT_FILE, ENVIRONMENT

WHO = "YICHA_ACTOR"
"""Environment variable naming the person where `--by` does not."""


def add_store(parser: argparse.ArgumentParser) -> None:
    """The store every command works on."""
    parser.add_argument("--store", metavar="URL", help="SQLite file or postgresql://…; else "
                        f"{ENVIRONMENT}, else {DEFAULT_FILE.as_posix()}")  # fmt: skip


def add_actor(parser: argparse.ArgumentParser, role: str = "prosecutor") -> None:
    """Who acts, and in which roles (usually `role`)."""
    parser.add_argument("--by", metavar="NAME", help=f"who acts; else {WHO}")
    parser.add_argument("--role", action="append", choices=ROLES,
                        help=f"in which role, several times for several (usually {role})")  # fmt: skip
    parser.set_defaults(usual_role=role)


def add_language(parser: argparse.ArgumentParser) -> None:
    """The language of what is printed."""
    parser.add_argument("--lang", choices=["zh", "en"], help="language of what is printed")


def open_store(arguments: argparse.Namespace, *, create: bool = True) -> Database:
    """The store that is meant, opened and up to date; `StoreError` where it cannot be.

    With `create=False` a store that is not there is an error, not an empty store.
    """
    return Database.open(arguments.store, create=create)


def actor_of(arguments: argparse.Namespace) -> Actor:
    """Who acts; `PolicyError` where nobody is named."""
    name = arguments.by or os.environ.get(WHO) or ""
    return Actor(name, tuple(arguments.role or (arguments.usual_role,)))


def language_of(arguments: argparse.Namespace) -> str:
    """`zh` or `en`: as asked for, else as the system speaks."""
    return "zh" if (arguments.lang or language()) == "zh" else "en"


def utc_text(moment: datetime) -> str:
    """A moment as events name it: ISO, UTC, seconds. Commands hand in their clock."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
