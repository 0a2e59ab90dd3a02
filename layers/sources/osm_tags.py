"""OpenStreetMap tags as one table: which tag makes an object part of which theme.

A rule is `(key, values, theme, shapes)`: an object of one of the shapes whose tag `key` has one
of `values` (any but a negation, where `values` is empty) belongs to the theme. Tag meanings:
the OpenStreetMap wiki; gaps of Chinese data are said in the notes of the extract.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

NODE, LINE, AREA = "node", "line", "area"
NEGATIONS = frozenset({"no", "none", "false", "0", "disused", "abandoned", "vacant", "closed"})

PROXY_CATEGORY = "tobacco-capable proxy"
"""Category of a shop that may sell tobacco but does not say so (Chinese maps rarely tag it)."""


@dataclass(frozen=True, slots=True)
class TagRule:
    """Objects of `shapes` with `key` = one of `values` (empty: any) belong to `theme`."""

    key: str
    values: frozenset[str]
    theme: str
    shapes: tuple[str, ...]

    def matches(self, tags: Mapping[str, str]) -> str | None:
        """`key=value` of the tag that matched, or `None`; of several values (`a;b`) any may."""
        text = tags.get(self.key)
        if text is None:
            return None
        for value in text.split(";"):
            word = value.strip().lower()
            if word in self.values or (not self.values and word and word not in NEGATIONS):
                return f"{self.key}={word}"
        return None


def _rule(theme: str, key: str, values: str, *shapes: str) -> TagRule:
    return TagRule(key, frozenset(values.split()), theme, shapes)


_PLACE = (NODE, AREA)
_SCHOOLS = (
    "school kindergarten college university childcare prep_school training music_school "
    "language_school driving_school"
)
GATE_BARRIERS = (
    "gate entrance lift_gate swing_gate sliding_gate sliding_beam wicket_gate kissing_gate "
    "turnstile full-height_turnstile hampshire_gate sally_port"
)
GATE_ENTRANCES = "main yes secondary secondary_entrance side service gate school staff entrance"

RULES: tuple[TagRule, ...] = (
    _rule("school", "amenity", _SCHOOLS, *_PLACE),
    _rule("gate", "barrier", GATE_BARRIERS, NODE, LINE),
    _rule("gate", "entrance", GATE_ENTRANCES, NODE),
    _rule("tobacco_retailer", "shop", "tobacco", *_PLACE),
    _rule("tobacco_retailer", "vending", "cigarettes tobacco", *_PLACE),
    _rule("tobacco_retailer", "tobacco", "yes only", *_PLACE),
    _rule("ecig_retailer", "shop", "e-cigarette vaping", *_PLACE),
    _rule("ecig_retailer", "vending", "e-cigarettes", *_PLACE),
    _rule("alcohol_retailer", "shop", "alcohol wine spirits", *_PLACE),
    _rule("lottery_outlet", "shop", "lottery", *_PLACE),
    _rule("lottery_outlet", "lottery", "yes only", *_PLACE),
    _rule("internet_cafe", "amenity", "internet_cafe", *_PLACE),
    _rule("entertainment_venue", "amenity", "karaoke_box karaoke nightclub stripclub", *_PLACE),
    _rule("entertainment_venue", "leisure", "adult_gaming_centre amusement_arcade dance", *_PLACE),
    _rule("entertainment_venue", "sport", "billiards", *_PLACE),
    _rule("bar", "amenity", "bar pub", *_PLACE),
    _rule("hotel", "tourism", "hotel guest_house hostel motel apartment", *_PLACE),
    _rule("road", "highway", "", LINE),
    _rule("building", "building", "", AREA),
    _rule("water", "natural", "water", AREA),
    _rule("water", "landuse", "reservoir basin", AREA),
    _rule("water", "waterway", "riverbank dock", AREA),
    _rule("water", "waterway", "river stream canal drain ditch", LINE),
    _rule("green", "leisure", "park garden playground pitch nature_reserve golf_course", AREA),
    _rule("green", "landuse", "grass forest meadow recreation_ground village_green orchard", AREA),
    _rule("green", "natural", "wood grassland scrub heath", AREA),
    _rule("barrier", "barrier", "", NODE, LINE),
    _rule("place", "place", "city town suburb quarter neighbourhood village hamlet", NODE),
    _rule("tobacco_retailer", "shop", "convenience kiosk supermarket", *_PLACE),
)
PROXY_RULE = RULES[-1]
"""Shops that may sell tobacco; the last rule, so that any tag that says so comes first."""

_NO_ROADS = frozenset(
    {
        "proposed", "construction", "razed", "platform", "rest_area", "services", "elevator",
        "corridor", "bus_stop",
    }
)  # fmt: skip

THEMES_READ = tuple(dict.fromkeys(rule.theme for rule in RULES if rule.theme != "gate"))
"""Themes an extract may bring, in the order of the table (gates become `school_gate`)."""

KEYS = tuple(dict.fromkeys(rule.key for rule in RULES))
"""Tag keys that the reader must look at."""


@cache
def rules_for(shape: str) -> tuple[TagRule, ...]:
    """The rules for objects of one shape (`NODE`, `LINE` or `AREA`)."""
    return tuple(rule for rule in RULES if shape in rule.shapes)


def themes_of(tags: Mapping[str, str], shape: str) -> dict[str, str]:
    """Themes an object belongs to, with the tag (`key=value`) that says so.

    >>> themes_of({"shop": "alcohol;tobacco", "building": "yes"}, "area")
    {'tobacco_retailer': 'shop=tobacco', 'alcohol_retailer': 'shop=alcohol', 'building': 'building=yes'}
    """
    found: dict[str, str] = {}
    for rule in rules_for(shape):
        tag = rule.matches(tags)
        if tag is not None:
            found.setdefault(rule.theme, tag)
    if found.get("road", "=").partition("=")[2] in _NO_ROADS:
        del found["road"]
    return found


def is_proxy(tag: str) -> bool:
    """Whether the tag (`key=value`) only lets a shop be a tobacco seller."""
    key, _, value = tag.partition("=")
    return key == PROXY_RULE.key and value in PROXY_RULE.values
