"""The first pages of the interface: where everything is, what it conforms to, its description."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ui.api.answers import HTML, JSON, OPENAPI, Address, Answer, Ask
from ui.api.collections import LAYER
from ui.api.describe import description
from ui.api.features import collections
from ui.api.pages import docs_page, landing_page, plain_page

CLASSES = (
    "http://www.opengis.net/spec/ogcapi-common-1/1.0/conf/core",
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core",
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/oas30",
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/html",
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/geojson",
)  # fmt: skip
"""Conformance classes. Part 2 is not among them: the one reference system is CRS84."""


def landing(ask: Ask) -> Answer:
    """Where everything is."""
    rows = (("self", "", JSON), ("alternate", "?f=html", HTML), ("service-desc", "/openapi.json", OPENAPI),
            ("service-doc", "/docs", HTML), ("conformance", "/conformance", JSON), ("data", "/collections", JSON))  # fmt: skip
    links = [{"href": f"{ask.base}/" if path == "" else f"{ask.base}{path if path[0] == '/' else '/' + path}",
              "rel": rel, "type": kind, "title": ask.word(f"api.rel.{rel}")} for rel, path, kind in rows]  # fmt: skip
    told = {"title": ask.word("api.title"), "description": ask.word("api.about"), "links": links}
    return Answer(landing_page(ask, told), kind=HTML) if ask.html else Answer(told)


def conformance(ask: Ask) -> Answer:
    """The classes of the standards that hold here."""
    told = {"conformsTo": list(CLASSES)}
    return Answer(plain_page(ask, "conformance", CLASSES), kind=HTML) if ask.html else Answer(told)


def openapi(ask: Ask, addresses: Sequence[Address]) -> Answer:
    """The description as OpenAPI 3.0, with the collections that the caller may read."""
    return Answer(described(ask, addresses), kind=OPENAPI)


def docs(ask: Ask, addresses: Sequence[Address]) -> Answer:
    """The description for people: of the layers, which are all alike, the first."""
    names = [one.id for one in collections(ask.actor, {})]
    first = [name for name in names if name.startswith(LAYER)][:1]
    told = description(
        ask, addresses, [name for name in names if not name.startswith(LAYER)] + first
    )
    return Answer(docs_page(ask, told), kind=HTML)


def described(ask: Ask, addresses: Sequence[Address]) -> dict[str, Any]:
    """The description for who asks."""
    return description(ask, addresses, [one.id for one in collections(ask.actor, {})])
