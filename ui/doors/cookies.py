"""The one cookie that says who asks, a second one for visitors' forms, and the token of a form."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Any

from starlette.datastructures import Headers
from starlette.requests import cookie_parser

from office.doors.keys import Keys, signed, signed_token
from ui.settings import base

SESSION, VISITOR, JOURNEY = "yicha", "yicha-visitor", "yicha-journey"
_HOST, _BELOW = "__Host-", "__Secure-"
_VISITOR_S = 3600


def is_secure(scope: Mapping[str, Any]) -> bool:
    """Whether the call came over TLS (as the proxy says that `YICHA_PROXIES` names)."""
    return scope.get("scheme") in {"https", "wss"}


def cookie_name(name: str, *, secure: bool) -> str:
    """Over TLS the browser itself holds a cookie called so to this host, to TLS and to every path.

    Below a path of its own (`YICHA_BASE`) the cookie is for that path only, and held to TLS.
    """
    if not secure:
        return name
    return f"{_BELOW}{name}" if base() else f"{_HOST}{name}"


def cookie_of(scope: Mapping[str, Any], name: str) -> str:
    """What the browser sent; nothing where there is none."""
    found: dict[str, str] = {}
    for line in Headers(scope=dict(scope)).getlist("cookie"):
        found |= cookie_parser(line)
    return found.get(cookie_name(name, secure=is_secure(scope)), "")


def cookie_line(name: str, value: str, *, secure: bool, seconds: int) -> str:
    """The header that sets it: out of reach of scripts, not sent along by other sites' forms."""
    tail = "; Secure" if secure else ""
    return (f"{cookie_name(name, secure=secure)}={value}; Path=/; Max-Age={seconds}; HttpOnly; "
            f"SameSite=Lax{tail}")  # fmt: skip


def no_cookie_line(name: str, *, secure: bool) -> str:
    """The header that takes it away."""
    return cookie_line(name, "", secure=secure, seconds=0)


def new_visitor(*, secure: bool) -> tuple[str, str]:
    """A visitor's random text and the header that sets its cookie: it only binds forms to a browser."""
    value = secrets.token_urlsafe(24)
    return value, cookie_line(VISITOR, value, secure=secure, seconds=_VISITOR_S)


def form_token(keys: Keys, bound: str) -> str:
    """What a form carries so that no other site can send it; bound to the browser's cookie."""
    return signed(keys, f"form {bound}").rpartition(".")[2]


def form_fits(keys: Keys, bound: str, told: str) -> bool:
    """Whether a form that came back was made for this browser."""
    return bool(bound) and signed_token(keys, f"form {bound}.{told}") is not None
