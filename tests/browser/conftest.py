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
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Frame, Page, WebSocket, sync_playwright

from demo.build import build
from layers import LayerFolder
from tests.system import chromium_program
from ui.assets import REMEDY, installed
from ui.settings import DEMO, ROOT, VARIABLE

FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
         "--disable-background-networking", "--disable-component-update", "--disable-sync"]  # fmt: skip
PATIENCE_MS = 90_000
"""The first answer waits for the checks to run; everything after it is much faster."""
STANDS = """() => new Promise(done => { let last = "", same = 0; const look = () => {
  const now = window.map.getBounds().toBBoxString(); same = now === last ? same + 1 : 0; last = now;
  if (same > 12) done(true); else setTimeout(look, 100); }; look(); })"""
"""The map has not moved for more than a second: while the page is laid out it fits itself anew."""


def _missing(message: str) -> None:
    if os.environ.get("CI"):
        pytest.fail(message)
    pytest.skip(message)


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    """Chromium from CHROMIUM, /usr/bin or the path; skips loudly without it, fails in CI."""
    found = chromium_program()
    if not found:
        _missing("CHROMIUM MISSING: set CHROMIUM=/path/to/chromium; this test did not run")
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
        _missing(f"WEB ASSETS MISSING: this test did not run; {REMEDY}")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
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
    for _ in range(600):
        with socket.socket() as probe:
            probe.settimeout(0.1)
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return site
        if process.poll() is not None:
            break
        process_wait(process)
    process.kill()
    pytest.fail(f"the app did not start:\n{log.read_text(encoding='utf-8', errors='replace')}")


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
    yield running
    end(running)


@pytest.fixture(scope="session")
def bare_site(demo_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The app on the demo county without its bars and without its walking network."""
    folder = tmp_path_factory.mktemp("bare")
    for name, layer in LayerFolder(demo_folder / "layers").items():
        if name != "bar":
            layer.write(folder / "layers" / f"{name}.parquet")
    (folder / "county.json").write_text('{"generated": true}', encoding="utf-8")
    running = serve(folder, tmp_path_factory.mktemp("log") / "bare.log")
    yield running
    end(running)


@dataclass
class Visit:
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
        page.on(
            "console",
            lambda said: self.complaints.append(said.text) if said.type == "error" else None,
        )
        page.on("response", lambda answer: self.complaints.append(f"{answer.status} {answer.url}")
                if answer.status >= 400 else None)  # fmt: skip

    def _overhear(self, socket: WebSocket) -> None:
        self.asked.append(socket.url)
        socket.on("framesent", lambda said: self.told.append(len(said)))

    def open(self, url: str) -> Visit:
        """Go to the address and wait until list, map and its symbols are there."""
        self.page.goto(url)
        self.page.locator(".row").first.wait_for(timeout=PATIENCE_MS)
        self.map.wait_for_function(
            "window.feature_group && window.feature_group.length == 2", timeout=30_000
        )
        return self

    @property
    def map(self) -> Frame:
        """The map's frame."""
        self.page.locator("iframe").first.wait_for()
        for _ in range(100):
            frames = [frame for frame in self.page.frames if "streamlit_folium" in frame.url]
            if frames:
                frames[0].wait_for_function("window.map !== undefined")
                return frames[0]
            self.page.wait_for_timeout(100)
        raise AssertionError("there is no map")

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

    def settled(self) -> None:
        """Wait until the map has stopped moving."""
        self.map.wait_for_function(
            """() => new Promise(done => { const a = window.map.getBounds().toBBoxString();
                 setTimeout(() => done(a === window.map.getBounds().toBBoxString()), 250); })"""
        )


@pytest.fixture
def visit(chromium: Browser) -> Iterator[Callable[..., Visit]]:
    """Open pages of the app; closed again at the end."""
    contexts = []

    def look(url: str, width: int = 1440, height: int = 900) -> Visit:
        context = chromium.new_context(viewport={"width": width, "height": height}, locale="zh-CN",
                                       reduced_motion="reduce")  # fmt: skip
        context.set_default_timeout(20_000)
        contexts.append(context)
        one = Visit(context.new_page())
        one.watch()
        return one.open(url)

    yield look
    for context in contexts:
        context.close()


@pytest.fixture(scope="session")
def field_site(demo_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The app on a copy of the demo county without its imagery, which tests may write into."""
    folder = tmp_path_factory.mktemp("field")
    shutil.copytree(demo_folder / "layers", folder / "layers")
    shutil.copyfile(demo_folder / "county.json", folder / "county.json")
    running = serve(folder, tmp_path_factory.mktemp("log") / "field.log")
    yield running
    end(running)


_FIRST_LOAD = re.compile(r"/[a-z]+/_stcore/(?:health|host-config)$")
"""Streamlit asks for these below the page's own address first, and then at the right place."""


@dataclass
class Glance(Visit):
    """A look at one of the pages about imagery."""

    def watch(self) -> None:
        page = self.page
        page.on("request", lambda request: self.asked.append(request.url))
        page.on("websocket", lambda socket: self.asked.append(socket.url))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("console", lambda said: self.complaints.append(f"{said.text} {said.location['url']}")
                if said.type == "error" and not _FIRST_LOAD.search(said.location["url"]) else None)  # fmt: skip
        page.on("response", lambda answer: self.complaints.append(f"{answer.status} {answer.url}")
                if answer.status >= 400 and not _FIRST_LOAD.search(answer.url) else None)  # fmt: skip

    def open(self, url: str) -> Glance:
        """Go to the address and wait until Streamlit has drawn the page."""
        self.page.goto(url)
        self.page.locator(".y-brand").first.wait_for(timeout=PATIENCE_MS)
        return self

    def quiet(self) -> None:
        """Nothing was asked of another machine, and nothing was complained about."""
        hosts = {urllib.parse.urlsplit(url).hostname for url in self.asked
                 if not url.startswith(("data:", "blob:"))}  # fmt: skip
        assert len(self.asked) > 20
        assert hosts <= {"127.0.0.1", "localhost"}
        assert self.complaints == []


@pytest.fixture
def glance(chromium: Browser) -> Iterator[Callable[..., Glance]]:
    """Open the pages about imagery; closed again at the end."""
    contexts = []

    def look(url: str, width: int = 1366, height: int = 768) -> Glance:
        context = chromium.new_context(viewport={"width": width, "height": height}, locale="zh-CN",
                                       reduced_motion="reduce")  # fmt: skip
        context.set_default_timeout(30_000)
        contexts.append(context)
        one = Glance(context.new_page())
        one.watch()
        return one.open(url)

    yield look
    for context in contexts:
        context.close()
