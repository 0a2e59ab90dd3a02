"""Place the rows of a layer that have an address but no position, by the layers at hand.

Nothing is fetched. Rows already placed stay as they are; what cannot be placed goes into the
queue with the reason and what would help.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from layers.commands.import_ import language
from layers.folder import LayerFolder
from layers.geocoding import METHODS, PROBLEMS, geocode_layer, write_queue
from layers.layer import Layer, read_layer

_WORDS = {
    "zh": ("原已定位", "本次定位", "未定位", "误差中位数", "待核实清单", "行"),
    "en": ("placed before", "placed now", "not placed", "median error", "queue", "rows"),
}


def add(parser: argparse.ArgumentParser) -> None:
    """Arguments of the command."""
    parser.add_argument("file", type=Path, metavar="IN.parquet", help="layer with unplaced rows")
    parser.add_argument("--layers", type=Path, required=True, metavar="DIR",
                        help="layers to place by: roads, townships, places, shops")  # fmt: skip
    parser.add_argument("--out", type=Path, required=True, help="layer file to write (.parquet)")
    parser.add_argument("--queue", type=Path, metavar="FILE", help="what could not be placed (CSV)")
    parser.add_argument("--county", action="append", default=[], metavar="NAME",
                        help="county that the layers show, where they do not tell (may repeat)")  # fmt: skip
    parser.add_argument("--lang", choices=["zh", "en"], help="language of report and queue")


def run(arguments: argparse.Namespace) -> int:
    """Geocode, write layer and queue, print the counts per method."""
    lang = arguments.lang or language()
    layer = read_layer(arguments.file)
    done = geocode_layer(layer, LayerFolder(arguments.layers), arguments.county)
    done.write(arguments.out)
    print("\n".join(report(layer, done, lang)))
    if arguments.queue is not None:
        count = write_queue(done, arguments.queue, lang)
        words = _WORDS[lang]
        print(f"{words[4]}: {arguments.queue} ({count:,} {words[5]})")
    return 0


def report(before: Layer, after: Layer, lang: str) -> list[str]:
    """Counts per method with the median error, then counts per problem."""
    words, english = _WORDS[lang], lang == "en"
    frame = after.frame[after.frame["id"].isin(before.unplaced["id"])]
    lines = [f"{words[0]}: {len(before.placed):,}"]
    placed = frame[frame["geocode_method"].notna()]
    lines.append(f"{words[1]}: {len(placed):,}")
    for method, text in METHODS.items():
        rows = placed[placed["geocode_method"] == method]
        if len(rows):
            median = rows["u_source_m"].astype(float).median()
            lines.append(f"  {method:<16} {len(rows):>7,}   ±{median:,.0f} m   {text[english]}")
    missing = frame[frame["geocode_method"].isna()]
    lines.append(f"{words[2]}: {len(missing):,}")
    for problem, texts in PROBLEMS.items():
        rows = missing[missing["geocode_problem"] == problem]
        if len(rows):
            lines.append(f"  {problem:<16} {len(rows):>7,}   {texts[2 if english else 0]}")
    return lines
