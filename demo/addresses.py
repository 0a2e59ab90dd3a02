"""Streets and house numbers: odd on one side, even on the other, each number once."""

from __future__ import annotations

import numpy as np

from demo.graph import StreetGraph
from demo.shapes import Array
from demo.survey import Survey
from demo.world import World


def addresses(seen: Survey, graph: StreetGraph, world: World) -> tuple[Array, Array]:
    """Street (or village) name and house number of every place of a survey."""
    street = np.array(graph.names, dtype=object)[seen.joins.piece]
    villages = [node for node in world.nodes if node.tags.get("place") == "village"]
    centres = np.array([node.point for node in villages])
    gaps = seen.places[:, None] - centres[None]
    near = np.hypot(gaps[..., 0], gaps[..., 1]).argmin(axis=1)
    names = np.array([node.tags["name"] for node in villages], dtype=object)[near]
    street = np.where(street == "", names, street)
    return street, _numbers(street, seen.places, graph.feet(seen.joins))


def _numbers(street: Array, places: Array, feet: Array) -> Array:
    number = np.zeros(len(street), dtype=int)
    for name in sorted(set(street.tolist())):
        mine = np.flatnonzero(street == name)
        axis = int(np.ptp(places[mine, 1]) > np.ptp(places[mine, 0]))
        left = places[mine, 1 - axis] > feet[mine, 1 - axis]
        for side, first in ((left, 1), (~left, 2)):
            ordered = mine[side][np.argsort(places[mine[side], axis], kind="stable")]
            number[ordered] = first + 2 * np.arange(len(ordered))
    return number
