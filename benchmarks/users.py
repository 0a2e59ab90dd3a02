"""Visitors at once, without browsers: `python -m benchmarks.users [--users 10] [--minutes 5] [--megabytes 20]`.

Each speaks Streamlit's own messages over its websocket and the app's own addresses: filters of the
map, leads and notes, uploads in pieces with their take-in, model runs, overview, the interface.
Before they come, one visitor alone opens every page a few times and does what the others will do,
which tells what every action costs the server. The visitors are one process of coroutines on the
same processors as the server; its share is told.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from benchmarks._users_line import Line, invited
from benchmarks._users_work import Book, Visitor, leads, map_filters, overview
from benchmarks.upload import Memory, _folder, make
from tests.browser.conftest import Site, end, serve
from ui.jobs.job import ACTIVE

PAGES = ("", "leads", "models", "overview", "scenes", "upload", "confirm", "draw", "data", "evidence", "admin")  # fmt: skip
PATIENCE_S = 180


async def ready(address: str) -> None:
    """Wait until the first checks are run and the county's leads are there."""
    async with Line(address, invited(address)) as line:
        await line.open("")
        for _ in range(PATIENCE_S):
            await line.open("leads")
            if any(one.id.endswith("-l_list") for one in line.widgets.values()):
                return
            await asyncio.sleep(1.0)
    raise RuntimeError("the leads of the demo did not come")


async def alone(address: str, rounds: int = 5) -> dict[str, float]:
    """Median seconds of a rerun of every page with nobody else there."""
    found: dict[str, float] = {}
    async with Line(address, invited(address)) as line:
        for page in PAGES:
            await line.open(page)
            found[page or "map"] = statistics.median([(await line.open(page)).seconds for _ in range(rounds)])  # fmt: skip
    return found


async def costs(address: str, pid: int, rounds: int = 4) -> Book:
    """What every action takes and costs with nobody else there; the first round, which fills caches, is apart."""
    book = Book()
    one = Visitor(address, 0, Path(), book, think_s=0)
    one.cookie = invited(address)
    for number in range(rounds + 1):
        if number == 1:
            book.took, book.cost, book.clock = {}, {}, lambda: processor_s(pid)
        for journey in (map_filters, leads, overview):
            async with Line(address, one.cookie) as line:
                await journey(one, line)
    return book


def processor_s(pid: int) -> float:
    """Processor seconds a process has used so far, to a hundredth."""
    told = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(told[11]) + int(told[12])) / os.sysconf("SC_CLK_TCK")


async def together(address: str, users: int, seconds: float, file: Path, think_s: float) -> Book:
    """All of them at once; with no seconds each does their job once."""
    book, until = Book(), time.perf_counter() + seconds
    people = [Visitor(address, number, file, book, think_s) for number in range(users)]
    await asyncio.gather(*(one.live(until) for one in people))
    return book


def job_states(folder: Path) -> list[str]:
    """How every job that was asked for ended."""
    return [str(json.loads(one.read_text(encoding="utf-8")).get("state"))
            for one in sorted((folder / "uploads" / "jobs").glob("*.json"))]  # fmt: skip


async def settled(folder: Path) -> list[str]:
    """`job_states` once nothing is under way any more, or after `PATIENCE_S`."""
    for _ in range(PATIENCE_S):
        if not set(job_states(folder)) & set(ACTIVE):
            break
        await asyncio.sleep(1.0)
    return job_states(folder)


def at(values: Sequence[float], share: float) -> float:
    """The value below which that share of them lies."""
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]


def table(took: Mapping[str, Sequence[float]]) -> str:
    """Count, median, 95 % and the longest of each, in seconds."""
    rows = ["| what | times | median | p95 | longest |", "|---|---:|---:|---:|---:|"]
    for name, values in sorted(took.items()):
        rows.append(f"| {name} | {len(values)} | {statistics.median(values):.3f} | {at(values, 0.95):.3f} | {max(values):.3f} |")  # fmt: skip
    return "\n".join(rows)


def price_list(book: Book) -> str:
    """Median seconds and mean processor milliseconds of every action of one visitor alone."""
    rows = ["| alone | median s | server CPU ms |", "|---|---:|---:|"]
    for name, cost in sorted(book.cost.items()):
        rows.append(f"| {name} | {statistics.median(book.took[name]):.3f} | {1000 * statistics.mean(cost):.0f} |")  # fmt: skip
    return "\n".join(rows)


def _first(site: Site) -> None:
    """What one visitor alone is answered."""
    asyncio.run(ready(site.address))
    pages = asyncio.run(alone(site.address))
    print("rerun of a page, alone, s: " + ", ".join(f"{name} {took:.3f}" for name, took in pages.items()))  # fmt: skip
    print(price_list(asyncio.run(costs(site.address, site.process.pid))), end="\n\n", flush=True)


def _measure(site: Site, folder: Path, options: argparse.Namespace, file: Path) -> Book:
    memory, pid = Memory(site.process.pid), site.process.pid
    threading.Thread(target=memory.watch, daemon=True).start()
    try:
        _first(site)
        memory.phase, load = "first half", os.getloadavg()[0]
        seconds, began, own = options.minutes * 60, processor_s(pid), time.process_time()
        half = threading.Timer(seconds / 2, setattr, (memory, "phase", "second half"))
        half.start()
        book = asyncio.run(together(site.address, options.users, seconds, file, options.think))
        half.cancel()
        shares = [100 * one / seconds for one in (processor_s(pid) - began, time.process_time() - own)]  # fmt: skip
        states = asyncio.run(settled(folder))
    finally:
        memory.ended.set()
    print(f"{options.users} users, {options.minutes} min, load before {load:.1f}, after {os.getloadavg()[0]:.1f}; "
          f"of one core the server used {shares[0]:.0f} %, the visitors {shares[1]:.0f} %")  # fmt: skip
    print("server MB at most: " + ", ".join(f"{name} {most:.0f}" for name, most in memory.server.items())
          + f"; its workers {max(memory.workers.values()):.0f}")  # fmt: skip
    print("jobs: " + ", ".join(f"{state} {states.count(state)}" for state in sorted(set(states))))
    return book


def main() -> int:
    """Serve a copy of the demo, let the visitors come, print what it took."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--users", type=int, default=10)
    parser.add_argument("--minutes", type=float, default=5)
    parser.add_argument("--megabytes", type=float, default=20)
    parser.add_argument("--think", type=float, default=1.0, help="seconds between two clicks")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as beside:
        folder, file = _folder(Path(beside)), Path(beside) / "flight.tif"
        make(file, options.megabytes / 1000)
        site = serve(folder, Path(beside) / "server.log")
        try:
            book = _measure(site, folder, options, file)
        finally:
            end(site)
    every = [seconds for name, values in book.took.items() for seconds in values if "upload: p" not in name]  # fmt: skip
    print(table(book.took), table(book.jobs), sep="\n\n")
    print(f"page actions and reads {len(every)}, p95 {at(every, 0.95):.3f} s, errors {len(book.errors)}")  # fmt: skip
    print("\n".join(book.errors[:20]))
    return bool(book.errors)


if __name__ == "__main__":
    sys.exit(main())
