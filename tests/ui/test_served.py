"""Every way to start the app serves the same addresses, headers and settings."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Callable
from http.client import HTTPConnection
from pathlib import Path

import pytest

from ui.settings import ROOT, VARIABLE

PATHS = ("/healthz", "/_stcore/health", "/_stcore/host-config", "/auth/state", "/api/", "/imagery/uploads", "/field/", "/base/0/0/0.png",
         "/assets/app/icon.svg", "/none/at/all")  # fmt: skip
VARYING = {"date", "set-cookie", "etag", "last-modified", "content-length"}
Told = dict[str, tuple[int, dict[str, str]]]


def _served(command: Callable[[int], list[str]], folder: Path) -> Told:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    process = subprocess.Popen([sys.executable, *command(port)], cwd=ROOT, env={**os.environ, VARIABLE: str(folder)},
                               stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # fmt: skip
    try:
        for _ in range(600):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    return {path: _asked(port, path) for path in PATHS}
            try:
                process.wait(0.1)
            except subprocess.TimeoutExpired:
                continue
            break
        pytest.fail(f"it did not start: {command(port)}")
    finally:
        process.kill()
        process.wait()


def _asked(port: int, path: str) -> tuple[int, dict[str, str]]:
    line = HTTPConnection("127.0.0.1", port, timeout=60)
    line.request("GET", path)
    answer = line.getresponse()
    answer.read()
    line.close()
    return answer.status, {name.lower(): value for name, value in answer.getheaders() if name.lower() not in VARYING}  # fmt: skip


def test_three_ways_to_start_it_serve_the_same(hamlet_folder: Path) -> None:
    ways = [
        _served(lambda port: ["geo_app.py", "--port", str(port), "--no-browser"], hamlet_folder),
        _served(lambda port: ["-m", "uvicorn", "geo_app:app", "--port", str(port)], hamlet_folder),
        _served(lambda port: ["-m", "streamlit", "run", "geo_app.py", "--server.port", str(port)], hamlet_folder),
    ]  # fmt: skip
    assert ways[0] == ways[1] == ways[2]
    assert ways[0]["/healthz"][0] == 200
    assert all("content-security-policy" in headers for _, headers in ways[0].values())
