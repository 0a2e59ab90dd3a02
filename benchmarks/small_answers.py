"""How long small answers take, beside a bare server: `python -m benchmarks.small_answers [--rounds 5] [--asks 200]`.

The app, started in each of its three ways, answers for its health and a tile of the base map over one
kept connection; so does a server of asyncio alone, in the same rounds, with answers of the same size.
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
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path

from benchmarks._harness import RESULTS, ROOT, machine, versions
from benchmarks._users_line import invited
from ui.settings import DEMO, VARIABLE

HEALTH, TILE = "/healthz", "/base/14/13166/6886.png"
BARE = """
import asyncio, sys
sizes = {"/healthz": 2, "tile": int(sys.argv[2])}
async def serve(reader, writer):
    while line := await reader.readline():
        while (await reader.readline()).strip():
            pass
        body = b"x" * (sizes["/healthz"] if b"/healthz" in line else sizes["tile"])
        writer.write(b"HTTP/1.1 200 OK\\r\\ncontent-length: %d\\r\\n\\r\\n" % len(body) + body)
        await writer.drain()
async def main():
    async with await asyncio.start_server(serve, "127.0.0.1", int(sys.argv[1])) as server:
        await server.serve_forever()
asyncio.run(main())
"""
WAYS = {
    "python geo_app.py": ["geo_app.py", "--no-browser", "--port"],
    "uvicorn geo_app:app": ["-m", "uvicorn", "geo_app:app", "--port"],
    "streamlit run geo_app.py": ["-m", "streamlit", "run", "geo_app.py", "--server.port"],
}
Took = dict[str, list[float]]


@contextmanager
def running(command: list[str], *more: str, **environment: str) -> Iterator[int]:
    """A server on a free port, from when it takes connections; ended afterwards."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    process = subprocess.Popen([sys.executable, *command, str(port), *more], cwd=ROOT, env={**os.environ, **environment},
                               stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # fmt: skip
    try:
        for _ in range(1200):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            if process.poll() is not None:
                raise RuntimeError(f"it ended with {process.returncode}: {command}")
            time.sleep(0.1)
        yield port
    finally:
        process.terminate()
        process.wait()


def asked(port: int, path: str, asks: int, headers: Mapping[str, str]) -> tuple[list[float], int]:
    """Seconds of every answer over one connection, and the size of the last."""
    line, took, size = HTTPConnection("127.0.0.1", port, timeout=60), [], 0
    for _ in range(asks):
        begun = time.perf_counter()
        line.request("GET", path, headers=headers)
        answer = line.getresponse()
        size = len(answer.read())
        took.append(time.perf_counter() - begun)
        if answer.status != 200:
            raise RuntimeError(f"{path} answers {answer.status}")
    line.close()
    return took, size


def measure(folder: Path, rounds: int, asks: int) -> dict[str, Took]:
    """Every way in turn, the bare server beside it in the same rounds."""
    found: dict[str, Took] = {}
    for way, command in WAYS.items():
        with running(command, **{VARIABLE: str(folder)}) as port:
            cookie = {"Cookie": invited(f"http://127.0.0.1:{port}")}
            _, size = asked(port, TILE, 20, cookie)
            time.sleep(10)  # the checks run once at the start
            with running(["-c", BARE], str(size)) as bare:
                for _ in range(rounds):
                    for name, path in (("health", HEALTH), (f"tile, {size / 1000:.0f} kB", TILE)):
                        for who, where in ((way, port), ("bare asyncio", bare)):
                            took, _ = asked(where, path, asks, cookie)
                            found.setdefault(name, {}).setdefault(who, []).extend(took)
    return found


def table(found: dict[str, Took]) -> str:
    """Median and 95 % in milliseconds, and how many times the bare server's median."""
    lines = ["| answer | server | p50 ms | p95 ms | × bare |", "|---|---|---:|---:|---:|"]
    for name, ways in found.items():
        bare = statistics.median(ways["bare asyncio"])
        for way, took in ways.items():
            p95 = sorted(took)[int(len(took) * 0.95)]
            middle = statistics.median(took)
            lines.append(f"| {name} | {way} | {middle * 1e3:.2f} | {p95 * 1e3:.2f} | {middle / bare:.1f} |")  # fmt: skip
    return "\n".join(lines)


def main() -> int:
    """Measure on a few layers of the demo county and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--asks", type=int, default=200, help="answers in a row, each round")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as beside:
        folder = Path(beside) / "county"
        shutil.copytree(DEMO / "layers", folder / "layers")
        shutil.copyfile(DEMO / "county.json", folder / "county.json")
        load = os.getloadavg()[0]
        found = measure(folder, given.rounds, given.asks)
    text = f"{machine()}; {versions('streamlit', 'starlette', 'uvicorn')}; load {load:.1f} to {os.getloadavg()[0]:.1f}\n\n{table(found)}\n"
    RESULTS.mkdir(parents=True, exist_ok=True)
    (RESULTS / "small-answers.md").write_text(text, encoding="utf-8")
    (RESULTS / "small-answers.json").write_text(json.dumps(found), encoding="utf-8")
    print(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
