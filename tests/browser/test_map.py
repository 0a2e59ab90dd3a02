"""What a prosecutor does on the map page, done by a browser."""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import STANDS, Site, Visit, press, still, tally

pytestmark = pytest.mark.browser
Look = Callable[..., Visit]
LOCAL = {"127.0.0.1", "localhost"}
PERIMETER = "tobacco-near-school"
"""A check that measures distances: its findings have a place, a path and a band."""


def in_address(page: Page, key: str | None) -> None:
    """The address tells which finding is looked at."""
    page.wait_for_url(lambda url: parse_qs(urlsplit(url).query).get("finding") == [key])


def line_points(look: Visit) -> int:
    """Points of the drawn path (the thick white line below it counts with it)."""
    return int(look.map.evaluate(
        """() => { let n = 0; window.map.eachLayer(layer => {
             if (layer instanceof L.Polyline && !(layer instanceof L.Polygon) && !layer.options.interactive)
               n = Math.max(n, layer.getLatLngs().length); }); return n; }"""
    ))  # fmt: skip


def test_a_row_opens_its_card_and_its_path_and_nothing_leaves_the_machine(
    site: Site, visit: Look
) -> None:
    look = visit(site.url(lang="zh", check=PERIMETER))
    page = look.page
    expect(page.locator(".y-banner")).to_contain_text("生成数据")
    expect(page.locator(".y-place")).to_have_text("云溪县")
    shown, total = tally(page)
    assert 0 < shown < total
    assert page.locator(".row").count() == shown
    assert look.symbols() > 0

    first = page.locator(".row").first
    name = first.locator(".name").inner_text()
    press(first)
    card = page.locator(".y-card")
    expect(card.locator("h2")).to_have_text(name)
    expect(card.locator(".y-pill")).to_contain_text("明显在内")
    expect(card.locator(".y-measured")).to_have_text(re.compile(r"^\d+\.\d 米$"))
    expect(card.locator(".y-figures")).to_contain_text("±")
    expect(card.locator(".y-rule")).to_contain_text("未核实")
    expect(card.locator(".y-scale .y-limit")).to_have_count(1)
    for section in ("reasons", "school", "method", "licence", "pitfalls", "verify"):
        expect(card.locator(f".y-{section}").first).to_be_visible()
    expect(first).to_have_attribute("aria-selected", "true")
    look.chosen(first.get_attribute("data-key") or "")
    assert line_points(look) >= 2
    in_address(page, first.get_attribute("data-key"))

    look.settled()
    assert len(look.asked) > 30
    assert {
        urlsplit(url).hostname for url in look.asked if not url.startswith(("data:", "blob:"))
    } <= LOCAL
    assert look.complaints == []


def test_the_map_is_laid_once_and_the_page_runs_once(site: Site, visit: Look) -> None:
    look = visit(site.url(lang="zh", check=PERIMETER))
    look.map.evaluate(STANDS)
    assert len(look.told) == 1
    press(look.page.locator(".row").first)
    look.chosen(look.page.locator(".row").first.get_attribute("data-key") or "")
    look.map.evaluate(STANDS)
    assert len(look.told) == 2
    assert sum("leaflet/leaflet.js" in url for url in look.asked) == 1


def test_what_has_no_position_is_one_click_away(site: Site, visit: Look) -> None:
    look = visit(site.url(lang="zh"))
    page = look.page
    press(page.get_by_role("button", name="没有位置，不在图上"))
    expect(page).to_have_url(re.compile("noplace=1"))
    expect(page.locator(".row .band").first).to_have_text("无位置")
    assert look.symbols() == 0
    page.locator(".list").focus()
    page.keyboard.press("ArrowDown")
    expect(page.locator(".st-key-card")).to_contain_text("资料中没有它的位置")
    expect(page.locator(".y-card h2")).to_have_text(page.locator(".row .name").first.inner_text())


def test_a_symbol_selects_its_row(site: Site, visit: Look) -> None:
    look = visit(site.url(lang="zh", check=PERIMETER))
    page = look.page
    rows = page.locator(".row")
    key = rows.nth(3).get_attribute("data-key") or ""
    press(rows.nth(0))
    look.chosen(rows.nth(0).get_attribute("data-key") or "")
    look.map.evaluate(STANDS)
    look.map.evaluate(
        """key => { let at = null; window.map.eachLayer(layer => {
             if (layer.feature && layer.feature.properties.finding === key) at = layer.getLatLng(); });
             window.map.setView(at, 18, { animate: false }); return null; }""",
        key,
    )
    look.settled()
    place = look.symbol(key)
    assert place
    page.mouse.click(*place)
    expect(rows.nth(3)).to_have_attribute("aria-selected", "true")
    expect(page.locator(".row[aria-selected='true']")).to_have_count(1)
    expect(page.locator(".y-card h2")).to_have_text(rows.nth(3).locator(".name").inner_text())
    expect(rows.nth(3)).to_be_in_viewport()
    in_address(page, key)


def test_the_map_is_not_thrown_away_by_a_choice(site: Site, visit: Look) -> None:
    look = visit(site.url(lang="zh"))
    look.map.evaluate("() => { window.kept = true; }")
    press(look.page.locator(".row").nth(2))
    expect(look.page.locator(".y-card h2")).to_be_visible()
    press(look.page.locator(".row").nth(4))
    press(look.page.get_by_role("button", name=re.compile("在外")))
    expect(look.page.locator(".row")).not_to_have_count(0)
    assert look.map.evaluate("() => window.kept === true")


def test_filters_change_list_map_and_counts(site: Site, visit: Look) -> None:
    look = visit(site.url(lang="zh"))
    page = look.page
    shown, total = tally(page)
    press(page.get_by_role("button", name=re.compile("在外")))
    expect(page.locator(".y-tally")).not_to_have_text(re.compile(f"^{shown} "))
    assert tally(page)[0] == total
    for verdict in ("临界", "无法判定", "在外"):
        before = tally(page)[0]
        press(page.get_by_role("button", name=re.compile(verdict)))
        expect(page.locator(".y-tally")).not_to_have_text(re.compile(f"^{before} "))
    inside = tally(page)[0]
    assert 0 < inside < shown
    assert set(page.locator(".row .mark").evaluate_all("all => all.map(one => one.className)")) == {
        "mark inside"
    }
    expect(page.locator(".y-overview h2")).to_have_text(f"列出 {inside} 条")
    [unplaced] = map(
        int, re.findall(r"(\d+) 条没有位置", page.locator(".st-key-m_unplaced").inner_text())
    )
    look.map.wait_for_function(
        "n => { let m = 0; window.map.eachLayer(l => { if (l.look) m += 1; }); return m === n; }",
        arg=inside - unplaced,
    )
    page.get_by_placeholder("按名称、地址、编号筛选").fill("没有这样的名字")
    page.keyboard.press("Enter")
    expect(page.locator(".y-empty").first).to_contain_text("没有符合筛选条件的结果")


def test_the_language_can_be_switched(site: Site, visit: Look) -> None:
    look = visit(site.url(lang="zh", check=PERIMETER))
    page = look.page
    press(page.locator(".row").first)
    expect(page.locator(".y-pill")).to_contain_text("明显在内")
    press(page.get_by_role("radio", name="English"))
    expect(page.locator(".y-pill")).to_contain_text("clearly inside")
    expect(page.locator(".y-banner")).to_contain_text("Generated data")
    assert parse_qs(urlsplit(page.url).query)["lang"] == ["en"]
    page.reload()
    page.locator(".row").first.wait_for()
    expect(page.locator(".y-pill")).to_contain_text("clearly inside")
    assert look.complaints == []


def test_an_empty_place_tells_what_is_near(site: Site, visit: Look) -> None:
    look = visit(site.url(lang="zh", check=PERIMETER))
    page = look.page
    press(page.locator(".row").first)
    expect(page.locator(".y-card .y-measured")).to_be_visible()
    look.chosen(page.locator(".row").first.get_attribute("data-key") or "")
    box = page.locator("iframe").first.bounding_box()
    assert box
    page.mouse.click(box["x"] + box["width"] * 0.3, box["y"] + box["height"] * 0.62)
    expect(page.locator(".y-card h2").filter(has_text="附近有什么")).to_be_visible()
    expect(page.locator(".y-near li").first).to_contain_text("米")
    press(page.get_by_role("radio", name="1,000 米"))
    expect(page.locator(".y-near li").nth(30)).to_be_visible()
    expect(page.locator(".st-key-near_listed button").first).to_be_visible()
    press(page.get_by_role("button", name="关闭"))
    expect(page.locator(".y-card .y-measured")).to_be_visible()


def kept(look: Visit) -> None:
    """The map was not thrown away by anything since `window.kept` was set."""
    assert look.map.evaluate("() => window.kept === true")


def draw(look: Visit, tool: str, *shares: tuple[float, float]) -> None:
    """Draw with a tool through places given as shares of the map's width and height."""
    still(look.page)
    look.settled()
    box = look.page.locator("iframe").first.bounding_box()
    assert box
    look.map.locator(f".y-tool-{tool}").click()
    for x, y in shares:
        look.page.mouse.click(box["x"] + box["width"] * x, box["y"] + box["height"] * y)
    look.page.keyboard.press("Enter")


def test_find_understand_decide_without_losing_the_map(site: Site, visit: Look) -> None:
    look = visit(site.url(lang="zh"))
    page = look.page
    look.map.evaluate("() => { window.kept = true; }")
    expect(page.locator(".y-overview")).to_contain_text("按乡镇街道")

    page.get_by_placeholder("名称、地址、信用代码").fill("109.305,27.602 gcj02")
    page.keyboard.press("Enter")
    expect(page.locator(".y-sought")).to_contain_text("GCJ-02")
    expect(page.locator(".y-sought")).to_contain_text("27.605278, 109.300388")
    expect(page.locator(".y-card h2").filter(has_text="附近有什么")).to_be_visible()
    look.map.wait_for_function("() => Math.abs(window.map.getCenter().lng - 109.300388) < 1e-3")
    kept(look)

    draw(look, "line", (0.3, 0.3), (0.7, 0.3), (0.7, 0.6))
    expect(page.locator(".y-sizes")).to_contain_text("总长")
    expect(page.locator(".y-sizes")).to_contain_text("各段")
    expect(look.map.locator(".y-whole-m")).to_have_count(1)
    draw(look, "inside", (0.2, 0.2), (0.8, 0.2), (0.8, 0.8), (0.2, 0.8))
    expect(page.locator(".y-sizes")).to_contain_text("亩")
    expect(page.locator(".y-inside")).to_contain_text("图层要素")
    expect(page.get_by_role("button", name="下载表格")).to_be_visible()
    expect(page).to_have_url(re.compile("area="))
    shown = tally(page)[0]
    press(page.locator(".row").first)
    expect(page.locator(".y-card .y-pill")).to_be_visible()
    assert tally(page)[0] == shown
    press(page.get_by_role("button", name="只列出所画范围内的"))
    expect(page.locator(".st-key-m_whole")).to_have_count(0)
    kept(look)

    press(page.get_by_text("线索库", exact=True))
    expect(page.locator(".row").first).to_contain_text("线索登记")
    press(page.locator(".row").nth(2))
    expect(page.locator(".st-key-lead_box")).to_contain_text("可办理")
    expect(page.locator(".y-card h2")).to_be_visible()
    look.map.wait_for_function("() => window.map.getZoom() >= 15")
    kept(look)
    expect(page.locator(".st-key-card")).to_contain_text("依据的规定")
    name = page.locator(".y-card h2").inner_text()
    assert {
        urlsplit(url).hostname for url in look.asked if not url.startswith(("data:", "blob:"))
    } <= LOCAL
    assert look.complaints == []
    press(page.locator(".st-key-lead_box a"))
    expect(page.locator(".st-key-leads_card h2").first).to_have_text(name)
    expect(page.locator(".st-key-leads_acts")).to_be_visible()


def test_piles_open_and_words_find_places(site: Site, visit: Look) -> None:
    look = visit(site.url(lang="zh"))
    page = look.page
    look.settled()
    expect(look.map.locator(".y-heap").nth(3)).to_be_attached()
    before = look.map.evaluate("() => window.map.getZoom()")
    look.map.locator(".y-heap").first.focus()
    page.keyboard.press("Enter")
    look.map.wait_for_function("z => window.map.getZoom() > z", arg=before)
    look.map.locator(".y-tool-home").click()
    look.map.wait_for_function("z => window.map.getZoom() === z", arg=before)
    page.get_by_placeholder("名称、地址、信用代码").fill("采桑路")
    page.keyboard.press("Enter")
    hits = page.locator(".st-key-seek_hits button")
    expect(hits.first).to_contain_text("采桑路")
    press(hits.first)
    expect(page.locator(".y-card h2").filter(has_text="附近有什么")).to_be_visible()
    look.map.wait_for_function("() => window.map.getZoom() >= 17")


def test_layers_are_switched_on_the_map_and_their_sources_listed(site: Site, visit: Look) -> None:
    look = visit(site.url(lang="zh"))
    frame = look.map
    frame.locator(".y-panel").evaluate("panel => { panel.open = true; }")
    count = "() => { let n = 0; window.map.eachLayer(() => { n += 1; }); return n; }"
    before = frame.evaluate(count)
    hotels = frame.locator(".y-row", has=frame.locator(".y-name", has_text=re.compile("^旅馆$")))
    expect(hotels).to_contain_text("获取")
    hotels.locator("input[type=checkbox]").check()
    frame.wait_for_function(f"n => ({count})() > n", arg=before)
    register = frame.locator(".y-row", has_text="烟草专卖零售许可证").locator(
        "input[type=checkbox]"
    )
    expect(register).to_be_disabled()

    press(look.page.get_by_role("button", name="数据来源"))
    table = look.page.locator(".y-table")
    expect(table).to_contain_text("gcj02")
    expect(table).to_contain_text("生成")
    expect(table.locator("code").first).to_have_text(re.compile("^[0-9a-f]{12}$"))


def test_missing_layers_are_named_with_the_command(bare_site: Site, visit: Look) -> None:
    page = visit(bare_site.url(lang="zh")).page
    press(page.get_by_text("缺少数据"))
    expect(page.locator(".y-missing")).to_contain_text("没有“酒吧”图层")
    command = page.locator(".y-missing code", has_text="--theme bar ")
    expect(command).to_have_text(re.compile("python -m layers import "))


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_nothing_runs_over_the_edge(site: Site, visit: Look, lang: str) -> None:
    look = visit(site.url(lang=lang, check=PERIMETER))
    page = look.page
    press(page.locator(".row").first)
    expect(page.locator(".y-card .y-measured")).to_be_visible()
    for width, height in ((1440, 900), (1024, 768), (390, 844)):
        page.set_viewport_size({"width": width, "height": height})
        look.settled()
        assert page.evaluate("() => document.documentElement.scrollWidth <= window.innerWidth")
        assert page.locator(".y-card *").evaluate_all(
            "all => all.filter(one => one.getBoundingClientRect().right > window.innerWidth + 1).length"
        ) == 0  # fmt: skip
    faces = page.evaluate("() => document.fonts.ready.then(fonts => [...fonts].filter("
                          "one => one.status === 'loaded').map(one => one.family))")  # fmt: skip
    assert any("Noto Sans SC" in face for face in faces)
