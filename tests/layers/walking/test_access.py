"""The table of foot access, beside what known engines publish about the same tags."""

from __future__ import annotations

import pytest

from layers.walking.access import (
    AREA,
    BRIDGE,
    FERRY,
    INDOOR,
    RULES,
    STEPS,
    TUNNEL,
    flag_names,
    stops_feet,
    way_flags,
)

OSRM_WAYS = [
    # highway, access, foot, walked: OSRM features/foot/access.feature (hierarchy, combinations)
    ("footway", "", "", True), ("footway", "", "yes", True), ("footway", "", "no", False),
    ("footway", "yes", "", True), ("footway", "yes", "yes", True), ("footway", "yes", "no", False),
    ("footway", "no", "", False), ("footway", "no", "yes", True), ("footway", "no", "no", False),
    ("motorway", "", "", False), ("motorway", "", "yes", True), ("motorway", "", "no", False),
    ("motorway", "yes", "yes", True), ("motorway", "yes", "no", False),
    ("motorway", "no", "", False), ("motorway", "no", "yes", True), ("motorway", "no", "no", False),
    ("motorway", "private", "yes", True), ("footway", "", "permissive", True),
    ("track", "forestry", "permissive", True), ("primary", "", "private", False),
    ("residential", "permissive", "no", False), ("bridleway", "", "yes", True),
    ("bridleway", "", "", False), ("residential", "some_tag", "", True),
    ("residential", "", "some_tag", True), ("residential", "agricultural", "", False),
    ("residential", "delivery", "", False), ("residential", "", "forestry", False),
]  # fmt: skip
OSRM_KINDS = {
    # features/foot/way.feature
    "motorway": False, "motorway_link": False, "primary": True, "primary_link": True,
    "secondary": True, "secondary_link": True, "tertiary": True, "tertiary_link": True,
    "residential": True, "service": True, "unclassified": True, "living_street": True,
    "road": True, "track": True, "path": True, "footway": True, "pedestrian": True, "steps": True,
    "bridleway": False,
}  # fmt: skip
OSRM_BARRIERS = [
    # barrier, access, foot, closed: features/foot/barrier.feature and access_node.feature
    ("bollard", "", "", False), ("gate", "", "", False), ("lift_gate", "", "", False),
    ("cycle_barrier", "", "", False), ("cattle_grid", "", "", False),
    ("border_control", "", "", False), ("toll_booth", "", "", False), ("sally_port", "", "", False),
    ("entrance", "", "", False), ("block", "", "", False), ("some_tag", "", "", False),
    ("wall", "", "", True), ("fence", "", "", True), ("wall", "yes", "", False),
    ("wall", "permissive", "", False), ("wall", "designated", "", False),
    ("bollard", "no", "", True), ("bollard", "private", "", True), ("bollard", "yes", "", False),
    ("bollard", "agricultural", "", True), ("gate", "no", "", True), ("gate", "private", "", True),
    ("gate", "no", "yes", False), ("gate", "yes", "no", True), ("gate", "yes", "private", True),
]  # fmt: skip


def _given(**tags: str) -> dict[str, str]:
    return {key: value for key, value in tags.items() if value}


@pytest.mark.parametrize(("highway", "access", "foot", "walked"), OSRM_WAYS)
def test_access_agrees_with_osrm(highway: str, access: str, foot: str, walked: bool) -> None:
    flags = way_flags(_given(highway=highway, access=access, foot=foot))
    assert (flags is not None) is walked


@pytest.mark.parametrize(("highway", "walked"), OSRM_KINDS.items())
def test_kinds_of_way_agree_with_osrm(highway: str, walked: bool) -> None:
    assert (way_flags({"highway": highway}) is not None) is walked


@pytest.mark.parametrize(("barrier", "access", "foot", "closed"), OSRM_BARRIERS)
def test_barriers_agree_with_osrm(barrier: str, access: str, foot: str, closed: bool) -> None:
    assert stops_feet(_given(barrier=barrier, access=access, foot=foot)) is closed


@pytest.mark.parametrize("kind", ["cycleway", "trunk", "trunk_link", "platform", "corridor"])
def test_kinds_where_we_follow_graphhopper_and_the_wiki(kind: str) -> None:
    assert way_flags({"highway": kind}) is not None


@pytest.mark.parametrize(
    "tags",
    [
        {"highway": "primary", "motorroad": "yes"},
        {"highway": "trunk", "foot": "no"},
        {"highway": "proposed", "foot": "yes"},
        {"highway": "construction", "foot": "yes"},
        {"highway": "via_ferrata", "foot": "yes"},
        {"highway": "residential", "foot": "use_sidepath"},
        {"railway": "rail", "foot": "yes"},
        {"leisure": "park", "foot": "yes"},
        {"barrier": "wall", "foot": "yes"},
        {"highway": "trail"},
        {"highway": "service", "access": "private"},
        {"route": "ferry"},
        {"route": "hiking"},
        {},
    ],
    ids=str,
)
def test_not_walked_on(tags: dict[str, str]) -> None:
    assert way_flags(tags) is None


@pytest.mark.parametrize(
    ("tags", "flags"),
    [
        ({"highway": "service", "service": "driveway"}, 0),
        ({"highway": "service", "service": "parking_aisle"}, 0),
        ({"highway": "service", "service": "alley", "oneway": "yes"}, 0),
        ({"highway": "primary", "sidewalk": "separate"}, 0),
        ({"highway": "primary", "sidewalk": "no"}, 0),
        ({"highway": "trunk", "motorroad": "yes", "sidewalk": "both"}, 0),
        ({"highway": "service", "access": "customers"}, 0),
        ({"highway": "service", "access": "destination"}, 0),
        ({"railway": "platform"}, 0),
        ({"public_transport": "platform"}, 0),
        ({"man_made": "pier"}, 0),
        ({"highway": "steps"}, STEPS),
        ({"highway": "footway", "indoor": "yes"}, INDOOR),
        ({"highway": "corridor"}, INDOOR),
        ({"highway": "pedestrian", "area": "yes"}, AREA),
        ({"highway": "footway", "bridge": "yes"}, BRIDGE),
        ({"highway": "footway", "tunnel": "building_passage"}, TUNNEL),
        ({"highway": "footway", "bridge": "no", "tunnel": "no", "indoor": "no"}, 0),
    ],
    ids=str,
)
def test_walked_on_with_flags(tags: dict[str, str], flags: int) -> None:
    assert way_flags(tags) == flags


def test_ferries_only_on_demand() -> None:
    ferry = {"route": "ferry", "foot": "yes"}
    assert way_flags(ferry) is None
    assert way_flags(ferry, ferries=True) == FERRY
    assert way_flags({"route": "ferry"}, ferries=True) == FERRY
    assert way_flags({"route": "ferry", "foot": "no"}, ferries=True) is None


def test_a_locked_gate_stops_feet_unless_it_says_otherwise() -> None:
    assert stops_feet({"barrier": "gate", "locked": "yes"})
    assert not stops_feet({"barrier": "gate", "locked": "yes", "foot": "yes"})
    assert not stops_feet({"barrier": "gate", "locked": "no"})


def test_only_barriers_are_barriers() -> None:
    assert not stops_feet({"highway": "crossing", "foot": "no"})


def test_flags_have_names() -> None:
    assert flag_names(STEPS | TUNNEL) == ("steps", "tunnel")
    assert flag_names(0) == ()


def test_every_row_names_its_source() -> None:
    assert all(rule.source and rule.values for rule in RULES)
