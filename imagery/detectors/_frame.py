"""What a detector is: its manifest, what it needs, and the catalogue found by walking the folder.

A file `imagery/detectors/<name>.py` offers `DETECTOR`, a frozen dataclass `Settings` and `detect`.
Nothing else is registered anywhere. A detector returns a layer of candidates, never a finding:
what it sees is outlined and measured, a check asks, a person confirms.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal, Protocol

import shapely
from shapely.geometry.base import BaseGeometry

from imagery.align import Ground
from imagery.scene import Scene
from layers import Layer
from layers.errors import ImageryError

Asked = Literal["no", "optional", "required"]


@dataclass(frozen=True, slots=True)
class Needs:
    """What must be given: at least `bands` bands, a pixel of `gsd_m` metres (from, to) on the ground.

    `reference`: an earlier scene of the same ground; `area`: a polygon to look into.
    `bands_most` bounds the bands where more would be another kind of scene.
    """

    gsd_m: tuple[float, float]
    bands: int = 3
    bands_most: int | None = None
    reference: Asked = "no"
    area: Asked = "optional"


@dataclass(frozen=True, slots=True)
class Detector:
    """A detector's manifest, complete in both languages.

    `theme` names the layer it returns; `caveat_*` says what it cannot do, with the measured
    figure; `measured` is the day the figures were measured, `figures` where they stand.
    """

    name: str
    version: str
    theme: str
    needs: Needs
    title_zh: str
    title_en: str
    caveat_zh: str
    caveat_en: str
    measured: str | None = None
    figures: tuple[tuple[str, str], ...] = ()
    """Pairs of what was measured (data and split) and the figure, for the model card."""

    @property
    def label(self) -> str:
        """Name and version, as written on every candidate."""
        return f"{self.name} {self.version}"


@dataclass(frozen=True)
class Shot:
    """A scene as a detector is handed it: the raster and the id it is known by."""

    id: str
    scene: Scene
    sha256: str = ""
    """Hash of the original file, as the store keeps it."""
    generated: bool = False
    """Made up by the project itself (the demo county)."""

    @property
    def ground(self) -> Ground:
        """Where it lies; raises `ImageryError` for a scene that lies nowhere."""
        return Ground.of(self.scene)

    @property
    def day(self) -> str | None:
        """The day it was taken, ISO."""
        return self.scene.taken.day


class Detect(Protocol):
    """What a detector does."""

    def __call__(
        self,
        shot: Shot,
        settings: Any = None,  # noqa: ANN401 - each detector has settings of its own
        *,
        before: Shot | None = None,
        area: BaseGeometry | None = None,
        progress: Callable[[int, int], None] | None = None,
        cancelled: Callable[[], bool] | None = None,
    ) -> Layer:
        """Candidates in `shot` (against `before`) inside `area` (WGS 84 degrees)."""


@dataclass(frozen=True, slots=True)
class DetectorEntry:
    """A detector of the catalogue: its manifest, its function, its settings, its module."""

    detector: Detector
    detect: Detect
    settings: type[Any]
    module: str


@cache
def catalogue() -> dict[str, DetectorEntry]:
    """Every detector by name, in the order of the files.

    Raises `ImageryError` where a file of the folder is not a detector.
    """
    found: dict[str, DetectorEntry] = {}
    for one in pkgutil.iter_modules([str(Path(__file__).parent)]):
        if not one.name.startswith("_"):
            entry = _entry(f"imagery.detectors.{one.name}")
            found[entry.detector.name] = entry
    return found


def detector(name: str) -> DetectorEntry:
    """The detector called `name`; raises `ImageryError` naming the known ones."""
    try:
        return catalogue()[name]
    except KeyError:
        raise ImageryError(f"there is no detector {name!r}", field="detector",
                           remedy=f"use one of {', '.join(catalogue())}") from None  # fmt: skip


def _entry(module_name: str) -> DetectorEntry:
    module = importlib.import_module(module_name)
    try:
        made = DetectorEntry(module.DETECTOR, module.detect, module.Settings, module_name)
    except AttributeError as error:
        raise ImageryError(f"{module_name} is no detector: {error}", field="detector",
                           remedy="give it DETECTOR, Settings and detect, or a name that begins with _") from error  # fmt: skip
    if module_name.rsplit(".", 1)[-1] != made.detector.name:
        raise ImageryError(f"{module_name} calls itself {made.detector.name!r}", field="detector",
                           remedy="give the file and the detector one name")  # fmt: skip
    return made


def check_needs(one: Detector, shot: Shot, before: Shot | None, area: BaseGeometry | None) -> None:
    """Refuse what the detector was not made for; raises `ImageryError` that says what to do."""
    _check_given(one, before, area)
    for each in [shot] if before is None else [before, shot]:
        _check_raster(one, each)
    if area is not None and not shapely.intersects(shot.ground.footprint, area):
        raise ImageryError("the area lies outside the scene", field="area", file=shot.scene.source,
                           remedy="choose a scene that covers it: `python -m imagery search --bbox …`")  # fmt: skip


def _check_given(one: Detector, before: Shot | None, area: BaseGeometry | None) -> None:
    if one.needs.reference == "required" and before is None:
        raise ImageryError(f"{one.name} compares two dates and got one scene", field="before",
                           remedy="give an earlier scene of the same ground (--before)")  # fmt: skip
    if one.needs.reference == "no" and before is not None:
        raise ImageryError(f"{one.name} looks at one scene", field="before",
                           remedy="leave the earlier scene out")  # fmt: skip
    if one.needs.area == "required" and area is None:
        raise ImageryError(f"{one.name} looks only inside outlines that are known", field="area",
                           remedy="give the outline of the site or lane (--area)")  # fmt: skip
    if area is not None and (area.is_empty or area.area == 0):
        raise ImageryError("the area has no extent", field="area",
                           remedy="give a polygon in degrees (WGS 84)")  # fmt: skip


def _check_raster(one: Detector, shot: Shot) -> None:
    low, high = one.needs.gsd_m
    gsd = shot.ground.gsd_m
    if not low <= gsd <= high:
        raise ImageryError(
            f"a pixel is {gsd:.3g} m, {one.name} was made for {low:g} to {high:g} m",
            field="gsd", file=shot.scene.source,
            remedy="choose a detector for this ground size: `python -m imagery detectors`",
        )  # fmt: skip
    bands = sum(band.name != "alpha" for band in shot.scene.bands)
    most = one.needs.bands_most
    if bands and (bands < one.needs.bands or (most is not None and bands > most)):
        wanted = f"{one.needs.bands}" + (" or more" if most is None else f" to {most}")
        raise ImageryError(
            f"the scene has {bands} bands, {one.name} needs {wanted}", field="bands",
            file=shot.scene.source, remedy="choose another scene, or a detector for these bands",
        )  # fmt: skip
