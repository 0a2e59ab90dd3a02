"""Golden cases: a small place in metres, a check, and what it must say about it.

A case is `tests/cases/<check>/<name>.toml` (shops, register, schools, gates, streets, all in
metres east and north of one origin) beside `<name>.json`, the expected output. `shops` are the
check's first theme and `register` its register; any other layer goes by its theme's name, and
`state_of` says of which day all of them are. Regenerate with `python -m tests.cases --update`
and review the difference.
"""

from __future__ import annotations

import json
import re
import tempfile
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import geopandas as gpd
from pyproj import Geod
from shapely import LineString, Point, Polygon

from checks import as_geojson, get_check, load_rules, run
from checks._runs.runner import RunResult
from layers import THEMES as LAYER_THEMES
from layers import Layer, LayerSet, Provenance, make_layer
from layers.themes import RECORD
from layers.walking import WalkNetwork, build_network

FOLDER = Path(__file__).resolve().parent
ORIGIN = (109.3, 27.6)
GEOD = Geod(ellps="WGS84")
THEMES = {"schools": "school", "gates": "school_gate"}
REGISTERS = {"business_registration", "site_certificate", "school_permit",
             *(name for name in LAYER_THEMES if name.endswith(("_licence", "_ledger")))}  # fmt: skip
_SCORE = re.compile(r"(相符概率|probability) [01]\.\d+")
HERE = Provenance(
    source="golden case", file="case.toml", sha256="0" * 64, datum="wgs84", transform="none",
    rows_in=0, rows_out=0, u_source_m=0.0, generated=True,
)  # fmt: skip


@dataclass(frozen=True)
class Case:
    """One case: the file it stands in and the check it is for."""

    file: Path

    @property
    def check(self) -> str:
        return self.file.parent.name

    @property
    def name(self) -> str:
        return self.file.stem

    @property
    def expected(self) -> Path:
        return self.file.with_suffix(".json")

    @cached_property
    def table(self) -> dict[str, Any]:
        return tomllib.loads(self.file.read_text(encoding="utf-8"))

    def layers(self) -> LayerSet:
        check = get_check(self.check).check
        registers = [name for name in (*check.needs[1:], *check.uses) if name in REGISTERS]
        themes = {name: name for name in (*LAYER_THEMES, *self.table) if is_theme(name)}
        themes |= {**THEMES, "shops": check.needs[0], "register": next(iter(registers), "")}
        here = replace(HERE, state_of=self.table.get("state_of"))
        layers = {
            theme: layer_of(theme, self.table[key], here)
            for key, theme in themes.items()
            if key in self.table
        }
        streets = self.table.get("streets")
        return LayerSet(layers, network_of(streets) if streets else None)

    def run(self) -> RunResult:
        rules = self.table.get("rules")
        pack = None
        if rules:
            local = self.file.parent / rules
            pack = load_rules(local if local.is_file() else rules)
        return run([self.check], self.layers(), pack, self.table["on_date"],
                   all_subjects=self.table.get("all", False))  # fmt: skip

    @cached_property
    def result(self) -> RunResult:
        """What one run says; nobody changes it."""
        return self.run()

    def output(self) -> dict[str, Any]:
        """What the check says, in both languages, without versions and scores, to a centimetre."""
        zh, en = as_geojson(self.result, "zh"), as_geojson(self.result, "en")
        for one, other in zip(zh["features"], en["features"], strict=True):
            one["properties"]["reasons_en"] = other["properties"]["reasons"]
            for key in ("layers", "rule_text", "title"):
                one["properties"].pop(key, None)
            _without_score(one["properties"])
        facts = zh["yicha"]
        kept = {"counts": facts["counts"], "no_data": facts["no_data"],
                "undecided": facts["undecided"], "failures": facts["failures"]}  # fmt: skip
        return rounded({"yicha": kept, "features": zh["features"]})


def _without_score(properties: dict[str, Any]) -> None:
    """How probable a link is, is the matching's business: a case holds its zone."""
    properties["facts"].pop("score", None)
    for key in ("reasons", "reasons_en"):
        properties[key] = [_SCORE.sub(r"\1 …", text) for text in properties[key]]


@cache
def cases() -> tuple[Case, ...]:
    """Every case, by check and name."""
    return tuple(Case(file) for file in sorted(FOLDER.glob("*/*.toml")) if file.stem != "rules")


def as_text(output: Mapping[str, Any]) -> str:
    return json.dumps(output, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def is_theme(name: str) -> bool:
    return name in LAYER_THEMES or name.startswith(RECORD)


def layer_of(theme: str, rows: list[dict[str, Any]], source: Provenance = HERE) -> Layer:
    """A layer of rows whose place is `at` (a point), `area` (a ring) or `line`, in metres."""
    frame = gpd.GeoDataFrame(
        [{"u_source_m": 0.0, "source_row": n} | {k: v for k, v in row.items() if k not in ("at", "area", "line")}
         for n, row in enumerate(rows, 2)],
        geometry=[shape_of(row) for row in rows], crs="EPSG:4326",
    )  # fmt: skip
    return make_layer(theme, frame, source)


def shape_of(row: Mapping[str, Any]) -> Point | Polygon | LineString | None:
    if "area" in row:
        return Polygon([lonlat(*xy) for xy in row["area"]])
    if "line" in row:
        return LineString([lonlat(*xy) for xy in row["line"]])
    return Point(lonlat(*row["at"])) if "at" in row else None


def lonlat(x: float, y: float) -> tuple[float, float]:
    """Degrees of a place `x` metres east and `y` metres north of the origin."""
    lon, lat, _ = GEOD.fwd(*ORIGIN, 90, x)
    lon, lat, _ = GEOD.fwd(lon, lat, 0, y)
    return round(lon, 9), round(lat, 9)


def network_of(streets: list[list[list[float]]]) -> WalkNetwork:
    """A walking network of streets, by way of an OpenStreetMap file as users have it."""
    ids: dict[tuple[float, float], int] = {}
    ways = []
    for number, street in enumerate(streets, 1):
        refs = [ids.setdefault((x, y), len(ids) + 1) for x, y in street]
        nodes = "".join(f'<nd ref="{ref}"/>' for ref in refs)
        ways.append(
            f'<way id="{number}" version="1">{nodes}<tag k="highway" v="residential"/></way>'
        )
    places = []
    for (x, y), ref in ids.items():
        lon, lat = lonlat(x, y)
        places.append(f'<node id="{ref}" version="1" lon="{lon:.7f}" lat="{lat:.7f}"/>')
    text = f'<osm version="0.6">{"".join(places)}{"".join(ways)}</osm>'
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "case.osm"
        file.write_text(text, encoding="utf-8")
        return build_network(file)


def line_of(*points: tuple[float, float]) -> LineString:
    return LineString([lonlat(x, y) for x, y in points])


def rounded(value: Any) -> Any:
    """Metres to a centimetre, degrees to a decimetre: equal on every machine."""
    if isinstance(value, dict):
        return {key: degrees(one) if key == "coordinates" else rounded(one)
                for key, one in value.items()}  # fmt: skip
    if isinstance(value, list):
        return [rounded(one) for one in value]
    return round(value, 2) if isinstance(value, float) else value


def degrees(value: Any) -> Any:
    if isinstance(value, list | tuple):
        return [degrees(one) for one in value]
    return round(value, 6)
