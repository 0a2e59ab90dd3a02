"""Signing in with the office's identity provider: there with state, nonce and PKCE, and back."""

from __future__ import annotations

import hmac
import json
from dataclasses import asdict

from starlette.responses import Response
from starlette.routing import BaseRoute

from layers.errors import PolicyError, StoreError
from office.doors.keys import opened, seal
from office.doors.sign_in import SignedIn
from office.doors.vouched import sign_in_vouched, weighed_token
from ui.doors.asked import Asked, door
from ui.doors.cookies import JOURNEY, cookie_line, cookie_of, no_cookie_line
from ui.doors.enter import ask
from ui.doors.gate import LOGIN, OIDC
from ui.doors.provider import Journey, Provider
from ui.doors.threads import slowly
from ui.settings import at

BACK = f"{OIDC}/back"
_ABOUT, _HOLDS_S = "journey to the provider", 600


def _provider(asked: Asked) -> Provider | None:
    """The desk's provider, which remembers what it was told."""
    rules = asked.desk.provider
    if rules is None:
        return None
    if not isinstance(asked.desk.asking, Provider):
        asked.desk.asking = Provider(rules)
    return asked.desk.asking


def _back(asked: Asked) -> str:
    return str(asked.request.url.replace(path=at(BACK), query=""))


async def _there(asked: Asked) -> Response:
    provider = _provider(asked)
    if provider is None or asked.caller.actor is not None:
        return asked.to(LOGIN if provider is None else asked.next)
    try:
        address, journey = await slowly(lambda: provider.way_there(_back(asked), asked.next))
    except PolicyError as error:
        return _failed(asked, error)
    sealed = seal(asked.desk.keys, json.dumps(asdict(journey)), _ABOUT)
    asked.set_line(cookie_line(JOURNEY, sealed, secure=asked.secure, seconds=_HOLDS_S))
    return asked.to(address)


async def _come_back(asked: Asked) -> Response:
    provider, told = _provider(asked), asked.request.query_params
    if provider is None:
        return asked.to(LOGIN)
    journey = _journey(asked)
    asked.set_line(no_cookie_line(JOURNEY, secure=asked.secure))
    if journey is None or not hmac.compare_digest(
        journey.state.encode(), told.get("state", "").encode()
    ):
        return ask(asked, asked.words("doors.problem.stale"), 403)
    try:
        come = await slowly(lambda: _exchange(asked, provider, journey, told.get("code", "")))
    except PolicyError as error:
        return _failed(asked, error)
    asked.let_in(come.token)
    return asked.on(come.stage, journey.next)


def _exchange(asked: Asked, provider: Provider, journey: Journey, code: str) -> SignedIn:
    """The code for a token, the token weighed, the person let in."""
    desk = asked.desk
    if not code:
        raise PolicyError("the provider let nobody in · 统一身份平台未予放行", field="provider",
                          remedy="sign in there")  # fmt: skip
    token = provider.token(_back(asked), code, journey)
    at, rules = desk.now(), provider.rules
    try:
        claims = weighed_token(token, provider.keys(), nonce=journey.nonce, at=at, provider=rules, rules=desk.rules)  # fmt: skip
    except PolicyError:  # it may sign with a newer key by now
        claims = weighed_token(token, provider.keys(anew=True), nonce=journey.nonce, at=at, provider=rules, rules=desk.rules)  # fmt: skip
    return sign_in_vouched(desk.store, claims, provider=rules, at=at, rules=desk.rules,
                           source=asked.source, token=asked.token)  # fmt: skip


def _journey(asked: Asked) -> Journey | None:
    sealed = cookie_of(asked.request.scope, JOURNEY)
    try:
        return Journey(**json.loads(opened(asked.desk.keys, sealed, _ABOUT))) if sealed else None
    except (StoreError, ValueError, TypeError):
        return None


def _failed(asked: Asked, error: PolicyError) -> Response:
    return ask(asked, asked.words("doors.problem.by_provider", why=asked.said(error)), 403)


ROUTES: list[BaseRoute] = [door(OIDC, _there), door(BACK, _come_back)]
