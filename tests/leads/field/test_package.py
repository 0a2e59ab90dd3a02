"""What is taken along: the person's own leads, with a sketch; and the commands of the same."""

from __future__ import annotations

import json
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
from shapely.geometry import LineString, Point, Polygon, box
from shapely.geometry.base import BaseGeometry

from layers import Layer, make_layer
from layers.measures import geodesic_distance
from leads.__main__ import main
from leads.field.package import package
from leads.field.sketch import REACH_M, sketch
from leads.field.visits import record_visit
from leads.steps.handling import assign
from office import Actor, Database
from office.scope import Grant, Scope
from tests.leads.field.told import visit
from tests.leads.made import AT, AUDITOR, FIELD, PROSECUTOR, put_lead
from tests.ui.conftest import provenance

LON, LAT = 109.3, 27.6


def test_only_the_persons_own_open_leads_are_taken_along(database: Database) -> None:
    mine, late, ended, others = (put_lead(database, n) for n in (1, 2, 3, 4))
    for lead in (mine, late, ended):
        assign(database, lead, FIELD.name, actor=PROSECUTOR, at=AT, version=None)
    assign(database, others, "别人", actor=PROSECUTOR, at=AT, version=None)
    put_lead(database, 5, assignee=FIELD.name, state="closed")
    put_lead(
        database, 6, assignee=FIELD.name, next_due="2026-07-20", check_id="caterer-licence", unit=""
    )
    record_visit(database, mine, visit(), actor=FIELD, at=AT, on_date="2026-07-01")
    found = package(database, None, actor=FIELD, at=AT)
    assert found["leads"][0]["number"] == "YC-2026-000006"  # the next due first
    assert (
        found["leads"][0]["verdict"]["zh"] == "明显不符"
    )  # records were compared, nothing measured
    assert {one["number"] for one in found["leads"]} == {f"YC-2026-{n:06d}" for n in (1, 2, 3, 6)}
    first = next(one for one in found["leads"] if one["id"] == mine)
    assert first["visits"][0] | {"visit": ""} == {
        "visit": "", "by": "李外勤", "at": AT, "on": "2026-07-01", "result": "still_there", "note": "仍在营业",
        "photos": 2, "wanted": 2}  # fmt: skip
    assert first["title"]["zh"] == "学校周边烟草零售点"
    assert first["verdict"]["zh"] == "明显在内"
    assert first["place"] == {"lon": LON, "lat": LAT}
    assert first["verify"]
    assert first["pitfalls"]
    assert found["left"] == 0
    assert json.loads(json.dumps(found)) == found


def test_outside_the_scope_nothing_is_taken_along(database: Database) -> None:
    put_lead(database, 1, assignee=FIELD.name, admin_code="990123")
    put_lead(database, 2, assignee=FIELD.name, admin_code="430102")
    scoped = Actor(FIELD.name, ("field",), Scope((Grant("field", "430102"),)))
    assert [one["number"] for one in package(database, None, actor=scoped, at=AT)["leads"]] == ["YC-2026-000002"]  # fmt: skip
    assert package(database, None, actor=AUDITOR, at=AT)["leads"] == []


@pytest.fixture
def around() -> dict[str, Layer]:
    """Squares, a road through everything, a gate near and one far away."""
    step = 1e-4
    rows: dict[str, list[BaseGeometry]] = {
        "building": [box(LON + n * step, LAT, LON + (n + 0.5) * step, LAT + step / 2) for n in range(-9, 9)],
        "road": [LineString([(LON - 0.1, LAT), (LON + 0.1, LAT)])],
        "school_gate": [Point(LON + step, LAT + step), Point(LON + 0.05, LAT)],
        "green": [Polygon([(LON - 1, LAT - 1), (LON + 1, LAT - 1), (LON + 1, LAT + 1), (LON - 1, LAT + 1)])],
    }  # fmt: skip
    more: dict[str, dict[str, str]] = {"road": {"class": "residential"}, "green": {"class": "park"},
            "school_gate": {"school_id": "s", "role": "main"}}  # fmt: skip
    return {
        theme: make_layer(theme, gpd.GeoDataFrame(
            [{"id": f"{theme}-{n}", "name": f"{theme}{n}", "u_source_m": 2.0, "source_row": n, "geometry": one,
              **more.get(theme, {})} for n, one in enumerate(shapes)], geometry="geometry", crs="EPSG:4326"), provenance())
        for theme, shapes in rows.items()
    }  # fmt: skip


def test_a_sketch_is_in_metres_and_ends_at_its_edge(around: dict[str, Layer]) -> None:
    drawn = sketch(around, LON, LAT, Point(LON, LAT))
    xy = np.array([at for one in drawn for at in one["xy"]])
    assert np.abs(xy).max() <= 1.02 * REACH_M  # a degree is a little longer than the shortest one
    road = next(one for one in drawn if one["theme"] == "road")
    assert road["kind"] == "line"
    assert abs(np.ptp(np.array(road["xy"])[:, 0]) - 2 * REACH_M) < 10
    assert [one["name"] for one in drawn if one["theme"] == "school_gate"] == ["school_gate0"]
    gate = next(one for one in drawn if one["theme"] == "school_gate")["xy"][0]
    true = geodesic_distance(np.array([LON]), np.array([LAT]), np.array([LON + 1e-4]), np.array([LAT + 1e-4]))[0]  # fmt: skip
    assert abs(float(np.hypot(*gate)) - float(true)) < 1
    assert drawn[-1] == {"theme": "finding", "kind": "point", "name": None, "xy": [[0, 0]]}
    assert drawn[0]["theme"] == "green"


def test_the_shell_records_and_lists_the_same(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:  # fmt: skip
    store = tmp_path / "leads.sqlite"
    db = Database.open(str(store))
    lead = put_lead(db, assignee=FIELD.name)
    db.close()
    file = tmp_path / "visit.json"
    file.write_text(json.dumps(visit()), encoding="utf-8")
    asked = ["visit", lead, str(file), "--store", str(store), "--by", FIELD.name]
    assert main(asked) == 0
    assert json.loads(capsys.readouterr().out)["new"] is True
    assert main(asked) == 0
    assert json.loads(capsys.readouterr().out)["new"] is False
    out = tmp_path / "package.json"
    assert main(["assigned", "--store", str(store), "--by", FIELD.name, "--out", str(out)]) == 0
    assert json.loads(out.read_text(encoding="utf-8"))["leads"][0]["visits"][0]["by"] == FIELD.name
    file.write_text("[]", encoding="utf-8")
    assert main(asked) != 0
