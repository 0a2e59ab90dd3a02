"""List all scenes of a store, oldest first."""

from __future__ import annotations

import argparse

from imagery.catalogue import footprints
from imagery.shell_words import add_language, add_store, language_of, scene_lines
from imagery.store import Store


def add(parser: argparse.ArgumentParser) -> None:
    """The arguments of the command."""
    add_store(parser)
    add_language(parser)


def run(arguments: argparse.Namespace) -> int:
    """Print a line per scene."""
    scenes = footprints(Store.open(arguments.store, create=False)).sort_values(["start", "id"])
    for line in scene_lines(scenes, language_of(arguments)):
        print(line)
    return 0
