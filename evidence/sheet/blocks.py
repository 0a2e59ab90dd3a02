"""The blocks of a sheet as plain rows of text: what stands beside and below the map."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import shapely

from checks import METHOD_WORDS, Text, get_check, verdict_words
from evidence.dossier import Dossier
from evidence.sheet.frame import MapFrame
from evidence.sheet.furniture import dms
from evidence.words import METRE, Words
from layers.errors import RuleError
from layers.shelf import stale_sources
from office.canonical import canonical, sha256

Row = tuple[str, str]
_HASH = 16


def finding_hash(finding: Mapping[str, Any]) -> str:
    """SHA-256 of the finding's properties as canonical JSON: what the sheet's code stands for."""
    return sha256(canonical(finding))


def verdict(dossier: Dossier, words: Words) -> str:
    """The verdict in words: of a distance, or of records compared."""
    finding = dossier.finding
    return words.of(verdict_words(finding["verdict"], finding.get("unit")))


def measurement(dossier: Dossier, frame: MapFrame | None, words: Words) -> list[Row]:
    """Value, interval, error parts, limit, method and both end points, each with its unit."""
    f = dossier.finding
    rows: list[Row] = [(words("measure.subject"), _subject(f))]
    who = f.get("subject") or {}
    for key, name in (("address", "address"), ("credit_code", "credit"), ("licence_no", "licence")):
        if who.get(key):
            rows.append((words(f"measure.{name}"), str(who[key])))
    if f.get("object_name"):
        rows.append((words("measure.object"), str(f["object_name"])))
    rows += _numbers(f, words)
    rows += _area(f.get("facts") or {}, words)
    if frame is not None:
        rows += _ends(dossier, frame, words)
    return rows


def reasons(dossier: Dossier, words: Words) -> list[str]:
    """The sentences of the finding."""
    texts = (dossier.finding.get("texts") or {}).get("reasons")
    if texts:
        return [words.of(one) for one in texts]
    return [str(one) for one in dossier.finding.get("reasons", ())]


def rules(dossier: Dossier, words: Words) -> list[Row]:
    """The rule applied and the articles it rests on, with dates; unverified ones say so."""
    f = dossier.finding
    rows: list[Row] = []
    rule = f.get("rule_text")
    if rule:
        document = rule["document"]
        text = [f"《{document['title']}》{document.get('number') or ''}"]
        if rule.get("article"):
            text.append(words("rule.article", article=rule["article"]))
        text.append(_dates(rule["in_force_from"], rule["in_force_to"], words))
        rows.append((words("rule.local" if not rule["national"] else "rule.law"),
                     _marked(" ".join(text), bool(rule["verified"]), words)))  # fmt: skip
    return rows + [(words("rule.law"), one) for one in _law(f, words)]


def sources(dossier: Dossier, words: Words) -> list[tuple[str, ...]]:
    """A row per layer: what, who, when, datum as received, licence, hash."""
    none = words("source.none")
    made: list[tuple[str, ...]] = []
    for layer in dossier.sources or dossier.finding.get("layers", ()):
        parts = layer.get("sources") or [layer]
        made.append((
            words.theme(layer["theme"]),
            _joined(parts, ("owner", "source"), none),
            _joined(parts, ("state_of", "retrieved"), none) + _stale(layer, parts, dossier, words),
            _joined(parts, ("datum",), none), _joined(parts, ("licence",), none),
            str(layer.get("sha256") or none)[:_HASH],
        ))  # fmt: skip
    return made


def _stale(
    layer: Mapping[str, Any], parts: Sequence[Mapping[str, Any]], dossier: Dossier, words: Words
) -> str:
    """What is said behind the date of a source that should have come anew by the day of the finding."""
    ages = stale_sources(
        [{"theme": str(layer["theme"]), "sources": parts}], str(dossier.finding["on_date"])
    )
    return "".join(f" {words('source.stale', days=age.age_days, period=age.period.days)}"
                   if age.state == "stale" else f" {words('source.undated')}" for age in ages)  # fmt: skip


def integrity(dossier: Dossier, words: Words) -> list[Row]:
    """What ties the paper to the data."""
    return [
        (words("integrity.lead"), dossier.lead_id),
        (words("integrity.finding"), finding_hash(dossier.finding)),
        (words("integrity.package"), dossier.package_sha256 or words("integrity.no_package")),
        (words("integrity.settings"), dossier.settings_sha256 or words("source.none")),
        (words("integrity.software"), dossier.software or words("source.none")),
    ]


def _numbers(f: Mapping[str, Any], words: Words) -> list[Row]:
    unit = METRE[words.main] if f.get("unit") in ("m", "metres") else str(f.get("unit") or "")
    rows: list[Row] = []
    if f.get("measured") is not None:
        rows.append((words("measure.value"), f"{_rounded(f)} {unit}".strip()))
    if f.get("measured_low") is not None:
        rows.append(
            (
                words("measure.interval"),
                f"{f['measured_low']:.1f} – {f['measured_high']:.1f} {unit}",
            )
        )
    if f.get("error_parts"):
        parts = "；".join(
            f"{_part(name, words)} {value:.1f}" for name, value in f["error_parts"].items() if value
        )
        rows.append((words("measure.band"), f"±{f['error_band']:.1f} {unit} ({parts})"))
    if f.get("limit") is not None:
        compared = words(f"compare.{f['comparator']}") if f.get("comparator") else ""
        rows.append((words("measure.limit"), f"{f['limit']:g} {unit} · {compared}".rstrip(" ·")))
    method = METHOD_WORDS.get(str(f.get("method")))
    rows.append(
        (words("measure.method"), words.of(method) if method else str(f.get("method") or ""))
    )
    return rows


def _rounded(f: Mapping[str, Any]) -> str:
    """As many decimals as the error band gives sense to; a count or a sum as it is."""
    if f.get("error_band") is None:
        return f"{f['measured']:g}"
    return f"{f['measured']:.{1 if f['error_band'] >= 0.5 else 2}f}"


def _area(facts: Mapping[str, Any], words: Words) -> list[Row]:
    rows: list[Row] = []
    if facts.get("area_m2") is not None:
        mu = facts.get("area_mu")
        rows.append((words("measure.area"), words("measure.area_value", m2=f"{facts['area_m2']:,.0f}",
                     u=f"{facts.get('u_area_m2') or 0:,.0f}", mu=f"{mu:.2f}" if mu is not None else "–")))  # fmt: skip
    if facts.get("shore_m") is not None:
        rows.append(
            (
                words("measure.shore"),
                f"{facts['shore_m']:.1f} m {facts.get('water_name') or ''}".strip(),
            )
        )
    return rows


def _ends(dossier: Dossier, frame: MapFrame, words: Words) -> list[Row]:
    line = dossier.line
    if line is not None and line.geom_type == "LineString":
        first, last = shapely.get_coordinates(line)[[0, -1]]
        return [(words("measure.start"), _place(first[0], first[1], frame, words)),
                (words("measure.end"), _place(last[0], last[1], frame, words))]  # fmt: skip
    shape = line if line is not None and not line.is_empty else dossier.subject
    if shape is None or shape.is_empty:
        return []
    lon, lat = shapely.get_coordinates(shape.centroid)[0]
    return [(words("measure.centre"), _place(lon, lat, frame, words))]


def _place(lon: float, lat: float, frame: MapFrame, words: Words) -> str:
    x, y = shapely.get_coordinates(frame.plane.to_plane(shapely.Point(lon, lat)))[0]
    grid = words("measure.grid", east=f"{x:.1f}", north=f"{y:.1f}")
    return f"{dms(lon, 'EW')} {dms(lat, 'NS')}（{lon:.6f}, {lat:.6f}）· {grid}"


def _law(f: Mapping[str, Any], words: Words) -> list[str]:
    basis = (f.get("facts") or {}).get("basis")
    if basis:
        return [_marked(f"{words.of(one['title'])} {words('rule.article', article=one['article'])} "
                        f"{_dates(one['effective_from'], one['effective_to'], words)}: {words.of(one['says'])}",
                        bool(one["verified"]), words) for one in basis]  # fmt: skip
    try:
        check = get_check(str(f["check"])).check
    except RuleError:
        return []
    return [_marked(f"{words.of(one.title)} {words('rule.article', article=one.article)} "
                    f"{_dates(one.effective_from, one.effective_to, words)}"
                    + (f": {words.of(one.says)}" if one.says.zh else ""), one.verified, words)
            for one in check.basis_on(str(f["on_date"]))]  # fmt: skip


def _dates(start: str, end: str, words: Words) -> str:
    until = Text("", "") if end.startswith("9999") else Text(f"，至 {end}", f" to {end}")
    return words("rule.dates", start=start, end=until)


def _marked(text: str, verified: bool, words: Words) -> str:
    return text if verified else f"{text} {words('rule.unverified')}"


def _part(name: str, words: Words) -> str:
    return words(f"part.{name}") if words.has(f"part.{name}") else name


def _subject(f: Mapping[str, Any]) -> str:
    return str(f.get("subject_name") or f.get("subject_id") or "")


def _joined(parts: list[Mapping[str, Any]], keys: tuple[str, ...], none: str) -> str:
    found = [str(part[key]) for part in parts for key in keys if part.get(key)]
    return " / ".join(dict.fromkeys(found)) or none
