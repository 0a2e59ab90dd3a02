"""Write the candidates of the queue, with what people decided, as layers the checks read.

A file `<theme>.queue.parquet` per theme goes into the folder of layers, with `scene_footprint` beside
them (what the scenes show, what was searched); other files stay.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from imagery.queue import Queue
from imagery.shell_words import add_language, add_store, language_of
from imagery.store import Store
from layers import read_layer


def add(parser: argparse.ArgumentParser) -> None:
    """The arguments of the command."""
    add_store(parser)
    parser.add_argument("--layers", type=Path, required=True, metavar="DIR",
                        help="folder of layers to write into")  # fmt: skip
    parser.add_argument("--theme", action="append", metavar="THEME",
                        help="only this theme; may be repeated")  # fmt: skip
    add_language(parser)


def run(arguments: argparse.Namespace) -> int:
    """Print one line per layer."""
    queue = Queue.open(Store.open(arguments.store, create=False))
    english = language_of(arguments) == "en"
    for theme, path in queue.publish(arguments.layers, arguments.theme).items():
        said = read_layer(path).frame["confirmed"]
        yes, no, rest = int(said.eq(True).sum()), int(said.eq(False).sum()), int(said.isna().sum())
        print(f"{theme}: {len(said)} (yes {yes}, no {no}, not decided {rest}) → {path}" if english
              else f"{theme}：{len(said)} 个（是 {yes}，否 {no}，未定 {rest}）→ {path}")  # fmt: skip
    return 0
