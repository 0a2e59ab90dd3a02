"""What a link to the map opens, and what the keyboard alone reaches there."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Site, Visit, press, still, tally

pytestmark = pytest.mark.browser
Look = Callable[..., Visit]
PERIMETER = "tobacco-near-school"


def test_a_link_opens_its_finding(site: Site, visit: Look) -> None:
    first = visit(site.url(lang="zh", check=PERIMETER))
    key = first.page.locator(".row").nth(5).get_attribute("data-key") or ""
    name = first.page.locator(".row").nth(5).locator(".name").inner_text()
    look = visit(site.url(lang="zh", check=PERIMETER, finding=key))
    expect(look.page.locator(".y-card h2")).to_have_text(name)
    expect(look.page.locator(".row[aria-selected='true']")).to_have_attribute("data-key", key)
    look.chosen(key)
    place, box = look.symbol(key), look.page.locator("iframe").first.bounding_box()
    assert place
    assert box
    assert box["x"] < place[0] < box["x"] + box["width"]
    assert box["y"] < place[1] < box["y"] + box["height"]
    label = look.map.locator(".y-label.y-shop").bounding_box()
    assert label
    assert abs(label["x"] + label["width"] / 2 - place[0]) < 3


READING = Path(__file__).with_name("reading.js").read_text(encoding="utf-8")


def readable(look: Visit) -> None:
    """Everything has a name, and enough contrast."""
    assert look.page.evaluate(READING) == []
    assert look.map.evaluate(READING) == []


def test_a_link_to_an_area_moves_the_map_to_it(site: Site, visit: Look) -> None:
    look = visit(site.url(lang="en", area="109.30,27.60;109.31,27.60;109.31,27.608;109.30,27.608"))
    expect(look.page.locator(".y-sizes")).to_contain_text("87.5")
    look.map.wait_for_function(
        "() => window.map.getBounds().contains([[27.6, 109.3], [27.608, 109.31]]) && window.map.getZoom() >= 15"
    )
    expect(look.map.locator(".leaflet-control-scale-line")).to_have_text(re.compile(r"^\d+ m$"))
    look.map.locator(".y-panel").evaluate("panel => { panel.open = true; }")
    readable(look)


def test_the_keyboard_alone_reaches_list_map_and_card(site: Site, visit: Look) -> None:
    look = visit(site.url(lang="zh", check=PERIMETER))
    page, centre = look.page, "() => window.map.getCenter().lng"
    still(page)
    page.locator(".y-skip").focus()
    expect(page.locator(".y-skip")).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("#y-list")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowDown")
    key = page.locator(".row").first.get_attribute("data-key") or ""
    expect(page.locator(".y-card .y-measured")).to_be_visible()
    look.chosen(key)
    readable(look)

    look.map.locator(".leaflet-container").focus()
    outline = "box => getComputedStyle(box).outlineStyle + getComputedStyle(box).outlineWidth"
    assert look.map.locator(".leaflet-container").evaluate(outline) == "solid2px"
    zoom, lng = look.map.evaluate("() => window.map.getZoom()"), look.map.evaluate(centre)
    page.keyboard.press("ArrowRight")
    look.map.wait_for_function("lng => window.map.getCenter().lng > lng", arg=lng)
    page.keyboard.press("-")
    look.map.wait_for_function("zoom => window.map.getZoom() < zoom", arg=zoom)
    page.locator(".list").focus()
    page.keyboard.press("Enter")
    look.map.wait_for_function("zoom => window.map.getZoom() === zoom", arg=zoom)
    assert look.map.evaluate(centre) == pytest.approx(lng, abs=1e-4)

    still(page)
    look.map.locator(".leaflet-container").focus()
    page.keyboard.press("Escape")
    expect(page.locator(".y-overview")).to_be_visible()
    expect(page.locator(".row[aria-selected='true']")).to_have_count(0)
    expect(page).not_to_have_url(re.compile("finding="))


def test_a_link_opens_the_same_filters_view_and_lead(site: Site, visit: Look) -> None:
    look = visit(site.url(lang="zh", **{"from": "leads"}))
    page = look.page
    press(page.locator(".st-key-verdicts").get_by_role("button", name=re.compile("临界")))
    press(page.locator(".row").nth(1))
    expect(page.locator(".st-key-lead_box")).to_be_visible()
    name = page.locator(".y-card h2").inner_text()
    look.settled()
    # soon after the page came up a move is taken for its own
    look.map.wait_for_function(
        "() => { window.map.fire('dragstart'); return window.map.yichaMoved; }"
    )
    look.map.evaluate("() => { window.map.panBy([90, 40], { animate: false }); return null; }")
    expect(page).to_have_url(re.compile("lead=L"))
    expect(page).to_have_url(re.compile("verdict=inside"))
    there = look.map.evaluate(
        "() => [window.map.getCenter().lat, window.map.getCenter().lng, window.map.getZoom()]"
    )
    expect(page).to_have_url(re.compile(f"view={there[2]}/{there[0]:.5f}/{there[1]:.5f}"))
    shown = tally(page)
    other = visit(page.url)
    expect(other.page.locator(".y-card h2")).to_have_text(name)
    assert tally(other.page) == shown
    other.settled()
    here = other.map.evaluate(
        "() => [window.map.getCenter().lat, window.map.getCenter().lng, window.map.getZoom()]"
    )
    assert here == pytest.approx(there, abs=2e-4)
