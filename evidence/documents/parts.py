"""What several documents say of a dossier in the same words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import shapely

from checks import Check, get_check
from evidence.documents.draft import BLANK
from evidence.dossier import Dossier
from evidence.exports.rows import place_of, shape_of
from evidence.sheet.blocks import finding_hash, rules, sources, verdict
from evidence.sheet.furniture import dms
from evidence.words import Words, moment
from layers.errors import RuleError

WORDS = Words("zh")
_UNVERIFIED = "以上有未核实原文的条款：引用前须核对现行有效文本。"
Row = tuple[str, str]


def subject_of(dossier: Dossier) -> str:
    """The name of what the lead is about."""
    return str(dossier.finding.get("subject_name") or dossier.finding.get("subject_id") or BLANK)


def place_rows(dossier: Dossier) -> list[Row]:
    """Where it is: words, coordinates, datum as received, error; blank where nothing is known."""
    who, finding = dossier.finding.get("subject") or {}, dossier.finding
    return [
        ("地点（文字）", str(who.get("address") or BLANK)),
        ("坐标", _coordinates(dossier)),
        ("坐标基准", _datums(dossier)),
        ("位置误差（95%）", BLANK if who.get("u_source_m") is None else f"±{who['u_source_m']:g} 米（来源）"),
        ("程序判断日期", str(finding.get("on_date") or BLANK)),
    ]  # fmt: skip


def end_rows(dossier: Dossier) -> list[Row]:
    """The points of the measurement with their coordinates."""
    line = dossier.line
    if line is not None and line.geom_type == "LineString" and not line.is_empty:
        first, last = shapely.get_coordinates(line)[[0, -1]]
        return [(WORDS("measure.start"), degrees(*first)), (WORDS("measure.end"), degrees(*last))]
    shape = shape_of(dossier)
    if shape is None:
        return []
    return [(WORDS("measure.centre"), degrees(*shapely.get_coordinates(shape.centroid)[0]))]


def degrees(lon: float, lat: float) -> str:
    """A place as it is written in papers: degrees, minutes, seconds, and decimals."""
    return f"东经 {dms(abs(lon), 'EW')[:-1]}，北纬 {dms(abs(lat), 'NS')[:-1]}（{lon:.6f}, {lat:.6f}）" if (
        lon >= 0 and lat >= 0) else f"{dms(lon, 'EW')} {dms(lat, 'NS')}（{lon:.6f}, {lat:.6f}）"  # fmt: skip


def law(dossier: Dossier) -> list[str]:
    """The rule and the articles."""
    return [f"{name}：{text}" for name, text in rules(dossier, WORDS)]


def caution(dossier: Dossier) -> str:
    """A warning where the text of a rule was not read."""
    return _UNVERIFIED if any(WORDS("rule.unverified") in text for text in law(dossier)) else ""


def attachments(dossier: Dossier) -> list[Sequence[str]]:
    """Number, name, kind, SHA-256 of what goes along; the hash of what is not made yet stays blank."""
    rows: list[tuple[str, str, str]] = [
        (f"发现记录（{dossier.number}）", "JSON", finding_hash(dossier.finding)),
        ("证据图", "PDF", BLANK), ("证据包", "ZIP", dossier.package_sha256 or BLANK)]  # fmt: skip
    rows += [(f"影像原件：{WORDS(f'picture.{one.role}')}（{moment(one.taken)}）", one.scene_id, one.sha256)
             for one in dossier.pictures]  # fmt: skip
    rows += [(f"图层：{WORDS.theme(one['theme'])}", "GeoParquet", str(one.get("sha256") or BLANK))
             for one in dossier.sources]  # fmt: skip
    return [[str(number), *row] for number, row in enumerate(rows, 1)]


def deadline_rows(dossier: Dossier) -> list[Sequence[str]]:
    """Kind, first day, last day and state of the deadlines the store counts."""
    return [[_named(one), str(one.get("started_on") or BLANK), str(one.get("due_on") or BLANK),
             _STATES.get(str(one.get("state")), str(one.get("state") or BLANK))] for one in dossier.deadlines]  # fmt: skip


def verdict_of(dossier: Dossier) -> str:
    """The verdict in Chinese words."""
    return verdict(dossier, WORDS)


def check_of(dossier: Dossier) -> Check | None:
    """The manifest of the check that found it, where there still is one."""
    try:
        return get_check(str(dossier.finding["check"])).check
    except RuleError:
        return None


def operator_of(dossier: Dossier) -> str:
    """Who works on it, as the dossier says."""
    return next((one.name for one in dossier.people if one.duty == "operator"), BLANK)


_STATES = {
    "open": "未到期",
    "met": "按期完成",
    "late": "逾期",
    "suspended": "中止计算",
    "cancelled": "取消",
}


def _named(deadline: Mapping[str, Any]) -> str:
    words = deadline.get("words") or (deadline.get("data") or {}).get("words") or {}
    return str(words.get("zh") or deadline.get("kind") or BLANK)


def _coordinates(dossier: Dossier) -> str:
    place = place_of(dossier)
    return BLANK if place is None else degrees(place.x, place.y)


def _datums(dossier: Dossier) -> str:
    none = WORDS("source.none")
    received = [
        f"{row[0]}：{row[3]}" for row in sources(dossier, WORDS) if row[3] not in (none, "none")
    ]
    told = "WGS 84（与 CGCS2000 按等同处理，差异在分米以内）"
    return f"{told}；收到时：{'；'.join(received)}" if received else told
