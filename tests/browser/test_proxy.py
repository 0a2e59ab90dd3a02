"""The whole app below a path behind nginx with TLS, by a browser: sign in, map, upload, field page, API."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from office import Actor, Database
from office.doors import totp
from office.doors.keys import add_key
from office.doors.people import add_person
from office.doors.rules import load_doors
from office.scope import Grant
from tests import nginx
from tests.browser.conftest import FLAGS, PATIENCE_MS, Visit, county, end, serve
from tests.lacking import lacking
from tests.system import chromium_program, nginx_program
from ui.tiles.base import THEMES

pytestmark = pytest.mark.browser
KEEPER = Actor("周安全", ("security_admin",))
PASSWORD = "Grüne-Wiese-42"
BASE = "/yicha"


@pytest.fixture(scope="module")
def front(demo_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[nginx.Nginx, str]]:  # fmt: skip
    """An office's app below /yicha behind nginx, and the first password of a person in it."""
    program = nginx_program()
    if program is None:
        lacking("NGINX MISSING: run `python -m tests.system`; this test did not run")
    folder = county(demo_folder, tmp_path_factory.mktemp("fronted"), *THEMES, "ecig_retailer")
    about = {"name": {"zh": "实有县", "en": "Real County"}, "generated": False, "on_date": "2026-06-30"}  # fmt: skip
    (folder / "county.json").write_text(json.dumps(about, ensure_ascii=False), encoding="utf-8")
    add_key(folder / "keys.txt")
    store = Database.open(folder / "store.sqlite")
    at = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    for name, role in (("周安全", "security_admin"), ("王检", "prosecutor")):
        given = add_person(store, name, [Grant(role)], actor=KEEPER, at=at, rules=load_doors()).password  # fmt: skip
    app = serve(folder, tmp_path_factory.mktemp("log") / "fronted.log", YICHA_BASE=BASE, YICHA_PROXIES="127.0.0.1",
                YICHA_DATABASE_URL=str(folder / "store.sqlite"),
                YICHA_KEY_FILE=str(folder / "keys.txt"))  # fmt: skip
    proxy = nginx.start(program, tmp_path_factory.mktemp("nginx"), urlsplit(app.address).port or 0)
    yield proxy, given
    proxy.end()
    end(app)
    store.close()


@pytest.fixture
def context(chromium: Browser) -> Iterator[BrowserContext]:
    """A browser that takes a certificate signed by itself, for service workers too."""
    args = [*FLAGS, "--ignore-certificate-errors"]
    browser = chromium.browser_type.launch(executable_path=chromium_program(), args=args)
    context = browser.new_context(viewport={"width": 1366, "height": 768}, locale="zh-CN",
                                  ignore_https_errors=True)  # fmt: skip
    context.set_default_timeout(PATIENCE_MS)
    yield context
    browser.close()


def _sign_in(page: Page, given: str) -> None:
    page.get_by_label("姓名").fill("王检")
    page.get_by_label("口令", exact=True).fill(given)
    page.keyboard.press("Enter")
    page.get_by_label("初始口令").fill(given)
    page.get_by_label("新口令").fill(PASSWORD)
    page.get_by_label("再输入一次").fill(PASSWORD)
    page.get_by_role("button", name="修改口令").click()
    secret = page.locator("code.secret").inner_text().replace(" ", "")
    now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    page.get_by_label("验证码").fill(totp.code_of(secret, totp.step_of(now)))
    page.keyboard.press("Enter")


def test_the_whole_app_below_a_path_behind_a_proxy(
    front: tuple[nginx.Nginx, str], context: BrowserContext, demo_folder: Path
) -> None:
    proxy, given = front
    page, asked, wrong = context.new_page(), [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("websocket", lambda line: asked.append(line.url))
    page.on("response", lambda answer: wrong.append(f"{answer.status} {answer.url}") if answer.status >= 400 else None)  # fmt: skip

    page.goto(proxy.url("/yicha/leads"))
    expect(page).to_have_url(proxy.url("/yicha/auth/login?next=/leads"))
    _sign_in(page, given)
    page.locator(".y-brand").wait_for()
    cookie = next(one for one in context.cookies() if one["name"].endswith("yicha"))
    assert (cookie["name"], cookie["path"], cookie["secure"]) == ("__Secure-yicha", BASE, True)

    page.goto(proxy.url("/yicha?lang=zh"))
    page.locator(".row").first.wait_for()
    Visit(page).map.wait_for_selector(".leaflet-tile-loaded")
    assert any("/yicha/base/" in url for url in asked)
    font = page.evaluate("() => [...document.fonts].length")
    assert font > 0

    page.goto(proxy.url("/yicha/upload?lang=zh"))
    page.locator(".upload .total").get_by_text(re.compile(".")).wait_for()
    page.locator(".pick-files").set_input_files(str(demo_folder / "flights" / "shore_20260521.tif"))
    expect(page.locator(".upload .file[data-state='done']")).to_have_count(1)

    page.goto(proxy.url("/yicha/field"))
    expect(page.locator("#head")).to_contain_text("益察")
    scope = page.evaluate("async () => (await navigator.serviceWorker.ready).scope")
    assert scope == proxy.url("/yicha/field/")

    page.goto(proxy.url("/yicha/api/?f=html&lang=zh"))
    page.get_by_role("link", name="openapi.json").or_(page.locator("ul.links a")).first.click()
    for link in page.evaluate("() => [...document.querySelectorAll('a')].map(one => one.href)"):
        assert link.startswith(proxy.url("/yicha/api"))
    told = page.request.get(proxy.url("/yicha/api/collections"), headers={"Accept": "application/json"}).json()  # fmt: skip
    link = told["collections"][0]["links"][0]["href"]
    assert link.startswith(proxy.url("/yicha/api/collections/"))
    assert page.request.get(link).status == 200

    page.goto(proxy.url("/yicha/auth/account"))
    page.get_by_role("button", name="退出登录").click()
    expect(page).to_have_url(proxy.url("/yicha/auth/login?out=1"))
    elsewhere = [url for url in asked if not url.startswith(("data:", "blob:"))
                 and not re.match(rf"(https|wss)://127\.0\.0\.1:{proxy.port}/yicha(/|\?|$)", url)]  # fmt: skip
    assert elsewhere == []
    assert len(asked) > 50
    assert [one for one in wrong if "_stcore" not in one] == []
