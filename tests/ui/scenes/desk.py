"""`python -m tests.ui.scenes.desk`: the upload addresses alone, as often as asked for.

Each line of the input is the JSON list of a folder and the limits; the answer is the port at which
they are served from now on. Libraries are loaded once.
"""

from __future__ import annotations

import json
import socket
import sys
import threading
from pathlib import Path

import uvicorn
from starlette.applications import Starlette
from starlette.middleware import Middleware

from office.doors.keys import Keys
from office.doors.rules import load_doors
from ui.docket.demo import PEOPLE
from ui.doors.desk import Desk
from ui.doors.gate import Gate
from ui.headers import SECURITY
from ui.scenes.incoming import Incoming, UploadLimits
from ui.scenes.uploads import upload_routes


def app(root: Path, limits: UploadLimits) -> Starlette:
    """The addresses behind the gate."""
    incoming = Incoming(root, limits)
    place = Desk(
        Keys("k", {"k": bytes(32)}), load_doors(), lambda: "2026-06-30T08:00:00Z", people=PEOPLE
    )
    return Starlette(routes=upload_routes(lambda: incoming), middleware=[*SECURITY, Middleware(Gate, desks=lambda: place)])  # fmt: skip


def _serve(root: str, limits: dict[str, float]) -> int:
    line = socket.socket()
    line.bind(("127.0.0.1", 0))
    line.listen(100)
    made = app(Path(root), UploadLimits(**limits))  # type: ignore[arg-type]
    server = uvicorn.Server(uvicorn.Config(made, log_level="warning"))
    threading.Thread(target=server.run, kwargs={"sockets": [line]}, daemon=True).start()
    return int(line.getsockname()[1])


if __name__ == "__main__":
    for asked in sys.stdin:
        print(_serve(*json.loads(asked)), flush=True)
