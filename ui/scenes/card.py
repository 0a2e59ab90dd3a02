"""A scene's card as HTML: when, how well placed, by what, from which bytes. All text escaped."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from ui.docket.names import day_of as minute_of
from ui.empty import empty_html
from ui.scenes.holdings import Holdings, SceneRow
from ui.scenes.words import day_of, error_of, kind_of, pixel_of
from ui.settings import at
from ui.texts import Texts

_HASH = 16


def card(
    row: SceneRow, told: Mapping[str, Any], record: Sequence[Mapping[str, Any]], texts: Texts
) -> str:
    """The card of a scene; `told` are its item's properties, `record` its collection record."""
    generated = (
        f'<span class="y-tag y-unverified">{escape(texts("app.generated"))}</span>'
        if row.generated
        else ""
    )
    head = (
        f'<div class="y-head"><span class="y-check">{escape(kind_of(row, texts))}</span>{generated}</div>'
        f"<h2>{escape(day_of(row, texts))}</h2><p class=\"y-quiet\">{escape(row.title)}</p>"
    )  # fmt: skip
    figures = (
        '<div class="y-figures">'
        f"<div><label>{escape(texts('scene.pixel'))}</label><b>{escape(pixel_of(row, texts))}</b>"
        f"<small>{escape(texts('scene.pixel_note') if row.gsd_m else '')}</small></div>"
        f"<div><label>{escape(texts('scene.position'))}</label><b>{escape(_error(row, texts))}</b>"
        f"<small>{escape(texts.word('known_by', row.known_by or 'assumed') if row.u_m else '')}</small></div></div>"
    )  # fmt: skip
    parts = [
        head, figures, _remarks(told, texts), _section("when", _when(told, texts), texts),
        _section("placed", _placed(row, told, texts), texts),
        _section("sensor", _sensor(told, texts), texts), _lineage(told, texts),
        _record(told, record, texts),
    ]  # fmt: skip
    foot = f'<p class="y-foot">{escape(texts("scene.derived"))}</p>'
    return f'<article class="y-card">{"".join(parts)}{foot}</article>'


def photo(row: SceneRow, held: Holdings, texts: Texts) -> str:
    """The picture of a scene that the map cannot show, for its card."""
    facts = held.reader.facts(row.id)
    if facts is None:
        return ""
    source = at(f"/imagery/{row.id}/preview?width=640&v={facts.content[:16]}")
    return f'<img class="y-picture" src="{escape(source)}" alt="{escape(f"{day_of(row, texts)} · {row.title}")}">'


def empty(texts: Texts) -> str:
    """What stands where the card would be while no scene is chosen."""
    return empty_html(texts("scenes.none"), texts("scenes.none_hint"))


def _error(row: SceneRow, texts: Texts) -> str:
    return "—" if row.u_m is None else texts("card.plus_minus", value=f"{row.u_m:.3g}")


def _remarks(told: Mapping[str, Any], texts: Texts) -> str:
    remarks = told.get("yicha:remarks") or ()
    if not remarks:
        return ""
    lines = "".join(
        f"<li>{'⚠ ' if one['level'] == 'warning' else ''}{escape(one[texts.lang])}</li>"
        for one in remarks
    )
    return _section("remarks", f"<ul>{lines}</ul>", texts)


def _when(told: Mapping[str, Any], texts: Texts) -> str:
    rows = [("utc", told.get("yicha:taken_utc")),
            ("local", _joined(told.get("yicha:taken_local"), told.get("yicha:zone"))),
            ("how", texts.word("taken_how", str(told.get("yicha:taken_how", "missing")))),
            ("received", f"{minute_of(str(told['created']))} +08:00" if told.get("created") else None)]  # fmt: skip
    return _table(rows, texts)


def _placed(row: SceneRow, told: Mapping[str, Any], texts: Texts) -> str:
    placed = told.get("yicha:placed_by")
    rows = [("by", texts.word("placed_by", str(placed)) if placed else texts("scenes.unplaced")),
            ("error", error_of(row, texts)), ("crs", told.get("proj:code") or _named(told)),
            ("size", _size(told.get("proj:shape")))]  # fmt: skip
    return _table(rows, texts)


def _sensor(told: Mapping[str, Any], texts: Texts) -> str:
    rows: list[tuple[str, Any]] = [
        (
            "platform",
            texts.word("platform", str(told["platform"])) if told.get("platform") else None,
        ),
        ("instrument", ", ".join(told.get("instruments") or ()) or None),
    ]
    camera = told.get("yicha:camera") or {}
    if camera.get("height_m") is not None:
        rows.append(("height", texts("list.metres", value=f"{camera['height_m']:.1f}")))
    if camera.get("yaw") is not None:
        rows.append(("heading", texts("scene.heading_of", value=f"{camera['yaw']:.0f}")))
    return _table(rows, texts)


def _lineage(told: Mapping[str, Any], texts: Texts) -> str:
    """What was done to the scene after it came in, moves above all."""
    moves = [step for step in told.get("yicha:lineage") or () if step.get("step") == "moved"]
    decoded = next(
        (step for step in told.get("yicha:lineage") or () if step.get("step") == "decoded"), None
    )
    if not moves and decoded is None:
        return ""
    lines = (
        ""
        if decoded is None
        else f"<li>{escape(texts('scene.decoded', by=decoded['decoder']))}</li>"
    )
    lines += "".join(
        f"<li>{escape(texts('scene.moved', east=step['east_m'], north=step['north_m'], who=step['who'], how=step['how']))}"
        f'<br><span class="y-quiet">{escape(str(step["when"]))} · {escape(str(step["why"]))}</span></li>'
        for step in moves
    )
    return _section("lineage", f"<ul>{lines}</ul>", texts)


def _record(told: Mapping[str, Any], record: Sequence[Mapping[str, Any]], texts: Texts) -> str:
    people = [name for name in (told.get("yicha:collector"), told.get("yicha:second")) if name]
    rows = [("collectors", ", ".join(people) or texts("scene.nobody")),
            ("hash", f"{str(told.get('yicha:sha256', ''))[:_HASH]}…"), ("events", str(len(record)))]  # fmt: skip
    return _section("record", _table(rows, texts), texts)


def _named(told: Mapping[str, Any]) -> str | None:
    text = str(told.get("proj:wkt2") or "")
    return text.split('"')[1] if text.count('"') > 1 else None


def _joined(*parts: object) -> str | None:
    return " ".join(str(part).replace("T", " ") for part in parts if part) or None


def _size(shape: Sequence[int] | None) -> str | None:
    return None if not shape else f"{shape[1]:,} × {shape[0]:,} px"


def _table(rows: Sequence[tuple[str, Any]], texts: Texts) -> str:
    lines = "".join(f"<dt>{escape(texts(f'scene.{name}'))}</dt><dd>{escape(str(value))}</dd>"
                    for name, value in rows if value)  # fmt: skip
    return f"<dl>{lines}</dl>"


def _section(name: str, body: str, texts: Texts) -> str:
    return f'<section class="y-{name}"><h3>{escape(texts(f"scene.{name}"))}</h3>{body}</section>'
