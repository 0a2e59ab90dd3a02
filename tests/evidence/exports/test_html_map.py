"""The page in a real browser from a disk: it asks for nothing, runs nothing of the data, says everything."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from html.parser import HTMLParser
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import shapely
from playwright.sync_api import Browser, Page, sync_playwright

from evidence import Dossier
from evidence.exports import html_map
from evidence.exports.html_map import MOST_BYTES
from evidence.exports.surroundings import encoded, surroundings
from evidence.exports.texts import visible
from evidence.masking import share
from tests.evidence.exports.hostile import HOSTILE, renamed
from tests.lacking import lacking
from tests.system import chromium_program

FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
         "--disable-background-networking", "--disable-component-update", "--disable-sync"]  # fmt: skip
MARK = "李明 于 2026-07-01 导出，供市人民检察院使用"


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """Chromium from CHROMIUM, /usr/bin or the path; skips loudly without it, fails in CI."""
    found = chromium_program()
    if found is None:
        lacking("CHROMIUM MISSING: set CHROMIUM=/path/to/chromium; this test did not run")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=FLAGS)
        yield browser
        browser.close()


class Elements(HTMLParser):
    """Which attributes the page's elements have."""

    def __init__(self) -> None:
        super().__init__()
        self.attributes: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.attributes |= {name for name, _ in attrs if tag != "script" or name != "type"}


@dataclass
class Opened:
    """A page and all it asked for and complained about."""

    page: Page
    asked: list[str] = field(default_factory=list)
    said: list[str] = field(default_factory=list)


@pytest.fixture
def opened(chromium: Browser) -> Iterator[Opened]:
    page = chromium.new_page(viewport={"width": 1366, "height": 768})
    one = Opened(page)
    page.on("request", lambda request: one.asked.append(request.url))
    page.on("console", lambda message: one.said.append(message.text))
    page.on("pageerror", lambda error: one.said.append(str(error)))
    page.on("dialog", lambda dialog: one.said.append(dialog.message))
    yield one
    page.close()


def open_map(opened: Opened, file: Path, data: bytes) -> Page:
    file.write_bytes(data)
    opened.page.goto(file.as_uri())
    return opened.page


def test_it_opens_from_a_disk_and_asks_for_nothing(
    dossiers: Mapping[str, Dossier], opened: Opened, tmp_path: Path
) -> None:
    chosen = list(dossiers.values())
    file = tmp_path / "线索 #1.html"
    page = open_map(opened, file, html_map(chosen, watermark=MARK))
    assert page.locator("#leads button").count() == len(chosen)
    for at, dossier in enumerate(chosen):
        page.locator("#leads button").nth(at).click()
        card = page.locator(".leaflet-popup-content").last.inner_text()
        assert dossier.number in card
        assert str(dossier.finding["subject_name"]) in card
        for reason in dossier.finding["reasons"]:
            assert reason in card
    page.locator(".leaflet-control-zoom-in").click()
    page.wait_for_function("document.querySelectorAll('canvas').length > 0")
    assert MARK in page.locator("#watermark").inner_text()
    last = page.locator("#watermark span").last.bounding_box()
    assert last is not None
    assert last["y"] > 768
    assert "演示数据" in page.locator("#notices").inner_text()
    assert [re.sub(r".*/", "", url) for url in opened.asked] == [file.as_uri().split("/")[-1]]
    assert opened.said == []


def test_a_click_on_the_place_opens_its_card(
    dossiers: Mapping[str, Dossier], opened: Opened, tmp_path: Path
) -> None:
    one = dossiers["tobacco-near-school"]
    page = open_map(opened, tmp_path / "m.html", html_map([one]))
    page.locator("#map svg path.leaflet-interactive").last.click()
    assert "45.1 米" in page.locator(".leaflet-popup-content").inner_text()
    assert page.locator("#leads button[aria-current]").count() == 1
    page.keyboard.press("Escape")
    assert page.locator("#leads button[aria-current]").count() == 0


def test_the_card_does_not_stand_on_what_was_measured(
    dossiers: Mapping[str, Dossier], opened: Opened, tmp_path: Path
) -> None:
    chosen = [one for one in dossiers.values() if one.line is not None]
    page = open_map(opened, tmp_path / "m.html", html_map(chosen))
    for at in range(len(chosen)):
        page.locator("#leads button").nth(at).click()
        page.wait_for_timeout(400)
        popup = page.locator(".leaflet-popup-content-wrapper").last.bounding_box()
        drawn = page.locator("#map svg path.leaflet-interactive").all()
        assert popup is not None
        boxes = [box for box in (path.bounding_box() for path in drawn) if box]
        inside = [box for box in boxes if box["y"] > 0 and box["y"] + box["height"] < 768]
        assert any(box["y"] >= popup["y"] + popup["height"] for box in inside)


def test_both_languages_stand_in_it(
    dossiers: Mapping[str, Dossier], opened: Opened, tmp_path: Path
) -> None:
    chosen = list(dossiers.values())
    page = open_map(opened, tmp_path / "m.html", html_map(chosen, lang="en", watermark=MARK))
    assert page.title() == "Map of leads"
    page.locator("#leads button").first.click()
    assert "shortest walkable path" in page.locator(".leaflet-popup-content").inner_text()
    assert "unverified" in page.locator(".leaflet-popup-content").inner_text()
    page.locator("#switch").click()
    assert page.title() == "线索地图"
    assert "最短步行路径" in page.locator(".leaflet-popup-content").last.inner_text()
    assert page.locator("html").get_attribute("lang") == "zh-CN"
    assert opened.said == []


def test_hostile_names_are_text(
    dossiers: Mapping[str, Dossier], opened: Opened, tmp_path: Path
) -> None:
    """All of them at once: in lists, cards, tooltips, the surroundings and the watermark."""
    base = dossiers["tobacco-near-school"]
    schools = base.context["school"].copy()
    schools["name"] = [HOSTILE[n % len(HOSTILE)] for n in range(len(schools))]
    chosen = [
        replace(renamed(base, name), number=f"YC-{n}", context={"school": schools})
        for n, name in enumerate(HOSTILE)
    ]
    page = open_map(opened, tmp_path / "m.html", html_map(chosen, watermark=HOSTILE[6]))
    for at, name in enumerate(HOSTILE):
        page.locator("#leads button").nth(at).click()
        card = page.locator(".leaflet-popup-content").last.text_content() or ""
        assert visible(name) in card, name[:30]
        shown = page.locator("#leads button b").nth(at).text_content()
        assert shown == f"YC-{at} {visible(name)}"
    assert page.locator("main img, main b b, main script").count() == 0
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert len(opened.asked) == 1
    assert opened.said == []


def test_the_file_names_no_address(dossiers: Mapping[str, Dossier]) -> None:
    text = html_map(list(dossiers.values()), watermark=MARK).decode("utf-8")
    elements = Elements()
    elements.feed(text)
    assert not {"src", "href", "style", "onclick", "onload", "onerror"} & elements.attributes
    assert not re.search(r"url\((?!data:|#)", text)
    assert "default-src 'none'" in text
    assert "sourceMappingURL" not in text


def test_it_is_the_same_twice(dossiers: Mapping[str, Dossier]) -> None:
    chosen = list(dossiers.values())
    assert html_map(chosen, watermark=MARK) == html_map(chosen, watermark=MARK)


def test_a_hundred_leads_stay_below_three_megabytes(dossiers: Mapping[str, Dossier]) -> None:
    """Scattered over a county of houses, so that nothing of the ground is shared."""
    base = dossiers["tobacco-near-school"]
    houses = base.context["building"]
    chosen = []
    for n in range(100):
        east, north = (n % 10) * 0.02, (n // 10) * 0.02
        moved = gpd.GeoDataFrame(
            {"id": [f"{n}-{one}" for one in houses["id"]], "name": houses["name"].to_numpy()},
            geometry=houses.geometry.translate(east, north).to_numpy(), crs=houses.crs)  # fmt: skip
        shapes = [shapely.transform(one, lambda xy, e=east, s=north: xy + np.array([e, s]))
                  for one in (base.line, base.subject)]  # fmt: skip
        chosen.append(replace(base, number=f"YC-{n}", line=shapes[0], subject=shapes[1],
                              context={"building": moved}))  # fmt: skip
    page = html_map(chosen)
    assert len(page) < MOST_BYTES
    assert '"theme":"building"' in page.decode("utf-8")


def test_a_shape_is_read_back_to_a_decimetre() -> None:
    ring = shapely.Polygon([(109.1234567, 27.1), (109.2, 27.1), (109.2, 27.2)],
                           [[(109.19, 27.11), (109.195, 27.11), (109.195, 27.115)]])  # fmt: skip
    ((kind, outer, hole),) = encoded(ring)
    assert kind == "a"
    assert outer[:2] == [109123457, 27100000]
    assert len(outer) == len(hole) == 6
    assert encoded(shapely.Point(109.1, 27.1)) == [["p", [109100000, 27100000]]]
    assert encoded(shapely.LineString()) == []


def test_every_row_is_drawn_once(dossiers: Mapping[str, Dossier]) -> None:
    one = dossiers["tobacco-near-school"]
    single, double = surroundings([one], 250), surroundings([one, one], 250)
    assert single == double
    assert surroundings([one], 0) == []


def test_the_masked_page_names_no_trader(dossiers: Mapping[str, Dossier]) -> None:
    one = dossiers["tobacco-near-school"]
    text = html_map([share(one)], watermark=MARK).decode("utf-8")
    assert str(one.finding["subject_name"]) not in text
    assert str(one.finding["subject_id"]) not in text
    assert "打码副本" in text
