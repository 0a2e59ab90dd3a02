"""The sources become layers by the project's own importers, as a user would import them."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd

from demo import sources
from demo.law import RUN_DATE
from demo.reality.table import Table
from layers import Layer, make_layer
from layers.errors import LayerError
from layers.gates import gates_from_names, gates_near_schools
from layers.importing import Manifest, import_file, write_manifest
from layers.sources.osm_extract import read_osm
from layers.walking import build_network

SOURCE, LICENCE, OWNER = "生成数据 / generated data", "CC0-1.0", "Yicha 益察 demo"
PIN_ERROR_M = 8.0
"""Position error of the generated pins: they stand a step inside the door."""
BASE_THEMES = ("road", "building", "water", "green", "barrier", "place")
SHOP_THEMES: dict[str, tuple[str, ...]] = {
    "tobacco_retailer": (), "alcohol_retailer": (), "lottery_outlet": (), "internet_cafe": (),
    "entertainment_venue": (), "bar": (), "hotel": (), "ecig_retailer": ("name~电子烟",),
}  # fmt: skip
"""Themes read from the export, with the filter where no type code tells the theme."""


@dataclass(frozen=True)
class Desk:
    """Where an import reads, writes its layers and its reports."""

    raw: Path
    layers: Path
    reports: Path

    def bring(self, file: str, theme: str, name: str = "", **settings: object) -> Layer:
        """Import one file as one theme, write layer and report, return the layer."""
        layer = self.read(file, theme, name, **settings)
        layer.write(self.layers / f"{name or theme}.parquet")
        return layer

    def read(self, file: str, theme: str, name: str = "", **settings: object) -> Layer:
        """The same without writing the layer."""
        told = Manifest(
            source=SOURCE, licence=LICENCE, owner=OWNER, retrieved=RUN_DATE, generated=True
        ).with_(**settings)
        imported = import_file(self.raw / file, theme, manifest=told)
        self._report(name or theme, imported.report.as_dict())
        write_manifest(imported.manifest, self.reports / f"{name or theme}.toml")
        if imported.layer is None:
            raise LayerError(
                f"no row of the generated file became {theme}",
                remedy=f"look into {self.reports / (name or theme)}.json", file=file,
            )  # fmt: skip
        return imported.layer

    def _report(self, name: str, report: dict[str, object]) -> None:
        self.reports.mkdir(parents=True, exist_ok=True)
        text = json.dumps(report, ensure_ascii=False, indent=1, default=str)
        (self.reports / f"{name}.json").write_text(text + "\n", encoding="utf-8", newline="\n")


def import_all(desk: Desk) -> dict[str, int]:
    """Import everything; returns the number of rows by theme."""
    found = {name: _generated(layer) for name, layer in read_osm(desk.raw / sources.OSM).items()}
    build_network(desk.raw / sources.OSM).save(desk.layers / "walking")
    counts = {}
    for theme in BASE_THEMES:
        found[theme].write(desk.layers / f"{theme}.parquet")
        counts[theme] = len(found[theme])
    schools = _schools(desk, found["school"])
    counts |= {"school": len(schools), "school_gate": _gates(desk, schools, found["school_gate"])}
    for theme, where in SHOP_THEMES.items():
        shops = desk.bring(sources.EXPORT, theme, datum="gcj02", where=where,
                           position_kind="poi", position_error=PIN_ERROR_M, far="keep")  # fmt: skip
        counts[theme] = len(shops)
    for number, file in enumerate((sources.LICENCES_TOWN, sources.LICENCES_VILLAGES), 1):
        rows = desk.bring(file, "tobacco_licence", f"tobacco_licence-{number}")
        counts["tobacco_licence"] = counts.get("tobacco_licence", 0) + len(rows)
    counts["agency"] = len(desk.bring(sources.AGENCIES, "agency", datum="cgcs2000"))
    counts["township"] = len(desk.bring(sources.TOWNSHIPS, "township"))
    return counts


def import_tables(desk: Desk, tables: Iterable[Table], counts: dict[str, int]) -> dict[str, int]:
    """Import the registers and listings, one layer each; returns `counts` with their rows."""
    total = dict(counts)
    for table in tables:
        rows = desk.bring(table.file, table.theme, table.layer, **table.settings)
        total[table.theme] = total.get(table.theme, 0) + len(rows)
    return total


def _generated(layer: Layer) -> Layer:
    """A layer of the drawn map says that it was made up."""
    told = [
        replace(
            entry, source=SOURCE, licence=LICENCE, owner=OWNER, retrieved=RUN_DATE, generated=True
        )
        for entry in layer.provenance
    ]
    return make_layer(layer.theme.name, layer.frame, *told)


def _schools(desk: Desk, campuses: Layer) -> Layer:
    """Campuses of the map with opening dates and codes of the register, by exact name."""
    register = desk.read(sources.SCHOOLS, "school", datum="cgcs2000")
    told = register.frame.set_index("name")[["opened", "school_code"]]
    mine = told.reindex(campuses.frame["name"])
    frame = campuses.frame.assign(
        opened=mine["opened"].to_numpy(dtype=object),
        school_code=mine["school_code"].to_numpy(dtype=object),
    )
    frame = frame.astype({"opened": object, "school_code": object})
    frame[["opened", "school_code"]] = frame[["opened", "school_code"]].where(
        frame[["opened", "school_code"]].notna(), None
    )
    schools = make_layer("school", frame, *campuses.provenance, *register.provenance)
    schools.write(desk.layers / "school.parquet")
    return schools


def _gates(desk: Desk, schools: Layer, mapped: Layer) -> int:
    """Gates of the map, gates drawn by hand, gates that the map service names."""
    drawn = desk.read(sources.GATES, "school_gate", "school_gate-drawn", position_kind="digitised")
    pins = desk.read(sources.EXPORT, "school_gate", "school_gate-named", datum="gcj02",
                     position_kind="poi", position_error=PIN_ERROR_M, far="keep")  # fmt: skip
    parts = {"school_gate": mapped, "school_gate-drawn": gates_near_schools(drawn, schools),
             "school_gate-named": gates_from_names(pins, schools)}  # fmt: skip
    for name, layer in parts.items():
        layer.write(desk.layers / f"{name}.parquet")
    return int(pd.Series([len(layer) for layer in parts.values()]).sum())
