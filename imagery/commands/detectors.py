"""List the detectors: what each looks for, what it needs, what it cannot do."""

from __future__ import annotations

import argparse
from pathlib import Path

from imagery.detectors import Needs, catalogue
from imagery.detectors._cards import cards
from imagery.shell_words import add_language, language_of
from layers.atomic import written_whole

_GIVEN = {
    "zh": {"required": "需要", "optional": "可选", "no": "不用"},
    "en": {"required": "required", "optional": "optional", "no": "not used"},
}


def add(parser: argparse.ArgumentParser) -> None:
    """The arguments of the command."""
    add_language(parser)
    parser.add_argument(
        "--write", type=Path, metavar="FILE", help="write the model cards (Markdown)"
    )


def run(arguments: argparse.Namespace) -> int:
    """Print every detector with its caveat, or write their cards."""
    if arguments.write is not None:
        with written_whole(arguments.write) as partial:
            partial.write_text(cards(), encoding="utf-8")
        return 0
    lang = language_of(arguments)
    for entry in catalogue().values():
        one = entry.detector
        title, caveat = (
            (one.title_zh, one.caveat_zh) if lang == "zh" else (one.title_en, one.caveat_en)
        )
        print(f"{one.label}  {title} → {one.theme}")
        print(f"  {needs_line(one.needs, lang)}")
        print(f"  {caveat}\n")
    return 0


def needs_line(needs: Needs, lang: str) -> str:
    """What a detector needs, in one line."""
    low, high = needs.gsd_m
    said = _GIVEN[lang]
    if lang == "zh":
        return (f"像元{low:g}–{high:g}米，至少{needs.bands}个波段；前期影像：{said[needs.reference]}；"
                f"范围：{said[needs.area]}")  # fmt: skip
    return (f"pixel {low:g}-{high:g} m, {needs.bands} bands or more; earlier scene: "
            f"{said[needs.reference]}; area: {said[needs.area]}")  # fmt: skip
