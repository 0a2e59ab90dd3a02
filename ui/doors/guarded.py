"""An own address and the right it asks for, said where the address is said.

Every own address is made by `guarded`, or stands in the short list of those that are open to all
(assets, health, signing in). The caller is found by the doors' middleware before the endpoint runs.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import Message

from layers.errors import PolicyError
from office import Actor
from office.policy import may_somewhere, require
from ui.doors.telling import tell

Endpoint = Callable[[Request], Awaitable[Response]]
Refuse = Callable[[Request, PolicyError], Response]
MOST_BYTES = 1 << 20
"""What a body may hold where an address says nothing else."""
ACTOR = "actor"
"""Where the middleware leaves who asks: `request.state.actor`, an `Actor` or `None`."""


def actor_of(request: Request) -> Actor:
    """Who asks; `PolicyError` with the field `sign_in` where nobody is signed in."""
    found = getattr(request.state, ACTOR, None)
    if isinstance(found, Actor):
        return found
    raise PolicyError("nobody is signed in · 尚未登录", field="sign_in",
                      remedy="sign in at /auth/login, or send a token")  # fmt: skip


def guarded(
    path: str, endpoint: Endpoint, operation: str, methods: Sequence[str] = ("GET",),
    refuse: Refuse | None = None, *, most_bytes: int = MOST_BYTES,
) -> Route:  # fmt: skip
    """A route that only those may ask who may do `operation` somewhere.

    The endpoint itself weighs what is asked for (`require(actor, operation, scope=About(…))`); a
    `PolicyError` there is answered 403 like one here, 401 where nobody is signed in; `refuse` makes
    that answer where the address has a form of its own; the history is told of it. More than
    `most_bytes` in the body are 413.
    """

    async def answer(request: Request) -> Response:
        actor: Actor | None = None
        try:
            actor = actor_of(request)
            if not may_somewhere(actor, operation):
                require(actor, operation)
            return await endpoint(_limited(request, most_bytes))
        except PolicyError as error:
            if actor is not None:
                await tell(request, actor, error)
            return refused(error) if refuse is None else refuse(request, error)
        except _TooLargeError:
            return JSONResponse({"problem": f"more than {most_bytes} bytes", "remedy": "send less at once"},
                                413, {"Cache-Control": "no-store"})  # fmt: skip

    route = Route(path, answer, methods=list(methods))
    route.operation = operation  # type: ignore[attr-defined]  # read by the crawl over all routes
    return route


class _TooLargeError(Exception):
    """More bytes came than the address takes."""


def _limited(request: Request, most: int) -> Request:
    """The request with a body that ends in an error where it grows too long."""
    told = request.headers.get("content-length", "")
    if told.isdigit() and int(told) > most:
        raise _TooLargeError
    came = 0

    async def receive() -> Message:
        nonlocal came
        message = await request.receive()
        came += len(message.get("body", b""))
        if came > most:
            raise _TooLargeError
        return message

    return Request(request.scope, receive)


def refused(error: PolicyError) -> JSONResponse:
    """What is missing, as JSON; nothing of what is hidden."""
    status = 401 if error.field == "sign_in" else 403
    return JSONResponse({"problem": error.problem, "remedy": error.remedy}, status,
                        {"Cache-Control": "no-store"})  # fmt: skip
