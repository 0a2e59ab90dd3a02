"""A real server of the upload addresses, spoken to over the loopback."""

from __future__ import annotations

import hashlib
import http.client
import json
import os
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from ui.settings import ROOT

BATCH = "ab" * 16
PATH = "/imagery/uploads"


@dataclass
class Desk:
    """A running server; `root` is where its uploads lie."""

    port: int
    root: Path
    process: subprocess.Popen[bytes]

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def ask(
        self, method: str, path: str, body: Any = None, headers: dict[str, str] | None = None
    ) -> tuple[int, http.client.HTTPMessage, bytes]:
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            line.request(method, path, body, {"Origin": self.origin, **(headers or {})})
            answer = line.getresponse()
            return answer.status, answer.headers, answer.read()
        finally:
            line.close()

    def begin(self, name: str = "a.tif", size: int = 10, **more: Any) -> str:
        status, _, body = self.announce(name=name, size=size, **more)
        assert status == 201, body
        return str(json.loads(body)["id"])

    def announce(self, **told: Any) -> tuple[int, http.client.HTTPMessage, bytes]:
        return self.ask("POST", PATH, json.dumps({"batch": BATCH, **told}))

    def piece(
        self, upload: str, offset: int, data: bytes, checksum: str | None = None
    ) -> tuple[int, int | None, dict[str, Any]]:
        headers = {"Upload-Offset": str(offset)}
        if checksum is not None:
            headers["Upload-Checksum"] = f"sha256 {checksum}"
        status, answered, body = self.ask("PATCH", f"{PATH}/{upload}", data, headers)
        told = answered["Upload-Offset"]
        return status, None if told is None else int(told), json.loads(body or b"{}")

    def offset(self, upload: str) -> int:
        status, headers, _ = self.ask("HEAD", f"{PATH}/{upload}")
        assert status == 204
        return int(headers["Upload-Offset"])

    def cut(self, upload: str, offset: int, data: bytes, after: int, *, checked: bool) -> None:
        """Send a piece, but let the line break after some bytes of it."""
        checksum = f"Upload-Checksum: sha256 {sha256(data)}\r\n" if checked else ""
        head = (f"PATCH {PATH}/{upload} HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\n"
                f"Origin: {self.origin}\r\nUpload-Offset: {offset}\r\n{checksum}"
                f"Content-Length: {len(data)}\r\n\r\n")  # fmt: skip
        with socket.create_connection(("127.0.0.1", self.port), timeout=30) as line:
            line.sendall(head.encode() + data[:after])


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


@pytest.fixture(scope="module")
def start(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., Desk]]:
    """Start servers with limits; ended again after the module."""
    running: list[Desk] = []

    def serve(root: Path | None = None, **limits: float) -> Desk:
        folder = root or tmp_path_factory.mktemp("desk")
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        process = subprocess.Popen(
            [sys.executable, "-m", "uvicorn", "tests.ui.scenes.desk:app", "--port", str(port),
             "--log-level", "warning"], cwd=ROOT,
            env={**os.environ, "DESK_ROOT": str(folder), "DESK_LIMITS": json.dumps(limits)},
        )  # fmt: skip
        running.append(Desk(port, folder, process))
        for _ in range(600):
            with socket.socket() as probe:
                probe.settimeout(0.1)
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    return running[-1]
            try:
                process.wait(0.1)
            except subprocess.TimeoutExpired:
                continue
            break
        raise AssertionError("the server did not start")

    yield serve
    for desk in running:
        desk.process.kill()
        desk.process.wait()


@pytest.fixture(scope="module")
def desk(start: Callable[..., Desk]) -> Desk:
    """A server with the usual limits."""
    return start()
