"""Leads as a collection, from the store: none beyond the scope of who asks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

import geopandas as gpd
import shapely

from layers.errors import LeadError
from layers.layer import WGS84
from layers.paging import DATUM, Box, feature_text, geometry_texts
from leads.scope import sight_of
from leads.states import STATE_WORDS
from leads.views.feed import EQUAL, FeedRow, feed, feed_row
from leads.views.marks import stamp
from office import Actor
from ui import cache
from ui.api.answers import Ask, etag_of
from ui.api.collections import LEADS, Asked, Collection, Property, Slice, readable

_READ = "lead.read"
_WORDS = {
    "id": ("编号", "id"), "number": ("线索号", "number"), "check_id": ("监督模型", "check"),
    "verdict": ("结论", "verdict"), "state": ("状态", "state"), "state_since": ("状态起始", "in this state since"),
    "presence": ("最近是否仍在", "whether the last run still found it"), "change": ("最近变化", "what the last run changed"),
    "asked_again": ("需重新研判", "asked again"), "subject_theme": ("对象图层", "theme of the subject"),
    "subject_id": ("对象编号", "id of the subject"), "subject_name": ("对象名称", "name of the subject"),
    "address": ("地址", "address"), "credit_code": ("统一社会信用代码", "unified social credit code"),
    "licence_no": ("许可证号", "licence number"), "measured": ("测得值", "measured value"), "limit": ("限值", "limit"),
    "unit": ("单位", "unit of measured, limit and error"), "score": ("得分", "score"),
    "admin_code": ("行政区划代码", "administrative code"), "township": ("乡镇街道", "township"),
    "agency": ("行政机关", "agency"), "procuratorate": ("管辖院", "procuratorate"), "assignee": ("承办人", "assignee"),
    "case_id": ("案件", "case"), "first_run": ("首次检查", "first run"), "last_run": ("最近检查", "last run"),
    "on_date": ("检查日期", "day of the last finding"), "next_due": ("最近到期", "next due"), "version": ("版本", "version"),
    "title": ("名称", "title"), "comparator": ("比较", "comparator"), "method": ("测量方法", "method of measuring"),
    "error_band": ("误差（半宽）", "error, the larger half width"), "measured_low": ("测得值下限", "least it may be"),
    "measured_high": ("测得值上限", "most it may be"), "object_name": ("参照名称", "name of the object"),
    "licence_class": ("证照情况", "class of licence"), "reasons": ("理由", "reasons"),
    "stale": ("已过期或无日期的数据来源", "sources out of date, or without one"),
    "coordinate_datum": ("坐标基准", "datum of the coordinates"),
}  # fmt: skip
_NUMBERS = frozenset({"measured", "limit", "score", "error_band", "measured_low", "measured_high"})


def lead_collections(actor: Actor, _: Mapping[str, Any] | None = None) -> Iterator[Collection]:
    """The leads, where there is a store and the person may read them."""
    if not readable(actor, _READ) or not cache.has_leads():
        return
    yield Collection(
        id=LEADS, operation=_READ, title={"zh": "线索", "en": "leads"},
        about={"zh": f"线索库中的线索（不含已并入他案的）。坐标 {DATUM}；测得值、限值与误差的单位见 unit。",
               "en": f"The leads of the store, without those merged into others. Coordinates {DATUM}; "
                     "measured, limit and error in the unit of the column unit."},
        properties=_properties(), time="on_date", stamp=stamp_for(actor),
        extent=partial(cache.lead_extent, actor), page=_page, feature=_feature,
    )  # fmt: skip


def stamp_for(actor: Actor) -> str:
    """Changes with the history of the store; another for every scope."""
    return f"{stamp(cache.lead_store())}:{etag_of(sight_of(actor))[:8]}"


def properties_of(row: FeedRow) -> dict[str, Any]:
    """What is told of a lead: its columns and its measurement."""
    return {**row.columns, **row.said, "coordinate_datum": DATUM}


def etag(row: FeedRow, lang: str) -> str:
    """The mark of a lead as it stands: its version first, so that a change can name it."""
    return f"{row.columns['version']}.{lang}.{etag_of(row.columns, row.said)[:12]}"


def shape_of(row: FeedRow) -> str:
    """The geometry of a lead as GeoJSON text."""
    shapes = gpd.GeoSeries([shapely.from_wkb(row.geometry)], crs=WGS84)
    return geometry_texts(shapes)[0]


def _properties() -> dict[str, Property]:
    found = {}
    for name, words in _WORDS.items():
        schema: dict[str, Any] = {"type": "number"} if name in _NUMBERS else {"type": "string"}
        if name == "asked_again":
            schema = {"type": "boolean"}
        elif name == "version":
            schema = {"type": "integer", "minimum": 1, "maximum": 2**31 - 1}
        elif name == "state":
            schema = {"type": "string", "enum": sorted(STATE_WORDS)}
        elif name in ("reasons", "stale"):
            schema = {"type": "array", "items": {"type": "string"}}
        found[name] = Property(schema, *words, name in EQUAL)
    return found


def _page(ask: Ask, asked: Asked) -> Slice:
    found = feed(cache.lead_store(), box=_whole(asked.boxes), actor=ask.actor, limit=asked.limit,
                 after=asked.after, equal=asked.equal, days=asked.days, count=asked.after is None, lang=ask.lang)  # fmt: skip
    last = found.rows[-1].columns["id"] if found.more else None
    return Slice(_features(found.rows), len(found.rows), last, found.matched)


def _whole(boxes: tuple[Box, ...]) -> Box | None:
    """One window again: the store knows windows across the date line (west > east)."""
    if len(boxes) < 2:
        return boxes[0] if boxes else None
    return boxes[0][0], boxes[0][1], boxes[1][2], boxes[0][3]


def _features(rows: tuple[FeedRow, ...]) -> Iterator[str]:
    shapes = gpd.GeoSeries(shapely.from_wkb([row.geometry for row in rows]), crs=WGS84)
    for row, shape in zip(rows, geometry_texts(shapes), strict=True):
        yield feature_text(str(row.columns["id"]), shape, properties_of(row))


def _feature(ask: Ask, feature: str) -> str | None:
    try:
        row = feed_row(cache.lead_store(), feature, actor=ask.actor, lang=ask.lang)
    except LeadError as error:
        if error.field == "lead":
            return None
        raise
    return feature_text(str(row.columns["id"]), shape_of(row), properties_of(row))
