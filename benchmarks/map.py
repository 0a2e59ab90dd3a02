"""The map of 1,000,000 shops and 100,000 leads in a real chromium, beside `folium.GeoJson` inline.

    python -m benchmarks.map [--shops 1000000] [--leads 1000 10000 100000] [--rounds 5] [--no-peer]

First view (from the address to symbols, list and every tile drawn), zoom and pan (until all that is in
view is drawn), choice of a row (until its card is there), and what a rerun costs the server. The peer
draws the same leads the way folium does it by itself; the million shops it cannot draw at all.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Error, Frame, Page, sync_playwright

from benchmarks._harness import RESULTS, ROOT, machine, versions
from benchmarks._map_place import make_place

FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
         "--disable-background-networking", "--disable-component-update", "--disable-sync"]  # fmt: skip
GOALS = {"first view": 4.0, "zoom": 0.8, "pan": 0.8, "rerun, server": 0.3}
_SETTLED = """() => { if (!window.map || !window.map._loaded) return false; let busy = 0;
  window.map.eachLayer(l => { if (l._loading) busy += 1; });
  return !busy && !(window.yicha && window.yicha.waiting && window.yicha.waiting()); }"""
_SHOWN = """() => { let n = 0; if (window.map) window.map.eachLayer(l => { if (l.yichaHeap || l.look || l.feature) n += 1; });
  return n > 0; }"""
_PAINTED = (
    "new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => done(null))))"
)
"""A canvas is drawn with the next picture, not when it is told to."""
Figures = dict[str, list[float]]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shops", type=int, default=1_000_000)
    parser.add_argument("--leads", type=int, nargs="+", default=[100_000], help="sizes, one after the other")  # fmt: skip
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--no-peer", action="store_true")
    given = parser.parse_args()
    found: dict[int, tuple[Figures, Figures]] = {}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=_chromium(), args=FLAGS)
        for leads in given.leads:
            folder = make_place(given.shops, leads)
            with _served("geo_app:app", {"YICHA_DATA": str(folder)}) as address:
                ours = _ours(browser, address, given.rounds)
            ours["rerun, server"] = _reruns(folder, given.rounds)
            found[leads] = (ours, {})
            _report(given, found)
            if not given.no_peer:
                found[leads] = (ours, _beside(browser, folder, leads, given.rounds))
                _report(given, found)
        browser.close()
    return 0


def _beside(browser: Browser, folder: Path, leads: int, rounds: int) -> Figures:
    """The peer with the same leads; nothing where it does not come to an end."""
    more = {"YICHA_PEER_STORE": str(folder / "store" / "leads.sqlite"), "YICHA_PEER": str(leads)}
    with _served("benchmarks.map_peer.app:app", more) as address:
        try:
            return _peer(browser, address, max(rounds // 2, 2))
        except Error as error:
            print(f"the peer fails with {leads:,} leads: {error.message.splitlines()[0]}")
            return {}


def _ours(browser: Browser, address: str, rounds: int) -> Figures:
    """Our page: everything of the goals, and the shops' layer on."""
    found: Figures = {}
    _first(browser, address, {})  # warms the app, as its own start does
    for _ in range(rounds):
        page, frame = _first(browser, address, found)
        shops = frame.locator(".y-row", has_text="烟草零售点").first.locator("input[type=checkbox]")
        frame.locator(".y-panel").evaluate("panel => { panel.open = true; }")
        shops.check()
        frame.wait_for_function(_SETTLED)
        _moves(frame, found)
        start = time.perf_counter()
        page.locator(".row").nth(3).click()
        page.locator(".y-card h2").first.wait_for()
        page.locator(".st-key-lead_box").wait_for()
        found.setdefault("row → card", []).append(time.perf_counter() - start)
        page.context.close()
    return found


def _peer(browser: Browser, address: str, rounds: int) -> Figures:
    found: Figures = {}
    _first(browser, address, {}, rows=False)
    for _ in range(rounds):
        page, frame = _first(browser, address, found, rows=False)
        _moves(frame, found)
        took = float(page.locator("#took").inner_text())
        found.setdefault("rerun, server", []).append(took)
        page.context.close()
    return found


def _first(
    browser: Browser, address: str, found: Figures, *, rows: bool = True
) -> tuple[Page, Frame]:
    context = browser.new_context(viewport={"width": 1366, "height": 768})
    page = context.new_page()
    page.set_default_timeout(240_000)
    start = time.perf_counter()
    page.goto(f"{address}/?lang=zh&from=leads")
    if rows:
        page.locator(".row").first.wait_for()
    page.locator("iframe").first.wait_for()
    frame = _frame(page)
    frame.wait_for_function(_SHOWN)
    frame.wait_for_function(_SETTLED)
    found.setdefault("first view", []).append(time.perf_counter() - start)
    return page, frame


def _frame(page: Page) -> Frame:
    """The map's frame, as soon as it is there."""
    while True:
        for one in page.frames:
            if "streamlit_folium" in one.url:
                return one
        page.wait_for_timeout(10)


def _moves(frame: Frame, found: Figures) -> None:
    """Zoom into a town and pan there, at several zooms."""
    town = frame.evaluate("""() => { let at = window.map.getCenter(); window.map.eachLayer(l => {
        if (l.yichaHeap || l.feature && l.getLatLng) at = l.getLatLng(); }); return [at.lat, at.lng]; }""")
    for zoom in (9, 11, 13, 15, 16):
        _timed(
            frame,
            found,
            "zoom",
            f"window.map.setView([{town[0]}, {town[1]}], {zoom}, {{ animate: false }})",
        )
        for step in ((300, 0), (0, 250), (-500, 0)):
            _timed(
                frame,
                found,
                "pan",
                f"window.map.panBy([{step[0]}, {step[1]}], {{ animate: false }})",
            )


def _timed(frame: Frame, found: Figures, name: str, act: str) -> None:
    start = time.perf_counter()
    frame.evaluate(f"() => {{ {act}; return {_PAINTED}; }}")
    frame.wait_for_function(_SETTLED)
    found.setdefault(name, []).append(time.perf_counter() - start)


def _reruns(folder: Path, rounds: int) -> list[float]:
    """Seconds of whole reruns of the page in a process of its own, the first left out."""
    command = [sys.executable, "-W", "ignore", "-m", "benchmarks._map_rerun", str(rounds)]
    done = subprocess.run(command, cwd=ROOT, env={**os.environ, "YICHA_DATA": str(folder)}, capture_output=True,
                          text=True, encoding="utf-8", check=True)  # fmt: skip
    took: list[float] = json.loads(done.stdout.strip().splitlines()[-1])
    return took


@contextmanager
def _served(target: str, more: dict[str, str]) -> Iterator[str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [
        sys.executable,
        "-m",
        "uvicorn",
        target,
        "--port",
        str(port),
        "--log-level",
        "warning",
    ]
    process = subprocess.Popen(command, cwd=ROOT, env={**os.environ, **more}, stdout=subprocess.DEVNULL,
                               stderr=subprocess.DEVNULL)  # fmt: skip
    try:
        for _ in range(1800):
            if process.poll() is not None:
                raise RuntimeError(f"{target} ended with {process.returncode}")
            with socket.socket() as probe:
                probe.settimeout(0.2)
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(20)


def _chromium() -> str:
    found = os.environ.get("CHROMIUM") or shutil.which("chromium") or "/usr/bin/chromium"
    return str(found)


def _report(given: argparse.Namespace, found: dict[int, tuple[Figures, Figures]]) -> None:
    about = versions("streamlit", "streamlit-folium", "folium", "playwright")
    lines = [f"{machine()}; {about}; load {os.getloadavg()[0]:.1f}", "",
             f"{given.shops:,} shops; the peer draws the leads and no shop."]  # fmt: skip
    for leads, (ours, peer) in found.items():
        lines += ["", f"{leads:,} leads", "", "| | goal, s | yicha median | worst | folium.GeoJson inline, median | × yicha |",
                  "|---|---:|---:|---:|---:|---:|"]  # fmt: skip
        for name, times in ours.items():
            median, goal = statistics.median(times), f"{GOALS[name]:g}" if name in GOALS else ""
            other = statistics.median(peer[name]) if name in peer else None
            told = "– | –" if other is None else f"{other:.2f} | {other / median:.1f}"
            lines.append(f"| {name} | {goal} | {median:.2f} | {max(times):.2f} | {told} |")
    text = "\n".join(lines) + "\n"
    RESULTS.mkdir(parents=True, exist_ok=True)
    (RESULTS / "map.md").write_text(text, encoding="utf-8")
    told_json = {leads: {"yicha": ours, "peer": peer} for leads, (ours, peer) in found.items()}
    (RESULTS / "map.json").write_text(json.dumps(told_json, indent=1), encoding="utf-8")
    print(text)


if __name__ == "__main__":
    sys.exit(main())
