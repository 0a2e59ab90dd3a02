"""The whole app killed under load, again and again: `python -m benchmarks.app_killed [--kills 30] [--seed 1]`.

Files arrive in pieces and are taken in, models run, notes are written, tabs are open (one of them in a
real chromium). At moments of a seeded plan `kill -9` ends the server alone, or it and all its workers.
Afterwards nothing that the app said may be missing, every job must have ended once, and no process and
no half-written file may stay. Results go to `benchmarks/results/app-killed.{json,md}` too.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import secrets
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from http.client import HTTPConnection
from pathlib import Path

import numpy as np
import rasterio
from rasterio.windows import Window

from benchmarks._harness import RESULTS, machine
from benchmarks._killed_after import After, look
from benchmarks._killed_load import Clicker, Load, Sender, active
from benchmarks._killed_tab import watch
from benchmarks.upload import SOURCE, _folder
from office.shell_words import utc_text
from ui.docket.demo import fill
from ui.settings import DEMO, ROOT, VARIABLE

MARK = "YICHA_STORM"
SIDE = 700
PATIENCE_S = 120.0
ORPHANS_S = 45.0
"""Longer no process may stay whose app was killed: ten seconds, and the imports of one just begun."""


@dataclass
class Storm:
    """What happened: kills of each kind, seconds until the app answered again, until the last process of
    the killed one was gone, and until the tab was connected again; what was said, and what was found.
    """

    kills: dict[str, int] = field(default_factory=dict)
    back_s: list[float] = field(default_factory=list)
    gone_s: list[float] = field(default_factory=list)
    tab_s: list[float] = field(default_factory=list)
    said: dict[str, int] = field(default_factory=dict)
    cut: int = 0
    kept: int = 0
    after: After = field(default_factory=After)
    wrong: list[str] = field(default_factory=list)


def picture(path: Path, seed: int) -> None:
    """A file like no other: a piece of the demo's flight with some noise in it."""
    dice = np.random.default_rng(seed)
    with rasterio.open(DEMO / "flights" / SOURCE) as source:
        column, row = (int(dice.integers(0, size - SIDE)) for size in (source.width, source.height))
        window = Window(column, row, SIDE, SIDE)
        data, profile = source.read(window=window), source.profile
        data[:, :40, :40] = dice.integers(0, 255, (source.count, 40, 40))
        transform = source.window_transform(window)
    told = {"crs": profile["crs"], "transform": transform, "dtype": "uint8", "count": len(data)}
    with rasterio.open(
        path, "w", driver="GTiff", width=SIDE, height=SIDE, photometric="RGB", **told
    ) as sink:
        sink.write(data)  # fmt: skip


async def storm(
    folder: Path, *, kills: int, life_s: tuple[float, float], seed: int, browser: bool = True,
    senders: int = 2, clickers: int = 2,
) -> Storm:  # fmt: skip
    """Let them work on the county in `folder` through `kills` kills, then look."""
    await asyncio.to_thread(
        fill, folder, utc_text(datetime.now(UTC))
    )  # else there is nothing to note
    dice, told = random.Random(seed), Storm()
    port, token = _free_port(), secrets.token_hex(8)
    load = Load(f"http://127.0.0.1:{port}", folder, seed)
    people = [Sender(load, number, picture) for number in range(senders)]
    tabs = [Clicker(load, number) for number in range(clickers)]
    work = [asyncio.create_task(one.live()) for one in people]
    work += [asyncio.create_task(one.live()) for one in tabs]
    work += [asyncio.create_task(watch(load, told.tab_s))] if browser else []
    gone: list[asyncio.Task[float]] = []
    app = await _begin(load, port, token)
    if browser:
        await asyncio.wait_for(load.opened.wait(), PATIENCE_S)
    for _ in range(kills):
        await asyncio.sleep(dice.uniform(*life_s))
        kind = dice.choice(("all", "server"))
        told.kills[kind] = told.kills.get(kind, 0) + 1
        load.up.clear()
        _kill(app, kind)
        gone.append(asyncio.create_task(_gone(token, load.life)))
        load.life, killed = load.life + 1, time.monotonic()
        app = await _begin(load, port, token)
        told.back_s.append(time.monotonic() - killed)
    await asyncio.sleep(life_s[1])
    load.over.set()
    await asyncio.gather(*work)
    told.gone_s = list(await asyncio.gather(*gone))
    await _calm(load)
    app.terminate()
    await asyncio.to_thread(app.wait, 30)
    last = await _gone(token, load.life)
    told.said, told.cut, told.kept = load.said, load.cut, load.kept
    told.after = await asyncio.to_thread(look, folder, load)
    told.wrong = [*load.wrong, *told.after.wrong]
    told.wrong += [f"a process stayed for {s:.0f} s" for s in (*told.gone_s, last) if s > ORPHANS_S]
    return told


async def _begin(load: Load, port: int, token: str) -> subprocess.Popen[bytes]:
    """Start the app and wait until it answers."""
    environment = {**os.environ, VARIABLE: str(load.folder), MARK: f"{token}-{load.life}."}
    command = [sys.executable, "-m", "uvicorn", "geo_app:app", "--port", str(port)]
    log = load.folder.parent / "server.log"
    with log.open("ab") as stream:
        app = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=stream, stderr=stream, start_new_session=True)  # fmt: skip
    begun = time.monotonic()
    while not await asyncio.to_thread(_answers, port):
        if app.poll() is not None or time.monotonic() - begun > PATIENCE_S:
            raise RuntimeError(f"the app did not start:\n{log.read_text(encoding='utf-8', errors='replace')[-2000:]}")  # fmt: skip
        await asyncio.sleep(0.1)
    load.up.set()
    return app


def _answers(port: int) -> bool:
    line = HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        line.request("GET", "/healthz")
        return line.getresponse().status == 200
    except OSError:
        return False
    finally:
        line.close()


def _kill(app: subprocess.Popen[bytes], kind: str) -> None:
    if kind == "all":
        os.killpg(app.pid, signal.SIGKILL)
    else:
        app.kill()
    app.wait()


async def _gone(token: str, life: int) -> float:
    """Seconds until no process of this start is left; looked at for a minute at most."""
    begun, name = time.monotonic(), f"{MARK}={token}-{life}.".encode()
    while (left := time.monotonic() - begun) < 60 and await asyncio.to_thread(_living, name):
        await asyncio.sleep(0.3)
    return left


def _living(name: bytes) -> bool:
    """Whether a process was given this mark and lives."""
    for one in Path("/proc").iterdir():
        if one.name.isdecimal():
            try:
                if name in (one / "environ").read_bytes():
                    return True
            except OSError:
                continue
    return False


async def _calm(load: Load) -> None:
    """Wait until no job is under way any more."""
    begun = time.monotonic()
    while active(load.folder) and time.monotonic() - begun < PATIENCE_S:
        await asyncio.sleep(0.3)


def _free_port() -> int:
    import socket

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@contextmanager
def _place(chosen: Path | None) -> Iterator[Path]:
    """A copy of the demo county to work on."""
    with tempfile.TemporaryDirectory(dir=chosen) as beside:
        yield _folder(Path(beside))


def report(told: Storm) -> str:
    """What happened, as two tables in Markdown."""
    rows = {"app answers again": told.back_s, "last process of the killed app gone": told.gone_s,
            "tab connected again": told.tab_s}  # fmt: skip
    lines = ["| seconds | times | median | longest |", "|---|---:|---:|---:|"]
    lines += [f"| {name} | {len(found)} | {statistics.median(found):.1f} | {max(found):.1f} |"
              for name, found in rows.items() if found]  # fmt: skip
    facts = {**{f"kills: {name}": n for name, n in told.kills.items()}, **told.said, "pieces cut off": told.cut,
             "bytes of them kept": told.kept, **told.after.counts, "wrong": len(told.wrong)}  # fmt: skip
    lines += ["", "| what | how many |", "|---|---:|", *(f"| {name} | {n} |" for name, n in facts.items())]  # fmt: skip
    return "\n".join(lines)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=30)
    parser.add_argument("--life", type=float, nargs=2, default=(1.0, 25.0), help="seconds an app lives once it answers")  # fmt: skip
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--no-browser", action="store_true", help="no tab in a real browser")
    parser.add_argument(
        "--folder", type=Path, help="where the county lies (else a temporary place)"
    )
    given = parser.parse_args()
    with _place(given.folder) as folder:
        told = asyncio.run(storm(folder, kills=given.kills, life_s=tuple(given.life), seed=given.seed,
                                 browser=not given.no_browser))  # fmt: skip
    text = f"{machine()}, load {os.getloadavg()[0]:.1f}\n\n{report(told)}\n"
    RESULTS.mkdir(parents=True, exist_ok=True)
    (RESULTS / "app-killed.json").write_text(json.dumps(asdict(told), ensure_ascii=False, indent=1), encoding="utf-8")  # fmt: skip
    (RESULTS / "app-killed.md").write_text(text, encoding="utf-8")
    print(text, *told.wrong[:40], sep="\n")
    return bool(told.wrong)


if __name__ == "__main__":
    sys.exit(main())
