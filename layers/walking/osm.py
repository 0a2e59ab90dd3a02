"""The one pass over an OpenStreetMap file: walkable ways and closed barriers as flat arrays."""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import osmium

from layers.errors import NetworkError
from layers.sources.osm_pbf import check_texts
from layers.walking.access import AREA, KINDS, stops_feet, way_flags

UNKNOWN = np.iinfo(np.int32).max
"""Fixed-point coordinate of a node that the file refers to but does not contain."""
SCALE = 1e-7
"""Degrees per unit of OpenStreetMap's fixed-point coordinates."""
_LIMIT = np.array([1_800_000_000, 900_000_000])
"""A node beyond ±180°, ±90° is as good as missing."""
_POLYGONS = {"multipolygon"}


@dataclass(frozen=True)
class WayTable:
    """Walkable ways: way `i` owns the entries `start[i]:start[i + 1]` of `node` and `xy`.

    `node` holds OpenStreetMap node ids, `xy` fixed-point longitude and latitude (`UNKNOWN`
    where the node is missing), `way` the ids and `flags` the bits of `access`; `closed` the
    ids of barrier nodes that stop feet.
    """

    node: np.ndarray
    xy: np.ndarray
    start: np.ndarray
    way: np.ndarray
    flags: np.ndarray
    closed: np.ndarray


@dataclass
class _Pile:
    """Growing arrays while the file is read."""

    node: array[int] = field(default_factory=lambda: array("q"))
    xy: array[int] = field(default_factory=lambda: array("i"))
    start: array[int] = field(default_factory=lambda: array("q", [0]))
    way: array[int] = field(default_factory=lambda: array("q"))
    flags: array[int] = field(default_factory=lambda: array("H"))
    closed: array[int] = field(default_factory=lambda: array("q"))

    def add_way(self, way: osmium.osm.Way, flags: int) -> None:
        for node in way.nodes:
            self.node.append(node.ref)
            self.xy.append(node.x)
            self.xy.append(node.y)
        self.start.append(len(self.node))
        self.way.append(way.id)
        self.flags.append(flags)

    def freeze(self) -> WayTable:
        xy = np.array(self.xy, dtype=np.int32).reshape(-1, 2)
        xy[(np.abs(xy.astype(np.int64)) > _LIMIT).any(axis=1)] = UNKNOWN
        return WayTable(
            node=np.array(self.node, dtype=np.int64),
            xy=xy,
            start=np.array(self.start, dtype=np.int64),
            way=np.array(self.way, dtype=np.int64),
            flags=np.array(self.flags, dtype=np.uint16),
            closed=np.unique(np.array(self.closed, dtype=np.int64)),
        )


def read_ways(path: str | Path, *, ferries: bool = False) -> WayTable:
    """The ways of an .osm, .osm.gz or .osm.pbf file that people walk on.

    Rings of multipolygon relations (squares) count with the tags of their relation. Raises
    `NetworkError` for a file that is missing, damaged, out of order or without such ways, and
    `SourceError` for a PBF file that the library could not survive.
    """
    file = Path(path)
    if not file.is_file():
        raise NetworkError(
            "the OpenStreetMap file does not exist",
            remedy="check the path; extracts end in .osm.pbf or .osm",
            file=file,
        )
    check_texts(file)
    try:
        table = _read(str(file), ferries)
    except (
        osmium.InvalidLocationError, RuntimeError, ValueError, OSError, OverflowError,
    ) as error:  # fmt: skip
        raise NetworkError(
            f"the OpenStreetMap file cannot be read ({error})",
            remedy="get the extract again; it must be complete .osm, .osm.gz or .osm.pbf",
            file=file,
        ) from error
    if not (table.xy[:, 0] != UNKNOWN).any():
        raise NetworkError(
            "the file holds no way that people walk on, or no nodes for its ways",
            remedy="take an extract with roads and their nodes: nodes before ways, positive ids",
            file=file,
        )
    return table


def _read(file: str, ferries: bool) -> WayTable:
    pile, rings = _Pile(), _rings_of_squares(file)
    kinds = osmium.filter.KeyFilter("barrier", *KINDS)
    for thing in _nodes_and_ways(file, kinds):
        tags = _tags(thing)
        if thing.is_node():
            if stops_feet(tags):
                pile.closed.append(thing.id)
        elif (flags := way_flags(tags, ferries=ferries)) is not None:
            pile.add_way(thing, flags)
            rings.pop(thing.id, None)
    if rings:
        wanted = osmium.filter.IdFilter(rings)
        for thing in _nodes_and_ways(file, wanted):
            if thing.is_way():
                pile.add_way(thing, rings[thing.id])
    return pile.freeze()


def _nodes_and_ways(file: str, only: osmium.BaseFilter) -> Iterator[Any]:
    entities = osmium.osm.NODE | osmium.osm.WAY
    return iter(osmium.FileProcessor(file, entities).with_locations().with_filter(only))


def _rings_of_squares(file: str) -> dict[int, int]:
    """Way id → flags of the rings of pedestrian multipolygons."""
    rings: dict[int, int] = {}
    only = osmium.filter.KeyFilter("highway")
    relations: Any = osmium.FileProcessor(file, osmium.osm.RELATION).with_filter(only)
    for relation in relations:
        tags = _tags(relation)
        if tags.get("type") in _POLYGONS and (flags := way_flags(tags)) is not None:
            rings.update({m.ref: flags | AREA for m in relation.members if m.type == "w"})
    return rings


def _tags(thing: osmium.osm.Node | osmium.osm.Way | osmium.osm.Relation) -> Mapping[str, str]:
    return {tag.k: tag.v for tag in thing.tags}
