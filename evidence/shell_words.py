"""What the commands of this folder share: leads, layers, imagery, purpose and people."""

from __future__ import annotations

import argparse
from pathlib import Path

from evidence.dossier import Person
from evidence.ledger import Purpose
from evidence.words import LANGS
from imagery.store import Store
from layers import LayerFolder
from leads.shell_words import add_actor, add_store


def add_leads(parser: argparse.ArgumentParser) -> None:
    """Which leads, and where everything about them lies."""
    parser.add_argument("leads", nargs="+", metavar="LEAD", help="id or number of a lead")
    add_sources(parser)


def add_sources(parser: argparse.ArgumentParser) -> None:
    """Store, layers, imagery, language, who acts, who signs."""
    add_store(parser)
    parser.add_argument("--layers", type=Path, required=True, help="folder of layers")
    parser.add_argument("--imagery", type=Path, help="imagery store, for pictures and originals")
    parser.add_argument("--lang", choices=LANGS, default="zh", help="language of what is made")
    parser.add_argument("--second", default="", metavar="NAME", help="the second person")
    parser.add_argument("--reviewer", default="", metavar="NAME", help="who reviews")
    add_actor(parser, "reviewer")


def add_purpose(parser: argparse.ArgumentParser) -> None:
    """What the ledger asks of every export."""
    parser.add_argument("--reason", required=True, help="why it leaves")
    parser.add_argument("--recipient", required=True, help="for whom")
    parser.add_argument("--until", metavar="YYYY-MM-DD", help="how long they may keep it")


def purpose_of(arguments: argparse.Namespace) -> Purpose:
    """The purpose; `YichaError` where a part is blank."""
    return Purpose(arguments.reason, arguments.recipient, arguments.until)


def layers_of(arguments: argparse.Namespace) -> LayerFolder:
    """The folder of layers; `LayerError` where there is none."""
    return LayerFolder(arguments.layers)


def imagery_of(arguments: argparse.Namespace) -> Store | None:
    """The imagery store, where one is named."""
    return Store.open(arguments.imagery) if arguments.imagery else None


def people_of(arguments: argparse.Namespace, operator: str) -> tuple[Person, ...]:
    """Who signs the sheet."""
    told = (Person("operator", operator), Person("second_person", arguments.second),
            Person("reviewer", arguments.reviewer))  # fmt: skip
    return tuple(one for one in told if one.name)
