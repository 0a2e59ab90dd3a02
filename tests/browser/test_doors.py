"""A real office in a real browser: from the first run to signing out, and what is left behind."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from office import Actor, Database
from office.doors import totp
from office.doors.first_admin import first_code
from office.doors.keys import add_key
from office.doors.people import add_person
from office.doors.rules import load_doors
from office.doors.sessions import revoke, sessions
from office.scope import Grant
from tests.browser.conftest import PATIENCE_MS, Site, end, pick, press, serve, still
from tests.browser.test_data import push

RULES = load_doors()
KEEPER = Actor("周安全", ("security_admin",))
PASSWORD = "Grüne-Wiese-42"


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Site, Database]]:
    """The app over an empty folder, with keys and an empty store of its own."""
    folder = tmp_path_factory.mktemp("office")
    named = {
        "YICHA_DATABASE_URL": str(folder / "store.sqlite"),
        "YICHA_KEY_FILE": str(folder / "keys.txt"),
    }
    add_key(folder / "keys.txt")
    store = Database.open(folder / "store.sqlite")
    running = serve(folder, tmp_path_factory.mktemp("log") / "office.log", **named)
    yield running, store
    end(running)
    store.close()


def _now(later_s: int = 0) -> str:
    return (datetime.now(UTC) + timedelta(seconds=later_s)).strftime("%Y-%m-%dT%H:%M:%SZ")


def _code(secret: str, later_s: int = 0) -> str:
    return totp.code_of(secret, totp.step_of(_now(later_s)))


def _set_up_factor(page: Page) -> str:
    secret = page.locator("code.secret").inner_text().replace(" ", "")
    expect(page.locator(".qr svg")).to_be_visible()
    page.get_by_label("验证码").fill(_code(secret))
    page.keyboard.press("Enter")
    return secret


def _sign_in(page: Page, site: Site, name: str, password: str, path: str = "/auth/login") -> None:
    page.goto(site.url(path, lang="zh"))
    page.get_by_label("姓名").fill(name)
    page.get_by_label("口令", exact=True).fill(password)
    page.keyboard.press("Enter")


def _first_layer(page: Page, site: Site, file: Path) -> None:
    """An office without any data: its first table comes in on the page, and the map shows it."""
    page.goto(site.url("/", lang="zh"))
    push(page, "first_import")
    pick(page, "这张表是关于什么的", "乡镇街道")
    page.locator("input[type=file]").set_input_files(file)
    for key in ("dd_do_look", "dd_do_try", "dd_do_put", "dd_to_map"):
        push(page, key)
    page.wait_for_url(re.compile(r"//[^/]+/(\?.*)?$"))
    page.locator("iframe").first.wait_for()
    still(page)


def test_from_the_first_run_to_signing_out(
    chromium: Browser, office: tuple[Site, Database], demo_folder: Path
) -> None:
    site, store = office
    context = chromium.new_context(viewport={"width": 390, "height": 844}, locale="zh-CN")
    context.set_default_timeout(PATIENCE_MS)
    page = context.new_page()
    page.goto(site.url("/leads"))
    expect(page).to_have_url(re.compile("/auth/first$"))
    code = first_code(store, at=_now(), rules=RULES)
    page.get_by_label("一次性代码").fill(code)
    page.get_by_label("姓名").fill("周安全")
    page.get_by_label("新口令").fill(PASSWORD)
    page.get_by_label("再输入一次").fill(PASSWORD)
    page.get_by_role("button", name="建立并登录").click()
    assert page.evaluate("() => document.documentElement.scrollWidth <= window.innerWidth")
    _set_up_factor(page)
    expect(page.locator(".st-key-tools")).to_contain_text("周安全 · 安全管理员")
    expect(page.locator(".st-key-ad_work")).to_contain_text("周安全")  # people first, data later
    page.goto(site.url("/auth/account"))
    page.get_by_role("button", name="退出登录").click()
    expect(page.get_by_text("您已退出。")).to_be_visible()

    given = add_person(
        store, "王检", [Grant("prosecutor")], actor=KEEPER, at=_now(), rules=RULES
    ).password
    _sign_in(page, site, "王检", given)
    page.get_by_label("初始口令").fill(given)
    page.get_by_label("新口令").fill(PASSWORD)
    page.get_by_label("再输入一次").fill(PASSWORD)
    page.get_by_role("button", name="修改口令").click()
    secret = _set_up_factor(page)
    expect(page.locator(".st-key-tools")).to_contain_text("王检 · 检察官")
    page.set_viewport_size({"width": 1366, "height": 768})
    press(page.locator(".st-key-tools").get_by_role("button", name=re.compile("王检")))
    press(page.get_by_role("button", name="退出登录"))
    expect(page.get_by_text("您已退出。")).to_be_visible()
    page.go_back()
    expect(page.get_by_role("heading", name="登录")).to_be_visible()
    expect(page.locator(".st-key-tools")).to_have_count(0)

    _sign_in(page, site, "王检", PASSWORD, "/auth/login")
    page.get_by_label("验证码").fill(_code(secret))  # the one that set it up: taken already
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_be_visible()
    page.get_by_label("验证码").fill(_code(secret, 30))
    page.keyboard.press("Enter")
    expect(page.locator(".st-key-tools")).to_contain_text("王检")
    _first_layer(page, site, demo_folder / "sources" / "townships_cgcs2000.geojson")
    (session,) = [
        one
        for one in sessions(store, actor=KEEPER, at=_now(), rules=RULES)
        if one.account.name == "王检"
    ]
    page.wait_for_function("window.yichaDoors !== undefined")
    revoke(store, session.id, actor=KEEPER, at=_now())
    page.evaluate("() => window.dispatchEvent(new Event('focus'))")
    expect(page).to_have_url(re.compile("/auth/login"))
    context.close()
