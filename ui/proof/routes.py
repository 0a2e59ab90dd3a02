"""Addresses of evidence: files that were made, for who asked for them and for a while; bundles that come in."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import BaseRoute

from layers.errors import LeadError
from leads.scope import weigh_all
from office import Actor, Database
from office.policy import require_somewhere
from ui.doors.guarded import actor_of, guarded
from ui.proof.outbox import About, Outbox, is_over
from ui.scenes.incoming import Incoming
from ui.scenes.uploads import upload_routes

FILES, BUNDLES = "/proof/files", "/proof/bundles"
_INLINE = frozenset({".png", ".jpg"})


def proof_routes(
    outbox: Callable[[], Outbox], store: Callable[[], Database], bundles: Callable[[], Incoming]
) -> list[BaseRoute]:
    """The addresses; the functions give boxes, leads and bundles of the data folder as it is now."""
    desk = _Desk(outbox, store)
    return [
        guarded(f"{FILES}/{{box}}/{{name}}", desk.file, "lead.read"),
        *upload_routes(bundles, BUNDLES, "evidence.verify"),
    ]


class _Desk:
    """Answers the requests."""

    def __init__(self, outbox: Callable[[], Outbox], store: Callable[[], Database]) -> None:
        self._outbox, self._store = outbox, store

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


def _weigh(db: Database, actor: Actor, about: About) -> None:
    require_somewhere(actor, about.operation)
    with db.read() as connection:
        weigh_all(connection, actor, about.operation, about.leads)


def _said(status: int, problem: str, remedy: str) -> Response:
    return JSONResponse({"problem": problem, "remedy": remedy}, status, {"Cache-Control": "no-store"})  # fmt: skip
