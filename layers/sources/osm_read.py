"""OpenStreetMap files object by object: tags and geometry by theme, and what was incomplete.

One pass over the file; a second, short one only where an area could not be closed because nodes
or members lie outside the extract. A line is cut where a node is missing, never drawn across.
"""

from __future__ import annotations

import bz2
import gzip
import tempfile
import zlib
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import osmium
import shapely
from osmium import filter as osmium_filter
from osmium import geom
from osmium.osm import AREA as AREAS
from osmium.osm import NODE as NODES
from osmium.osm import RELATION as RELATIONS
from osmium.osm import WAY as WAYS
from osmium.osm import Area, Node, Relation, Way

from layers.errors import SourceError
from layers.sources.bounded import check_size, check_unpacked
from layers.sources.osm_objects import KEPT_WHOLE, Found, Lost, Objects
from layers.sources.osm_pbf import check_texts, is_pbf
from layers.sources.osm_tags import AREA, KEYS, LINE, NODE, themes_of
from layers.sources.raw import DEFAULT_LIMITS, MEBIBYTE, Limits

_READ_ERRORS = (
    osmium.InvalidLocationError, RuntimeError, ValueError, OverflowError, OSError, SystemError,
)  # fmt: skip
"""What the OpenStreetMap library raises for damage: its own errors and those of text and numbers."""
_FORMATS = (
    (b"\x1f\x8b", "osm.gz"), (b"BZh", "osm.bz2"), (b"<", "osm"), (b"\xef\xbb\xbf<", "osm"),
)  # fmt: skip


def read_objects(path: str | Path, *, limits: Limits = DEFAULT_LIMITS) -> Objects:
    """Read an OpenStreetMap file (.osm, .osm.pbf, .osm.gz, .osm.bz2), known by its content.

    Raises `SourceError` for anything else, and for a damaged file: nothing is read by halves.
    """
    source = Path(path)
    packed = check_size(source, limits)
    name = _format(source)
    _check_unpacked_size(source, name, packed, limits)
    check_texts(source)
    try:
        return _read(osmium.io.File(str(source), name))
    except _READ_ERRORS as error:
        if "out of order" not in str(error):
            raise _damaged(source, error) from error
    try:
        with tempfile.TemporaryDirectory() as folder:
            objects = _read(_sorted_copy(source, Path(folder)))
    except _READ_ERRORS as error:
        raise _damaged(source, error) from error
    objects.sorted_first = True
    return objects


def _format(source: Path) -> str:
    """The format by the first bytes: a wrong suffix must not decide."""
    with source.open("rb") as stream:
        head = stream.read(16)
    if is_pbf(head):
        return "osm.pbf"
    for magic, name in _FORMATS:
        if head.lstrip().startswith(magic):
            return name
    raise SourceError(
        "this is not an OpenStreetMap file",
        remedy="give an .osm.pbf or .osm file, for example an export of openstreetmap.org",
        file=source,
    )


def _check_unpacked_size(source: Path, name: str, packed: int, limits: Limits) -> None:
    """Refuse a text file that unpacks to far more than its size."""
    if name not in {"osm.gz", "osm.bz2"}:
        return
    unpacked = 0
    try:
        with gzip.open(source) if name == "osm.gz" else bz2.open(source) as stream:
            while block := stream.read(MEBIBYTE):
                unpacked += len(block)
                check_unpacked(unpacked, packed, source, limits)
    except (OSError, EOFError, ValueError, zlib.error) as error:
        raise _damaged(source, error) from error


def _damaged(source: Path, error: Exception) -> SourceError:
    return SourceError(
        f"the OpenStreetMap file is damaged or cut off ({str(error)[:80]})",
        remedy="download or export it again; `osmium fileinfo -e` shows whether it is whole",
        file=source,
    )


def _sorted_copy(source: Path, folder: Path) -> osmium.io.File:
    """A copy with nodes, ways and relations in the order of their ids, as areas need it."""
    data = osmium.MergeInputReader()
    data.add_file(str(source))
    target = folder / "sorted.osm.pbf"
    with osmium.SimpleWriter(str(target)) as writer:
        data.apply(writer)
    return osmium.io.File(str(target), "osm.pbf")


def _read(file: osmium.io.File) -> Objects:
    one_pass = _Pass()
    tagged = osmium_filter.KeyFilter(*KEYS)
    tagged.enable_for(NODES | RELATIONS | AREAS)  # every way passes: missing nodes are counted
    processor = osmium.FileProcessor(file).with_areas(osmium_filter.KeyFilter(*KEYS))
    processor = processor.with_filter(tagged)
    one_pass.objects.state_of = processor.header.get("osmosis_replication_timestamp", "")[:10]
    for thing in processor:
        one_pass.take(thing)
    one_pass.objects.lost = list(one_pass.lost(file))
    return one_pass.objects


class _Pass:
    """One pass over a file; `objects` fills while it runs."""

    def __init__(self) -> None:
        self.objects = Objects()
        self._wkb = geom.WKBFactory()
        self._open: dict[str, tuple[dict[str, str], dict[str, str], list[int]]] = {}

    def take(self, thing: object) -> None:
        """Look at one node, way, relation or area."""
        if isinstance(thing, Node):
            self._node(thing)
        elif isinstance(thing, Way):
            self._way(thing)
        elif isinstance(thing, Area):
            self._area(thing)
        elif isinstance(thing, Relation):
            self._relation(thing)

    def _node(self, node: Node) -> None:
        tags = dict(node.tags)
        themes = themes_of(tags, NODE)
        if not node.location.valid():
            self.objects.nowhere.append(f"n{node.id}")
        elif themes:
            self._add(f"n{node.id}", tags, themes, self._wkb.create_point(node))

    def _way(self, way: Way) -> None:
        line = self._line(way)
        if not way.tags:
            return
        tags, name = dict(way.tags), f"w{way.id}"
        if line is not None:
            self._add(name, tags, themes_of(tags, LINE), line)
        areas = themes_of(tags, AREA)
        if not way.is_closed():
            areas = {theme: tag for theme, tag in areas.items() if theme in KEPT_WHOLE}
        if areas and tags.get("area") != "no":
            self._open[name] = (tags, areas, [way.id])

    def _line(self, way: Way) -> str | None:
        """The way as WKB; as pieces where nodes are missing; `None` where nothing is left."""
        try:
            return self._wkb.create_linestring(way, geom.ALL)
        except osmium.InvalidLocationError:
            self.objects.ways_cut.append(way.id)
            pieces = [piece for piece in _pieces(way) if len(piece) > 1]
            lines = [shapely.LineString(piece) for piece in pieces]
            return _hex(lines)
        except RuntimeError:  # fewer than two places
            self.objects.nowhere.append(f"w{way.id}")
            return None

    def _relation(self, relation: Relation) -> None:
        tags = dict(relation.tags)
        areas = themes_of(tags, AREA)
        if areas:
            members = [member.ref for member in relation.members if member.type == "w"]
            self._open[f"r{relation.id}"] = (tags, areas, members)

    def _area(self, area: Area) -> None:
        tags = dict(area.tags)
        themes = themes_of(tags, AREA)
        if not themes:
            return
        try:
            wkb = self._wkb.create_multipolygon(area)
        except RuntimeError:  # crosses itself: stays among the open ones
            return
        name = f"{'w' if area.from_way() else 'r'}{area.orig_id()}"
        self._open.pop(name, None)
        if tags.get("building") in {"school", "kindergarten"} and "amenity" not in tags:
            self.objects.building_schools += 1
        self._add(name, tags, themes, wkb)

    def _add(self, name: str, tags: dict[str, str], themes: dict[str, str], shape: str) -> None:
        for theme, tag in themes.items():
            self.objects.themes.setdefault(theme, Found()).add(theme, name, tags, tag, shape)

    def lost(self, file: osmium.io.File) -> Iterator[Lost]:
        """The areas that were announced and never closed, with what is known of their outline."""
        wanted = {way for _, _, ways in self._open.values() for way in ways}
        if not wanted:
            return
        known: dict[int, list[np.ndarray]] = {}
        processor = osmium.FileProcessor(file, NODES | WAYS).with_locations()
        processor = processor.with_filter(osmium_filter.EntityFilter(WAYS))
        for way in processor.with_filter(osmium_filter.IdFilter(wanted)):
            if isinstance(way, Way):
                known[way.id] = list(_pieces(way))
        for name, (tags, themes, ways) in self._open.items():
            lines = tuple(piece for way in ways for piece in known.get(way, ()))
            yield Lost(name, tags, themes, lines)


def _hex(lines: list[shapely.LineString]) -> str | None:
    """Lines as one geometry in hexadecimal WKB; `None` where there are none."""
    if not lines:
        return None
    return str(
        shapely.to_wkb(lines[0] if len(lines) == 1 else shapely.multilinestrings(lines), hex=True)
    )


def _pieces(way: Way) -> Iterator[np.ndarray]:
    """Runs of nodes with a place, (n, 2) longitude and latitude each."""
    run: list[tuple[float, float]] = []
    for node in way.nodes:
        if node.location.valid():
            run.append((node.lon, node.lat))
        elif run:
            yield np.array(run)
            run = []
    if run:
        yield np.array(run)
