"""A day in the field by a browser: leads taken along, no network, photos, a closed page, a line that breaks."""

from __future__ import annotations

import hashlib
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, CDPSession, Geolocation, Page, expect

from imagery.store import Store
from leads.field.visits import PHOTO, VISITED
from leads.steps.handling import note
from office import Database
from tests.browser.conftest import FLAGS, PATIENCE_MS, Site, answers, end, free_port, process_wait
from tests.imagery.formats.heic import heic
from tests.imagery.photos.made import gps
from tests.leads.made import AT, FIELD, PROSECUTOR, put_lead, told
from tests.proxy import Proxy
from tests.system import chromium_program
from ui.settings import ROOT

pytestmark = pytest.mark.browser
PLACE: Geolocation = {"latitude": 27.6001, "longitude": 109.3002, "accuracy": 7.5}
PHOTOS = 3


@dataclass
class Server:
    """The field page on a store of its own."""

    port: int
    root: Path
    process: subprocess.Popen[bytes]

    @property
    def store(self) -> Database:
        return Database.open(str(self.root / "leads.sqlite"))


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, demo_folder: Path) -> Iterator[Server]:
    root = tmp_path_factory.mktemp("phone")
    db = Database.open(str(root / "leads.sqlite"))
    for number, name in ((1, "好又来烟酒店"), (2, "新风便利店"), (3, "别人的店")):
        put_lead(db, number, subject_name=name, assignee=FIELD.name if number < 3 else "别人",
                 point=(109.29728, 27.60565), admin_code="990123")  # fmt: skip
    db.close()
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "uvicorn", "tests.ui.field.desk:app", "--port", str(port), "--log-level", "warning"],
        cwd=ROOT, env={**os.environ, "FIELD_ROOT": str(root), "FIELD_LAYERS": str(demo_folder / "layers"),
                       "FIELD_WHO": FIELD.name},
    )  # fmt: skip
    site = Site(f"http://127.0.0.1:{port}", process)
    assert answers(site)
    yield Server(port, root, process)
    end(site)


@pytest.fixture
def phone(chromium: Browser, tmp_path: Path) -> Iterator[Callable[[], BrowserContext]]:
    """Opens the same phone again and again: what it keeps is on the disk."""
    kind, opened = chromium.browser_type, []

    def turn_on() -> BrowserContext:
        context = kind.launch_persistent_context(
            tmp_path / "profile", executable_path=chromium_program(), args=FLAGS,
            viewport={"width": 390, "height": 844}, locale="zh-CN", geolocation=PLACE, permissions=["geolocation"],
        )  # fmt: skip
        context.set_default_timeout(PATIENCE_MS)
        opened.append(context)
        return context

    yield turn_on
    for context in opened:
        context.close()


@pytest.fixture
def pictures(tmp_path: Path) -> list[Path]:
    """Three photos of 1.5 MB: real pictures, made larger by bytes behind their end."""
    found = []
    for number in range(PHOTOS):
        file = tmp_path / f"IMG_{number}.jpg"
        Image.new("RGB", (320, 240), (40 * number, 120, 90)).save(file)
        file.write_bytes(file.read_bytes() + bytes([number]) * 1_500_000)
        found.append(file)
    return found


def sha256(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


def begin(page: Page, name: str) -> None:
    page.locator(".row", has_text=name).click()
    page.locator("main button.big").first.click()
    page.locator(".finish").wait_for()


def kept(page: Page) -> None:
    """The draft on the phone's disk says what the form says."""
    page.wait_for_function("""async () => { const db = await import('/field/db.js');
        const one = (await db.visits()).find(visit => visit.state === 'draft');
        return one.fields.note === document.querySelector('#f_note').value && one.result !== null
          && one.measured.length === 1 && one.measured[0].value !== null; }""")


def events(server: Server, kind: str, number: int = 1) -> list[dict[str, object]]:
    db = server.store
    try:
        return [body for known, body in told(db, f"L{number:016}") if known == kind]
    finally:
        db.close()


def test_a_day_without_network(
    server: Server, phone: Callable[[], BrowserContext], pictures: list[Path]
) -> None:
    with Proxy(server.port, cut_at=(700_000, 3_200_000)) as line:
        address = f"http://127.0.0.1:{line.port}/field/"
        first = phone()
        page = first.pages[0]
        page.goto(address)
        expect(page.locator(".row")).to_have_count(2)  # mine, not somebody else's
        page.wait_for_function("() => navigator.serviceWorker.controller !== null")
        expect(page.locator("header .queue")).to_contain_text("在线")

        line.down()
        page.reload()
        expect(page.locator(".row")).to_have_count(2)
        expect(page.locator("header .queue")).to_contain_text("离线")
        begin(page, "好又来烟酒店")
        expect(page.locator(".position")).to_contain_text("27.600100, 109.300200，误差约 8 米")
        page.locator("input[name=result][value=still_there]").check()
        page.locator("input[data-source=camera]").set_input_files(pictures[0])
        page.locator("input[data-source=file]").set_input_files([str(one) for one in pictures[1:]])
        expect(page.locator("figure.photo")).to_have_count(PHOTOS)
        page.locator("#f_note").fill("门口仍在摆卖")
        page.get_by_role("button", name="增加一项测量").click()
        page.get_by_label("测什么").fill("门到门")
        page.get_by_label("数值").fill("61.5")
        kept(page)
        first.close()  # closed in the middle of it

        second = phone()
        page = second.pages[0]
        page.goto(address)
        expect(page.locator(".row .tag.draft")).to_have_count(1)
        begin(page, "好又来烟酒店")
        expect(page.locator("#f_note")).to_have_value("门口仍在摆卖")
        expect(page.locator("figure.photo")).to_have_count(PHOTOS)
        expect(page.locator("input[name=result][value=still_there]")).to_be_checked()
        expect(page.get_by_label("数值")).to_have_value("61.5")
        page.locator(".finish").click()
        expect(page.locator(".item.queued")).to_contain_text(f"照片 0/{PHOTOS}")
        assert events(server, VISITED) == []

        db = server.store
        note(db, "L0000000000000001", "已约谈店主", actor=PROSECUTOR, at=AT)
        db.close()
        line.up()
        page.get_by_role("button", name="现在发送").click()
        expect(page.locator(".item.sent")).to_have_count(1)
        expect(page.locator(".item")).to_contain_text("这条线索有了变化")
        expect(page.locator(".item")).to_contain_text("已约谈店主")
        assert line.cut == 2  # the line did break, twice
        expect(page.locator(".parts .sent")).to_have_count(PHOTOS)
        page.reload()
        expect(page.locator(".item.sent")).to_have_count(1)

    visits, arrived = events(server, VISITED), events(server, PHOTO)
    hashes = sorted(sha256(one) for one in pictures)
    assert len(visits) == 1
    assert sorted(one["sha256"] for one in arrived) == hashes  # type: ignore[type-var]
    photos = json.loads(json.dumps(visits[0]["photos"]))
    assert sorted(one["sha256"] for one in photos) == hashes
    assert {(one["position"]["lat"], one["position"]["accuracy_m"]) for one in photos} == {
        (27.6001, 7.5)
    }
    assert [one["source"] for one in photos].count("camera") == 1
    stored(server, hashes)


def registration(page: Page) -> tuple[CDPSession, str]:
    """A line to the browser itself, and its number of the page's service worker."""
    line, found = page.context.new_cdp_session(page), list[str]()
    line.on("ServiceWorker.workerRegistrationUpdated",
            lambda told: found.extend(one["registrationId"] for one in told["registrations"]
                                      if one["scopeURL"].endswith("/field/")))  # fmt: skip
    line.send("ServiceWorker.enable")
    for _ in range(PATIENCE_MS // 20):
        if found:
            return line, found[-1]
        page.wait_for_timeout(20)
    raise AssertionError("there is no service worker")


def test_sent_by_the_browser_when_the_page_is_closed(
    server: Server, phone: Callable[[], BrowserContext], pictures: list[Path]
) -> None:
    with Proxy(server.port) as line:
        address = f"http://127.0.0.1:{line.port}"
        context = phone()
        page = context.pages[0]
        page.goto(f"{address}/field/")
        page.locator(".row").first.wait_for()
        page.wait_for_function("() => navigator.serviceWorker.controller !== null")
        browser, number = registration(page)
        line.down()
        begin(page, "新风便利店")
        page.locator("input[name=result][value=gone]").check()
        page.locator("input[data-source=file]").set_input_files(pictures[0])
        expect(page.locator("figure.photo")).to_have_count(1)
        page.locator(".finish").click()
        expect(page.locator(".item.queued")).to_have_count(1)
        expect(page.locator("main")).to_contain_text("可以关闭本页")
        page.goto("about:blank")
        line.up()
        browser.send("ServiceWorker.dispatchSyncEvent",
                     {"origin": address, "registrationId": number, "tag": "yicha-field", "lastChance": False})  # fmt: skip
        for _ in range(PATIENCE_MS // 20):
            if events(server, PHOTO, 2):
                break
            page.wait_for_timeout(20)
        assert len(events(server, VISITED, 2)) == 1
        assert [one["sha256"] for one in events(server, PHOTO, 2)] == [sha256(pictures[0])]
        page.goto(f"{address}/field/#/queue")
        expect(page.locator(".item.sent")).to_have_count(1)


def test_a_position_that_never_moves_is_doubted_and_a_poor_one_marked(
    server: Server, phone: Callable[[], BrowserContext]
) -> None:
    context = phone()
    page = context.pages[0]
    page.goto(f"http://127.0.0.1:{server.port}/field/")
    begin(page, "新风便利店")
    expect(page.locator(".position.good")).to_contain_text("误差约 8 米")
    for turn in range(24):
        context.set_geolocation({**PLACE, "accuracy": 80.0 + turn})
        expect(page.locator(".position.poor")).to_contain_text(f"误差约 {80 + turn} 米")
    expect(page.locator(".position")).to_contain_text("模拟")
    moved: Geolocation = {"latitude": 27.6009, "longitude": 109.3002, "accuracy": 4.0}
    context.set_geolocation(moved)
    expect(page.locator(".position.good")).to_contain_text("误差约 4 米")
    told = page.evaluate("async () => (await import('/field/sense.js')).place.told()")
    assert told["same_fixes"] >= 23
    assert told["accuracy_m"] == 4.0
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT[\d:.]+[+-]\d\d:\d\d", told["at"])


FULL = """() => { const put = IDBObjectStore.prototype.put; IDBObjectStore.prototype.put = function (one, ...more) {
  if (one.bytes?.size > 1e6) throw new DOMException("full", "QuotaExceededError");
  return put.call(this, one, ...more); }; }"""
"""The browser's own store refuses what is larger than a megabyte, as a full phone does."""


def test_a_full_phone_and_a_photo_without_preview_are_told_in_words(
    server: Server, phone: Callable[[], BrowserContext], pictures: list[Path], tmp_path: Path
) -> None:
    context, address = phone(), f"http://127.0.0.1:{server.port}"
    page = context.pages[0]
    page.goto(f"{address}/field/")
    begin(page, "新风便利店")
    photo = tmp_path / "IMG_9.HEIC"
    photo.write_bytes(heic(gps(109.3002, 27.6001)))
    page.locator("input[data-source=file]").set_input_files(photo)
    expect(page.locator("figure.photo")).to_contain_text("不能预览")
    page.evaluate(FULL)
    page.locator("input[data-source=file]").set_input_files(pictures[1])
    expect(page.locator(".pictures .problem")).to_contain_text("存储已满")
    expect(page.locator("figure.photo")).to_have_count(1)  # what was kept stays
    page.reload()
    expect(page.locator("figure.photo")).to_have_count(1)


def stored(server: Server, hashes: list[str]) -> None:
    """Every photo is in the imagery store byte for byte, with what the phone said in its record."""
    jobs = server.root / "uploads" / "jobs"
    for _ in range(PATIENCE_MS // 100):
        done = [json.loads(file.read_text(encoding="utf-8")) for file in jobs.glob("*.json")]
        if done and all(one["ended"] for one in done):
            break
        process_wait(server.process)
    assert [one["state"] for one in done] == ["done"]
    store = Store.open(server.root / "imagery", create=False)
    found = {
        hashlib.sha256(store.original(one).read_bytes()).hexdigest(): one for one in store.scenes()
    }
    assert sorted(found) == hashes
    assert not list((server.root / "field").iterdir())
    assert [one.name for one in (server.root / "uploads").iterdir()] == ["jobs"]


def test_nobody_signed_in_loses_nothing(
    server: Server, phone: Callable[[], BrowserContext]
) -> None:
    context = phone()
    page, address = context.pages[0], f"http://127.0.0.1:{server.port}/field/"
    page.goto(address)
    page.locator(".row").first.wait_for()
    page.wait_for_function("() => navigator.serviceWorker.controller !== null")
    begin(page, "新风便利店")
    page.locator("input[name=result][value=gone]").check()
    context.add_cookies([{"name": "who", "value": "-", "url": address}])
    page.locator(".finish").click()
    expect(page.locator(".line")).to_contain_text("请登录后发送")
    expect(page.get_by_role("link", name="登录")).to_have_count(1)
    expect(page.locator(".item.queued")).to_have_count(1)
    page.on("dialog", lambda asked: asked.accept())
    page.get_by_role("button", name="离开这部手机").click()
    expect(page.locator(".item.queued")).to_have_count(1)  # unsent: nobody leaves

    context.add_cookies([{"name": "who", "value": "zhao", "url": address}])
    page.reload()
    expect(page.locator(".note.warn")).to_contain_text("还有 李外勤 的 1 份未发送")
    expect(page.locator(".item")).to_have_count(0)  # somebody else's words are not shown

    context.clear_cookies()
    page.reload()
    expect(page.locator(".item.sent")).to_have_count(1)


LARGE = """() => [...document.querySelectorAll("button, a.button, .row")]
  .filter(one => one.offsetParent !== null).every(one => one.getBoundingClientRect().height >= 44)"""
"""Whatever one presses is at least as tall as a thumb."""


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_page_fits_and_speaks_its_language(server: Server, chromium: Browser, lang: str) -> None:  # fmt: skip
    context = chromium.new_context(viewport={"width": 390, "height": 800}, locale="zh-CN" if lang == "zh" else "en-GB",
                                   service_workers="block")  # fmt: skip
    context.set_default_timeout(PATIENCE_MS)
    page, complaints = context.new_page(), list[str]()
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    try:
        page.goto(f"http://127.0.0.1:{server.port}/field/")
        page.locator(".row").first.wait_for()
        for go, there in (("", ".row"), (".row", "main button.big"), ("main button.big", ".finish"), ("header .queue", "main p.line")):  # fmt: skip
            if go:
                page.locator(go).first.click()
            page.locator(there).first.wait_for()
            for width in (1366, 390):
                page.set_viewport_size({"width": width, "height": 800})
                assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
                page.wait_for_function(LARGE)  # the styles may arrive after the script
            said = page.locator("main").inner_text()
            assert not re.search(r"\{\w+\}|undefined|null|\b(?:list|lead|visit|photo|queue)\.[a-z_]+", said), said  # fmt: skip
        assert complaints == []
    finally:
        context.close()


def test_its_own_rules_are_strict(server: Server, chromium: Browser) -> None:
    page = chromium.new_page()
    answer = page.request.get(f"http://127.0.0.1:{server.port}/field/")
    policy = answer.headers["content-security-policy"]
    assert "unsafe" not in policy
    assert "geolocation=(self)" in answer.headers["permissions-policy"]
    nobody = {"Cookie": "who=-"}
    for path in ("/field/api/package", "/field/", "/field/app.js"):
        assert (
            page.request.get(f"http://127.0.0.1:{server.port}{path}", headers=nobody).status == 401
        )
    page.close()
