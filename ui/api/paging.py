"""Pages that neither lose nor double a row while a table grows: by the last id, never by a number.

A cursor names the last row of a page; clients hand it back as they got it.
"""

from __future__ import annotations

import base64
import binascii
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from ui.api.answers import Ask, Parameter, RefusedError

LIMIT, MOST = 100, 10_000
LONGEST = 400
"""Characters of a cursor."""
PARAMETERS = (
    Parameter("limit", {"type": "integer", "minimum": 1, "maximum": MOST, "default": LIMIT},
              "每页条数", "how many at most on one page"),
    Parameter("cursor", {"type": "string", "minLength": 1, "maxLength": LONGEST},
              "下一页的游标，取自 next 链接", "where the next page begins, from the link next"),
)  # fmt: skip


def limit_of(ask: Ask) -> int:
    """How many rows a page has at most."""
    return int(ask.query.get("limit", LIMIT))


def cursor(last: str) -> str:
    """The cursor that goes on after the row `last`."""
    return base64.urlsafe_b64encode(last.encode()).decode().rstrip("=")


def after(ask: Ask) -> str | None:
    """The row the page goes on after; `None` on the first page. 400 for a cursor of nobody's."""
    given = ask.query.get("cursor")
    if given is None:
        return None
    try:
        return base64.b64decode(given + "=" * (-len(given) % 4), b"-_", validate=True).decode()
    except (binascii.Error, ValueError) as error:
        raise RefusedError(400, "cursor", field="cursor") from error


def link(ask: Ask, rel: str, kind: str, **changed: str | None) -> dict[str, str]:
    """A link to the address asked for, some parameters of its query changed (`None`: left out)."""
    parts = urlsplit(ask.url)
    query = dict(parse_qsl(parts.query, keep_blank_values=True))
    query |= {name: value for name, value in changed.items() if value is not None}
    query = {name: value for name, value in query.items() if changed.get(name, "") is not None}
    href = urlunsplit(parts._replace(query=urlencode(query)))
    return {"href": href, "rel": rel, "type": kind, "title": ask.word(f"api.rel.{rel}")}


def page_links(ask: Ask, kind: str, last: str | None) -> list[dict[str, str]]:
    """The links of a page: itself, and the next one where `last` says that there is more."""
    found = [link(ask, "self", kind)]
    if last is not None:
        found.append(link(ask, "next", kind, cursor=cursor(last)))
    return found
