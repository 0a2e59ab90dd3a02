"""Say which part of an area has been seen, by which scene, how long ago, and what has not."""

from __future__ import annotations

import argparse
import json
import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from imagery.catalogue import Coverage, coverage
from imagery.shell_words import KINDS, add_language, add_store, area_of, language_of
from imagery.store import Store
from layers.atomic import write_text
from layers.errors import ImageryError

_WORDS = {
    "area": ("面积", "area"), "seen": ("有影像", "seen"), "gap": ("无影像", "not seen"),
    "days": ("天前", "days old"), "undated": ("时间不明，未计入", "undated, not counted"),
    "later": ("晚于该日，未计入", "taken later, not counted"), "on": ("截至", "as of"),
}  # fmt: skip


def add(parser: argparse.ArgumentParser) -> None:
    """The arguments of the command."""
    parser._negative_number_matcher = re.compile(r"^-\d")
    parser.add_argument("area", metavar="W,S,E,N|FILE",
                        help="degrees, or a GeoJSON file, or a layer file")  # fmt: skip
    add_store(parser)
    add_language(parser)
    parser.add_argument("--on", metavar="DAY", help="as of this day (default: today)")
    parser.add_argument("--kind", action="append", choices=list(KINDS), help="may be repeated")
    parser.add_argument("--geojson", type=Path, metavar="FILE", help="write parts and gaps")


def run(arguments: argparse.Namespace) -> int:
    """Print the parts, newest first, and the gaps."""
    area = area_of(arguments.area)
    if area is None:
        raise ImageryError("there is no area", remedy="give W,S,E,N or a file")
    today = datetime.now().astimezone().date().isoformat()
    found = coverage(Store.open(arguments.store, create=False), area, arguments.on or today,
                     arguments.kind)  # fmt: skip
    print("\n".join(_lines(found, language_of(arguments))))
    if arguments.geojson:
        write_text(arguments.geojson, json.dumps(found.as_geojson(), ensure_ascii=False) + "\n")
    return 0


def _lines(found: Coverage, lang: str) -> Iterator[str]:
    say = {key: words[lang == "en"] for key, words in _WORDS.items()}
    yield (f"{say['on']} {found.on_date}: {say['area']} {found.area_m2:,.0f} m², {say['seen']} "
           f"{_share(found.covered_m2, found)}, {say['gap']} {_share(found.gap_m2, found)}")  # fmt: skip
    for piece in found.pieces:
        yield (f"{piece.day}  {piece.age_days:>6} {say['days']}  {_share(piece.m2, found):>22}  "
               f"{piece.scene}  {piece.title}")  # fmt: skip
    for key in ("undated", "later"):
        if scenes := getattr(found, key):
            yield f"{say[key]}: {', '.join(scenes)}"


def _share(m2: float, found: Coverage) -> str:
    return f"{m2:,.0f} m² ({100 * m2 / found.area_m2:.1f} %)"
