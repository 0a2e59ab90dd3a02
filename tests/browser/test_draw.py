"""What is done on the page of drawing, by a browser: draw, name, save, refuse, undo."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import shapely
from playwright.sync_api import TimeoutError as Late
from playwright.sync_api import expect

from layers import Layer, read_layer
from tests.browser.conftest import STANDS, Glance, Site, county, end, press, serve

pytestmark = pytest.mark.browser
Look = Callable[..., Glance]
Spots = tuple[tuple[int, int], ...]
LANE: Spots = ((150, 300), (450, 300), (450, 340), (150, 340), (150, 300))
GATES: tuple[Spots, ...] = (((150, 300), (150, 340)), ((450, 300), (450, 340)))
SHAPES = "() => window.drawnItems && window.drawnItems.getLayers ? window.drawnItems.getLayers().length : -1"  # fmt: skip

DONE = """before => document.querySelectorAll(".leaflet-editing-icon").length !== before"""
MARKS = """() => document.querySelectorAll(".leaflet-editing-icon").length"""
READY = """() => new Promise(done => setTimeout(done, 80))"""
"""The tool passes over clicks for a twentieth of a second after each."""


@pytest.fixture(scope="module")
def desk(demo_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo's schools and imagery, to be written into."""
    return county(demo_folder, tmp_path_factory.mktemp("desk"), "school", imagery=True)


@pytest.fixture(scope="module")
def office(desk: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    running = serve(desk, tmp_path_factory.mktemp("log") / "draw.log")
    yield running
    end(running)


def open_page(office: Site, glance: Look, **query: str) -> Glance:
    look = glance(office.url("/draw", **{"lang": "zh", **query}))
    look.map.locator(".leaflet-draw-draw-polygon").wait_for()
    look.map.wait_for_function(STANDS)
    return look


def click(look: Glance, x: float, y: float) -> None:
    """Set a corner: again where the tool's own mark, which catches the click, was not there yet."""
    marks, mouse = look.map.evaluate(MARKS), look.page.mouse
    for _ in range(6):
        mouse.move(x - 6, y - 6)
        mouse.move(x, y, steps=3)
        mouse.click(x, y)
        try:
            look.map.wait_for_function(DONE, arg=marks, timeout=2000)
        except Late:
            continue
        look.map.evaluate(READY)
        return
    pytest.fail("no corner could be set")


def draw(look: Glance, tool: str, spots: Spots) -> None:
    """Click a shape into the map; a line ends by its last point clicked again."""
    before = look.map.evaluate(SHAPES)
    box = look.page.locator("iframe").first.bounding_box()
    assert box
    look.map.locator(f".leaflet-draw-draw-{tool}").click()
    for x, y in spots if tool == "polygon" else (*spots, spots[-1]):
        click(look, box["x"] + x, box["y"] + y)
    look.map.wait_for_function(f"({SHAPES})() === {before + 1}")
    expect(look.page.locator(".y-tally")).to_have_text(f"图形 {before + 1} 个")


def choose_ignored(look: Glance) -> None:
    """Choose the theme without lines; the map is laid anew."""
    press(look.page.get_by_text("不检测区", exact=True))
    frame = look.page.frame_locator("iframe").first
    expect(frame.locator(".leaflet-draw-draw-polyline")).to_have_count(0)
    expect(frame.locator(".leaflet-draw-draw-polygon")).to_be_visible()
    look.map.wait_for_function(STANDS)


def save(look: Glance) -> None:
    press(look.page.get_by_role("button", name="保存为新版本"))


def drawn(desk: Path, theme: str = "fire_lane") -> Layer:
    return read_layer(desk / "layers" / f"drawn-{theme}.parquet")


def test_a_lane_with_gates_is_saved_and_taken_back(office: Site, glance: Look, desk: Path) -> None:
    look = open_page(office, glance)
    page = look.page
    draw(look, "polygon", LANE)
    for gate in GATES:
        draw(look, "polyline", gate)
    page.get_by_label("1 · 名称").fill("试验车道")
    page.keyboard.press("Enter")
    save(look)
    expect(page.get_by_text("已保存 1 个图形（第 1 版）")).to_be_visible()
    assert look.map.evaluate(SHAPES) == 3
    layer = drawn(desk)
    row = next(layer.frame.itertuples(index=False))
    assert row.name == "试验车道"
    assert len(shapely.get_parts(shapely.from_wkt(row.gates))) == 2
    assert layer.provenance[0].source.startswith("drawn by 王检 on scene ")
    assert row.u_source_m > 0
    corners = shapely.get_coordinates(row.geometry)
    assert (abs(corners * 1e6 - (corners * 1e6).round()) > 1e-3).any(), "finer than a decimetre"
    press(page.get_by_role("button", name="撤销上次保存"))
    expect(page.get_by_text("已撤销，现为第 0 版")).to_be_visible()
    look.map.wait_for_function(f"({SHAPES})() === 0")
    assert not (desk / "layers" / "drawn-fire_lane.parquet").exists()
    look.quiet()


def test_what_was_saved_is_there_again_and_can_be_changed(
    office: Site, glance: Look, desk: Path
) -> None:
    look = open_page(office, glance)
    choose_ignored(look)
    draw(look, "polygon", LANE)
    look.page.get_by_label("原因").fill("温室")
    look.page.keyboard.press("Enter")
    save(look)
    expect(look.page.get_by_text("已保存 1 个图形（第 1 版）")).to_be_visible()
    again = open_page(office, glance)
    choose_ignored(again)
    again.map.wait_for_function(f"({SHAPES})() === 1")
    expect(again.page.get_by_label("原因")).to_have_value("温室")
    press(again.map.locator(".leaflet-draw-edit-remove"))
    press(again.map.get_by_text("全部删除"))
    expect(again.page.locator(".y-tally")).to_have_text("图形 0 个")
    save(again)
    expect(again.page.get_by_text("已保存 0 个图形（第 2 版）")).to_be_visible()
    assert not (desk / "layers" / "drawn-ignore_zone.parquet").exists()


def test_a_gate_off_its_lane_is_refused_with_what_to_do(
    office: Site, glance: Look, desk: Path
) -> None:
    look = open_page(office, glance)
    draw(look, "polygon", LANE)
    draw(look, "polyline", ((300, 300), (300, 340)))
    save(look)
    expect(
        look.page.get_by_text(re.compile("未保存：.*出入口不在车道边线上.*办法："))
    ).to_be_visible()
    assert not (desk / "layers" / "drawn-fire_lane.parquet").exists()
    assert look.map.evaluate(SHAPES) == 2, "what was drawn is not lost"


def test_the_page_speaks_english_and_fits(office: Site, glance: Look) -> None:
    look = open_page(office, glance, lang="en")
    text = look.page.locator(".st-key-left").inner_text()
    assert "Fire lanes and gates" in text
    assert not re.search(r"[\u4e00-\u9fff]", text), text
    look.fits()
    look.quiet()
