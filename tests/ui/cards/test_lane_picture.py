"""The picture on the card of a fire lane: only there, its address complete and escaped."""

from __future__ import annotations

import html
import re
from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

import geopandas as gpd
import pytest
import shapely

from checks import Finding, catalogue, lane_picture, limits_in_force, run
from layers import Layer, LayerSet, Provenance, make_layer
from layers.errors import LayerError
from ui.cards.lane_picture import CHECK, drive_section
from ui.texts import texts

DAY = "2026-06-30"


def feature(theme: str, row: dict[str, object], shape: shapely.Geometry) -> Layer:
    frame = gpd.GeoDataFrame([row], geometry=[shape], crs="EPSG:4326")
    told = Provenance("test", "t", "0", "wgs84", "none", 1, 1)
    return make_layer(theme, frame, told)


@pytest.fixture(scope="module")
def layers() -> LayerSet:
    """A lane of about 5.9 by 60 m with a car at its kerb."""
    lane = {"id": "x1", "name": "一号", "u_source_m": 0.1, "built": "2019-01-01", "gates": None}
    car = {"id": "o1", "day": "2026-05-01", "confirmed": True, "u_outline_m": 0.15, "kind": "car"}
    return LayerSet({
        "fire_lane": feature("fire_lane", lane, shapely.box(109.3, 27.6, 109.3006, 27.600053)),
        "obstacle": feature("obstacle", car, shapely.box(109.3003, 27.6, 109.30035, 27.60003)),
    })  # fmt: skip


@pytest.fixture(scope="module")
def lanes(layers: LayerSet) -> tuple[Finding, ...]:
    return run([CHECK], layers, None, DAY, all_subjects=True).findings


def test_the_card_shows_both_widths_and_the_way_to_the_picture(lanes: tuple[Finding, ...]) -> None:
    one = next(found for found in lanes if found.subject_id == "x1")
    shown = drive_section(one, texts("en"), "demo", "stamp1")
    said = f"clear width {one.measured:.2f} m [{one.measured_low:.2f}, {one.measured_high:.2f}] · narrowest cross-section"
    assert said in html.unescape(shown)
    links = [html.unescape(link) for link in re.findall(r'(?:src|href)="([^"]+)"', shown)]
    assert [urlsplit(link).path for link in links] == ["/lane/picture.png"] * 3 + ["/lane/picture.svg"]  # fmt: skip
    assert all(parse_qs(urlsplit(link).query)["lane"] == ["x1"] for link in links)
    assert parse_qs(urlsplit(links[1]).query)["small"] == ["1"]


def test_ids_from_outside_do_no_harm(lanes: tuple[Finding, ...]) -> None:
    one = replace(lanes[0], subject_id='"><script>alert(1)</script>&lane=x')
    shown = drive_section(one, texts("zh"), None, "s")
    assert "<script" not in shown
    link = html.unescape(re.findall(r'src="([^"]+)"', shown)[0])
    assert parse_qs(urlsplit(link).query)["lane"] == [one.subject_id]


def test_other_cards_have_none(lanes: tuple[Finding, ...]) -> None:
    assert drive_section(None, texts("zh"), None, "s") == ""
    assert drive_section(replace(lanes[0], check="bar-near-school"), texts("zh"), None, "s") == ""


def test_the_picture_says_what_the_finding_says(lanes: tuple[Finding, ...], layers: LayerSet) -> None:  # fmt: skip
    limits = limits_in_force(catalogue()[CHECK].check, None, DAY)
    for one in lanes:
        sheet = lane_picture(layers, limits, DAY, str(one.subject_id), lang="en")
        assert f"clear width {one.measured:.2f} m" in sheet.svg()
    with pytest.raises(LayerError, match="no fire lane"):
        lane_picture(layers, limits, DAY, "nowhere")
