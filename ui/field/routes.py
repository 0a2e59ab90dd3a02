"""Addresses of the field page, all behind the policy; its files hold no data and stay on the phone.

    /field/                                   the app: page, scripts, service worker
    /field/api/package                        what the person takes along
    /field/api/leads/{lead}/visits            POST: a visit, as often as needed
    /field/api/leads/{lead}/visits/{visit}/photos/{sha256}   PUT: an upload becomes its photo

Photos themselves come by `/imagery/uploads`, in pieces, announced with their SHA-256.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from layers.errors import ConflictError, LeadError, PolicyError, YichaError
from layers.problems import in_both
from ui.answers import in_pool
from ui.doors.guarded import actor_of, guarded
from ui.field import shell
from ui.field.desk import Desk
from ui.scenes.incoming import UploadError
from ui.settings import at

PATH = shell.PATH
_API = f"{PATH}/api"
_MOST_JSON = 1 << 20
_FRESH = {"Cache-Control": "no-store"}
_OPEN = "lead.read"
_KINDS = {"html": "text/html", "js": "text/javascript", "css": "text/css", "json": "application/json",
          "svg": "image/svg+xml", "png": "image/png", "webmanifest": "application/manifest+json"}  # fmt: skip
_POLICY = ("default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; connect-src 'self'; "
           "manifest-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'")  # fmt: skip
_STRICT = {"Cache-Control": "no-cache", "Content-Security-Policy": _POLICY}
"""Nothing but the page's own files: no inline script, no other machine, in nobody's frame."""
Endpoint = Callable[[Request], Awaitable[Response]]


def field_routes(desk: Desk) -> list[BaseRoute]:
    """The addresses over what `desk` gives."""
    one = f"{_API}/leads/{{lead}}/visits"
    at = _Answers(desk)
    return [
        guarded(PATH, _to_the_app, _OPEN),
        Route(shell.WORKER, _worker),
        *(Route(f"{PATH}/{name}", _module(name)) for name in shell.OPEN),
        guarded(f"{_API}/package", _told(at.package), "lead.read"),
        guarded(one, _told(at.visit), "lead.note", ["POST"]),
        guarded(f"{one}/{{visit}}/photos/{{sha256}}", _told(at.photo), "lead.note", ["PUT"]),
        guarded(f"{PATH}/{{name:path}}", _file, _OPEN),
    ]  # fmt: skip


class _Answers:
    """The data's addresses."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def package(self, request: Request) -> Response:
        actor = actor_of(request)
        return _json(await in_pool(lambda: self._desk.package(actor)))

    async def visit(self, request: Request) -> Response:
        actor, lead, told = (
            actor_of(request),
            request.path_params["lead"],
            await _small_json(request),
        )
        done = await in_pool(lambda: self._desk.record(lead, told, actor))
        return _json(done, 201 if done["new"] else 200)

    async def photo(self, request: Request) -> Response:
        actor, told = actor_of(request), await _small_json(request)
        lead, visit, digest = (request.path_params[name] for name in ("lead", "visit", "sha256"))
        upload = str(told.get("upload") or "")
        return _json(await in_pool(lambda: self._desk.photo(lead, visit, digest, upload, actor)))


def _told(answer: Endpoint) -> Endpoint:
    """What goes wrong is told as JSON with a code that the phone knows; rights are told by the door."""

    async def guarded_answer(request: Request) -> Response:
        try:
            return await answer(request)
        except PolicyError:
            raise
        except UploadError as error:
            return _wrong(error, error.status, error.code)
        except ConflictError as error:
            return _wrong(error, 409, "other_words")
        except LeadError as error:
            return _wrong(error, 422, "refused")
        except YichaError as error:
            return _wrong(error, 503, "store")

    return guarded_answer


async def _to_the_app(_: Request) -> Response:
    return RedirectResponse(f"{PATH}/", 308)


async def _worker(request: Request) -> Response:
    headers = {**_STRICT, "Service-Worker-Allowed": at(f"{PATH}/")}
    return Response(
        shell.worker(sends="sync" in request.query_params),
        media_type="text/javascript",
        headers=headers,
    )


def _module(name: str) -> Endpoint:
    async def answer(_: Request) -> Response:
        return _of_the_page(name)

    return answer


async def _file(request: Request) -> Response:
    return _of_the_page(request.path_params["name"] or "index.html")


def _of_the_page(name: str) -> Response:
    """A file of the page: asked for anew each time, so that a new version comes as a whole."""
    content = shell.files().get(name)
    if content is None:
        return JSONResponse(
            {"problem": "there is no such file", "remedy": f"open {at(PATH)}/"}, 404
        )
    return Response(content, media_type=_KINDS.get(name.rpartition(".")[2]), headers=_STRICT)


async def _small_json(request: Request) -> dict[str, Any]:
    body = bytearray()
    async for data in request.stream():
        body += data
        if len(body) > _MOST_JSON:
            raise LeadError("the visit is too long", field="visit", remedy="make two of it")
    try:
        told = json.loads(body)
    except ValueError:
        told = None
    if not isinstance(told, dict):
        raise LeadError("this is no JSON object", field="visit", remedy="send the visit again")
    return told


def _wrong(error: YichaError, status: int, code: str) -> Response:
    body = {"code": code, "field": error.field, "problem": error.problem, "remedy": error.remedy,
            "said": in_both(error)}  # fmt: skip
    return _json(body, status)


def _json(body: dict[str, Any], status: int = 200) -> JSONResponse:
    return JSONResponse(body, status, _FRESH)
