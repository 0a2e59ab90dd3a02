"""Routing on both stores: by polygon, both sides near a border, by hand with a reason."""

from __future__ import annotations

from collections.abc import Sequence

import geopandas as gpd
import pytest
import shapely

from layers.errors import LeadError, PolicyError
from layers.layer import Layer, make_layer
from layers.provenance import Provenance
from leads.places import place_codes
from leads.routing import Routed, reroute, route
from office import Actor, Database
from office.agencies import load_agencies
from tests.leads.made import AT, FIELD, PROSECUTOR, lead_of, put_case, put_lead, told

DAY = "2026-07-01"
DEMO = load_agencies("demo")
HERE = Provenance("made for this test", "", "0" * 64, "wgs84", "", 3, 3)


def areas() -> Layer:
    """Two counties side by side at longitude 109.3, the eastern one not in the table; two townships
    in the western one, meeting at latitude 27.6.
    """
    boxes = [shapely.box(109.2, 27.5, 109.3, 27.6), shapely.box(109.2, 27.6, 109.3, 27.7),
             shapely.box(109.3, 27.5, 109.4, 27.7)]  # fmt: skip
    frame = gpd.GeoDataFrame(
        {"id": ["a", "b", "c"], "name": ["城关镇", "石塘镇", "东乡"], "address": None,
         "admin_code": ["990123010", "990123100", "991024010"], "source_row": [1, 2, 3],
         "u_source_m": 5.0}, geometry=boxes, crs="EPSG:4326")  # fmt: skip
    return make_layer("township", frame, HERE)


def send(db: Database, leads: Sequence[str] | None, layer: Layer | None) -> list[Routed]:
    return route(db, leads, table=DEMO, areas=layer, actor=PROSECUTOR, at=AT, on_date=DAY)


def test_a_place_gets_code_agency_and_procuratorate(database: Database) -> None:
    lead = put_lead(database, point=(109.25, 27.65), finding={"licence_class": "unlicensed"})
    [done] = send(database, None, areas())
    assert (done.agency, done.procuratorate) == ("990123-tobacco", "990123-procuratorate")
    row = lead_of(database, lead)
    assert (row["admin_code"], row["township"], row["version"]) == ("990123", "石塘镇", 2)
    assert [(one["agency"], one["part"]) for one in row["data"]["routing"]["competent"]] == [
        ("990123-tobacco", "first"), ("990123-market", "also")]  # fmt: skip
    assert not row["data"]["routing"]["near_border"]
    assert told(database, lead)[0][0] == "lead.routed"


def test_near_a_border_both_sides_are_named_and_marked(database: Database) -> None:
    lead = put_lead(database, point=(109.2998, 27.65))  # 20 m from the border
    [done] = send(database, [lead], areas())
    assert done.marks == ("near_border",)
    codes = lead_of(database, lead)["data"]["routing"]["codes"]
    assert [(one["code"], one["metres"] == 0) for one in codes] == [
        ("990123100", True),
        ("991024010", False),
    ]
    assert 15 < codes[1]["metres"] < 25


def test_two_townships_of_one_county_are_no_border_of_competence(database: Database) -> None:
    lead = put_lead(database, point=(109.25, 27.6001))
    [done] = send(database, [lead], areas())
    assert done.marks == ()
    routing = lead_of(database, lead)["data"]["routing"]
    assert (len(routing["codes"]), len(routing["competent"])) == (2, 1)


def test_just_across_the_border_is_not_ours(database: Database) -> None:
    lead = put_lead(database, point=(109.3002, 27.65))
    [done] = send(database, [lead], areas())
    assert (done.agency, done.why_not) == (None, "991024 is not in the table of demo")


def test_a_place_just_outside_every_polygon_goes_to_the_nearest_and_is_marked(
    database: Database,
) -> None:
    lead = put_lead(database, point=(109.25, 27.7002))
    [done] = send(database, [lead], areas())
    assert (done.agency, done.marks) == ("990123-tobacco", ("near_border",))


def test_an_uncertain_place_reaches_farther(database: Database) -> None:
    lead = put_lead(database, point=(109.297, 27.65), finding={"subject": {"u_source_m": 300.0}})
    [done] = send(database, [lead], areas())
    assert done.marks == ("near_border",)


def test_elsewhere_and_nowhere_are_told_and_nothing_is_written(database: Database) -> None:
    east = put_lead(database, 1, point=(109.35, 27.65))
    sea = put_lead(database, 2, point=(109.9, 27.65))
    done = send(database, [east, sea], areas())
    assert [one.why_not for one in done] == [
        "991024 is not in the table of demo",
        "it has no place",
    ]
    assert [lead_of(database, one)["version"] for one in (east, sea)] == [1, 1]


def test_without_polygons_the_sources_own_code_is_used(database: Database) -> None:
    lead = put_lead(database, admin_code="990123")
    [done] = send(database, [lead], None)
    assert done.agency == "990123-tobacco"


def test_routing_again_changes_nothing(database: Database) -> None:
    lead = put_lead(database, point=(109.25, 27.65))
    send(database, [lead], areas())
    [again] = send(database, [lead], areas())
    assert (again.changed, lead_of(database, lead)["version"]) == (False, 2)
    assert send(database, None, areas()) == []


def test_what_a_person_decided_with_a_reason_stays(database: Database) -> None:
    lead = put_lead(database, point=(109.25, 27.65))
    send(database, [lead], areas())
    done = reroute(database, lead, "990123-ecology", reason="涉及固废", table=DEMO, actor=PROSECUTOR,
                   at=AT, on_date=DAY, version=2)  # fmt: skip
    assert (done.agency, done.procuratorate) == ("990123-ecology", "990100-procuratorate")
    [again] = send(database, [lead], areas())
    assert (again.agency, again.changed) == ("990123-ecology", False)
    kind, body = told(database, lead)[-1]
    assert (kind, body["before"], body["reason"]) == ("lead.routed", "990123-tobacco", "涉及固废")


@pytest.mark.parametrize(("agency", "reason", "problem"), [
    ("990123-ecology", " ", "no reason"), ("nobody", "x", "there is no agency nobody"),
    ("990123-procuratorate", "x", "there is no agency"),
])  # fmt: skip
def test_another_agency_needs_to_exist_and_a_reason(
    database: Database, agency: str, reason: str, problem: str
) -> None:
    lead = put_lead(database)
    with pytest.raises(LeadError, match=problem):
        reroute(database, lead, agency, reason=reason, table=DEMO, actor=PROSECUTOR, at=AT,
                on_date=DAY, version=1)  # fmt: skip


def test_an_addressed_agency_and_a_case_of_another_are_not_left(database: Database) -> None:
    addressed = put_lead(database, 1, state="rectification", agency="990123-tobacco")
    grouped = put_lead(database, 2)
    put_case(database, "C1", grouped)
    with database.write() as connection:
        from office.schema import CASE

        connection.execute(CASE.update().values(agency="990123-tobacco"))
    for lead, problem in ((addressed, "already addressed"), (grouped, "split the case")):
        with pytest.raises(LeadError, match=problem):
            reroute(database, lead, "990123-market", reason="无证", table=DEMO, actor=PROSECUTOR,
                    at=AT, on_date=DAY, version=None)  # fmt: skip


def test_who_may_not_route_does_not(database: Database) -> None:
    put_lead(database)
    with pytest.raises(PolicyError, match="route"):
        route(database, None, table=DEMO, areas=None, actor=FIELD, at=AT, on_date=DAY)
    assert Actor("x", ("machine",)).roles == ("machine",)


def test_an_area_across_the_border_lies_in_both() -> None:
    outline = shapely.box(109.29, 27.64, 109.31, 27.66)
    [found, none] = place_codes(areas(), [outline, None], [0.0, 0.0])
    assert [(one.code, one.metres) for one in found] == [("990123100", 0.0), ("991024010", 0.0)]
    assert none == ()
