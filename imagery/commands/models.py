"""List the office's own models: what they were made of, what they did, which one is in use."""

from __future__ import annotations

import argparse
from pathlib import Path

from imagery.shell_words import add_language, language_of
from imagery.training import models_in


def add(parser: argparse.ArgumentParser) -> None:
    """The arguments of the command."""
    parser.add_argument("folder", type=Path, nargs="?", default=Path("models"), help="(models)")
    add_language(parser)


def run(arguments: argparse.Namespace) -> int:
    """Print one line per model."""
    english = language_of(arguments) == "en"
    found = models_in(arguments.folder)
    for one in found:
        card = one.card
        mark = "*" if one.present else " "
        precision = card.get("mean_average_precision")
        told = "—" if precision is None else f"{precision:.3f}"
        scenes = len(card.get("scenes", ()))
        print(f"{mark} {one.name:<20} {card.get('made', ''):<11} AP {told}  "
              f"{scenes} {'scenes' if english else '景'}  {str(card.get('sha256', ''))[:12]}")  # fmt: skip
    if not any(one.present for one in found):
        print("cells are ranked by hand" if english else "未启用模型：按规则排序")
    return 0
