"""Measure the shortest walk between two places (prints metres).

The number goes to standard output, its explanation to standard error.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from shapely.geometry import mapping

from layers.errors import NetworkError
from layers.folder import LayerFolder
from layers.walking import MAX_SNAP_M, Walk, WalkNetwork, build_network, snap, walk_paths

REACH_M = 20_000.0


def add(parser: argparse.ArgumentParser) -> None:
    """Arguments of the command."""
    where = parser.add_mutually_exclusive_group(required=True)
    where.add_argument("--osm", metavar="FILE", help="OpenStreetMap extract (.osm.pbf, .osm)")
    where.add_argument("--layers", metavar="DIR", help="layer folder with a walking network")
    for number in (1, 2):
        parser.add_argument(f"lon{number}", type=_degrees(180), metavar=f"LON{number}")
        parser.add_argument(f"lat{number}", type=_degrees(90), metavar=f"LAT{number}")
    parser.add_argument(
        "--geojson", metavar="FILE", help="write the path as a GeoJSON feature (- for stdout)"
    )
    parser.add_argument(
        "--max-snap", type=_metres, default=MAX_SNAP_M, metavar="M",
        help="how far a place may lie from the nearest way (default: %(default)g)",
    )  # fmt: skip
    parser.add_argument(
        "--reach", type=_metres, default=REACH_M, metavar="M",
        help="longest walk looked for (default: %(default)g)",
    )  # fmt: skip
    parser.add_argument("--ferries", action="store_true", help="with --osm: walk aboard ferries")


def run(arguments: argparse.Namespace) -> int:
    """Measure, explain, print."""
    network = _network(arguments)
    places = np.array([
        [arguments.lon1, arguments.lat1], [arguments.lon2, arguments.lat2],
    ])  # fmt: skip
    walk = walk_paths(network, places[:1], places[1:], arguments.reach, snap_m=arguments.max_snap)[
        0
    ]
    if walk is None:
        raise _no_walk(network, places, arguments)
    print(_explain(walk), file=sys.stderr)
    text = json.dumps(_feature(walk), ensure_ascii=False, indent=1)
    if arguments.geojson == "-":
        print(text)
        print(f"{walk.metres:.1f}", file=sys.stderr)
        return 0
    if arguments.geojson:
        Path(arguments.geojson).write_text(text + "\n", encoding="utf-8")
    print(f"{walk.metres:.1f}")
    return 0


def _network(arguments: argparse.Namespace) -> WalkNetwork:
    if arguments.osm:
        return build_network(arguments.osm, ferries=arguments.ferries)
    network = LayerFolder(arguments.layers).walking
    if network is None:
        raise NetworkError(
            "this layer folder has no walking network",
            remedy="make one with `python -m layers osm FILE.osm.pbf --out DIR`, or use --osm",
            file=arguments.layers,
        )
    return network


def _no_walk(
    network: WalkNetwork, places: np.ndarray, arguments: argparse.Namespace
) -> NetworkError:
    """Say why there is no walk, and what would help."""
    snaps = snap(network, places, arguments.max_snap)
    for number, edge in enumerate(snaps.edge, start=1):
        if edge < 0:
            return NetworkError(
                f"place {number} has no way within {arguments.max_snap:g} m",
                remedy="check the coordinate (longitude first, WGS 84), take an extract that "
                "covers it, or allow more with --max-snap",
            )
    components = network.component_of(snaps.edge)
    if components[0] != components[1]:
        return NetworkError(
            "no walkable way connects the two places",
            remedy="look at the map: a bridge or a footway may be missing in it; "
            "--ferries also walks aboard ferries",
        )
    return NetworkError(
        f"there is no walk of at most {arguments.reach:g} m",
        remedy="look farther with --reach",
    )


def _explain(walk: Walk) -> str:
    passes = f"; passes {', '.join(walk.passes)}" if walk.passes else ""
    if "direct" in walk.passes:
        return f"{walk.metres:.1f} m straight: nearer to each other than to the network"
    return (
        f"{walk.from_snap_m:.1f} m to the network + {walk.network_m:.1f} m along it "
        f"+ {walk.to_snap_m:.1f} m from the network{passes}"
    )


def _feature(walk: Walk) -> dict[str, Any]:
    first, last = walk.on_network
    end = len(walk.line.coords) - 1
    parts = [
        {"part": "to_network", "metres": round(walk.from_snap_m, 3), "points": [0, first]},
        {"part": "network", "metres": round(walk.network_m, 3), "points": [first, last]},
        {"part": "from_network", "metres": round(walk.to_snap_m, 3), "points": [last, end]},
    ]
    properties = {
        "metres": round(walk.metres, 3),
        "parts": parts,
        "osm_ways": list(walk.ways),
        "passes": list(walk.passes),
    }
    return {"type": "Feature", "geometry": mapping(walk.line), "properties": properties}


def _degrees(limit: float) -> Callable[[str], float]:
    def degrees(text: str) -> float:
        value = float(text)
        if not abs(value) <= limit:
            raise argparse.ArgumentTypeError(f"{text} is not within ±{limit:g} degrees")
        return value

    return degrees


def _metres(text: str) -> float:
    value = float(text)
    if not 0 < value < float("inf"):
        raise argparse.ArgumentTypeError(f"{text} is not a length in metres")
    return value
