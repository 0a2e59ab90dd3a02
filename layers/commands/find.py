"""Find a place by name, address, credit code or coordinates (any datum), and what is near it.

`python -m layers find "112.93,28.23 gcj02" --layers DIR --near 200`
"""

from __future__ import annotations

import argparse
import json

from layers.find import find_places
from layers.folder import LayerFolder
from layers.near import what_is_near
from layers.position import read_position


def add(parser: argparse.ArgumentParser) -> None:
    """Arguments of the command."""
    parser.add_argument("text", metavar="TEXT", help="words, or coordinates with their datum")
    parser.add_argument("--layers", required=True, metavar="DIR", help="layer folder")
    parser.add_argument("--most", type=int, default=20, metavar="N", help="rows (default: 20)")
    parser.add_argument(
        "--near", type=float, metavar="M", help="list what is within M metres of it"
    )


def run(arguments: argparse.Namespace) -> int:
    """Print one JSON line per row; 1 where nothing is found."""
    layers = LayerFolder(arguments.layers)
    place = read_position(arguments.text)
    if place is not None:
        told = {
            "lon": place.lon,
            "lat": place.lat,
            "datum": place.datum.name,
            "assumed": place.assumed,
        }
        print(json.dumps(told, ensure_ascii=False))
        at = (place.lon, place.lat)
    else:
        found = find_places(layers, arguments.text, most=arguments.most)
        print(found.to_json(orient="records", lines=True, force_ascii=False).rstrip())
        placed = found.dropna(subset=["lon"])
        if not len(placed):
            return 0 if len(found) else 1
        at = (float(placed["lon"].iloc[0]), float(placed["lat"].iloc[0]))
    if arguments.near is not None:
        near = what_is_near(layers, *at, arguments.near)
        print(near.to_json(orient="records", lines=True, force_ascii=False).rstrip())
    return 0
