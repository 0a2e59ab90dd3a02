"""The real app on the real demo county, in a real browser."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
import urllib.parse
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self, TypeVar

import pytest
from playwright.sync_api import Browser, Frame, Locator, Page, WebSocket, expect, sync_playwright

from demo.build import build
from tests.lacking import lacking
from tests.leads.exchange.two import write_offices
from tests.system import chromium_program
from ui.assets import REMEDY, installed
from ui.settings import DEMO, ROOT, VARIABLE
from ui.tiles.base import THEMES

FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
         "--disable-background-networking", "--disable-component-update", "--disable-sync"]  # fmt: skip
PATIENCE_MS = 120_000
"""The first answer waits for the checks to run, and a busy machine is slow: who waits for less is mistaken."""
expect.set_options(timeout=PATIENCE_MS)
_STILL = """() => { const app = document.querySelector('.stApp');
  return !app || (app.dataset.testScriptState === 'notRunning' && !document.querySelector('[data-stale=true]')); }"""
STANDS = """() => new Promise(done => { let last = "", same = 0; const look = () => {
  const now = window.map.getBounds().toBBoxString(); same = now === last ? same + 1 : 0; last = now;
  if (same > 12) done(true); else setTimeout(look, 100); }; look(); })"""
"""The map has not moved for more than a second: while the page is laid out it fits itself anew."""


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    """Chromium from CHROMIUM, /usr/bin or the path; skips loudly without it, fails in CI."""
    found = chromium_program()
    if not found:
        lacking("CHROMIUM MISSING: set CHROMIUM=/path/to/chromium; this test did not run")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def demo_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo county: the one that is there, or one made for these tests."""
    if (DEMO / "county.json").is_file():
        return DEMO
    folder = tmp_path_factory.mktemp("county") / "demo"
    build(folder)
    return folder


@dataclass
class Site:
    """A running app: its address, and the process behind it."""

    address: str
    process: subprocess.Popen[bytes]

    def url(self, path: str = "/", **query: str) -> str:
        return f"{self.address}{path}?{urllib.parse.urlencode(query)}"


def serve(folder: Path, log: Path, **environment: str) -> Site:
    """Start the app as a user would and wait until it answers; skips loudly without the web assets."""
    if not installed():
        lacking(f"WEB ASSETS MISSING: this test did not run; {REMEDY}")
    port = free_port()
    command = [sys.executable, "-m", "uvicorn", "geo_app:app", "--port", str(port)]
    with log.open("wb") as stream:
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            env={**os.environ, VARIABLE: str(folder), **environment},
            stdout=stream,
            stderr=stream,
        )
    site = Site(f"http://127.0.0.1:{port}", process)
    if not answers(site):
        end(site)
        pytest.fail(f"the app did not start:\n{log.read_text(encoding='utf-8', errors='replace')}")
    return site


def free_port() -> int:
    """A port that nobody listens at."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def answers(site: Site) -> bool:
    """Wait until the app listens; no, where it ended or takes too long."""
    for _ in range(2 * PATIENCE_MS // 100):
        with socket.socket() as probe:
            probe.settimeout(0.1)
            if probe.connect_ex(("127.0.0.1", urllib.parse.urlsplit(site.address).port)) == 0:
                return True
        if site.process.poll() is not None:
            break
        process_wait(site.process)
    return False


def process_wait(process: subprocess.Popen[bytes]) -> None:
    """Give the app a tenth of a second, or less where it ends."""
    try:
        process.wait(0.1)
    except subprocess.TimeoutExpired:
        return


def end(site: Site) -> None:
    site.process.terminate()
    try:
        site.process.wait(10)
    except subprocess.TimeoutExpired:
        site.process.kill()
        site.process.wait()


@pytest.fixture(scope="session")
def site(demo_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The app on the demo county."""
    running = serve(demo_folder, tmp_path_factory.mktemp("log") / "app.log")
    for _ in range(3 * PATIENCE_MS // 100):  # its findings are taken in as leads
        if (demo_folder / "store" / "taken-in.json").is_file():
            break
        process_wait(running.process)
    yield running
    end(running)


def county(demo: Path, into: Path, *themes: str, imagery: bool = False) -> Path:
    """A copy of the demo county to be written into: with all layers and the walking network, or with some themes.

    The fewer there are, the sooner its checks have run.
    """
    into.mkdir(parents=True, exist_ok=True)
    if not themes:
        shutil.copytree(demo / "layers", into / "layers")
    for file in (demo / "layers").glob("*.parquet"):
        if file.stem.partition("-")[0] in themes:
            (into / "layers").mkdir(exist_ok=True)
            shutil.copyfile(file, into / "layers" / file.name)
    if imagery:
        shutil.copytree(demo / "imagery", into / "imagery", ignore=shutil.ignore_patterns("candidates"))  # fmt: skip
    shutil.copyfile(demo / "county.json", into / "county.json")
    return into


@pytest.fixture(scope="session")
def bare_site(demo_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The app on a county with little in it: no bars, no walking network."""
    folder = county(demo_folder, tmp_path_factory.mktemp("bare"), *THEMES, "ecig_retailer")
    running = serve(folder, tmp_path_factory.mktemp("log") / "bare.log")
    yield running
    end(running)


@pytest.fixture(scope="session")
def field_site(demo_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The app on what lies on the ground of the demo county, without imagery, to be written into."""
    folder = county(demo_folder, tmp_path_factory.mktemp("field"), *THEMES)
    running = serve(folder, tmp_path_factory.mktemp("log") / "field.log")
    yield running
    end(running)


@pytest.fixture(scope="session")
def offices(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The files of two offices that know each other: the app's, and another one."""
    return write_offices(tmp_path_factory.mktemp("offices"))


@pytest.fixture(scope="session")
def worked(demo_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo county without its imagery: nothing run, no finding taken in yet."""
    return county(demo_folder, tmp_path_factory.mktemp("worked"))


@pytest.fixture(scope="session")
def worked_site(
    worked: Path, offices: tuple[Path, Path], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Site]:
    """The app on it, for those who work with leads and models."""
    log = tmp_path_factory.mktemp("log") / "worked.log"
    running = serve(worked, log, YICHA_OFFICES=str(offices[0]))
    yield running
    end(running)


def still(page: Page) -> None:
    """Wait until the page is drawn: what is clicked while it is drawn anew is lost."""
    page.wait_for_function(_STILL)


def press(one: Locator) -> None:
    """Click what may be clicked, once the page is drawn."""
    expect(one).to_be_enabled()
    still(one.page)
    one.click()


def pick(page: Page, label: str, text: str) -> None:
    """Take an option of a list by its words, and see it taken: a list that is drawn anew closes."""
    box = page.get_by_role("combobox", name=re.compile(rf"(^|[ .]){re.escape(label)}"))
    expect(box).to_have_count(1)  # while a form is drawn anew there are two
    still(page)
    box.scroll_into_view_if_needed()
    box.click()
    box.press_sequentially(text)
    page.get_by_role("option").filter(has_text=text).first.click()
    expect(box).to_have_value(re.compile(re.escape(text)))


_FIRST_LOAD = re.compile(r"/[a-z]+/_stcore/(?:health|host-config)$")
"""Streamlit asks for these below the page's own address first, and then at the right place."""


@dataclass
class Glance:
    """A page being looked at, with all it asked for and all it complained about."""

    page: Page
    asked: list[str] = field(default_factory=list)
    told: list[int] = field(default_factory=list)
    """Lengths of what the page told the server: each lets it run once."""
    complaints: list[str] = field(default_factory=list)

    def watch(self) -> None:
        page = self.page
        page.on("request", lambda request: self.asked.append(request.url))
        page.on("websocket", self._overhear)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("console", lambda said: self.complaints.append(f"{said.text} {said.location['url']}")
                if said.type == "error" and not _FIRST_LOAD.search(said.location["url"]) else None)  # fmt: skip
        page.on("response", lambda answer: self.complaints.append(f"{answer.status} {answer.url}")
                if answer.status >= 400 and not _FIRST_LOAD.search(answer.url) else None)  # fmt: skip

    def _overhear(self, socket: WebSocket) -> None:
        self.asked.append(socket.url)
        socket.on("framesent", lambda said: self.told.append(len(said)))

    def open(self, url: str) -> Self:
        """Go to the address and wait until Streamlit has drawn the page."""
        self.page.goto(url)
        self.page.locator(".y-brand").first.wait_for()
        return self

    def quiet(self) -> None:
        """Nothing was asked of another machine, and nothing was complained about."""
        hosts = {urllib.parse.urlsplit(url).hostname for url in self.asked
                 if not url.startswith(("data:", "blob:"))}  # fmt: skip
        assert len(self.asked) > 20
        assert hosts <= {"127.0.0.1", "localhost"}
        assert self.complaints == []

    def fits(self) -> None:
        """Nothing runs over the edge, of a desk's screen and of a phone's."""
        for width in (1366, 390):
            self.page.set_viewport_size({"width": width, "height": 844})
            self.page.wait_for_function("() => document.documentElement.scrollWidth <= innerWidth")

    @property
    def map(self) -> Frame:
        """The map's frame."""
        self.page.locator("iframe").first.wait_for()
        for _ in range(PATIENCE_MS // 100):
            frames = [frame for frame in self.page.frames if "streamlit_folium" in frame.url]
            if frames:
                frames[0].wait_for_function("window.map !== undefined")
                return frames[0]
            self.page.wait_for_timeout(100)
        raise AssertionError("there is no map")

    def settled(self) -> None:
        """Wait until the map has stopped moving."""
        self.map.wait_for_function(
            """() => new Promise(done => { const a = window.map.getBounds().toBBoxString();
                 setTimeout(() => done(a === window.map.getBounds().toBBoxString()), 250); })"""
        )


@dataclass
class Visit(Glance):
    """A look at the page of the map."""

    def open(self, url: str) -> Self:
        """Go to the address and wait until list, map and its symbols are there."""
        self.page.goto(url)
        self.page.locator(".row").first.wait_for()
        self.map.wait_for_function("window.feature_group && window.feature_group.length == 2")
        return self

    def symbol(self, key: str) -> tuple[float, float] | None:
        """Where the symbol of an item stands on the screen, or `None`."""
        at = self.map.evaluate(
            """key => { let found = null; window.map.eachLayer(layer => {
                 if (layer.feature && layer.feature.properties.finding === key) {
                   const point = window.map.latLngToContainerPoint(layer.getLatLng());
                   found = [point.x, point.y]; } }); return found; }""",
            key,
        )
        box = self.page.locator("iframe").first.bounding_box()
        return (at[0] + box["x"], at[1] + box["y"]) if at and box else None

    def symbols(self) -> int:
        """How many items are on the map."""
        return int(self.map.evaluate(
            "() => { let n = 0; window.map.eachLayer(l => { if (l.look) n += 1; }); return n; }"
        ))  # fmt: skip

    def chosen(self, key: str) -> None:
        """Wait until the map has moved to the item called `key`."""
        self.map.wait_for_function("key => (window.yichaToken || '').endsWith(key)", arg=key)
        self.settled()


Look = TypeVar("Look", bound=Glance)


@contextmanager
def _looks(
    chromium: Browser, kind: Callable[[Page], Look], desk: tuple[int, int]
) -> Iterator[Callable[..., Look]]:
    """Open pages as one looks at them; closed again at the end."""
    contexts = []

    def look(url: str, width: int = desk[0], height: int = desk[1]) -> Look:
        context = chromium.new_context(viewport={"width": width, "height": height}, locale="zh-CN",
                                       reduced_motion="reduce")  # fmt: skip
        context.set_default_timeout(PATIENCE_MS)
        contexts.append(context)
        one = kind(context.new_page())
        one.watch()
        return one.open(url)

    yield look
    for context in contexts:
        context.close()


@pytest.fixture
def visit(chromium: Browser) -> Iterator[Callable[..., Visit]]:
    """Open the page of the map."""
    with _looks(chromium, Visit, (1440, 900)) as look:
        yield look


@pytest.fixture
def glance(chromium: Browser) -> Iterator[Callable[..., Glance]]:
    """Open any page."""
    with _looks(chromium, Glance, (1366, 768)) as look:
        yield look


def tally(page: Page) -> tuple[int, int]:
    """Rows the map's list shows, and of how many."""
    still(page)
    numbers = re.findall(r"\d+", page.locator(".y-tally").inner_text())
    return int(numbers[0]), int(numbers[1])
