"""Findings of a day as a collection: what the checks said, those within the scope of who asks."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping
from datetime import date
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt

from checks import VERDICTS, Finding, finding_feature
from layers.paging import DATUM, Box, PagedRows
from leads.relied import stale_texts
from office import Actor
from office.policy import may, require
from office.scope import About
from ui import cache
from ui.api.answers import Ask, RefusedError, dumps
from ui.api.collections import FINDINGS, Asked, Collection, Property, Slice, readable
from ui.api.layer_features import layer_bounds
from ui.items import Board
from ui.paged import ASKED
from ui.sources import refs_of

_READ, _RUN = "lead.read", "check.run"
_STARTED = secrets.token_hex(4)
"""Checks and rules may be others after a restart."""
_FLAT = (
    "check", "title", "rule", "verdict", "measured", "limit", "unit", "comparator", "method",
    "error_band", "measured_low", "measured_high", "subject_id", "subject_name", "subject_theme",
    "object_id", "object_name", "object_theme", "on_date", "reasons", "licence_class", "strength",
    "code", "remedy", "stale",
)  # fmt: skip
"""Properties of a feature in a list; the feature by itself has everything a run's file has."""
_TEXT: dict[str, str] = {"type": "string"}
_WORDS = {
    "check": ("监督模型", "check"), "title": ("名称", "title"), "rule": ("规则", "rule"),
    "verdict": ("结论", "verdict"), "measured": ("测得值", "measured value"), "limit": ("限值", "limit"),
    "unit": ("单位", "unit of measured, limit and error"), "comparator": ("比较", "comparator"),
    "method": ("测量方法", "method of measuring"),
    "error_band": ("误差（半宽）", "error, the larger half width"),
    "measured_low": ("测得值下限", "least it may be"), "measured_high": ("测得值上限", "most it may be"),
    "subject_id": ("对象编号", "id of the subject"), "subject_name": ("对象名称", "name of the subject"),
    "subject_theme": ("对象图层", "theme of the subject"), "object_id": ("参照编号", "id of the object"),
    "object_name": ("参照名称", "name of the object"), "object_theme": ("参照图层", "theme of the object"),
    "on_date": ("检查日期", "day of the check"), "reasons": ("理由", "reasons"),
    "licence_class": ("证照情况", "class of licence"), "strength": ("线索强度", "strength"),
    "code": ("未判定原因", "why undecided"), "remedy": ("如何补齐", "what would decide it"),
    "stale": ("已过期或无日期的数据来源", "sources out of date, or without one"),
    "admin_code": ("行政区划代码", "administrative code"),
}  # fmt: skip
_NUMBERS = ("measured", "limit", "error_band", "measured_low", "measured_high", "strength")


def finding_collections(actor: Actor, query: Mapping[str, Any]) -> Iterator[Collection]:
    """The findings of the day and rules asked for, else of those the county proposes, else of today.

    None where there are too many objects to judge while somebody waits: then the leads tell.
    """
    if not readable(actor, _READ):
        return
    place = cache.workplace()
    if cache.is_large(place):
        return
    day, rules = _day(query, place.on_date), _rules(query, place.rules)
    if (day, rules) != (_day({}, place.on_date), _rules({}, place.rules)):
        require(actor, _RUN)
    facts = {"on_date": day, "rules": rules}
    yield Collection(
        id=FINDINGS, operation=_READ, title={"zh": "检查结果", "en": "findings"},
        about={"zh": f"{day} 当日各监督模型的结果（规则包：{rules or '无'}）。由程序计算，不是事实认定；"
                     f"坐标 {DATUM}，测得值与误差的单位见 unit，方法见 method。",
               "en": f"What the checks say about {day} (rule pack: {rules or 'none'}). Computed by the program, "
                     f"nothing established; coordinates {DATUM}, unit and method beside every value."},
        properties=_properties(), time="on_date", stamp=f"{place.stamp}:{day}:{rules}:{_STARTED}",
        extent=partial(_extent, day), page=partial(_page, rules, day), feature=partial(_feature, rules, day),
        settings=("on_date", "rules"), facts=facts,
    )  # fmt: skip


def _properties() -> dict[str, Property]:
    found = {}
    for name in (*_FLAT, "admin_code"):
        schema: dict[str, Any] = {"type": "number"} if name in _NUMBERS else dict(_TEXT)
        if name == "verdict":
            schema["enum"] = list(VERDICTS)
        if name in ("reasons", "stale"):
            schema = {"type": "array", "items": _TEXT}
        found[name] = Property(schema, *_WORDS[name], name in ASKED)
    return found


def _day(query: Mapping[str, Any], proposed: str | None) -> str:
    asked = query.get("on_date") or proposed or date.today().isoformat()  # noqa: DTZ011 - the local day
    try:
        return date.fromisoformat(asked).isoformat()
    except ValueError as error:
        raise RefusedError(400, "day", field="on_date", value=asked) from error


def _rules(query: Mapping[str, Any], proposed: str | None) -> str | None:
    asked = query.get("rules", proposed)
    if asked is not None and asked not in cache.packs():
        if "rules" not in query:
            return None
        raise RefusedError(400, "none", field="rules", what=str(asked)[:80], where="/api/v1/rules")
    return asked


def _extent(day: str) -> tuple[Box | None, tuple[str, str]]:
    """The bounds of all layers: findings lie on them, and no check has to be run to say so."""
    found = layer_bounds(cache.workplace())
    if not found:
        return None, (day, day)
    west, south, east, north = zip(*found, strict=True)
    return (min(west), min(south), max(east), max(north)), (day, day)


def _page(rules: str | None, day: str, ask: Ask, asked: Asked) -> Slice:
    rows, board = cache.paged_findings(rules, day), cache.results(cache.workplace(), rules, day)
    days = ("on_date", *asked.days) if asked.days else None
    found = rows.page(asked.limit, after=asked.after, boxes=asked.boxes, equal=asked.equal, days=days,
                       allowed=_allowed(rows, ask.actor))  # fmt: skip
    last = str(rows.ids[found.rows[-1]]) if found.more else None
    features = (_text(rows, board, int(row), ask.lang, whole=False) for row in found.rows)
    return Slice(features, len(found.rows), last, found.matched)


def _feature(rules: str | None, day: str, ask: Ask, feature: str) -> str | None:
    rows, board = cache.paged_findings(rules, day), cache.results(cache.workplace(), rules, day)
    number = rows.number(feature)
    if number is None or not _allowed(rows, ask.actor)[number]:
        return None
    return _text(rows, board, number, ask.lang, whole=True)


def _allowed(rows: PagedRows, actor: Actor) -> npt.NDArray[np.bool_]:
    """Which findings lie within the scope: each pair of area and check is weighed once."""
    pairs = list(zip(rows.frame["admin_code"].tolist(), rows.frame["check"].tolist(), strict=True))
    weighed = {pair: may(actor, _READ, scope=About(_code(pair[0]), pair[1])) for pair in set(map(_pair, pairs))}  # fmt: skip
    return np.fromiter((weighed[_pair(pair)] for pair in pairs), dtype=bool, count=len(pairs))


def _pair(pair: tuple[object, str]) -> tuple[str, str]:
    return (pair[0] if isinstance(pair[0], str) else "", pair[1])


def _code(text: str) -> str | None:
    return text or None


def _text(rows: PagedRows, board: Board, row: int, lang: str, *, whole: bool) -> str:
    line = rows.frame.iloc[row]
    record = board.items[int(line["number"])].record
    told = finding_feature(record, lang)
    refs = refs_of(record.layers) if isinstance(record, Finding) else []
    properties = {**told["properties"], "stale": stale_texts(refs, record.on_date, lang)}
    if not whole:
        properties = {name: properties.get(name) for name in _FLAT}
    code = line["admin_code"]
    properties = {**properties, "admin_code": code if isinstance(code, str) else None,
                  "coordinate_datum": DATUM}  # fmt: skip
    return dumps({**told, "id": rows.ids[row], "properties": properties}).decode()
