"""Which detectors fit what was chosen, and in words why the others do not."""

from __future__ import annotations

from dataclasses import dataclass

from shapely.geometry.base import BaseGeometry

from imagery.detectors import Detector, DetectorEntry, Shot, check_needs
from layers.errors import ImageryError
from layers.problems import error_in_language
from ui.texts import Texts

OWN_MODEL = "onnx_model"
"""Needs a file of the office, which no form asks for."""
INSIDE = {"obstruction": ("fire_lane",), "change_rgb": ("closed_site", "land_parcel", "fire_lane")}
"""Detectors that look inside outlines already known, and the layers that hold such."""
FIRST = "waste"
"""The one that needs least, first among those that fit a whole scene."""


@dataclass(frozen=True)
class Fit:
    """A detector, and why it cannot look at what was chosen; empty where it can."""

    entry: DetectorEntry
    why_not: str

    @property
    def name(self) -> str:
        """The detector's name."""
        return self.entry.detector.name

    def title(self, lang: str) -> str:
        """The detector's title in `lang`."""
        return title_of(self.entry.detector, lang)


def fits(
    entries: dict[str, DetectorEntry], shots: tuple[Shot, Shot | None], area: BaseGeometry | None,
    where: str, words: Texts,
) -> list[Fit]:  # fmt: skip
    """Every detector with what is against it, those that fit first.

    `shots`: the scene and the earlier one; `where` says what `area` is: a theme or another word.
    """
    found = []
    for name, entry in entries.items():
        known = INSIDE.get(name)
        outside = known is not None and where not in known
        why = (
            words(f"confirm.unfit.{name}")
            if outside
            else _why_not(entry.detector, *shots, area, words)
        )
        found.append(Fit(entry, why))
    return sorted(found, key=lambda one: (bool(one.why_not), where not in INSIDE.get(one.name, ())[:1], one.name != FIRST))  # fmt: skip


def title_of(detector: Detector, lang: str) -> str:
    """A detector's title."""
    title = detector.title_zh if lang == "zh" else detector.title_en
    return title[:1].upper() + title[1:]


def caveat_of(detector: Detector, lang: str) -> str:
    """What a detector cannot do."""
    return detector.caveat_zh if lang == "zh" else detector.caveat_en


def _why_not(
    one: Detector, shot: Shot, before: Shot | None, area: BaseGeometry | None, words: Texts
) -> str:
    if one.name == OWN_MODEL:
        return words("confirm.unfit.model")
    try:
        check_needs(one, shot, before, area)
    except ImageryError as error:
        return _told(one, shot, error, words)
    return ""


def _told(one: Detector, shot: Shot, error: ImageryError, words: Texts) -> str:
    """The refusal in the page's language, by the field it is about."""
    low, high = (f"{value:g}" for value in one.needs.gsd_m)
    if error.field == "before":
        wanted = "before_missing" if one.needs.reference == "required" else "before_unused"
        return words(f"confirm.unfit.{wanted}")
    if error.field == "gsd":
        return words("confirm.unfit.gsd", low=low, high=high, gsd=f"{shot.ground.gsd_m:.3g}")
    if error.field == "bands":
        most = one.needs.bands_most
        wanted = f"≥ {one.needs.bands}" if most is None else f"{one.needs.bands}–{most}"
        return words("confirm.unfit.bands", wanted=wanted)
    if error.field == "area":
        missing = one.needs.area == "required"
        return words("confirm.unfit.area_missing" if missing else "confirm.unfit.area")
    return error_in_language(error, words.lang)[0]
