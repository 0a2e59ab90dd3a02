"""Every way to start the app, from a folder that is not its own: the same addresses, headers and settings,
small answers at once, nothing believed of whoever calls, and nothing asked of another machine.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from tests.browser.conftest import Glance, Site, answers, county, end, free_port
from tests.lacking import lacking
from ui.assets import REMEDY, installed
from ui.settings import ROOT, VARIABLE

pytestmark = pytest.mark.browser
PATHS = ("/healthz", "/_stcore/health", "/_stcore/host-config", "/auth/state", "/api/", "/imagery/uploads", "/field/", "/base/0/0/0.png",
         "/assets/app/icon.svg", "/upload", "/none/at/all")  # fmt: skip
VARYING = {"date", "set-cookie", "etag", "last-modified", "content-length"}
WAYS: dict[str, Callable[[int], list[str]]] = {
    "python": lambda port: [str(ROOT / "geo_app.py"), "--port", str(port), "--no-browser"],
    "uvicorn": lambda port: ["-m", "uvicorn", "--app-dir", str(ROOT), "geo_app:app", "--port", str(port)],
    "streamlit": lambda port: ["-m", "streamlit", "run", str(ROOT / "geo_app.py"), "--server.port", str(port)],
}  # fmt: skip
Answered = tuple[int, dict[str, str]]


@pytest.fixture(scope="module")
def ways(demo_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Site]]:
    """The app on a few layers, started at the same time in every way."""
    if not installed():
        lacking(f"WEB ASSETS MISSING: this test did not run; {REMEDY}")
    place = tmp_path_factory.mktemp("ways")
    elsewhere = place / "elsewhere"
    elsewhere.mkdir()
    folder = county(demo_folder, place / "county", "school", "township")
    begun = {name: _begin(command, folder, elsewhere) for name, command in WAYS.items()}
    for site in begun.values():
        assert answers(site), f"it did not start: {site.process.args!r}"
    yield begun
    for site in begun.values():
        end(site)


def _begin(command: Callable[[int], list[str]], county: Path, elsewhere: Path) -> Site:
    port = free_port()
    process = subprocess.Popen([sys.executable, *command(port)], cwd=elsewhere, env={**os.environ, VARIABLE: str(county)},
                               stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # fmt: skip
    return Site(f"http://127.0.0.1:{port}", process)


def _line(site: Site) -> HTTPConnection:
    return HTTPConnection(urlsplit(site.address).netloc, timeout=60)


def _asked(site: Site, path: str, **headers: str) -> Answered:
    line = _line(site)
    line.request("GET", path, headers=headers)
    answer = line.getresponse()
    answer.read()
    line.close()
    return answer.status, {name.lower(): value for name, value in answer.getheaders()}


def test_the_same_addresses_and_headers(ways: dict[str, Site]) -> None:
    told = {
        name: {path: (status, {one: value for one, value in headers.items() if one not in VARYING})
               for path in PATHS for status, headers in [_asked(site, path)]}
        for name, site in ways.items()
    }  # fmt: skip
    assert told["python"] == told["uvicorn"] == told["streamlit"]
    assert told["python"]["/healthz"][0] == 200
    assert all("content-security-policy" in headers for _, headers in told["python"].values())


@pytest.mark.parametrize("way", WAYS)
def test_whoever_calls_is_not_believed(ways: dict[str, Site], way: str) -> None:
    forged = {"X-Forwarded-Proto": "https", "X-Forwarded-For": "10.9.9.9", "X-Forwarded-Host": "evil.example.com"}  # fmt: skip
    page = {"Accept": "text/html"}
    status, headers = _asked(ways[way], "/", **page, **forged)
    assert status == 200
    assert "yicha" in headers["set-cookie"]
    assert "secure" not in headers["set-cookie"].lower()
    assert _asked(ways[way], "/", **page)[1]["set-cookie"].partition("=")[0] == headers["set-cookie"].partition("=")[0]  # fmt: skip


@pytest.mark.parametrize("way", WAYS)
def test_small_answers_come_at_once(ways: dict[str, Site], way: str) -> None:
    """Held back until the other side has acknowledged, each would take 40 ms."""
    line, took = _line(ways[way]), []
    for _ in range(20):
        begun = time.perf_counter()
        line.request("GET", "/healthz")
        assert line.getresponse().read() == b"ok"
        took.append(time.perf_counter() - begun)
    line.close()
    assert min(took) < 0.035


@pytest.mark.parametrize("way", WAYS)
def test_a_browser_asks_nobody_else_and_counts_nothing(
    ways: dict[str, Site], way: str, chromium: Browser
) -> None:
    context = chromium.new_context(viewport={"width": 1366, "height": 768}, locale="zh-CN")
    look, heard = Glance(context.new_page()), list[bytes]()
    look.watch()
    look.page.on("websocket", lambda line: line.on("framereceived", lambda said: _heard(said, heard)))  # fmt: skip
    look.open(f"{ways[way].address}/upload?lang=zh")
    look.page.locator(".upload .zone").wait_for()
    look.quiet()
    context.close()
    told = [one.new_session.config for one in map(ForwardMsg.FromString, heard) if one.HasField("new_session")]  # fmt: skip
    assert told
    assert not any(one.gather_usage_stats for one in told)


def _heard(said: bytes | str, heard: list[bytes]) -> None:
    if isinstance(said, bytes):
        heard.append(said)
