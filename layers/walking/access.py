"""Where feet may go: one table of OpenStreetMap tags, each row with its source.

The rows are read from top to bottom and the first that fits decides; a way that none fits is
not walked on. One-way rules are for vehicles and are ignored. Sources, abbreviated below:

- `wiki`: OpenStreetMap wiki, *Key:access*, *Key:foot*, *Key:barrier* and *OSM tags for
  routing/Access restrictions* (the worldwide table);
- `osrm`: OSRM `profiles/foot.lua` and `features/foot/*.feature`;
- `gh`: GraphHopper `FootAccessParser`;
- `ors`: openrouteservice `FootFlagEncoder` and its page *Tag Filtering*.

Where they differ the row says whom it follows and why. Tags with hours
(`foot:conditional=…`) are not read: the measured way must not depend on the time of day.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

STEPS, INDOOR, AREA, FERRY, BRIDGE, TUNNEL = 1, 2, 4, 8, 16, 32
"""Bits of an edge's flags: what a person who reads a path wants to be told."""

FLAG_NAMES = {
    STEPS: "steps",
    INDOOR: "indoor",
    AREA: "area_outline",
    FERRY: "ferry",
    BRIDGE: "bridge",
    TUNNEL: "tunnel",
}


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


WALKED_ON = _words(
    "footway path steps pedestrian living_street residential service track unclassified road "
    "primary primary_link secondary secondary_link tertiary tertiary_link trunk trunk_link "
    "cycleway corridor platform crossing elevator"
)
NOT_THERE = _words(
    "construction proposed planned abandoned disused razed demolished dismantled removed no "
    "via_ferrata"
)
MAY = _words("yes designated permissive official public")
MAY_NOT = _words(
    "no private restricted military emergency agricultural forestry delivery permit residents "
    "employees use_sidepath"
)
SIDEWALK = _words("yes both left right")


@dataclass(frozen=True, slots=True)
class Rule:
    """One row: a way whose `key` has one of `values` is walked on, or not, and who says so."""

    key: str
    values: frozenset[str]
    walked: bool
    source: str


RULES = (
    Rule(
        "highway", NOT_THERE, False, "osrm, gh: neither built nor for walking, whatever foot says"
    ),
    Rule("foot", MAY, True, "all: the special tag beats the general one"),
    Rule("foot", MAY_NOT, False, "all; use_sidepath: osrm (the path beside it is mapped)"),
    Rule("access", MAY_NOT, False, "all; agricultural, forestry, delivery: osrm and wiki, not ors"),
    Rule("sidewalk", SIDEWALK, True, "gh, ors: a pavement, even along a motor road"),
    Rule("motorroad", frozenset({"yes"}), False, "all"),
    Rule("highway", WALKED_ON, True, "wiki, gh; cycleway and trunk: wiki, gh, ors, not osrm"),
    Rule("railway", frozenset({"platform"}), True, "all"),
    Rule("public_transport", frozenset({"platform"}), True, "osrm"),
    Rule("man_made", frozenset({"pier"}), True, "all"),
)
"""What has no effect, on purpose: `service=*` (alleys, drives and parking aisles are walked on),
`sidewalk=separate|no|none` (the carriageway still connects), `oneway=*`, `sac_scale=*`, `ford=*`.
Motorways, bridleways and bus lanes are walked on only where `foot=*` says so."""

KINDS = ("highway", "railway", "public_transport", "man_made", "route")
"""A way without any of these keys is no way at all, even with `foot=yes` (parks, walls)."""

CLOSED_BARRIERS = _words(
    "wall fence hedge retaining_wall city_wall guard_rail ditch jersey_barrier debris overgrowth"
)
"""Barriers on a node that stop feet (`wiki`, `osrm`, `gh`). All others let feet pass: gates,
bollards, lift gates, cycle barriers, stiles, blocks, toll booths, and kinds nobody knows."""


def way_flags(tags: Mapping[str, str], *, ferries: bool = False) -> int | None:
    """Flags of a way that people walk on (0: nothing special), `None` where they do not."""
    if tags.get("route") == "ferry":
        return FERRY if ferries and _first_rule(tags) is not False else None
    if not any(key in tags for key in KINDS[:-1]):
        return None
    if not _is_way(tags) or not _first_rule(tags):
        return None
    return _describe(tags)


def _is_way(tags: Mapping[str, str]) -> bool:
    """Rails and piers count only as platform and pier, so that `foot=yes` opens no railway."""
    return "highway" in tags or any(
        tags.get(rule.key) in rule.values for rule in RULES if rule.key in KINDS[1:]
    )


def _first_rule(tags: Mapping[str, str]) -> bool | None:
    for rule in RULES:
        if tags.get(rule.key) in rule.values:
            return rule.walked
    return None


def _describe(tags: Mapping[str, str]) -> int:
    flags = STEPS if tags.get("highway") == "steps" else 0
    if tags.get("indoor", "no") != "no" or tags.get("highway") == "corridor":
        flags |= INDOOR
    if tags.get("area") == "yes" or tags.get("type") == "multipolygon":
        flags |= AREA
    if tags.get("bridge", "no") != "no":
        flags |= BRIDGE
    if tags.get("tunnel", "no") not in {"no", "culvert"}:
        flags |= TUNNEL
    return flags


def stops_feet(tags: Mapping[str, str]) -> bool:
    """Whether a node with a barrier lets nobody through on foot.

    `foot` beats `access`, `access` beats the kind of barrier (`osrm`: access tag trumps barrier);
    a locked gate stops feet unless `foot` or `access` say otherwise (`gh`).
    """
    if "barrier" not in tags:
        return False
    for key in ("foot", "access"):
        if key in tags:
            return tags[key] in MAY_NOT
    return tags["barrier"] in CLOSED_BARRIERS or tags.get("locked") == "yes"


def flag_names(flags: int) -> tuple[str, ...]:
    """The names of the bits that are set."""
    return tuple(name for bit, name in FLAG_NAMES.items() if flags & bit)
