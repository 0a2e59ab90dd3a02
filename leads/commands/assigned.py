"""What a person takes along to the field: their assigned leads as JSON, with forms and sketches."""

from __future__ import annotations

import argparse
import json
from datetime import UTC, datetime
from pathlib import Path

from layers import LayerFolder
from layers.atomic import write_text
from leads.field.package import package
from office.shell_words import add_actor, add_store, at_work, utc_text


def add(parser: argparse.ArgumentParser) -> None:
    """The arguments of the command."""
    parser.add_argument(
        "--layers", metavar="FOLDER", help="layers for the sketches of surroundings"
    )
    parser.add_argument("--out", metavar="FILE", help="write here instead of printing")
    add_store(parser)
    add_actor(parser, "field")


def run(arguments: argparse.Namespace) -> int:
    """Print or write the package."""
    layers = LayerFolder(Path(arguments.layers)) if arguments.layers else None
    at = utc_text(datetime.now(UTC))
    with at_work(arguments, at) as (database, actor, _):
        found = package(database, layers, actor=actor, at=at)
    text = json.dumps(found, ensure_ascii=False, indent=None if arguments.out else 1) + "\n"
    if arguments.out:
        write_text(arguments.out, text)
        print(f"{len(found['leads'])} → {arguments.out}")
    else:
        print(text, end="")
    return 0
