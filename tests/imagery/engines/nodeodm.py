"""A small NodeODM: the REST calls, status codes and errors of its documentation (version 2.2).

`/info`, `/task/new/init|upload|commit`, `/task/UUID/info`, `/task/cancel`,
`/task/UUID/download/all.zip`; a token where one is set; errors as `{"error": …}` with 200, as
the original does. What goes wrong, and how often, is set on the server.
"""

from __future__ import annotations

import json
import re
import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.parser import BytesParser
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlparse

QUEUED, RUNNING, FAILED, COMPLETED, CANCELED = 10, 20, 30, 40, 50


@dataclass
class Task:
    name: str
    options: list[dict[str, object]]
    outputs: list[str]
    files: dict[str, bytes] = field(default_factory=dict)
    committed: bool = False
    asked: int = 0
    status: int = QUEUED


@dataclass
class Node:
    """What the server does: its archive, its limits, and what it gets wrong."""

    archive: bytes = b""
    token: str = ""
    version: str = "2.2.1"
    most: int | None = None
    polls: int = 2
    ends: int = COMPLETED
    error: str = ""
    broken_uploads: int = 0
    broken_infos: int = 0
    cut: int = 0
    answers: dict[str, bytes] = field(default_factory=dict)
    tasks: dict[str, Task] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    address: str = ""


@contextmanager
def running(node: Node) -> Iterator[str]:
    """Serve `node` on a free port of this machine; yields its address."""
    handler = type("Handler", (_Handler,), {"node": node})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    node.address = f"http://127.0.0.1:{server.server_address[1]}"
    try:
        yield node.address
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Handler(BaseHTTPRequestHandler):
    node: Node

    def log_message(self, *_: object) -> None:
        """Nothing."""

    def do_GET(self) -> None:
        path = self._path()
        if path is None:
            return
        if path == "/info":
            self._json({"version": self.node.version, "taskQueueCount": 1, "engine": "odm",
                        "engineVersion": "3.5.5", "maxImages": self.node.most,
                        "maxParallelTasks": 1, "totalMemory": 1, "availableMemory": 1})  # fmt: skip
            return
        found = re.fullmatch(r"/task/([^/]+)/(info|download/(.+))", path)
        task = self.node.tasks.get(found[1]) if found else None
        if found is None:
            self.send_error(404)
        elif task is None or not task.committed:
            self._json({"error": f"{found[1]} not found"})
        elif found[2] == "info":
            self._info(found[1], task)
        elif found[3] == "all.zip" and task.status == COMPLETED:
            self._archive()
        else:
            self._json({"error": "Invalid asset"})

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        path = self._path()
        if path is None:
            return
        if path == "/task/new/init":
            fields = {name: data.decode() for name, _, data in self._parts(body)}
            made = str(uuid.uuid4())
            self.node.tasks[made] = Task(
                fields["name"], json.loads(fields["options"]), json.loads(fields["outputs"])
            )
            self._json({"uuid": made})
        elif path.startswith("/task/new/upload/"):
            self._upload(path, body)
        elif path.startswith("/task/new/commit/"):
            task = self.node.tasks.get(path.rsplit("/", 1)[1])
            if task is None or not task.files:
                self._json({"error": "Need at least 1 file."})
            else:
                task.committed = True
                self._json({"uuid": path.rsplit("/", 1)[1]})
        elif path == "/task/cancel":
            task = self.node.tasks.get(parse_qs(body.decode()).get("uuid", [""])[0])
            if task is None:
                self._json({"error": "not found"})
            else:
                task.status = CANCELED
                self._json({"success": True})
        else:
            self.send_error(404)

    def _path(self) -> str | None:
        """The path; None where the call was answered already (token, canned answers)."""
        asked = urlparse(self.path)
        self.node.asked.append(f"{self.command} {self.path}")
        if asked.path in self.node.answers:
            self._send(self.node.answers[asked.path], "application/json")
            return None
        if self.node.token and parse_qs(asked.query).get("token") != [self.node.token]:
            self._send(b'{"error": "Invalid token"}', "application/json", 401)
            return None
        return asked.path

    def _info(self, name: str, task: Task) -> None:
        if self.node.broken_infos:
            self.node.broken_infos -= 1
            self.send_error(502)
            return
        task.asked += 1
        if task.status not in {CANCELED, FAILED}:
            task.status = self.node.ends if task.asked > self.node.polls else RUNNING
        status: dict[str, object] = {"code": task.status}
        if task.status == FAILED:
            status["errorMessage"] = self.node.error
        self._json({"uuid": name, "name": task.name, "dateCreated": 1_790_000_000_000,
                    "processingTime": 4200, "status": status, "options": task.options,
                    "imagesCount": len(task.files), "progress": 10 * task.asked})  # fmt: skip

    def _upload(self, path: str, body: bytes) -> None:
        task = self.node.tasks.get(path.rsplit("/", 1)[1])
        if self.node.broken_uploads:
            self.node.broken_uploads -= 1
            self.send_error(500)
        elif task is None:
            self._json({"error": "Invalid uuid (not found)"})
        else:
            for field_name, file_name, data in self._parts(body):
                assert field_name == "images"
                assert file_name is not None
                task.files[file_name] = data
            self._json({"success": True})

    def _parts(self, body: bytes) -> Iterator[tuple[str, str | None, bytes]]:
        head = f"Content-Type: {self.headers['Content-Type']}\r\n\r\n".encode()
        for part in BytesParser().parsebytes(head + body).walk():
            data = part.get_payload(decode=True)
            if isinstance(data, bytes):
                name = part.get_param("name", header="content-disposition")
                yield str(name), part.get_filename(), data

    def _archive(self) -> None:
        data = self.node.archive
        self.send_response(200)
        self.send_header("Content-Type", "application/zip")
        self.send_header("Accept-Ranges", "bytes")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data[: len(data) - self.node.cut])

    def _json(self, answer: object) -> None:
        self._send(json.dumps(answer).encode(), "application/json; charset=utf-8")

    def _send(self, data: bytes, kind: str, code: int = 200) -> None:
        self.send_response(code)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)
