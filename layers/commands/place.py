"""Fetch the OpenStreetMap extract of a named place; opens the network, so only with --online.

Writes an .osm file that `python -m layers osm` reads like any other extract.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from layers.sources.place_name import extract_of_place


def add(parser: argparse.ArgumentParser) -> None:
    """Arguments of the command."""
    parser.add_argument("name", metavar="NAME", help='such as "海淀区, 北京市"')
    parser.add_argument("--out", type=Path, required=True, metavar="FILE.osm")
    parser.add_argument("--online", action="store_true", help="allow the connection")
    parser.add_argument("--nominatim", metavar="URL", help="the office's own name server")
    parser.add_argument("--overpass", metavar="URL", help="the office's own map server")


def run(arguments: argparse.Namespace) -> int:
    """Fetch, write, and say what to do next."""
    file = extract_of_place(
        arguments.name, arguments.out, online=arguments.online,
        nominatim=arguments.nominatim, overpass=arguments.overpass,
    )  # fmt: skip
    print(f"→ {file} ({file.stat().st_size:,} bytes, ODbL 1.0, © OpenStreetMap contributors)")
    print(f"python -m layers osm {file} --out DIR")
    return 0
