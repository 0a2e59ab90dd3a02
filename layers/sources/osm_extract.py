"""OpenStreetMap extracts: one file becomes a layer per theme, with notes on what is missing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import pandas as pd

from layers.gates import gates_near_schools
from layers.layer import Layer, make_layer
from layers.provenance import Provenance, sha256_of
from layers.school_names import gate_role
from layers.schools import school_class
from layers.sources.osm_frames import SHOP_U_SOURCE_M, U_SOURCE_M, frame_of, rescued
from layers.sources.osm_notes import Note, note
from layers.sources.osm_objects import Found, Objects
from layers.sources.osm_read import read_objects
from layers.sources.osm_schools import kind_of_tags, merge_twice_mapped, names_of
from layers.sources.osm_tags import PROXY_CATEGORY, THEMES_READ, is_proxy
from layers.themes import SHOP_THEMES

SOURCE = "OpenStreetMap"
LICENCE = "ODbL 1.0, © OpenStreetMap contributors"
OWNER = "OpenStreetMap contributors"
ENTRANCE_REACH_M = 3.0
"""How far from the outline an `entrance=*` may lie: it stands on a building, which must then be
part of the outline; a house door across the campus wall is farther."""
_CLOSED = {"foot": {"no", "private"}, "access": {"no"}, "locked": {"yes"}}


@dataclass(frozen=True)
class OsmExtract:
    """What one file brought: layers by theme, remarks, and the themes it has nothing of."""

    path: Path
    sha256: str
    layers: dict[str, Layer]
    notes: tuple[Note, ...]
    absent: tuple[str, ...]


def read_osm(path: str | Path) -> dict[str, Layer]:
    """Layers by theme of an .osm, .osm.pbf, .osm.gz or .osm.bz2 file; WGS 84.

    Only themes with rows are there. Ids are `n`, `w` or `r` with OpenStreetMap's number. Raises
    `SourceError` for a file that is damaged or of another kind.
    """
    return read_extract(path).layers


def read_extract(path: str | Path, *, proxy_tobacco: bool = False) -> OsmExtract:
    """The same with notes; `proxy_tobacco` adds shops that may sell tobacco as candidates."""
    source = Path(path)
    making = _Making(source, sha256_of(source), read_objects(source), proxy_tobacco)
    layers = making.layers()
    absent = tuple(name for name in (*THEMES_READ, "school_gate") if name not in layers)
    notes = making.notes + [note("absent", name, 0) for name in absent]
    return OsmExtract(source, making.sha256, layers, tuple(notes), absent)


class _Making:
    """Layers in the making; `notes` grows with every theme."""

    def __init__(self, source: Path, sha256: str, objects: Objects, proxy_tobacco: bool) -> None:
        self.source, self.sha256, self.objects = source, sha256, objects
        self.proxy_tobacco = proxy_tobacco
        self.notes: list[Note] = []
        self._say("sorted_first", None, int(objects.sorted_first))
        self._say("ways_cut", None, [f"w{way}" for way in objects.ways_cut])
        self._say("nowhere", None, objects.nowhere)

    def layers(self) -> dict[str, Layer]:
        """Every theme with at least one row."""
        builders: dict[str, Callable[[str], gpd.GeoDataFrame]] = {"school": self._schools}
        builders |= dict.fromkeys(SHOP_THEMES, self._shops)
        made: dict[str, Layer] = {}
        for name in THEMES_READ:
            frame = builders.get(name, self._plain)(name)
            if len(frame):
                made[name] = self._layer(name, frame)
        if "school" in made:
            gates = self._gates(made["school"])
            made |= {"school_gate": gates} if len(gates) else {}
        return made

    def _say(self, code: str, theme: str | None, which: list[str] | int) -> None:
        remark = note(code, theme, which)
        if remark.count:
            self.notes.append(remark)

    def _layer(self, name: str, frame: gpd.GeoDataFrame) -> Layer:
        found = self.objects.themes.get("gate" if name == "school_gate" else name, Found())
        lost = sum(name in area.themes for area in self.objects.lost)
        remarks = [remark.en for remark in self.notes if remark.theme in {name, None}]
        return make_layer(
            name,
            frame,
            Provenance(
                source=SOURCE,
                file=self.source.name,
                sha256=self.sha256,
                datum="wgs84",
                transform="; ".join([f"tags to theme {name}, nothing moved", *remarks]),
                rows_in=len(found.ids) + lost,
                rows_out=len(frame),
                licence=LICENCE,
                owner=OWNER,
                state_of=self.objects.state_of or None,
                u_source_m=SHOP_U_SOURCE_M if name in SHOP_THEMES else U_SOURCE_M,
            ),
        )

    def _plain(self, name: str) -> gpd.GeoDataFrame:
        """Rows of a theme, and what can be kept of areas that were not closed."""
        frame, mended = frame_of(self.objects.themes.get(name, Found()), name)
        self._say("area_mended", name, mended)
        extra, fates = rescued(self.objects.lost, name)
        for code, ids in fates.items():
            self._say(code, name, ids)
        if not len(extra):
            return frame
        return gpd.GeoDataFrame(pd.concat([frame, extra], ignore_index=True), crs=extra.crs)

    def _shops(self, name: str) -> gpd.GeoDataFrame:
        frame = self._plain(name)
        proxy = frame["tag"].map(is_proxy).astype(bool) & (name == "tobacco_retailer")
        said = "proxy_tobacco" if self.proxy_tobacco else "proxy_left_out"
        self._say(said, name, int(proxy.sum()))
        plain = frame["tag"].str.replace(r"^.*?=", "", regex=True).mask(proxy, PROXY_CATEGORY)
        frame = frame.assign(category=plain, typecode=frame["tag"]).drop(columns=["tag", "tags"])
        return frame if self.proxy_tobacco else frame[~proxy].reset_index(drop=True)

    def _schools(self, name: str) -> gpd.GeoDataFrame:
        frame = self._plain(name)
        tags = frame["tags"]
        frame = frame.assign(kind=tags.map(kind_of_tags), other_names=tags.map(names_of))
        frame, merged = merge_twice_mapped(frame)
        meant = frame[school_class(frame["kind"]) != "out"]
        self._say("schools_merged", name, merged)
        self._say("schools_unnamed", name, meant["id"][meant["name"].isna()].tolist())
        self._say("schools_as_points", name, meant["id"][meant.geom_type == "Point"].tolist())
        self._say("building_schools", name, self.objects.building_schools)
        known_as = frame["other_names"].map(lambda names: ";".join(names) or None)
        return frame.assign(other_names=known_as).drop(columns=["tag", "tags"])

    def _gates(self, schools: Layer) -> Layer:
        """Gates and entrances on a campus outline; those closed to feet are not in use."""
        frame, _ = frame_of(self.objects.themes.get("gate", Found()), "school_gate")
        tags = frame["tags"]
        closed = tags.map(lambda t: any(t.get(key) in words for key, words in _CLOSED.items()))
        role = [_role(t) for t in tags]
        frame = frame.assign(role=role, in_use=~closed.astype(bool)).drop(columns="tags")
        entrance = frame["tag"].str.startswith("entrance=").to_numpy(dtype=bool)
        frame = frame.rename(columns={"tag": "class"})
        found = [
            gates_near_schools(make_layer("school_gate", part), schools, *reach).frame
            for part, reach in ((frame[~entrance], ()), (frame[entrance], (ENTRANCE_REACH_M,)))
        ]
        gates = gpd.GeoDataFrame(pd.concat(found, ignore_index=True), crs=frame.crs)
        self._say("gates_elsewhere", "school_gate", len(frame) - len(gates))
        shut = gates["id"][~gates["in_use"].astype(bool)]
        self._say("gates_closed", "school_gate", shut.tolist())
        return self._layer("school_gate", gates)


def _role(tags: dict[str, str]) -> str:
    """Main, side or back gate by the tags, then by the names in two languages."""
    if tags.get("entrance") == "main":
        return "main"
    roles = [gate_role(tags.get(key)) for key in ("name", "name:zh", "name:en", "description")]
    return next((role for role in roles if role != "unknown"), "unknown")
