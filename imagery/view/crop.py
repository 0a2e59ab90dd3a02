"""Crops for evidence: a stated piece of ground, at a stated scale, the same for every date."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from imagery.formats import open_raster
from imagery.scene import Scene, Taken
from imagery.store import Store
from imagery.view import mercator
from imagery.view.facts import ViewFacts
from imagery.view.grid import Mapping
from imagery.view.opened import OpenView
from imagery.view.render import chosen, displayed
from imagery.view.source import Layout, Picture, layout_of
from imagery.view.stored import original_scene, taken_of
from imagery.view.warp import Place, Warped, warp
from layers.datum.ground import ground_crs, local_plane
from layers.errors import ImageryError
from layers.measures import geodesic_distance

MOST_PIXELS = 40_000_000
_COARSE = 4.0
"""From so many original pixels per crop pixel on, the view's coarser levels are read instead."""


@dataclass(frozen=True)
class Frame:
    """A rectangle of ground, north up, and the pixels it is shown in.

    `lon`, `lat` its middle (WGS 84), `width_m`, `height_m` its size on the ground, `width` and
    `height` in pixels. Two crops of one frame lie on each other pixel by pixel.
    """

    lon: float
    lat: float
    width_m: float
    height_m: float
    width: int
    height: int

    def __post_init__(self) -> None:
        sides = (self.width_m, self.height_m, self.width, self.height)
        if not all(0 < side < math.inf for side in sides) or self.width * self.height > MOST_PIXELS:
            raise ImageryError("the crop is empty or too large", field="frame",
                               remedy="ask for at most 40 megapixels")  # fmt: skip

    @classmethod
    def around(
        cls, lon: float, lat: float, width_m: float, width: int, *, aspect: float = 1.0
    ) -> Frame:
        """`width_m` metres around a point, `width` pixels wide; `aspect` = height / width."""
        height = max(1, round(width * aspect))
        return cls(lon, lat, width_m, width_m * height / width, width, height)

    @classmethod
    def at_scale(
        cls, lon: float, lat: float, scale: float, size_mm: tuple[float, float], *, dpi: int = 300
    ) -> Frame:
        """A print `size_mm` (width, height) at 1 : `scale`, `dpi` pixels an inch."""
        width, height = (max(1, round(side / 25.4 * dpi)) for side in size_mm)
        metres = 0.0254 / dpi * scale
        return cls(lon, lat, width * metres, height * metres, width, height)

    @classmethod
    def of_bounds(cls, bounds: Sequence[float], width: int) -> Frame:
        """The ground between west, south, east, north (degrees), measured at its middle."""
        west, south, east, north = bounds
        lon, lat = (west + east) / 2, (south + north) / 2
        across = geodesic_distance(np.array([west, lon]), np.array([lat, south]),
                                   np.array([east, lon]), np.array([lat, north]))  # fmt: skip
        height = max(1, round(width * float(across[1]) / float(across[0])))
        return cls(lon, lat, float(across[0]), float(across[1]), width, height)

    @property
    def pixel_m(self) -> float:
        """Metres on the ground per pixel (across)."""
        return self.width_m / self.width

    @property
    def crs(self) -> str:
        """WKT of the plane around the middle, in metres."""
        return local_plane(self.lon, self.lat)

    @property
    def transform(self) -> tuple[float, float, float, float, float, float]:
        """From pixels to metres east and north of the middle (corner of the first pixel = 0)."""
        return (self.width_m / self.width, 0.0, -self.width_m / 2,
                0.0, -self.height_m / self.height, self.height_m / 2)  # fmt: skip

    def degrees(self, column: np.ndarray, row: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """WGS 84 longitude and latitude of pixel coordinates."""
        a, _, c, _, e, f = self.transform
        return ground_crs(self.crs).to_wgs84(a * column + c, e * row + f)


@dataclass(frozen=True)
class Crop:
    """A scene within a frame.

    `array` (bands, rows, columns) as stored, 0 where not valid; `mask` (rows, columns) of 0 and
    255. `of` says whether the pixels come from the original or the view copy. `gsd_m` is the ground
    size of the scene's own pixels, `u_m` the error of a position on the ground (95 %), metres.
    """

    scene_id: str
    frame: Frame
    array: np.ndarray
    mask: np.ndarray
    bands: tuple[str, ...]
    of: str
    taken: Taken
    gsd_m: float | None
    u_m: float | None
    known_by: str | None
    sha256: str | None
    title: str
    facts: ViewFacts
    numbers: tuple[int, ...]

    @cached_property
    def picture(self) -> np.ndarray:
        """Colours as a person sees them (rows, columns, 3) uint8, white where nothing is valid."""
        at = [number - 1 for number in self.numbers]
        seen = displayed(self.array[at], self.facts, self.numbers)
        seen[self.mask == 0] = 255
        return seen

    @property
    def covered(self) -> float:
        """Share of the frame the scene shows, 0 to 1."""
        return float(np.count_nonzero(self.mask)) / self.mask.size

    @property
    def scale_bar_m(self) -> float:
        """A round length (1, 2 or 5 × 10ⁿ metres) of about a quarter of the width."""
        return round_length(self.frame.width_m / 4)


def round_length(metres: float) -> float:
    """The largest of 1, 2, 5 × 10ⁿ that is not longer than `metres`."""
    power = 10.0 ** math.floor(math.log10(metres))
    return power * max(step for step in (1, 2, 5) if step * power <= metres * (1 + 1e-9))


def cut(
    store: Store, view: OpenView | None, scene_id: str, frame: Frame,
    bands: Sequence[str] | str | None,
) -> Crop:  # fmt: skip
    """The scene's pixels within `frame`; an empty mask where the scene does not reach.

    Raises `ImageryError` for a scene without a view copy or a place.
    """
    document = store.document(scene_id)
    told = document["properties"]
    if view is None or not view.facts.placed:
        raise ImageryError("the scene lies nowhere on the ground", field=scene_id,
                           remedy="place it by hand, or state its reference system")  # fmt: skip
    scene = original_scene(store, scene_id)
    gsd = told.get("gsd")
    if scene is not None and gsd is not None and frame.pixel_m / gsd < _COARSE:
        found, of = _of_original(scene, frame), "original"
    else:
        found, of = _of_view(view, frame), "view"
    shape = (frame.height, frame.width)
    array, mask = found or (np.zeros((*shape, len(view.facts.bands)), view.facts.dtype),
                            np.zeros(shape, np.uint8))  # fmt: skip
    return Crop(
        scene_id, frame, np.ascontiguousarray(array.transpose(2, 0, 1)), mask, view.facts.bands, of,
        taken_of(told), gsd, told.get("yicha:u_m"), told.get("yicha:known_by"),
        told.get("yicha:sha256"), told.get("title", ""), view.facts, chosen(view.facts, bands),
    )  # fmt: skip


def _of_original(scene: Scene, frame: Frame) -> Warped | None:
    mapping = Mapping(scene)
    place: Place = lambda across, down: mapping.pixels(*frame.degrees(across, down))  # noqa: E731
    with open_raster(scene.source, scene.driver) as dataset:
        layout = layout_of(dataset, scene)
        found = warp(Picture(layout, dataset), place, (frame.height, frame.width))
    if found is None or not layout.rgb:
        return found
    return found[0][:, :, ::-1], found[1]


def _of_view(view: OpenView, frame: Frame) -> Warped | None:
    """From the level of the view that is just finer than the frame asks."""
    dataset, facts = view.dataset, view.facts
    ratio = frame.pixel_m / (facts.pixel_m or frame.pixel_m)
    factor = max((f for f in (1, *dataset.overviews(1)) if f <= max(1.0, ratio)), default=1)
    transform: Any = dataset.transform

    def place(across: np.ndarray, down: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        x, y = mercator.to_plane(*frame.degrees(across, down))
        size = transform.a * factor
        return (x - transform.c) / size, (transform.f - y) / size

    layout = Layout(
        tuple(dataset.indexes), facts.bands, facts.common, facts.dtype, False, True, None, None
    )
    picture = _Level(layout, dataset, factor)
    return warp(picture, place, (frame.height, frame.width))


class _Level(Picture):
    """One level of a view copy as if it were a picture of its own."""

    def __init__(self, layout: Layout, dataset: Any, factor: int) -> None:  # noqa: ANN401 - a rasterio dataset
        super().__init__(layout, dataset)
        self._factor = factor

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of the level in pixels."""
        return self._dataset.width // self._factor, self._dataset.height // self._factor

    def read(
        self, left: int, top: int, right: int, bottom: int, step: int = 1
    ) -> tuple[np.ndarray, np.ndarray | None]:
        """Pixels of the level and their validity; see `Picture.read`."""
        times = self._factor
        return super().read(left * times, top * times, right * times, bottom * times, times * step)
