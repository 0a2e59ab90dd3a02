"""What every address of the interface shares: who asks for what, the answer, and what goes wrong.

An `Address` is said once; out of it come the route and its entry in the description. Its function
runs in a thread of its own with an `Ask` and gives an `Answer`; errors become
`application/problem+json` (RFC 9457) in the language asked for.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from layers.errors import ConflictError, LeadError, PolicyError, StoreError, YichaError
from office import Actor
from office.canonical import sha256
from ui.texts import LANGUAGES, texts

JSON, GEOJSON, HTML = "application/json", "application/geo+json", "text/html"
PROBLEM, SCHEMA = "application/problem+json", "application/schema+json"
OPENAPI = "application/vnd.oai.openapi+json;version=3.0"
ROOT = "/api"
"""Below it lie all addresses of the interface."""


class RefusedError(YichaError):
    """An answer that is no success: its status and the keys of its words (`api.problem.KEY`)."""

    def __init__(
        self, status: int, key: str, *, field: str | None = None,
        headers: Mapping[str, str] | None = None, **values: object,
    ) -> None:  # fmt: skip
        self.status, self.key, self.values, self.headers = status, key, values, dict(headers or {})
        super().__init__(key, remedy=key, field=field)


@dataclass(frozen=True, slots=True)
class Ask:
    """A question: who asks, with what, in which language. `at` is now in UTC, `today` the local day.

    `base` is the interface's own address, `url` what was asked; `query` holds the parameters that
    were given, read by their schemas; `if_match` the version a change goes from.
    """

    actor: Actor
    base: str
    url: str
    path: Mapping[str, str]
    query: Mapping[str, Any]
    body: Any
    lang: str
    html: bool
    if_match: str | None
    at: str
    today: str

    def word(self, key: str, **values: object) -> str:
        """A text in the language asked for."""
        return texts(self.lang)(key, **values)


@dataclass(frozen=True, slots=True)
class Answer:
    """What is answered: a JSON value, bytes, or pieces of bytes as they are made.

    `etag` says what the content is made from; without one that of the content itself is used.
    """

    content: Any
    status: int = 200
    kind: str = JSON
    etag: str | None = None
    modified: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter of the query: its name, its schema (OpenAPI 3.0), its words in both languages."""

    name: str
    schema: Mapping[str, Any]
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Address:
    """One method at one path: the right it asks for and everything its description says.

    `answers` names the schema of every success by status; `kinds` the media types of it.
    """

    path: str
    run: Callable[[Ask], Answer]
    operation: str
    zh: str
    en: str
    tag: str
    answers: Mapping[int, str]
    method: str = "GET"
    parameters: tuple[Parameter, ...] = ()
    body: str | None = None
    kind: str = JSON
    html: bool = False
    refuses: tuple[int, ...] = ()
    collection: str | None = None
    """The collection it is about; "" for the layers, whose names stand in the path."""
    more: Callable[[str, Actor], tuple[Parameter, ...]] | None = None
    """Parameters of that collection, such as its properties."""
    hidden: bool = False
    """Whether it is another spelling, which the description leaves out."""


def language_of(request: Request) -> str:
    """`lang` of the query, else what the browser or client prefers, else Chinese."""
    asked = request.query_params.get("lang", "")
    if asked in LANGUAGES:
        return asked
    wanted = (
        part.strip().lower() for part in request.headers.get("accept-language", "").split(",")
    )
    ranked = sorted(wanted, key=_quality, reverse=True)
    return next((tag[:2] for tag in ranked if tag[:2] in LANGUAGES), "zh")


def wants_html(request: Request) -> bool:
    """Whether a page is asked for: `f=html`, or a browser that prefers one."""
    asked = request.query_params.get("f")
    accepted = request.headers.get("accept", "")
    return asked == "html" or (asked is None and accepted.startswith("text/html"))


def dumps(content: object) -> bytes:
    """JSON as it is sent: UTF-8, no blanks, NaN refused."""
    return dumps_text(content).encode()


def dumps_text(content: object) -> str:
    """The same as text."""
    return json.dumps(content, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def etag_of(*parts: object) -> str:
    """A strong mark of what an answer is made from."""
    return sha256(json.dumps(parts, ensure_ascii=False, default=str))[:32]


def pieces(head: str, items: Iterator[str], tail: str, size: int = 200) -> Iterator[bytes]:
    """A JSON list that is never whole in memory: `size` items a piece."""
    kept = [head]
    for number, item in enumerate(items):
        kept.append(f",{item}" if number else item)
        if number % size == size - 1:
            yield "".join(kept).encode()
            kept = []
    yield ("".join(kept) + tail).encode()


def problem(error: YichaError, lang: str, instance: str = "") -> Response:
    """What went wrong as a problem document; nothing of what is hidden, no path of this machine."""
    status, headers = status_of(error), {"Cache-Control": "no-store", "Content-Language": lang}
    words = texts(lang)
    told, remedy = error.problem, error.remedy
    if isinstance(error, RefusedError):
        told = words(f"api.problem.{error.key}", **error.values)
        remedy = words(f"api.remedy.{error.key}", **error.values)
        headers |= error.headers
    elif isinstance(error, StoreError):
        told, remedy = words("api.problem.store"), words("api.remedy.store")
    if status == 401:
        headers["WWW-Authenticate"] = 'Bearer realm="yicha"'
    body = {"type": "about:blank", "title": words(f"api.status.{status}"), "status": status,
            "detail": f"{told}. {remedy}" if lang == "en" else f"{told}。{remedy}",
            "problem": told, "remedy": remedy}  # fmt: skip
    body |= {"field": error.field} if error.field else {}
    body |= {"instance": instance} if instance else {}
    return Response(dumps(body), status, headers, PROBLEM)


def status_of(error: YichaError) -> int:
    """The status an error of the folders beneath is answered with."""
    if isinstance(error, RefusedError):
        return error.status
    if isinstance(error, PolicyError):
        return 401 if error.field == "sign_in" else 403
    if isinstance(error, ConflictError):
        return 412
    if not isinstance(error, LeadError):
        return 503  # the store, a layer, a scene: nothing the caller could ask otherwise
    return {"lead": 404, "state": 409}.get(error.field or "", 422)


def _quality(tag: str) -> float:
    _, _, quality = tag.partition(";q=")
    try:
        return float(quality) if quality else 1.0
    except ValueError:
        return 0.0
