"""Tags become themes; a negation is no object, and of several values any may decide."""

from __future__ import annotations

import pytest

from layers.sources.osm_tags import AREA, LINE, NODE, RULES, is_proxy, themes_of
from layers.themes import THEMES


@pytest.mark.parametrize(
    ("tags", "shape", "themes"),
    [
        ({"amenity": "school"}, NODE, {"school": "amenity=school"}),
        ({"amenity": "kindergarten", "building": "yes"}, AREA,
         {"school": "amenity=kindergarten", "building": "building=yes"}),
        ({"landuse": "education"}, AREA, {}),
        ({"building": "school"}, AREA, {"building": "building=school"}),
        ({"building": "no"}, AREA, {}),
        ({"building": "yes"}, NODE, {}),
        ({"shop": "alcohol;tobacco"}, NODE,
         {"tobacco_retailer": "shop=tobacco", "alcohol_retailer": "shop=alcohol"}),
        ({"shop": "convenience"}, NODE, {"tobacco_retailer": "shop=convenience"}),
        ({"shop": "convenience", "tobacco": "yes"}, NODE, {"tobacco_retailer": "tobacco=yes"}),
        ({"shop": "convenience", "tobacco": "no"}, NODE, {"tobacco_retailer": "shop=convenience"}),
        ({"shop": "e-cigarette"}, NODE, {"ecig_retailer": "shop=e-cigarette"}),
        ({"amenity": "vending_machine", "vending": "cigarettes"}, NODE,
         {"tobacco_retailer": "vending=cigarettes"}),
        ({"amenity": "internet_cafe"}, NODE, {"internet_cafe": "amenity=internet_cafe"}),
        ({"amenity": "Bar"}, NODE, {"bar": "amenity=bar"}),
        ({"highway": "footway"}, LINE, {"road": "highway=footway"}),
        ({"highway": "construction"}, LINE, {}),
        ({"highway": "bus_stop"}, NODE, {}),
        ({"barrier": "gate"}, NODE, {"gate": "barrier=gate", "barrier": "barrier=gate"}),
        ({"barrier": "wall"}, LINE, {"barrier": "barrier=wall"}),
        ({"entrance": "main"}, NODE, {"gate": "entrance=main"}),
        ({"entrance": "no"}, NODE, {}),
        ({"natural": "water"}, AREA, {"water": "natural=water"}),
        ({"natural": "water"}, LINE, {}),
        ({"waterway": "river"}, LINE, {"water": "waterway=river"}),
        ({"place": "town"}, NODE, {"place": "place=town"}),
        ({"place": "country"}, NODE, {}),
        ({}, NODE, {}),
    ],
)  # fmt: skip
def test_what_tags_mean(tags: dict[str, str], shape: str, themes: dict[str, str]) -> None:
    assert themes_of(tags, shape) == themes


def test_the_table_names_known_themes_only() -> None:
    assert {rule.theme for rule in RULES} - {"gate"} <= set(THEMES)


def test_a_proxy_only_may_sell_tobacco() -> None:
    assert is_proxy("shop=kiosk")
    assert not is_proxy("shop=tobacco")
    assert not is_proxy("tobacco=yes")
