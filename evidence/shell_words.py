"""What the commands of this folder share: leads, layers, imagery, purpose and people."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from evidence.collection import Field, gaps, incomplete
from evidence.dossier import Dossier, Person
from evidence.ledger import Purpose
from evidence.redaction.sharing import shared
from evidence.redaction.watermark import watermark_text
from evidence.words import LANGS
from imagery.store import Store
from layers import LayerFolder
from leads.shell_words import add_actor, add_store
from office import Actor, Database


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


def people_of(arguments: argparse.Namespace, operator: str) -> tuple[Person, ...]:
    """Who signs the sheet."""
    told = (Person("operator", operator), Person("second_person", arguments.second),
            Person("reviewer", arguments.reviewer))  # fmt: skip
    return tuple(one for one in told if one.name)


def mark_of(arguments: argparse.Namespace, actor: Actor, at: str) -> str:
    """What stands on every page and picture of this copy."""
    return watermark_text(actor.name, arguments.recipient, at)


def leaving(
    dossiers: Iterable[Dossier], arguments: argparse.Namespace, db: Database, actor: Actor, at: str
) -> Iterator[Dossier]:
    """The dossiers as they go out: watermarked, blank records told; redacted with `--share`."""
    mark, store = mark_of(arguments, actor, at), imagery_of(arguments)
    for dossier in dossiers:
        blank = None if arguments.share else gaps(blank_records(db, store, [dossier]))
        told = replace(
            dossier, watermark=mark, notices=[*dossier.notices, *([blank] if blank else [])]
        )
        yield shared(db, told, text=mark) if arguments.share else told


def blank_records(
    db: Database, store: Store | None, dossiers: Iterable[Dossier]
) -> Mapping[str, tuple[Field, ...]]:
    """The scenes the dossiers carry whose collection records are not complete."""
    if store is None:
        return {}
    return incomplete(db, store, sorted({one.scene_id for dossier in dossiers for one in dossier.pictures
                                         if one.scene_id}))  # fmt: skip
