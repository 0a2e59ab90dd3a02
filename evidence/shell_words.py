"""What the commands of this folder share: leads, layers, imagery, purpose and people."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from evidence.ledger import Purpose
from evidence.outgoing import Ground, Kind, Order
from evidence.words import LANGS
from imagery.store import Store
from layers import LayerFolder
from leads.shell_steps import CHINA
from office import Actor, Database
from office.shell_words import add_actor, add_store, utc_text


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


def add_share(parser: argparse.ArgumentParser) -> None:
    """The redacted copy."""
    parser.add_argument("--share", action="store_true", help="a redacted copy: names masked, points of traders "
                        "coarse, pictures covered; no originals")  # fmt: skip


def purpose_of(arguments: argparse.Namespace) -> Purpose:
    """The purpose; `YichaError` where a part is blank."""
    return Purpose(arguments.reason, arguments.recipient, arguments.until)


def layers_of(arguments: argparse.Namespace) -> LayerFolder:
    """The folder of layers; `LayerError` where there is none."""
    return LayerFolder(arguments.layers)


def imagery_of(arguments: argparse.Namespace) -> Store | None:
    """The imagery store, where one is named."""
    return Store.open(arguments.imagery) if arguments.imagery else None


def order_of(
    arguments: argparse.Namespace, kind: Kind, leads: Sequence[str], form: str = ""
) -> Order:
    """What the arguments order."""
    return Order(
        kind, tuple(leads), purpose_of(arguments), shared=arguments.share, lang=arguments.lang,
        paper=getattr(arguments, "paper", "A4"), form=form, second=arguments.second,
        reviewer=arguments.reviewer, incomplete=getattr(arguments, "incomplete", False),
    )  # fmt: skip


def ground_of(arguments: argparse.Namespace, db: Database, actor: Actor, now: datetime) -> Ground:
    """What it is made from, now."""
    return Ground(db, layers_of(arguments), actor, now.astimezone(CHINA).isoformat(timespec="seconds"), utc_text(now),
                  imagery=imagery_of(arguments))  # fmt: skip
