"""A hamlet of three schools and a few shops, and what the checks say about it."""

from __future__ import annotations

import json
from pathlib import Path

import geopandas as gpd
import pytest
from shapely.geometry import LineString, Point, Polygon, box

from checks import RulePack, RunResult, catalogue, load_rules, run
from layers import Layer, LayerSet, Provenance, make_layer
from tests.lacking import lacking
from ui.assets import REMEDY, installed
from ui.items import Board, board

DAY = "2026-06-30"
LON, LAT = 110.0, 30.0
STEP = 1e-5
"""About a metre, in degrees."""


def provenance(**more: object) -> Provenance:
    values = {
        "source": "测试来源", "file": "made.csv", "sha256": "ab" * 32, "datum": "gcj02",
        "transform": "gcj02 → wgs84", "rows_in": 3, "rows_out": 3, "licence": "CC0",
        "owner": "测试单位", "retrieved": "2026-06-01", "state_of": "2026-05-31",
        "u_source_m": 2.0, "generated": True,
    }  # fmt: skip
    return Provenance(**{**values, **more})  # type: ignore[arg-type]


def layer(theme: str, rows: list[dict[str, object]]) -> Layer:
    for number, row in enumerate(rows):
        row.setdefault("id", f"{theme}-{number}")
        row.setdefault("u_source_m", 2.0)
        row.setdefault("source_row", number + 2)
    frame = gpd.GeoDataFrame(rows, geometry="geometry", crs="EPSG:4326")
    return make_layer(theme, frame, provenance())


def at(east_m: float, north_m: float) -> Point:
    return Point(LON + east_m * STEP, LAT + north_m * STEP)


def area(west: float, south: float, east: float, north: float) -> Polygon:
    return box(LON + west * STEP, LAT + south * STEP, LON + east * STEP, LAT + north * STEP)


@pytest.fixture(scope="session")
def hamlet() -> LayerSet:
    """Layers of an invented hamlet; e-cigarette shops at about 60, 200 and 900 m from a gate."""
    ring = Polygon(area(-900, -900, 900, 900).exterior, [area(-50, 300, 50, 400).exterior])
    return LayerSet(
        {
            "school": layer(
                "school",
                [
                    {"name": "甲小学", "kind": "primary", "geometry": area(-100, -100, 0, 0)},
                    {"name": "乙幼儿园", "kind": "kindergarten", "geometry": at(700, 700)},
                    {"name": "丙<中学>", "kind": "middle", "geometry": area(-900, 500, -800, 600)},
                ],
            ),
            "school_gate": layer(
                "school_gate",
                [
                    {
                        "name": "东门",
                        "school_id": "school-0",
                        "role": "main",
                        "geometry": at(0, -50),
                    },
                    {
                        "name": None,
                        "school_id": "school-1",
                        "role": "unknown",
                        "geometry": at(700, 690),
                    },
                ],
            ),
            "ecig_retailer": layer(
                "ecig_retailer",
                [
                    {"name": "近店", "address": "环城路1号", "geometry": at(60, -50)},
                    {"name": "界上店<b>", "geometry": at(207, -50)},
                    {"name": "远店", "geometry": at(-500, -850)},
                    {"name": "无位置店", "geometry": None},
                ],
            ),
            "road": layer(
                "road",
                [
                    {
                        "name": "环城路",
                        "class": "primary",
                        "geometry": line((-900, -40), (900, -40)),
                    },
                    {
                        "name": "学府路",
                        "class": "residential",
                        "geometry": line((20, -900), (20, 900)),
                    },
                    {"name": None, "class": "footway", "geometry": line((-50, 50), (20, 120))},
                ],
            ),
            "green": layer("green", [{"name": "中心公园", "class": "park", "geometry": ring}]),
            "water": layer(
                "water",
                [{"name": "小河", "class": "river", "geometry": line((-900, 200), (900, 260))}],
            ),
            "building": layer("building", [{"name": "一号楼", "geometry": area(40, 20, 90, 60)}]),
            "place": layer(
                "place", [{"name": "石桥村", "class": "village", "geometry": at(100, 300)}]
            ),
            "township": layer(
                "township", [{"name": "石桥镇", "geometry": area(-950, -950, 950, 950)}]
            ),
        }
    )


def line(*points: tuple[float, float]) -> LineString:
    return LineString([at(*point) for point in points])


@pytest.fixture(scope="session")
def pack() -> RulePack:
    return load_rules("demo")


@pytest.fixture(scope="session")
def result(hamlet: LayerSet, pack: RulePack) -> RunResult:
    return run(list(catalogue()), hamlet, pack, DAY, all_subjects=True)


@pytest.fixture(scope="session")
def found(hamlet: LayerSet, result: RunResult) -> Board:
    titles = {name: entry.check.title for name, entry in catalogue().items()}
    return board(result.findings, result.undecided, result.failures, hamlet, titles)


@pytest.fixture(scope="session")
def hamlet_folder(hamlet: LayerSet, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The hamlet as a data folder on disk."""
    folder = tmp_path_factory.mktemp("hamlet")
    for name, one in hamlet.items():
        one.write(folder / "layers" / f"{name}.parquet")
    about = {
        "name": {"zh": "石桥县", "en": "Shiqiao"},
        "generated": True,
        "on_date": DAY,
        "rules": "demo",
    }
    (folder / "county.json").write_text(json.dumps(about, ensure_ascii=False), encoding="utf-8")
    return folder


@pytest.fixture(scope="session")
def assets() -> None:
    """The installed web assets; skips loudly without them, fails in CI."""
    if not installed():
        lacking(f"WEB ASSETS MISSING: this test did not run; {REMEDY}")
