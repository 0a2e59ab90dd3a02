"""A prosecutor's way with a model: find, read, run (stopped once), compare, think, open it on the map."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from checks import kept_runs
from tests.browser.conftest import PATIENCE_MS, Glance, Site, end, serve
from ui.models.tasks import RUNS

pytestmark = pytest.mark.browser
Look = Callable[..., Glance]
SLOW_MS = 60_000


@pytest.fixture(scope="module")
def county(demo_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo county without its imagery, nothing run yet."""
    folder = tmp_path_factory.mktemp("models")
    shutil.copytree(demo_folder / "layers", folder / "layers")
    shutil.copyfile(demo_folder / "county.json", folder / "county.json")
    return folder


@pytest.fixture(scope="module")
def county_site(county: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    running = serve(county, tmp_path_factory.mktemp("log") / "models.log")
    yield running
    end(running)


def part(page: Page, name: str) -> None:
    page.locator(".st-key-mo_head").get_by_text(name, exact=True).click()


def run_once(page: Page, county: Path, count: int) -> None:
    """Run the model, wait until it is kept, and close the panel."""
    page.get_by_role("button", name="运行此模型").click()
    expect(page.locator(".y-done")).to_contain_text("已完成", timeout=PATIENCE_MS)
    assert len(kept_runs(county / RUNS)) == count
    page.get_by_role("button", name="关闭", exact=True).click()
    expect(page.locator(".y-done")).to_have_count(0, timeout=SLOW_MS)


def choose_year(page: Page, year: str) -> None:
    page.locator(".st-key-m_day [role=spinbutton]").first.click()
    page.keyboard.type(year)
    page.keyboard.press("Enter")
    page.locator("h2.mo-title").click()


def test_from_the_catalogue_to_the_map(county_site: Site, county: Path, glance: Look) -> None:
    look = glance(county_site.url("/models", lang="zh"))
    page = look.page
    search = page.get_by_role("textbox", name="搜索：名称、法律、用途、编号")
    search.fill("烟草零售")
    search.press("Enter")
    page.get_by_role("button", name="学校周边烟草零售点").click()
    card = page.locator(".mo-card")
    expect(card).to_contain_text("怎样现场核实", timeout=SLOW_MS)
    expect(card.locator(".y-unverified").first).to_be_visible()

    part(page, "运行")
    page.get_by_role("button", name=re.compile("运行全部")).click()
    page.get_by_role("button", name="停止", exact=True).click(timeout=SLOW_MS)
    expect(page.locator(".y-done")).to_contain_text("已停止", timeout=PATIENCE_MS)
    assert kept_runs(county / RUNS) == []
    page.get_by_role("button", name="关闭", exact=True).click()
    expect(page.get_by_text("还没有运行")).to_be_visible(timeout=SLOW_MS)

    run_once(page, county, 1)
    expect(page.locator(".mo-rows tr").first).to_be_visible(timeout=SLOW_MS)
    choose_year(page, "2022")
    run_once(page, county, 2)
    days = sorted(run.on_date for run in kept_runs(county / RUNS))
    assert [day[:4] for day in days] == ["2022", "2026"]

    part(page, "对比")
    expect(page.locator(".mo-figures")).to_contain_text("新增", timeout=PATIENCE_MS)
    expect(page.locator(".st-key-mo_map iframe")).to_be_visible(timeout=SLOW_MS)
    with page.expect_download() as waiting:
        page.get_by_role("button", name="全部差别（CSV 表格）").click()
    assert waiting.value.path().read_text(encoding="utf-8-sig").startswith("差别,检查")

    part(page, "推演")
    expect(page.locator(".mo-notlaw")).to_contain_text("not the law")
    expect(page.locator(".st-key-m_day [role=spinbutton]").first).to_have_text("2022")
    page.get_by_role("button", name="测量一次").click()
    expect(page.locator(".mo-if")).to_contain_text("未重新测量", timeout=SLOW_MS)
    slider = page.locator(
        ".st-key-mo_right input[type=range], .st-key-mo_right [role=slider]"
    ).first
    slider.focus()
    for _ in range(4):
        page.keyboard.press("ArrowRight")
    expect(page.locator(".mo-lead")).not_to_contain_text("会新增 0 条", timeout=SLOW_MS)

    moved = page.locator(".mo-lead").inner_text()
    part(page, "运行")
    expect(page.locator(".mo-rows a").first).to_be_visible(timeout=SLOW_MS)
    part(page, "推演")
    expect(page.locator(".mo-lead")).to_have_text(
        moved, timeout=SLOW_MS
    )  # the slider stands where it stood
    part(page, "运行")
    expect(page.locator(".mo-lead")).to_have_count(
        0, timeout=SLOW_MS
    )  # what would be new has rows of its own
    page.locator(".mo-rows a").first.click()
    expect(page.locator(".y-card h2").first).to_be_visible(timeout=PATIENCE_MS)
    expect(page).to_have_url(re.compile("finding=tobacco-near-school"))
    expect(page).to_have_url(re.compile("on=2022-06-30"))  # judged by the day of that run
    expect(page.locator(".st-key-tools")).to_contain_text("2022-06-30")
    look.quiet()
