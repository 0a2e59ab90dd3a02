"""Addresses become routes: the right, the caller's share, the parameters, the time, the answer."""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

from starlette.convertors import Convertor, register_url_convertor
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import BaseRoute

from layers.errors import PolicyError, YichaError
from office.shell_words import utc_text
from ui.api.answers import (
    HTML,
    Address,
    Answer,
    Ask,
    RefusedError,
    dumps,
    etag_of,
    language_of,
    problem,
    wants_html,
)
from ui.api.answers import ROOT as BASE
from ui.api.asking import common, read_body, read_query
from ui.api.limits import ANSWER_S, Buckets
from ui.api.schemas import BODIES
from ui.doors.guarded import actor_of, guarded
from ui.settings import at


class _Whole(Convertor[str]):
    """The rest of a path, whatever stands in it: ids may hold slashes."""

    regex = r"[\s\S]*"

    def convert(self, value: str) -> str:
        return value

    def to_string(self, value: str) -> str:
        return value


register_url_convertor("whole", _Whole())
THREADS = 4
_POOL = ThreadPoolExecutor(THREADS, thread_name_prefix="api")


def routes_of(
    addresses: Iterable[Address], buckets: Buckets, answer_s: float = ANSWER_S
) -> list[BaseRoute]:
    """A guarded route for every address; callers share `buckets`."""
    return [_route(one, buckets, answer_s) for one in addresses]


def nothing_here(path: str = BASE) -> BaseRoute:
    """The last route: 404 as a problem for every other address below `path`."""

    async def answer(request: Request) -> Response:
        where = f"{BASE}/docs"
        return _refused(request, RefusedError(404, "none", what=request.url.path[:80], where=where))

    return guarded(f"{path}/{{rest:whole}}", answer, "api.read", ("GET",), _refused)


def _route(address: Address, buckets: Buckets, answer_s: float) -> BaseRoute:
    async def answer(request: Request) -> Response:
        taken = buckets.take(actor_of(request).name, time.monotonic())
        try:
            if not taken.allowed:
                raise RefusedError(429, "limit", seconds=max(1, taken.wait_s))
            response = await _answered(address, request, answer_s)
        except PolicyError:
            raise  # the guard answers it, like one of its own
        except YichaError as error:
            response = _refused(request, error)
        response.headers.update(taken.headers())
        return response

    path = BASE + address.path
    methods = (address.method,)
    return guarded(
        path, answer, address.operation, methods, _refused, most_bytes=sys.maxsize
    )  # `read_body` counts


def _refused(request: Request, error: YichaError) -> Response:
    if isinstance(error, PolicyError) and error.field == "sign_in":
        error = RefusedError(401, "sign_in")
    return problem(error, language_of(request), request.url.path)


async def _answered(address: Address, request: Request, answer_s: float) -> Response:
    ask = await _ask(address, request)
    work = asyncio.get_running_loop().run_in_executor(_POOL, address.run, ask)
    try:
        answer = await asyncio.wait_for(work, answer_s)
    except TimeoutError as error:
        raise RefusedError(503, "slow", headers={"Retry-After": "30"}, seconds=round(answer_s)) from error  # fmt: skip
    return _response(ask, answer, request.headers.get("if-none-match", ""))


async def _ask(address: Address, request: Request) -> Ask:
    actor, now = actor_of(request), datetime.now(UTC)
    path = {name: str(value) for name, value in request.path_params.items()}
    known = (*common(address), *address.parameters)
    if address.collection:
        path["collection"] = address.collection
    if address.more is not None:
        loop = asyncio.get_running_loop()
        known += await loop.run_in_executor(_POOL, address.more, path["collection"], actor)
    query = read_query(request.query_params, known)
    body = await read_body(request, BODIES[address.body]) if address.body else None
    return Ask(actor=actor, base=str(request.base_url).rstrip("/") + at(BASE), url=str(request.url.replace(path=at(request.url.path))),
               path=path, query=query, body=body, lang=language_of(request),
               html=address.html and wants_html(request), if_match=request.headers.get("if-match"),
               at=utc_text(now), today=now.astimezone().date().isoformat())  # fmt: skip


def _response(ask: Ask, answer: Answer, known: str) -> Response:
    """The answer with its mark; 304 where the caller has it already."""
    content, headers = answer.content, {"Cache-Control": "private, no-cache", "Vary": "Accept, Accept-Language, Authorization, Cookie",
               "Content-Language": ask.lang, **answer.headers}  # fmt: skip
    if isinstance(content, dict | list):
        content = dumps(content)
    if isinstance(content, bytes) or answer.etag is not None:
        mark = answer.etag or etag_of(content.decode("utf-8", "replace"))
        headers["ETag"] = f'"{mark}"'
        if answer.modified:
            headers["Last-Modified"] = answer.modified
        if answer.status == 200 and _matches(known, mark):
            return Response(status_code=304, headers=headers)
    kind = f"{answer.kind}; charset=utf-8" if answer.kind == HTML else answer.kind
    if isinstance(content, bytes):
        return Response(content, answer.status, headers, kind)
    return StreamingResponse(content, answer.status, headers, kind)


def _matches(known: str, mark: str) -> bool:
    """Whether `If-None-Match` names the mark (weakly compared, as RFC 9110 asks)."""
    names = {part.strip().removeprefix("W/") for part in known.split(",")}
    return "*" in names or f'"{mark}"' in names
