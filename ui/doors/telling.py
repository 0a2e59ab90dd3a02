"""Refusals by the policy on the web become events of the history; no answer fails because telling does.

Only a refusal writes, in a thread of its own: whoever is let in waits for nobody who is not.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from concurrent.futures import ThreadPoolExecutor

from starlette.requests import Request

from layers.errors import PolicyError, YichaError
from office import Actor
from office.doors.refusals import refused_operation, tell_refused
from ui.doors.desk import Desk

_LOG = logging.getLogger(__name__)
_POOL = ThreadPoolExecutor(1, thread_name_prefix="refusals")
PAGE = "page"
WAIT_S = 2.0


async def tell(
    request: Request, actor: Actor, error: PolicyError, *, wait_s: float = WAIT_S
) -> None:
    """Tell the history that an own address refused somebody; the caller's address goes with it.

    The answer waits for it `wait_s` at most; where the store is busy it is told later.
    """
    desk = getattr(request.state, "desk", None)
    if not isinstance(desk, Desk) or refused_operation(error) is None:
        return
    source = request.client.host if request.client else ""
    telling = asyncio.get_running_loop().run_in_executor(_POOL, told, desk, actor, error, source)
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(asyncio.shield(telling), wait_s)


def told(desk: Desk, actor: Actor, error: PolicyError, source: str = PAGE) -> bool:
    """Tell it now; whether an event was made. A store that does not answer is only logged."""
    try:
        store = desk.history()
        return store is not None and tell_refused(store, actor, error, at=desk.now(), source=source)
    except YichaError:
        _LOG.warning("a refusal could not be told: %s", error.field)
        return False
