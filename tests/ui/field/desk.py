"""The field page and the uploads alone, for `uvicorn tests.ui.field.desk:app`; everything is passed in.

Who asks says the cookie `who` (nobody: `-`), else `FIELD_WHO`; the doors themselves are tested elsewhere.
"""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from layers import LayerFolder
from office import Actor, Database
from ui.doors.guarded import ACTOR
from ui.field.desk import Desk
from ui.field.routes import field_routes
from ui.headers import SecurityHeaders
from ui.jobs.table import open_jobs
from ui.scenes.incoming import Incoming
from ui.scenes.uploads import upload_routes

ROOT = Path(os.environ["FIELD_ROOT"])
LAYERS = os.environ.get("FIELD_LAYERS")
INCOMING = Incoming(ROOT / "uploads")
JOBS = open_jobs(ROOT / "uploads" / "jobs", ROOT / "imagery", lambda: datetime.now(UTC))
STORE = Database.open(str(ROOT / "leads.sqlite"))


class Who:
    """Middleware that leaves who asks, as the doors do."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            name = Request(scope).cookies.get("who", os.environ["FIELD_WHO"])
            actor = None if name == "-" else Actor(name, ("field",))
            scope.setdefault("state", {})[ACTOR] = actor
        await self._app(scope, receive, send)


DESK = Desk(
    store=lambda: STORE, address=lambda: str(ROOT / "leads.sqlite"), incoming=lambda: INCOMING,
    layers=lambda: LayerFolder(Path(LAYERS)) if LAYERS else None, jobs=lambda: JOBS,
    root=lambda: ROOT / "field", now=lambda: datetime.now(UTC),
)  # fmt: skip
app = Starlette(routes=[*upload_routes(lambda: INCOMING), *field_routes(DESK)],
                middleware=[Middleware(SecurityHeaders), Middleware(Who)])  # fmt: skip
