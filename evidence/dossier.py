"""All that evidence says about one lead, gathered once; sheets, bundles and exports read it.

A dossier holds plain values and shapes: it can be made from the store, from a findings file or
by a test, and making a sheet from the same dossier gives the same bytes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import geopandas as gpd
from shapely import LineString
from shapely.geometry.base import BaseGeometry

from checks import Text, get_check
from layers.errors import RuleError


@dataclass(frozen=True, slots=True)
class Visit:
    """Where a photo of a visit comes from: who took it, `chosen` among the phone's files or taken by its camera.

    The phone's position (WGS 84 degrees), its error and the direction it went (degrees from north), where it told
    them; `away_m` metres from there to the subject, `beyond`: more than the errors of both allow. `size` is the
    upright original's width and height in pixels, `caption` what was written under it.
    """

    by: str
    chosen: bool
    caption: str
    size: tuple[int, int]
    lon: float | None = None
    lat: float | None = None
    accuracy_m: float | None = None
    heading: float | None = None
    away_m: float | None = None
    beyond: bool = False


@dataclass(frozen=True, slots=True)
class Picture:
    """One picture of the place, as it goes into a sheet.

    `data` is JPEG or PNG; `bounds` (west, south, east, north) in WGS 84 degrees; `gsd_m` the
    ground size of its pixels in metres; `taken` ISO with zone or day; `sha256` the original's hash.
    """

    role: Literal["before", "after", "photo"]
    data: bytes
    scene_id: str
    taken: str
    sensor: str
    gsd_m: float | None
    bounds: tuple[float, float, float, float] | None
    licence: str
    sha256: str
    u_m: float | None = None
    """Error of a position on the ground (95 %), metres."""
    width_m: float | None = None
    visit: Visit | None = None
    """Of a photo taken on a visit; it is shown whole."""

    @property
    def suffix(self) -> str:
        """Of a file that holds it."""
        return "png" if self.data.startswith(b"\x89PNG") else "jpg"

    @property
    def frame(self) -> tuple[float, float, float, float] | None:
        """What areas are drawn in: degrees of the ground; of a photo its upright original's pixels, the first
        row as the highest (0, height, width, 0).
        """
        if self.visit is None:
            return self.bounds
        width, height = self.visit.size
        return 0.0, float(height), float(width), 0.0


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who signs: `duty` in the words of the sheet (operator, reviewer, second person)."""

    duty: Literal["operator", "second_person", "reviewer", "witness"]
    name: str = ""
    identity: str = ""


@dataclass(frozen=True, slots=True)
class Beside:
    """A line measured beside the verdict (from an outline to the water): WGS 84, geodesic metres."""

    line: LineString
    metres: float


@dataclass(frozen=True)
class Dossier:
    """One lead with its finding, its place, its surroundings, its pictures and its history.

    `finding` are the properties of the finding as `checks` writes them; `line` is the measured
    line or outline, `subject` and `object` the shapes of the two, all WGS 84 degrees; `context`
    holds the rows near the place by theme. `made_at` is ISO with zone; `generated` marks data the
    project made up itself. `history` are the events about the lead, oldest first.
    """

    number: str
    lead_id: str
    finding: Mapping[str, Any]
    made_at: str
    line: BaseGeometry | None
    subject: BaseGeometry | None
    object: BaseGeometry | None = None
    state: str = "registered"
    case_number: str = ""
    context: Mapping[str, gpd.GeoDataFrame] = field(default_factory=dict)
    beside: Sequence[Beside] = ()
    pictures: Sequence[Picture] = ()
    people: Sequence[Person] = ()
    history: Sequence[Mapping[str, Any]] = ()
    deadlines: Sequence[Mapping[str, Any]] = ()
    sources: Sequence[Mapping[str, Any]] = ()
    software: str = ""
    settings_sha256: str = ""
    package_sha256: str = ""
    redacted: bool = False
    generated: bool = False
    notices: Sequence[Text] = ()
    """What a reader must know first: what is left out, what is blank."""
    watermark: str = ""
    """Who took this copy out, for whom and when; stands light on every page."""

    @property
    def title(self) -> Mapping[str, str]:
        """The check's title by language: as the finding says it, else as the catalogue does."""
        told: Mapping[str, str] = (self.finding.get("texts") or {}).get("title") or {}
        if told:
            return told
        try:
            return get_check(str(self.finding["check"])).check.title.as_dict()
        except RuleError:  # a model this office no longer has
            name = str(self.finding.get("title") or self.finding["check"])
            return {"zh": name, "en": name}
