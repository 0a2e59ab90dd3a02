"""The doors for leads from other offices: packages, answers, wishes to have one back.

`POST /api/v1/transfers` takes a file of packages and gives the receipts, `GET …/{id}` a receipt again,
`POST …/recall` answers wishes. Every one may be asked twice: the answer is the same.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from layers.errors import LeadError, PolicyError, YichaError
from leads.exchange.carrier import papers_of
from leads.exchange.desk import receive_file, route_new
from leads.exchange.offices import ENVIRONMENT, Offices, load_offices, load_rules
from leads.exchange.post import PATH
from leads.exchange.receiving import answer_to, give_up
from leads.exchange.signed import ANSWER, RECALL, VERSION, Signed
from office import Actor, Database
from office.shell_words import utc_text
from ui import cache
from ui.api.answers import JSON, dumps, language_of, problem
from ui.doors.guarded import actor_of, guarded

_OPERATION = "lead.receive"
_WISHES = 8 << 20
"""Bytes of the wishes of one question."""


def exchange_routes(
    store: Callable[[], Database], offices: Callable[[], Offices]
) -> list[BaseRoute]:
    """The three addresses over a store and the file of offices, both opened when asked."""

    async def take(request: Request) -> Response:
        actor = actor_of(request)
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "came.zip"
            with file.open("wb") as target:
                async for block in request.stream():
                    target.write(block)
            return await _answered(request, lambda: _taken(store(), file, offices(), actor))

    async def recall(request: Request) -> Response:
        actor, raw = actor_of(request), await request.body()
        return await _answered(request, lambda: _given_up(store(), raw, offices(), actor))

    async def show(request: Request) -> Response:
        actor, transfer = actor_of(request), request.path_params["transfer"]
        return await _answered(request, lambda: _shown(store(), transfer, offices(), actor))

    return [
        guarded(PATH, take, _OPERATION, ("POST",), _refused, most_bytes=load_rules().file),
        guarded(f"{PATH}/recall", recall, _OPERATION, ("POST",), _refused, most_bytes=_WISHES),
        guarded(PATH + "/{transfer}", show, _OPERATION, refuse=_refused),
    ]


def _refused(request: Request, error: YichaError) -> Response:
    if error.field == ENVIRONMENT:  # how this office is set up is nobody else's business
        error = LeadError("this office takes no packages over the network", field="lead",
                          remedy="hand them over by disk")  # fmt: skip
    return problem(error, language_of(request), request.url.path)


async def _answered(request: Request, make: Callable[[], bytes]) -> Response:
    try:
        return Response(
            await run_in_threadpool(make), media_type=JSON, headers={"Cache-Control": "no-store"}
        )
    except PolicyError:
        raise  # the guard answers it, and tells the history
    except YichaError as error:
        return _refused(request, error)


def _taken(db: Database, file: Path, offices: Offices, actor: Actor) -> bytes:
    at = utc_text(datetime.now(UTC))
    done = receive_file(db, file, offices=offices, actor=actor, at=at)
    route_new(db, done, offices=offices, at=at)
    return _papers([one.answer for one in done], offices)


def _given_up(db: Database, raw: bytes, offices: Offices, actor: Actor) -> bytes:
    try:
        wishes = papers_of(raw, RECALL)
    except ValueError as error:
        raise LeadError(f"these are no wishes to have packages back: {error}", field="package",
                        remedy="send what `python -m leads transfers --recall` writes") from error  # fmt: skip
    at = utc_text(datetime.now(UTC))
    done = [give_up(db, one, offices=offices, actor=actor, at=at) for one in wishes]
    return _papers([one.answer for one in done], offices)


def _shown(db: Database, transfer: str, offices: Offices, actor: Actor) -> bytes:
    found = answer_to(db, transfer, actor=actor)
    if found is None:
        raise LeadError(f"no package {transfer[:64]} came here", field="lead",
                        remedy="deliver it, or ask it back")  # fmt: skip
    return _papers([found], offices)


def _papers(papers: Sequence[Signed], offices: Offices) -> bytes:
    return dumps({"format": f"{ANSWER}s", "version": VERSION, "from": offices.id,
                  "papers": [one.as_dict() for one in papers]})  # fmt: skip


ROUTES = exchange_routes(cache.lead_store, load_offices)
