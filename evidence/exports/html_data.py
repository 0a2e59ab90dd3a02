"""What the page shows of every lead, in both languages, as plain data."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import shapely

from evidence.dossier import Dossier
from evidence.exports.marks import notices
from evidence.exports.rows import place_of, shape_of
from evidence.exports.surroundings import encoded
from evidence.sheet.blocks import finding_hash, measurement, reasons, rules, sources, verdict
from evidence.sheet.furniture import dms
from evidence.sheet.styles import BESIDE, MEASURED, OUTLINE, STYLES, SUBJECT, Style
from evidence.words import Lang, Words, moment

_PAGE = ("title", "leads", "nowhere", "other", "legend", "north", "library", "data", "record", "empty", "around")  # fmt: skip
_BLOCKS = ("measurement", "reasons", "rule", "sources")
_LANGS: tuple[Lang, ...] = ("zh", "en")


def page_data(dossiers: Sequence[Dossier], *, watermark: str) -> dict[str, Any]:
    """Words, styles and leads; the surroundings are added by who knows how much room there is."""
    return {
        "watermark": watermark,
        "words": {lang: _words(Words(lang)) for lang in _LANGS},
        "notices": {lang: list(dict.fromkeys(said for one in dossiers for said in notices(one, Words(lang))))
                    for lang in _LANGS},
        "styles": {name: _style(one) for name, one in STYLES.items()},
        "drawn": {name: _style(one) for name, one in
                  (("subject", SUBJECT), ("line", MEASURED), ("outline", OUTLINE), ("beside", BESIDE))},
        "leads": [_lead(one) for one in dossiers],
        "made_at": moment(dossiers[0].made_at) if dossiers else "",
    }  # fmt: skip


def _words(words: Words) -> dict[str, str]:
    told = {name: words(f"page.{name}", count="{count}", radius="{radius}") for name in _PAGE}
    return {**told, **{name: words(f"block.{name}") for name in _BLOCKS}, "crs": words("table.crs"),
            "made": words("sheet.made")}  # fmt: skip


def _style(style: Style) -> dict[str, Any]:
    return {"zh": style.zh, "en": style.en, "kind": style.kind, "face": style.face, "edge": style.edge,
            "width": style.width, "dash": style.dash, "size": style.size, "order": style.order}  # fmt: skip


def _lead(dossier: Dossier) -> dict[str, Any]:
    place = place_of(dossier)
    return {
        "number": dossier.number, "verdict": dossier.finding["verdict"],
        "subject": str(dossier.finding.get("subject_name") or dossier.finding.get("subject_id") or ""),
        "title": _both(lambda words: words.of(dossier.title)),
        "said": _both(lambda words: verdict(dossier, words)),
        "place": None if place is None else [round(float(place.y), 7), round(float(place.x), 7)],
        "shapes": [] if dossier.line is None else encoded(dossier.line),
        "subject_shapes": [] if dossier.subject is None or isinstance(dossier.subject, shapely.Point)
        else encoded(dossier.subject),
        "beside": [{"shapes": encoded(one.line), "metres": round(one.metres, 1)} for one in dossier.beside],
        "rows": _both(lambda words: [*measurement(dossier, None, words), *_ends(dossier, words)]),
        "reasons": _both(lambda words: reasons(dossier, words)),
        "rules": _both(lambda words: rules(dossier, words)),
        "sources": _both(lambda words: sources(dossier, words)),
        "record": finding_hash(dossier.finding),
    }  # fmt: skip


def _ends(dossier: Dossier, words: Words) -> list[tuple[str, str]]:
    """Both ends of what was measured, or its middle, in degrees."""
    line = dossier.line
    if line is not None and line.geom_type == "LineString" and not line.is_empty:
        first, last = shapely.get_coordinates(line)[[0, -1]]
        return [(words("measure.start"), _degrees(*first)), (words("measure.end"), _degrees(*last))]
    shape = shape_of(dossier)
    if shape is None:
        return []
    lon, lat = shapely.get_coordinates(shape.centroid)[0]
    return [(words("measure.centre"), _degrees(lon, lat))]


def _degrees(lon: float, lat: float) -> str:
    return f"{dms(lon, 'EW')} {dms(lat, 'NS')}（{lon:.6f}, {lat:.6f}）"


def _both(say: Callable[[Words], Any]) -> Mapping[str, Any]:
    return {lang: say(Words(lang)) for lang in _LANGS}
