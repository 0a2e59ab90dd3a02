"""A finding about a candidate: its chips and figures on the card, its outline on the map."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from html import escape
from typing import Any, Protocol

import shapely

from checks import Finding
from imagery.detectors import catalogue
from imagery.queue import Candidate, Queue
from layers import LayerSet
from layers.errors import YichaError
from ui.confirm.fits import caveat_of
from ui.confirm.routes import Scale, Which, chip_url
from ui.scenes.holdings import Holdings
from ui.texts import Texts
from ui.words import metres


class Sighting(Protocol):
    """What is shown of a candidate: a finding, or what a lead holds of one."""

    @property
    def subject_theme(self) -> str | None:
        """The candidate's theme."""

    @property
    def subject_id(self) -> str | None:
        """Its id."""

    @property
    def facts(self) -> Mapping[str, Any]:
        """Its figures."""

    @property
    def measured_low(self) -> float | None:
        """Least distance, in metres."""

    @property
    def measured_high(self) -> float | None:
        """Greatest distance, in metres."""


@dataclass(frozen=True, slots=True)
class Told:
    """What a lead holds of a finding about a candidate."""

    subject_theme: str | None
    subject_id: str | None
    facts: Mapping[str, Any]
    measured_low: float | None
    measured_high: float | None


def told_of(finding: Mapping[str, Any]) -> Told:
    """The same from a finding as the store keeps it."""
    get = finding.get
    return Told(
        get("subject_theme"),
        get("subject_id"),
        get("facts") or {},
        get("measured_low"),
        get("measured_high"),
    )


Rings = list[list[list[list[float]]]]
_DIGITS = 7


def seen_section(finding: Sighting | None, held: Holdings | None, words: Texts) -> str:
    """Chips before and after, area, distance to water and who confirmed it, as HTML.

    Nothing for findings about anything else; without chips for a candidate no queue knows.
    """
    if finding is None or finding.subject_theme not in themes():
        return ""
    one = None if held is None else _candidate(Queue.open(held.store), finding.subject_id)
    parts = [_figures(finding, words)]
    if one is not None and held is not None:
        parts = [_chips(one, held, words), *parts, _confirmed(one, words)]
    return (
        f'<section class="y-seen"><h3>{escape(words("card.seen"))}</h3>{"".join(parts)}</section>'
    )


def scenes_of(finding: Sighting | None, held: Holdings | None) -> tuple[str, str | None] | None:
    """The scene a candidate was seen in and the one before it; `None` for anything else."""
    if finding is None or held is None or finding.subject_theme not in themes():
        return None
    one = _candidate(Queue.open(held.store), finding.subject_id)
    return None if one is None else (one.scene_id, one.before_id)


def outline_of(finding: Finding | None, layers: LayerSet) -> Rings:
    """The subject's outline as polygons of rings of (lat, lon); empty for anything but a candidate."""
    theme = finding.subject_theme if finding else None
    if finding is None or theme not in themes() or theme not in layers:
        return []
    frame = layers[theme].placed
    shapes = frame.geometry[frame["id"].astype(str) == finding.subject_id]
    return [rings for shape in shapes for rings in rings_of(shape)]


def rings_of(shape: shapely.Geometry) -> Rings:
    """Polygons of rings of (lat, lon), as Leaflet takes them."""
    polygons = [part for part in shapely.get_parts(shape) if part.geom_type == "Polygon"]
    return [[_flipped(ring) for ring in (one.exterior, *one.interiors)] for one in polygons]


def themes() -> frozenset[str]:
    """Themes of what detectors return."""
    return frozenset(entry.detector.theme for entry in catalogue().values())


def _flipped(ring: shapely.Geometry) -> list[list[float]]:
    points = shapely.get_coordinates(ring)[:-1]
    return [[round(float(lat), _DIGITS), round(float(lon), _DIGITS)] for lon, lat in points]


def _candidate(queue: Queue, subject: str | None) -> Candidate | None:
    try:
        return queue.candidate(subject) if subject else None
    except YichaError:
        return None


def _chips(one: Candidate, held: Holdings, words: Texts) -> str:
    """Before beside after where there were two dates, else near beside wide; each opens whole."""
    before = held.by_id(one.before_id)
    after = _chip(one, "near", "after", one.day or words("panel.after"))
    if before is None:
        return f'<div class="y-chips">{after}{_chip(one, "wide", "after", words("confirm.wide"))}</div>'
    day = before.day or words("panel.before")
    return f'<div class="y-chips">{_chip(one, "near", "before", day)}{after}</div>'


def _chip(one: Candidate, scale: Scale, which: Which, name: str) -> str:
    address = escape(chip_url(one, scale, which))
    return (f'<figure><a href="{address}" target="_blank" rel="noopener"><img src="{address}" alt="{escape(name)}" '
            f'width="512" height="512"></a><figcaption>{escape(name)}</figcaption></figure>')  # fmt: skip


def _figures(finding: Sighting, words: Texts) -> str:
    """Area in m² and mu, and the distance to water, each with its error."""
    facts, boxes = finding.facts, []
    number: Callable[[str], float | None] = lambda name: _number(facts.get(name))  # noqa: E731
    m2, mu, shore = number("area_m2"), number("area_mu"), number("shore_m")
    if m2 is not None and mu is not None:
        u_m2, u_mu = number("u_area_m2") or 0.0, number("u_area_mu") or 0.0
        boxes.append((words("confirm.mu_name"), words("confirm.mu", value=f"{mu:.2f}", u=f"{u_mu:.2f}"),
                      words("confirm.m2", value=f"{m2:,.0f}", u=f"{u_m2:,.0f}")))  # fmt: skip
    if shore is not None:
        low, high = finding.measured_low, finding.measured_high
        band = "" if low is None or high is None else f"[{low:.1f}, {high:.1f}]"
        boxes.append((words("card.to_water"), metres(shore, words),
                      " ".join(filter(None, (band, str(facts.get("water_name") or ""))))))  # fmt: skip
    cells = "".join(f"<div><label>{escape(name)}</label><b>{escape(value)}</b><small>{escape(under)}</small></div>"
                    for name, value, under in boxes)  # fmt: skip
    return f'<div class="y-figures">{cells}</div>' if cells else ""


def _confirmed(one: Candidate, words: Texts) -> str:
    """Who said what of it, whose outline it is, and what the method cannot do."""
    said = words.word("confirm.answers", one.answer or "open")
    who = " · ".join(part for part in (said, one.actor, (one.at or "")[:10]) if part)
    rows = [(words("card.confirmed"), who),
            (words("confirm.outline"), words.word("confirm.outline_by", one.outline_by)),
            (words("confirm.score"), f"{one.score:.2f} · {one.detector}")]  # fmt: skip
    lines = "".join(f"<dt>{escape(name)}</dt><dd>{escape(value)}</dd>" for name, value in rows)
    entry = catalogue().get(one.detector.split(" ")[0])
    caveat = escape(caveat_of(entry.detector, words.lang) if entry else words("confirm.by_hand"))
    return (f'<dl>{lines}</dl><details><summary>{escape(words("panel.caveat"))}</summary>'
            f"<p>{caveat}</p></details>")  # fmt: skip


def _number(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) and value == value else None  # noqa: PLR0124 - NaN
