"""Administration in a real browser: who keeps people, who audits, who keeps the store, each their own work."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from office import Actor, Database
from office.audit import verify_export
from office.doors.people import people
from tests.browser.conftest import PATIENCE_MS, Site, county, end, press, serve, still


@pytest.fixture(scope="module")
def admin_site(
    demo_folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Site, Path]]:
    """The app on a small demo county of its own, with an empty store."""
    folder = tmp_path_factory.mktemp("admin")
    county(demo_folder, folder, "township", "school")
    about = {"name": {"zh": "云溪县", "en": "Yunxi"}, "generated": True}
    (folder / "county.json").write_text(json.dumps(about, ensure_ascii=False), encoding="utf-8")
    Database.open(folder / "store" / "leads.sqlite").close()
    running = serve(folder, tmp_path_factory.mktemp("log") / "admin.log")
    yield running, folder
    end(running)


def _as(page: Page, site: Site, name: str, view: str) -> None:
    """Become one of the demo's people and go to a view."""
    page.goto(site.url("/auth/demo", lang="zh"))
    with page.expect_navigation(wait_until="commit"):
        page.get_by_role("button", name=re.compile(name)).click()
    page.goto(site.url("/admin", lang="zh", view=view))
    page.locator(".st-key-ad_work").wait_for()
    expect(page.locator(".st-key-tools")).to_contain_text(name)
    still(page)


def _choose(page: Page, label: str, text: str) -> None:
    """Choose in a box by typing."""
    still(page)
    box = page.get_by_role("combobox", name=re.compile(label)).last
    box.click()
    box.fill(text)
    page.get_by_role("option", name=re.compile(text)).first.click()


def test_three_administrators_do_their_work(
    chromium: Browser, admin_site: tuple[Site, Path], tmp_path: Path
) -> None:
    site, folder = admin_site
    context = chromium.new_context(
        viewport={"width": 1366, "height": 768}, locale="zh-CN", accept_downloads=True
    )
    context.set_default_timeout(PATIENCE_MS)
    page = context.new_page()
    page.goto(site.url("/", lang="zh"))
    page.locator(".y-brand").first.wait_for()

    _as(page, site, "周安全", "people")
    page.get_by_label("姓名").fill("钱检")
    page.keyboard.press("Tab")
    _choose(page, "区域", "云溪县")
    press(page.get_by_role("button", name="加入这项权限"))
    expect(page.locator(".ad-grant")).to_contain_text("检察官 · 云溪县 990123")
    press(page.get_by_role("button", name="建立账户"))
    secret = page.locator(".st-key-ad_secret code").inner_text().strip()
    assert re.fullmatch(r"(\w{5}-){3}\w{5}", secret)
    press(page.get_by_role("button", name="已记下"))
    expect(page.locator(".st-key-ad_secret")).to_have_count(0)
    assert secret not in page.content()
    store = Database.open(folder / "store" / "leads.sqlite")
    (one,) = people(store, actor=Actor("周安全", ("security_admin",)))
    assert [grant.text() for grant in one.grants] == ["prosecutor@990123"]
    store.close()

    press(page.locator(".st-key-ad_nav").get_by_role("radio", name="系统令牌"))
    page.get_by_label("系统名称").fill("案件系统")
    page.keyboard.press("Tab")
    _choose(page, "可做的事", "layer.read")
    page.keyboard.press("Escape")
    press(page.get_by_role("button", name="发放", exact=True))
    expect(page.locator(".st-key-ad_secret code")).to_contain_text("yicha_")

    _as(page, site, "陈审计", "audit")
    expect(page.locator(".ad-audit")).to_contain_text("person.added")
    expect(page.locator(".ad-audit")).to_contain_text("token.added")
    expect(page.locator(".ad-audit")).not_to_contain_text(secret)
    press(page.get_by_role("button", name="导出 JSON"))
    with page.expect_download() as found:
        press(page.get_by_role("button", name=re.compile("下载 yicha-audit")))
    found.value.save_as(tmp_path / "audit.json")
    assert verify_export(tmp_path / "audit.json") == []
    kinds = [
        event["kind"]
        for event in json.loads((tmp_path / "audit.json").read_text("utf-8"))["events"]
    ]
    assert {"person.added", "token.added"} <= set(kinds)

    _as(page, site, "孙系统", "backup")
    press(page.get_by_role("button", name="立即备份"))
    expect(page.get_by_text(re.compile(r"已备份 yicha-\d"))).to_be_visible()
    press(page.get_by_role("button", name="试恢复", exact=True))
    expect(page.get_by_text(re.compile("可以恢复：0 条线索"))).to_be_visible()
    press(page.locator(".st-key-ad_nav").get_by_role("radio", name="历史核验"))
    press(page.get_by_role("button", name="开始核验"))
    expect(page.get_by_text(re.compile(r"历史完整：\d+ 个事件"))).to_be_visible()
    expect(page.get_by_role("button", name=re.compile("下载今日链首"))).to_be_visible()

    page.goto(site.url("/admin", lang="zh", view="audit"))
    expect(page.get_by_role("alert")).to_contain_text("无权检索与导出审计日志")
    context.close()
