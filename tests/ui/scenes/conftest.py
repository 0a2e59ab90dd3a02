"""A real server of the upload addresses, spoken to over the loopback."""

from __future__ import annotations

import hashlib
import http.client
import json
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


class Host:
    """A process that serves one desk after the other."""

    def __init__(self) -> None:
        self.process = subprocess.Popen([sys.executable, "-m", "tests.ui.scenes.desk"], cwd=ROOT,
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE)  # fmt: skip

    def serve(self, root: Path, **limits: float) -> Desk:
        stdin, stdout = self.process.stdin, self.process.stdout
        assert stdin is not None
        assert stdout is not None
        stdin.write(json.dumps([str(root), limits]).encode() + b"\n")
        stdin.flush()
        return Desk(int(stdout.readline()), root, self.process)

    def kill(self) -> None:
        with self.process as process:
            process.kill()


@pytest.fixture(scope="module")
def host() -> Iterator[Host]:
    """Ended after the module."""
    made = Host()
    yield made
    made.kill()


@pytest.fixture(scope="module")
def start(host: Host, tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Desk]:
    """Serve a fresh folder with limits."""
    return lambda **limits: host.serve(tmp_path_factory.mktemp("desk"), **limits)


@pytest.fixture(scope="module")
def desk(start: Callable[..., Desk]) -> Desk:
    """One with the usual limits."""
    return start()
