"""A prosecutor's way with a model: find, read, run (stopped once), compare, think, open it on the map."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from checks import kept_runs
from tests.browser.conftest import Glance, Site, press
from ui.models.tasks import RUNS

pytestmark = pytest.mark.browser
Look = Callable[..., Glance]


def part(page: Page, name: str) -> None:
    press(page.locator(".st-key-mo_head").get_by_text(name, exact=True))


def run_once(page: Page, worked: Path, count: int) -> None:
    """Run the model, wait until it is kept, and close the panel."""
    press(page.get_by_role("button", name="运行此模型"))
    expect(page.locator(".y-done")).to_contain_text("已完成")
    assert len(kept_runs(worked / RUNS)) == count
    press(page.get_by_role("button", name="关闭", exact=True))
    expect(page.locator(".y-done")).to_have_count(0)


def choose_year(page: Page, year: str) -> None:
    press(page.locator(".st-key-m_day [role=spinbutton]").first)
    page.keyboard.type(year)
    page.keyboard.press("Enter")
    press(page.locator("h2.mo-title"))


def test_from_the_catalogue_to_the_map(worked_site: Site, worked: Path, glance: Look) -> None:
    look = glance(worked_site.url("/models", lang="zh"))
    page = look.page
    search = page.get_by_role("textbox", name="搜索：名称、法律、用途、编号")
    search.fill("烟草零售")
    search.press("Enter")
    press(page.get_by_role("button", name="学校周边烟草零售点"))
    card = page.locator(".mo-card")
    expect(card).to_contain_text("怎样现场核实")
    expect(card.locator(".y-unverified").first).to_be_visible()

    part(page, "运行")
    press(page.get_by_role("button", name=re.compile("运行全部")))
    page.get_by_role("button", name="停止", exact=True).click()
    expect(page.locator(".y-done")).to_contain_text("已停止")
    assert kept_runs(worked / RUNS) == []
    press(page.get_by_role("button", name="关闭", exact=True))
    expect(page.get_by_text("还没有运行")).to_be_visible()

    run_once(page, worked, 1)
    expect(page.locator(".mo-rows tr").first).to_be_visible()
    choose_year(page, "2022")
    run_once(page, worked, 2)
    days = sorted(run.on_date for run in kept_runs(worked / RUNS))
    assert [day[:4] for day in days] == ["2022", "2026"]

    part(page, "对比")
    expect(page.locator(".mo-figures")).to_contain_text("新增")
    expect(page.locator(".st-key-mo_map iframe")).to_be_visible()
    with page.expect_download() as waiting:
        press(page.get_by_role("button", name="全部差别（CSV 表格）"))
    assert waiting.value.path().read_text(encoding="utf-8-sig").startswith("差别,检查")

    part(page, "推演")
    expect(page.locator(".mo-notlaw")).to_contain_text("not the law")
    expect(page.locator(".st-key-m_day [role=spinbutton]").first).to_have_text("2022")
    press(page.get_by_role("button", name="测量一次"))
    expect(page.locator(".mo-if")).to_contain_text("未重新测量")
    slider = page.locator(
        ".st-key-mo_right input[type=range], .st-key-mo_right [role=slider]"
    ).first
    slider.focus()
    for _ in range(4):
        page.keyboard.press("ArrowRight")
    expect(page.locator(".mo-lead")).not_to_contain_text("会新增 0 条")

    moved = page.locator(".mo-lead").inner_text()
    part(page, "运行")
    expect(page.locator(".mo-rows a").first).to_be_visible()
    part(page, "推演")
    expect(page.locator(".mo-lead")).to_have_text(moved)  # the slider stands where it stood
    part(page, "运行")
    expect(page.locator(".mo-lead")).to_have_count(0)  # what would be new has rows of its own
    press(page.locator(".mo-rows a").first)
    expect(page.locator(".y-card h2").first).to_be_visible()
    expect(page).to_have_url(re.compile("finding=tobacco-near-school"))
    expect(page).to_have_url(re.compile("on=2022-06-30"))  # judged by the day of that run
    expect(page.locator(".st-key-tools")).to_contain_text("2022-06-30")
    look.quiet()
