"""A large file over a bad line, by a browser: `python -m benchmarks.upload [--gigabytes 2]`.

A real BigTIFF (a scene of the demo county, laid side by side) goes through a local proxy that lets
`--rate` megabytes a second pass and breaks every connection at a third and at two thirds. Then it is
taken in and searched for candidates. Memory of the server and of its workers is read twice a second.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import sys
import tempfile
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

import rasterio
from playwright.sync_api import Page, sync_playwright
from rasterio.windows import Window

from tests.browser.conftest import FLAGS, end, serve
from tests.proxy import Proxy
from ui.settings import DEMO

SOURCE = "shore_20260521.tif"
PATIENCE_MS = 3_600_000
MB = 1e6


@dataclass
class Memory:
    """The largest resident size seen of a process and of all below it together, MB, by phase."""

    pid: int
    phase: str = "idle"
    server: dict[str, float] = field(default_factory=dict)
    workers: dict[str, float] = field(default_factory=dict)
    ended: threading.Event = field(default_factory=threading.Event)

    def watch(self) -> None:
        """Read until it is ended."""
        while not self.ended.wait(0.5):
            tree = _tree(self.pid)
            own, rest = _resident(self.pid), sum(map(_resident, tree - {self.pid}))
            self.server[self.phase] = max(self.server.get(self.phase, 0.0), own)
            self.workers[self.phase] = max(self.workers.get(self.phase, 0.0), rest)


def _resident(pid: int) -> float:
    try:
        text = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    except OSError:
        return 0.0
    found = re.search(r"VmRSS:\s+(\d+) kB", text)
    return int(found[1]) * 1024 / MB if found else 0.0


def _tree(pid: int) -> set[int]:
    """The process and all below it."""
    parents: dict[int, int] = {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdecimal():
            try:
                stat = (folder / "stat").read_text(encoding="utf-8", errors="replace")
            except OSError:
                continue
            parents[int(folder.name)] = int(stat.rpartition(")")[2].split()[1])
    found, more = {pid}, {pid}
    while more := {one for one, parent in parents.items() if parent in more} - found:
        found |= more
    return found


def make(target: Path, gigabytes: float) -> None:
    """Write the large file: the demo's scene side by side, in tiles, not compressed."""
    with rasterio.open(DEMO / "flights" / SOURCE) as source:
        data, profile = source.read(), source.profile
    bands, height, width = data.shape
    columns = max(1, round((gigabytes * 1e9 / data.nbytes * height / width) ** 0.5))
    rows = -(-int(gigabytes * 1e9) // (data.nbytes * columns))
    told = {
        "crs": profile["crs"],
        "transform": profile["transform"],
        "dtype": "uint8",
        "count": bands,
    }
    with rasterio.open(target, "w", driver="GTiff", width=columns * width, height=rows * height, tiled=True,
                       blockxsize=512, blockysize=512, BIGTIFF="YES", photometric="RGB", **told) as sink:  # fmt: skip
        for row in range(rows):
            for column in range(columns):
                sink.write(data, window=Window(column * width, row * height, width, height))


def _folder(beside: Path) -> Path:
    """A county to write into: the demo's layers without its imagery."""
    folder = beside / "county"
    shutil.copytree(DEMO / "layers", folder / "layers")
    shutil.copyfile(DEMO / "county.json", folder / "county.json")
    return folder


def _upload(page: Page, file: Path) -> None:
    page.locator(".pick-files").set_input_files(str(file))
    page.locator(".upload .file[data-state='done']").wait_for(timeout=PATIENCE_MS)


def _run(file: Path, beside: Path, rate: float, *, search: bool) -> None:
    size = file.stat().st_size
    site = serve(_folder(beside), beside / "server.log")
    memory = Memory(site.process.pid)
    port = int(site.address.rpartition(":")[2])
    threading.Thread(target=memory.watch, daemon=True).start()
    try:
        with (
            Proxy(port, rate * MB, (size // 3, 2 * size // 3)) as line,
            sync_playwright() as playwright,
        ):
            browser = playwright.chromium.launch(executable_path=os.environ.get("CHROMIUM", "/usr/bin/chromium"), args=FLAGS)  # fmt: skip
            page = browser.new_page(locale="en-GB")
            page.set_default_timeout(PATIENCE_MS)
            page.goto(f"http://127.0.0.1:{line.port}/upload?lang=en")
            page.locator(".upload .total").get_by_text(re.compile(".")).wait_for()
            page.wait_for_timeout(15_000)  # the checks run once at the start
            _say(memory, "idle", 0.0)
            memory.phase, begun = "upload", time.monotonic()
            _upload(page, file)
            spent = time.monotonic() - begun
            _say(memory, "upload", spent, f"{size / MB / spent:.1f} MB/s of {rate:g}, cut {line.cut} times, "
                 f"{(line.sent - size) / MB:.1f} MB sent more than the file has")  # fmt: skip
            memory.phase, begun = "take-in", time.monotonic()
            page.get_by_role("button", name=re.compile("^Take in 1 file")).click()
            page.locator(".st-key-after").wait_for()
            _say(
                memory,
                "take-in",
                time.monotonic() - begun,
                page.locator(".y-tally").first.inner_text(),
            )
            if search:
                memory.phase, begun = "search", time.monotonic()
                page.get_by_role("button", name="Look for candidates now").click()
                page.locator(".y-done").wait_for()
                _say(
                    memory, "search", time.monotonic() - begun, page.locator(".y-done").inner_text()
                )
            browser.close()
    finally:
        memory.ended.set()
        end(site)


def _say(memory: Memory, phase: str, spent: float, more: str = "") -> None:
    above = memory.server.get(phase, 0.0) - memory.server["idle"]
    print(f"| {phase} | {spent:.0f} s | {memory.server.get(phase, 0.0):.0f} MB | {above:+.0f} MB | "
          f"{memory.workers.get(phase, 0.0):.0f} MB | {more} |", flush=True)  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--gigabytes", type=float, default=2.0)
    parser.add_argument(
        "--rate", type=float, default=40.0, help="MB a second that the line lets pass"
    )
    parser.add_argument("--no-search", action="store_true", help="do not look for candidates")
    parser.add_argument("--folder", type=Path, help="where the large file is made (and kept)")
    told = parser.parse_args()
    with tempfile.TemporaryDirectory() as made:
        beside = Path(made)
        file = (told.folder or beside) / f"large-{told.gigabytes:g}.tif"
        if not file.is_file():
            make(file, told.gigabytes)
        cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
        print(f"{file.stat().st_size / 1e9:.2f} GB, {cores} cores, Python {sys.version.split()[0]}")
        print(
            "| phase | time | server, largest | above idle | workers, largest | |\n|---|---|---|---|---|---|"
        )
        _run(file, beside, told.rate, search=not told.no_search)


if __name__ == "__main__":
    main()
