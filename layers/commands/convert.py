"""Convert coordinates between datums: `convert --from gcj02 --to wgs84 105.4812 26.2139`.

Prints `lon lat` (or easting northing) with 12 decimals. Without a coordinate it reads
lines of `lon lat` from standard input and writes one line for each.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Iterable

import numpy as np

from layers.datum import KNOWN, Datum, axes_swapped, convert, from_wgs84, parse_datum
from layers.errors import DatumError, SourceError

_NUMBER = re.compile(r"^-(?:\d|\.\d)")


def add(parser: argparse.ArgumentParser) -> None:
    """The arguments of the command."""
    # without this argparse takes "-1.5e2" or "-.5" for an option
    parser._negative_number_matcher = _NUMBER
    parser.add_argument("--from", dest="source", required=True, metavar="DATUM", help=KNOWN)
    parser.add_argument(
        "--to", dest="target", required=True, metavar="DATUM", help="the same names"
    )
    parser.add_argument("coordinate", nargs="*", metavar="LON LAT",
                        help="degrees, or easting and northing; without it: lines from stdin")  # fmt: skip


def run(arguments: argparse.Namespace) -> int:
    """Convert the coordinate given, or every line of standard input."""
    source, target = parse_datum(arguments.source), parse_datum(arguments.target)
    if arguments.coordinate:
        x, y, rows = read_lines([" ".join(arguments.coordinate)], "command line")
    else:
        x, y, rows = read_lines(_standard_input(), "standard input")
    for line in converted(x, y, rows, source, target):
        sys.stdout.write(line + "\n")
    return 0


def read_lines(lines: Iterable[str], name: str) -> tuple[np.ndarray, np.ndarray, list[int]]:
    """Numbers of lines `lon lat` (blank, comma or tab between) and their line numbers.

    Empty lines are left out. Raises `SourceError` naming the first line that is not two
    finite numbers.
    """
    pairs, rows = [], []
    for row, line in enumerate(lines, 1):
        words = re.split(r"[\s,，;]+", line.strip().lstrip("\ufeff").strip())
        if words == [""]:
            continue
        pairs.append(_pair(words, row, name))
        rows.append(row)
    table = np.array(pairs, dtype=float).reshape(-1, 2)
    return table[:, 0], table[:, 1], rows


def converted(
    x: np.ndarray, y: np.ndarray, rows: list[int], source: Datum, target: Datum
) -> list[str]:
    """Lines `x y` with 12 decimals; raises `DatumError` naming a line that cannot be converted."""
    done = convert(x, y, source)
    for at, error in done.problems.items():
        raise DatumError(error.problem, remedy=error.remedy, row=rows[at])
    if axes_swapped(x, y, source):
        sys.stderr.write("note: the columns hold northing, easting (X = north): exchanged\n")
    first, second = from_wgs84(done.lon, done.lat, target)
    for at in map(int, np.flatnonzero(np.isnan(first) | np.isnan(second))):
        raise DatumError(
            f"{target.en} is not defined at {done.lon[at]:.6f} {done.lat[at]:.6f}",
            remedy="choose another datum or zone for this place",
            row=rows[at],
        )
    return [f"{a:.12f} {b:.12f}" for a, b in zip(first, second, strict=True)]


def _standard_input() -> Iterable[str]:
    try:
        return sys.stdin.read().splitlines()
    except UnicodeDecodeError:
        raise SourceError(
            "this is not text",
            remedy="write one `lon lat` per line as plain text",
            file="standard input",
        ) from None


def _pair(words: list[str], row: int, name: str) -> tuple[float, float]:
    try:
        first, second = (float(word) for word in words)
    except ValueError:
        pass
    else:
        if np.isfinite(first) and np.isfinite(second):
            return first, second
    raise SourceError(
        f"{' '.join(words)[:60]!r} is not two numbers",
        remedy="write one `lon lat` per line, in decimal degrees or metres",
        file=name,
        row=row,
    )
