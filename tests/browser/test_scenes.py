"""What is done on the page of imagery, by a browser: find, look, compare, check, export."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Error, expect

from tests.browser.conftest import STANDS, Glance, Site, press

pytestmark = pytest.mark.browser
Look = Callable[..., Glance]
CLIPS = """() => ["sceneLeft", "sceneRight"].map(name => {
  const pane = window.map.getPane(name); return pane ? pane.style.clip : ""; })"""
LOADED = """() => [...document.querySelectorAll('.leaflet-sceneLeft-pane img, .leaflet-sceneRight-pane img')]
  .filter(one => one.complete && one.naturalWidth > 0).length"""


def scenes(site: Site, glance: Look, **query: str) -> Glance:
    look = glance(site.url("/scenes", **{"lang": "zh", **query}))
    look.page.locator(".scenes .scene").first.wait_for()
    return look


def choose(look: Glance, text: str) -> str:
    row = look.page.locator(".scenes .scene", has_text=text)
    press(row)
    expect(row).to_have_attribute("aria-selected", "true")
    expect(look.page.locator(".y-card h2")).to_be_visible()
    return row.get_attribute("data-key") or ""


def beside(look: Glance, text: str) -> None:
    """Choose the scene to compare with, by the words of the strip."""
    press(look.page.locator(".strip .scene", has_text=re.compile(text)).first)
    for _ in range(5):
        frame = look.map
        try:
            frame.locator(".y-slider-range").wait_for()
            frame.wait_for_function(STANDS)
        except Error:  # the map was laid anew meanwhile
            continue
        if frame is look.map:
            return
    pytest.fail("the map does not come to rest")


def test_all_scenes_are_listed_and_searched(site: Site, glance: Look) -> None:
    look = scenes(site, glance)
    page = look.page
    rows = page.locator(".scenes .scene")
    shown = rows.count()
    assert shown == int(re.findall(r"\d+", page.locator(".y-tally").inner_text())[0])
    assert shown > 10
    page.get_by_placeholder("搜索文件名或日期").fill("shore")
    page.keyboard.press("Enter")
    expect(rows).to_have_count(2)
    page.get_by_placeholder("搜索文件名或日期").fill("")
    page.keyboard.press("Enter")
    expect(rows).to_have_count(shown)
    press(page.get_by_role("button", name="卫星影像"))
    expect(rows).to_have_count(2)
    look.quiet()


def test_a_scene_opens_its_card_and_its_tiles(site: Site, glance: Look) -> None:
    look = scenes(site, glance)
    key = choose(look, "shore_20260521")
    card = look.page.locator(".y-card")
    expect(card).to_contain_text("2026-05-21")
    expect(card).to_contain_text("生成数据")
    expect(card).to_contain_text("重采样的显示副本")
    look.map.wait_for_function(f"({LOADED})() > 3")
    assert f"scene={key}" in look.page.url
    assert any(f"/imagery/{key}/" in url for url in look.asked)
    look.quiet()


def test_two_dates_with_a_slider_between_them(site: Site, glance: Look) -> None:
    look = scenes(site, glance)
    choose(look, "shore_20260521")
    beside(look, r"2025-10-18[\s\S]*12.5 厘米")
    labels = look.map.locator(".y-side").all_inner_texts()
    assert [text[:10] for text in labels] == ["2025-10-18", "2026-05-21"]
    before = look.map.evaluate(CLIPS)
    handle, box = (
        look.map.locator(".y-slider-line"),
        look.page.locator("iframe").first.bounding_box(),
    )
    at = handle.bounding_box()
    assert at
    assert box
    middle = box["y"] + box["height"] / 2
    look.page.mouse.move(at["x"] + 1, middle)
    look.page.mouse.down()
    look.page.mouse.move(box["x"] + box["width"] * 0.25, middle, steps=6)
    look.page.mouse.up()
    after = look.map.evaluate(CLIPS)
    assert before != after
    assert all(clip.startswith("rect(") for clip in after)
    now = handle.bounding_box()
    assert now
    assert abs(now["x"] - box["x"] - box["width"] * 0.25) < 24
    look.map.wait_for_function(f"({LOADED})() > 6")
    look.quiet()


def test_the_strip_shows_the_place_in_time(site: Site, glance: Look) -> None:
    look = scenes(site, glance)
    key = choose(look, "estate_20260521")
    strip = look.page.locator(".strip .scene")
    expect(strip.first).to_be_visible()
    days = [text[:10] for text in strip.locator(".day").all_inner_texts()]
    assert days == sorted(days)
    assert {"2025-10-18", "2026-05-21"} <= set(days)
    expect(look.page.locator(".strip .scene[aria-selected='true']")).to_have_attribute("data-key", key)  # fmt: skip


def test_the_shift_between_two_dates_is_measured(site: Site, glance: Look) -> None:
    look = scenes(site, glance)
    choose(look, "shore_20260521")
    beside(look, r"2025-10-18[\s\S]*12.5 厘米")
    expect(look.page.locator(".y-note")).to_contain_text("尚未检查")
    press(look.page.get_by_role("button", name="检查两景是否配准"))
    note = look.page.locator(".y-note", has_text="相对位移")
    note.wait_for()
    told = re.search(r"相对位移 ([\d.]+) 米", note.inner_text())
    assert told
    assert float(told[1]) == pytest.approx(3.8, abs=0.2)
    expect(note).to_contain_text("可以对比")


def test_a_crop_with_scale_and_date_opens(site: Site, glance: Look) -> None:
    look = scenes(site, glance)
    choose(look, "shore_20260521")
    link = look.page.get_by_role("link", name="导出带比例尺和日期的截图")
    answer = look.page.request.get(site.address + (link.get_attribute("href") or ""))
    assert answer.status == 200
    assert answer.headers["content-type"] == "image/png"
    assert answer.body().startswith(b"\x89PNG")
    assert len(answer.body()) > 50_000


def test_the_page_speaks_english_and_fits(site: Site, glance: Look) -> None:
    look = scenes(site, glance, lang="en")
    choose(look, "shore_20260521")
    expect(look.page.locator(".y-card")).to_contain_text("Generated data")
    expect(look.page.get_by_placeholder("搜索")).to_have_count(0)
    text = look.page.locator(".y-card").inner_text().replace("演示 demo", "")  # a name
    assert not re.search(r"[\u4e00-\u9fff]", text), text
    look.fits()
    look.quiet()
