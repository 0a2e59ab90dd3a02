"""Which detectors fit what was chosen, and in words why the others do not."""

from __future__ import annotations

from dataclasses import dataclass

from shapely.geometry.base import BaseGeometry

from imagery.detectors import Detector, DetectorEntry, Shot, check_needs
from layers.errors import ImageryError
from ui.texts import Texts

OWN_MODEL = "onnx_model"
"""Needs a file of the office, which no form asks for."""
FIRST = ("waste", "obstruction")
"""Those whose candidates a check asks about by themselves."""


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
    entries: dict[str, DetectorEntry], shot: Shot, before: Shot | None, area: BaseGeometry | None,
    words: Texts,
) -> list[Fit]:  # fmt: skip
    """Every detector with what is against it, those that fit first."""
    found = [Fit(entry, _why_not(entry.detector, shot, before, area, words))
             for entry in entries.values()]  # fmt: skip
    return sorted(found, key=lambda one: (bool(one.why_not), one.name not in FIRST))


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
    return error.problem
