"""A made-up province for the map: a million shops in 400 towns, schools, townships, 100,000 leads.

Seeded; written once to `benchmarks/results/map-place-…`, which git ignores.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from benchmarks._harness import RESULTS
from benchmarks.leads import WHO, write_findings_file
from layers import Provenance, make_layer
from leads.runs.ingest import ingest
from office import Database

SEED = 20261122
SPREAD = 0.009
"""Degrees: how far from the middle of its town a shop stands."""


def make_place(shops: int, leads: int) -> Path:
    """The folder with layers and store of this size; made where it is not there."""
    folder = RESULTS / f"map-place-{shops}-{leads}"
    about = {"name": {"zh": "测速省", "en": "Province of the benchmark"}, "generated": True, "on_date": "2026-06-30",
             "shops": shops, "leads": leads}  # fmt: skip
    county = folder / "county.json"
    if county.is_file() and json.loads(county.read_text(encoding="utf-8")) == about:
        return folder
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "layers").mkdir(parents=True)
    (folder / "store").mkdir()
    findings = folder / "findings.geojson"
    towns = write_findings_file(findings, leads)
    _layers(folder / "layers", towns, shops)
    db = Database.open(str(folder / "store" / "leads.sqlite"))
    ingest(db, findings, actor=WHO, at="2026-07-01T00:00:00Z")
    db.close()
    findings.unlink()
    county.write_text(json.dumps(about, ensure_ascii=False), encoding="utf-8")
    return folder


def _layers(folder: Path, towns: np.ndarray, shops: int) -> None:
    rng = np.random.default_rng(SEED)
    at = towns[rng.integers(len(towns), size=shops)] + rng.normal(0, SPREAD, (shops, 2))
    number = pd.Series(np.arange(shops).astype(str))
    _write(folder, "tobacco_retailer", {"name": "便民超市" + number, "address": "人民路" + number + "号"},
           np.asarray(shapely.points(at)))  # fmt: skip
    schools = np.repeat(towns, 8, axis=0) + rng.normal(0, SPREAD / 2, (len(towns) * 8, 2))
    half = 0.0006
    names = "第" + pd.Series(np.arange(len(schools)).astype(str)) + "小学"
    _write(folder, "school", {"name": names, "kind": "primary"},
           shapely.box(schools[:, 0] - half, schools[:, 1] - half, schools[:, 0] + half, schools[:, 1] + half))  # fmt: skip
    wide = 0.04
    _write(folder, "township", {"name": "第" + pd.Series(np.arange(len(towns)).astype(str)) + "镇"},
           shapely.box(towns[:, 0] - wide, towns[:, 1] - wide, towns[:, 0] + wide, towns[:, 1] + wide))  # fmt: skip


def _write(folder: Path, theme: str, columns: dict[str, object], shapes: np.ndarray) -> None:
    n = len(shapes)
    source = Provenance(
        source="synthetic", file="made", sha256="ab" * 32, datum="wgs84", transform="none", rows_in=n, rows_out=n,
        licence="CC0", owner="unknown", retrieved="2026-06-30", state_of="2026-06-30", u_source_m=2.0, generated=True,
    )  # fmt: skip
    frame = gpd.GeoDataFrame(
        {"id": [f"{theme}-{one}" for one in range(n)], **columns, "source_row": np.arange(n) + 2, "u_source_m": 2.0},
        geometry=shapes, crs="EPSG:4326",
    )  # fmt: skip
    make_layer(theme, frame, source).write(folder / f"{theme}.parquet")
