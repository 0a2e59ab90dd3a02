"""Addresses of evidence: files that were made, for who asked for them and for a while; bundles that come in."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import BaseRoute

from layers.errors import LeadError
from leads.scope import weigh_all
from office import Actor, Database
from ui.doors.guarded import actor_of, guarded
from ui.proof.outbox import About, Outbox, is_over

FILES, BUNDLES = "/proof/files", "/proof/bundles"
MOST_BYTES, FREE_BYTES, TOGETHER = 64 << 30, 2 << 30, 3
_INLINE = frozenset({".png", ".jpg"})


def proof_routes(outbox: Callable[[], Outbox], store: Callable[[], Database]) -> list[BaseRoute]:
    """The addresses; the functions give boxes and leads of the data folder as it is now."""
    desk = _Desk(outbox, store)
    return [
        guarded(f"{FILES}/{{box}}/{{name}}", desk.file, "lead.read"),
        guarded(BUNDLES, desk.bundle, "evidence.verify", ["POST"], most_bytes=MOST_BYTES),
    ]


class _Desk:
    """Answers the requests; holds nothing but the number of bundles that are arriving."""

    def __init__(self, outbox: Callable[[], Outbox], store: Callable[[], Database]) -> None:
        self._outbox, self._store, self._arriving = outbox, store, 0

    async def file(self, request: Request) -> Response:
        """A file of a box, to the person whose it is and who still may have every lead in it."""
        actor, told = actor_of(request), request.path_params
        found = self._outbox().file(told["box"], told["name"])
        if found is None or found[0].actor != actor.name:
            return _said(404, "there is no such file", "make it anew")
        about, path = found
        if is_over(about, datetime.now().astimezone()):
            return _said(410, "the file is no longer kept", "make it anew")
        try:
            await run_in_threadpool(_weigh, self._store(), actor, about)
        except LeadError:
            return _said(404, "there is no such file", "make it anew")
        shown = path.suffix in _INLINE
        return FileResponse(
            path, filename=path.name, content_disposition_type="inline" if shown else "attachment",
            headers={"Cache-Control": "private, no-store", "X-Content-Type-Options": "nosniff"},
        )  # fmt: skip

    async def bundle(self, request: Request) -> Response:
        """Take a file to be verified, straight to the disk; its box."""
        if self._arriving >= TOGETHER:
            return _said(429, "too many bundles arrive at once", "wait a moment")
        self._arriving += 1
        try:
            return await self._receive(request)
        finally:
            self._arriving -= 1

    async def _receive(self, request: Request) -> Response:
        outbox, box = self._outbox(), Outbox.new()
        path = outbox.dropped(box)
        path.parent.mkdir(parents=True, exist_ok=True)
        announced = request.headers.get("content-length", "")
        if not _fits(path.parent, int(announced) if announced.isdigit() else 0):
            shutil.rmtree(path.parent, ignore_errors=True)
            return _said(507, "the disk has too little room", "make room on the server's disk")
        whole = False
        try:
            size = await _write(request, path)
            whole = True
        except (ClientDisconnect, OSError):
            return _said(400, "the file did not arrive whole", "drop it again")
        finally:
            if not whole:
                shutil.rmtree(path.parent, ignore_errors=True)
        return JSONResponse({"box": box, "bytes": size}, 201, {"Cache-Control": "no-store"})


async def _write(request: Request, path: Path) -> int:
    """Write the body as it comes; how many bytes."""
    size = 0
    with path.open("wb") as stream:
        async for data in request.stream():
            size += len(data)
            await run_in_threadpool(stream.write, data)
            if not size % (64 << 20) and not _fits(path.parent, 0):
                raise OSError("the disk is full")
    return size


def _fits(folder: Path, size: int) -> bool:
    return shutil.disk_usage(folder).free - size > FREE_BYTES


def _weigh(db: Database, actor: Actor, about: About) -> None:
    with db.read() as connection:
        weigh_all(connection, actor, about.operation, about.leads)


def _said(status: int, problem: str, remedy: str) -> Response:
    return JSONResponse({"problem": problem, "remedy": remedy}, status, {"Cache-Control": "no-store"})  # fmt: skip
