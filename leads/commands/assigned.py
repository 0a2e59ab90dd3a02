"""What a person takes along to the field: their assigned leads as JSON, with forms and sketches."""

from __future__ import annotations

import argparse
import json
from datetime import UTC, datetime
from pathlib import Path

from layers import LayerFolder
from layers.atomic import write_text
from leads.field.package import package
from leads.shell_words import actor_of, add_actor, add_store, open_store, utc_text


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
    database = open_store(arguments, create=False)
    try:
        found = package(database, layers, actor=actor_of(arguments), at=utc_text(datetime.now(UTC)))
    finally:
        database.close()
    text = json.dumps(found, ensure_ascii=False, indent=None if arguments.out else 1) + "\n"
    if arguments.out:
        write_text(arguments.out, text)
        print(f"{len(found['leads'])} → {arguments.out}")
    else:
        print(text, end="")
    return 0
