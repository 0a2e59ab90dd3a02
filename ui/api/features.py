"""OGC API – Features: collections, pages of features, one feature, what one may ask for."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote

from layers.paging import CRS84
from layers.version import __version__
from office import Actor
from ui.api.answers import (  # fmt: skip
    GEOJSON,
    HTML,
    JSON,
    ROOT,
    SCHEMA,
    Answer,
    Ask,
    Parameter,
    RefusedError,
    dumps_text,
    etag_of,
    pieces,
)
from ui.api.collections import FINDINGS, LAYER, LEADS, Asked, Collection, Property, no_collection
from ui.api.finding_features import finding_collections
from ui.api.layer_features import layer_collection, layer_collections
from ui.api.lead_features import lead_collections
from ui.api.pages import collection_page, collections_page, items_page
from ui.api.paging import after, limit_of, link, page_links

CRS = {"type": "string", "enum": [CRS84]}
BBOX = Parameter("bbox", {"type": "array", "minItems": 4, "maxItems": 6, "items": {"type": "number"}},
                 "范围：西,南,东,北（度）；六个数时第三、第六为高程，不参与筛选",
                 "west,south,east,north in degrees; with six numbers the third and sixth are heights, not weighed")  # fmt: skip
DATETIME = Parameter("datetime", {"type": "string", "minLength": 1, "maxLength": 80},
                     "时刻或时段（RFC 3339）：2026-06-30、2026-01-01/..、../2026-06-30；按日比较",
                     "a moment or an interval (RFC 3339): 2026-06-30, 2026-01-01/.., ../2026-06-30; days are compared")  # fmt: skip
BBOX_CRS = Parameter("bbox-crs", CRS, "bbox 的坐标系", "reference system of bbox")
OUT_CRS = Parameter("crs", CRS, "返回的坐标系", "reference system of the answer")
ON_DATE = Parameter("on_date", {"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}$"},
                    "检查日期；非默认日期须有运行权限", "day of the checks; another than the county's own needs the right to run them")  # fmt: skip
RULES = Parameter("rules", {"type": "string", "maxLength": 80}, "规则包", "rule pack")
SETTINGS = (ON_DATE, RULES)
_INTERVAL = "http://www.opengis.net/def/uom/ISO-8601/0/Gregorian"
_QUERYABLES = "http://www.opengis.net/def/rel/ogc/1.0/queryables"
_DAY = re.compile(
    r"(\d{4}-\d{2}-\d{2})(?:[Tt ]\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:[Zz]|[+-]\d{2}:\d{2}))?"
)
_OPEN = ("", "..")


def collections(actor: Actor, query: Mapping[str, Any]) -> Iterator[Collection]:
    """Every collection the caller may read: findings, leads, layers."""
    yield from finding_collections(actor, query)
    yield from lead_collections(actor)
    yield from layer_collections(actor)


def collection(actor: Actor, name: str, query: Mapping[str, Any]) -> Collection:
    """The collection of that id; 404 where there is none, or none for this caller."""
    found: Collection | None
    if name == FINDINGS:
        found = next(finding_collections(actor, query), None)
    elif name == LEADS:
        found = next(lead_collections(actor), None)
    else:
        found = layer_collection(actor, name) if name.startswith(LAYER) else None
    if found is None:
        raise no_collection(name)
    return found


def own_parameters(name: str, actor: Actor) -> tuple[Parameter, ...]:
    """Parameters of one collection: day and rules where it has them, its properties."""
    found = collection(actor, name, {})
    return (*_settings(found), *(Parameter(one, _schema(told), told.zh, told.en)
                                 for one, told in found.asked.items() if one not in found.settings))  # fmt: skip


def own_settings(name: str, actor: Actor) -> tuple[Parameter, ...]:
    """Only day and rules."""
    return _settings(collection(actor, name, {}))


def _settings(found: Collection) -> tuple[Parameter, ...]:
    return tuple(one for one in SETTINGS if one.name in found.settings)


def _schema(told: Property) -> dict[str, Any]:
    longest = {"maxLength": 400} if told.schema.get("type") == "string" else {}
    return {**longest, **told.schema}


def list_collections(ask: Ask) -> Answer:
    """All collections with their extents."""
    found = list(collections(ask.actor, ask.query))
    told: dict[str, Any] = {
        "links": _links(ask, JSON),
        "collections": [describe(ask, one) for one in found],
    }
    if ask.html:
        return Answer(collections_page(ask, told), kind=HTML)
    return Answer(told)


def one_collection(ask: Ask) -> Answer:
    """One collection."""
    told = describe(ask, collection(ask.actor, ask.path["collection"], ask.query))
    return Answer(collection_page(ask, told), kind=HTML) if ask.html else Answer(told)


def describe(ask: Ask, one: Collection) -> dict[str, Any]:
    """A collection as the standard describes it, with where its rows come from."""
    box, days = one.extent()
    extent: dict[str, Any] = {}
    if box is not None:
        extent["spatial"] = {"bbox": [list(box)], "crs": CRS84}
    if days is not None:
        extent["temporal"] = {"interval": [[f"{day}T00:00:00Z" for day in days]], "trs": _INTERVAL}
    here = f"{ask.base}/collections/{quote(one.id)}"
    links = [
        _link(here, "self", JSON), _link(f"{here}/items", "items", GEOJSON),
        _link(f"{here}/items?f=html", "items", HTML),
        _link(f"{here}/queryables", _QUERYABLES, SCHEMA),
    ]  # fmt: skip
    told: dict[str, Any] = {"id": one.id, "title": one.title[ask.lang], "description": one.about[ask.lang],
            "itemType": "feature", "crs": [CRS84], "storageCrs": CRS84, "links": links}  # fmt: skip
    told |= {"extent": extent} if extent else {}
    told |= {"provenance": list(one.provenance)} if one.provenance else {}
    return {**told, "timeProperty": one.time, **one.facts}


def queryables(ask: Ask) -> Answer:
    """What one may ask for by value, as a JSON schema."""
    one = collection(ask.actor, ask.path["collection"], ask.query)
    here = f"{ask.base}/collections/{quote(one.id)}/queryables"
    told = {
        "$schema": "https://json-schema.org/draft/2020-12/schema", "$id": here, "type": "object",
        "title": one.title[ask.lang], "additionalProperties": False,
        "properties": {name: {**found.schema, "title": found.zh if ask.lang == "zh" else found.en}
                       for name, found in one.asked.items()},
    }  # fmt: skip
    return Answer(told, kind=SCHEMA)


def items(ask: Ask) -> Answer:
    """A page of features, made piece by piece."""
    one = collection(ask.actor, ask.path["collection"], ask.query)
    asked = Asked(limit_of(ask), after(ask), boxes_of(ask.query.get("bbox")),
                  {name: ask.query[name] for name in one.asked if name in ask.query and name not in one.settings},
                  days_of(ask.query.get("datetime")))  # fmt: skip
    found = one.page(ask, asked)
    links = page_links(ask, GEOJSON, found.last)
    links.append(link(ask, "alternate", HTML, f="html"))
    told = {"type": "FeatureCollection", "numberReturned": found.count,
            "links": links}  # fmt: skip
    told |= {"numberMatched": found.matched} if found.matched is not None else {}
    if ask.html:
        return Answer(items_page(ask, one, told, found.features), kind=HTML)
    headers = {"Content-Crs": f"<{CRS84}>"}
    head = dumps_text(told)
    return Answer(pieces(f'{head[:-1]},"features":[', found.features, "]}"), kind=GEOJSON, headers=headers,
                  etag=etag_of(__version__, one.stamp, ask.url, ask.lang), modified=one.modified)  # fmt: skip


def one_item(ask: Ask) -> Answer:
    """One feature."""
    one = collection(ask.actor, ask.path["collection"], ask.query)
    found = one.feature(ask, ask.path["feature"])
    if found is None:
        raise RefusedError(404, "none", field="featureId", what=ask.path["feature"][:80],
                           where=f"{ROOT}/collections/{one.id}/items")  # fmt: skip
    here = f"{ask.base}/collections/{quote(one.id)}"
    links = dumps_text({"links": [_link(f"{here}/items/{quote(ask.path['feature'], safe='')}", "self", GEOJSON),
                                   _link(here, "collection", JSON)]})  # fmt: skip
    content = f"{found[:-1]},{links[1:]}".encode()
    return Answer(
        content, kind=GEOJSON, modified=one.modified, headers={"Content-Crs": f"<{CRS84}>"}
    )


def boxes_of(asked: list[float] | None) -> tuple[tuple[float, float, float, float], ...]:
    """The windows of `bbox`: two where it crosses the date line. 400 for one that is none."""
    if asked is None:
        return ()
    if len(asked) == 6:
        asked = [asked[0], asked[1], asked[3], asked[4]]
    if len(asked) != 4 or not all(map(math.isfinite, asked)):
        raise RefusedError(400, "box", field="bbox")
    west, south, east, north = asked
    if not (-180 <= west <= 180 and -180 <= east <= 180 and -90 <= south <= north <= 90):
        raise RefusedError(400, "box", field="bbox")
    if west > east:
        return (west, south, 180.0, north), (-180.0, south, east, north)
    return ((west, south, east, north),)


def days_of(asked: str | None) -> tuple[str, str] | None:
    """First and last day of `datetime`, both inclusive. 400 for what is neither moment nor interval."""
    if asked is None:
        return None
    ends = asked.split("/")
    if len(ends) > 2 or (len(ends) == 1 and ends[0] in _OPEN) or all(end in _OPEN for end in ends):
        raise RefusedError(400, "time", field="datetime")
    first, last = (ends[0], ends[-1])
    found = (_day(first) or "0000-01-01", _day(last) or "9999-12-31")
    if found[0] > found[1]:
        raise RefusedError(400, "time", field="datetime")
    return found


def _day(text: str) -> str | None:
    if text in _OPEN:
        return None
    found = _DAY.fullmatch(text)
    if found is None:
        raise RefusedError(400, "time", field="datetime")
    return found[1]


def _links(ask: Ask, kind: str) -> list[dict[str, str]]:
    return [link(ask, "self", kind), link(ask, "alternate", HTML, f="html")]


def _link(href: str, rel: str, kind: str) -> dict[str, str]:
    return {"href": href, "rel": rel, "type": kind}
