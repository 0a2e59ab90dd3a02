"""Where a writing request comes from: browsers say it, other sites' pages cannot lie about it."""

from __future__ import annotations

from urllib.parse import urlsplit

from starlette.datastructures import Headers

from ui.settings import base

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
"""Methods that change nothing."""


def same_origin(headers: Headers) -> bool:
    """Whether a page of this very app sent it."""
    host = headers.get("host", "").lower()
    origin = urlsplit(headers.get("origin", ""))
    if not host or origin.scheme not in {"http", "https"} or origin.netloc.lower() != host:
        return False
    return headers.get("sec-fetch-site", "same-origin") == "same-origin"


def own_path(told: str | None, fallback: str = "/") -> str:
    """A path of this app to go on to; the fallback for anything that leads elsewhere."""
    path = told or ""
    if base() and (path == base() or path.startswith(f"{base()}/")):
        path = path[len(base()) :] or "/"
    odd = any(ord(sign) < 33 or sign == "\\" for sign in path)
    inside = path.startswith("/") and not path.startswith("//")
    if odd or not inside or len(path) > 2000 or urlsplit(path).netloc:
        return fallback
    return fallback if path.startswith("/auth/") else path
