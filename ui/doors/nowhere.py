"""An address that a person opens and nothing answers: a page that says so, in their language."""

from __future__ import annotations

from html import escape

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Match, Route
from starlette.types import Scope

from ui.doors.gate import STREAMLIT, is_page
from ui.doors.sheet import links, page, words_of
from ui.header import ASKS, MAP

PAGES = frozenset({"/", *(f"/{name}" for name in ASKS if name != MAP)})
"""What Streamlit draws."""


class _Nowhere(Route):
    """The last of our addresses: whatever a browser opens that is none of ours and no page.

    Without it Streamlit answers every path with its own page, blank or in English.
    """

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        path = scope.get("path", "")
        if scope["type"] != "http" or not is_page(scope) or path.startswith(STREAMLIT):
            return Match.NONE, {}
        known = (path.rstrip("/") or "/") in PAGES
        return (Match.NONE, {}) if known else super().matches(scope)


async def _nowhere(request: Request) -> Response:
    words = words_of(request)
    body = f"<p>{escape(words('doors.nowhere_hint'))}</p>{links(('/', words('doors.to_app')))}"
    return page(request, words, "nowhere", body, status=404)


ROUTE = _Nowhere("/{path:path}", _nowhere)
