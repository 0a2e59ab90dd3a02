"""Write what the scenes of a store show, on which day, as the layer that look-back checks read.

Ground counts as searched where a detector of the queue ran and a person answered every candidate.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from imagery.queue import Queue
from imagery.shell_words import add_language, add_store, language_of
from imagery.store import Store


def add(parser: argparse.ArgumentParser) -> None:
    """The arguments of the command."""
    add_store(parser)
    parser.add_argument("--out", type=Path, required=True, metavar="FILE",
                        help="layer to write (.parquet)")  # fmt: skip
    add_language(parser)


def run(arguments: argparse.Namespace) -> int:
    """Print how many scenes and how many of them were searched."""
    layer = Queue.open(Store.open(arguments.store, create=False)).footprints()
    layer.write(arguments.out)
    scenes = layer.frame["scene_id"].nunique()
    searched = int(layer.frame["searched"].notna().sum())
    english = language_of(arguments) == "en"
    print(f"{scenes} scenes, {searched} searched areas → {arguments.out}" if english
          else f"{scenes} 景影像，{searched} 处已检测范围 → {arguments.out}")  # fmt: skip
    return 0
