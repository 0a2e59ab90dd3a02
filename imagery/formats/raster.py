"""One checked raster file with what GDAL says about it: the common ground of all formats."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from imagery.formats.remarks import remark
from imagery.guard.child import probe_apart
from imagery.guard.header import DRIVER_OF, check_file
from imagery.guard.limits import Limits
from imagery.guard.magic import Format
from imagery.guard.raster import damaged
from imagery.guard.shape import Shape, check_shape
from imagery.scene import Band, MaskKind, Remark
from layers.errors import ImageryError

_NO_TRANSFORM = [1.0, 0.0, 0.0, 0.0, 1.0, 0.0]
_COLOURS = {"red": "red", "green": "green", "blue": "blue"}
_NAMES = {
    "red": "red", "vis-red": "red", "r": "red", "green": "green", "vis-green": "green", "g": "green",
    "blue": "blue", "vis-blue": "blue", "b": "blue", "nir": "nir", "near infrared": "nir",
    "rededge": "rededge", "red edge": "rededge", "swir16": "swir16", "swir22": "swir22",
}  # fmt: skip


@dataclass(frozen=True)
class Raster:
    """A raster that passed the guard; `facts` are those of `imagery.guard.probe`.

    `path` opens with `driver`; where it was `decoded` from the file handed in, that says by what.
    """

    path: Path
    format: Format
    driver: str
    facts: Mapping[str, Any]
    misnamed: bool = False
    pages: int = 1
    decoded: Mapping[str, str] | None = None

    @property
    def width(self) -> int:
        """Columns."""
        return int(self.facts["width"])

    @property
    def height(self) -> int:
        """Rows."""
        return int(self.facts["height"])

    @property
    def has_transform(self) -> bool:
        """Whether the file itself lays its pixels anywhere."""
        return list(self.facts["transform"]) != _NO_TRANSFORM

    @property
    def mask(self) -> MaskKind:
        """What says which pixels are valid."""
        found: MaskKind = self.facts["mask"]
        return found


def load(path: Path, limits: Limits, driver: str | None = None) -> Raster:
    """Check a file, and read its header and a sample of its pixels in a process apart.

    Raises `ImageryError` for everything that is not a sound raster.
    """
    kind, shape = check_file(path, limits)
    chosen = driver or DRIVER_OF.get(kind.format)
    if chosen is None:
        raise ImageryError("a photo or an archive is no piece of a map", file=path,
                           remedy="hand it in by itself")  # fmt: skip
    facts = probe_apart(path, chosen, limits)
    said = (facts["width"], facts["height"])
    if shape is not None and said != (shape.width, shape.height):
        raise damaged(path, what="its header says two different sizes")
    bits = 8 * max(np.dtype(kind).itemsize for kind in facts["dtypes"])
    check_shape(Shape(*said, facts["count"], bits, 0, 0, 0), path, limits)
    return Raster(path, kind.format, chosen, facts, kind.misnamed, shape.pages if shape else 1)


def bands(raster: Raster) -> tuple[Band, ...]:
    """The bands as the file names them; colours and common names where they are known."""
    facts = raster.facts
    rows = zip(facts["names"], facts["colours"], facts["dtypes"], facts["nodata"],
               facts["scales"], facts["offsets"], strict=True)  # fmt: skip
    return tuple(
        Band(
            name=name or (colour if colour not in ("undefined", "gray") else f"band{number}"),
            dtype=dtype,
            common=_NAMES.get((name or "").strip().lower()) or _COLOURS.get(colour),
            nodata=nodata,
            scale=scale,
            offset=offset,
        )
        for number, (name, colour, dtype, nodata, scale, offset) in enumerate(rows, 1)
    )


def raster_remarks(raster: Raster) -> list[Remark]:
    """What the pixels and the file's form give rise to."""
    facts = raster.facts
    found = []
    if raster.misnamed:
        found.append(remark("misnamed", format=raster.format.upper()))
    if raster.pages > 1:
        found.append(remark("pages", pages=raster.pages))
    if "palette" in facts["colours"]:
        found.append(remark("palette"))
    if len(facts["dtypes"]) == 1 and facts["dtypes"][0].startswith("float"):
        found.append(remark("heights"))
    if facts["outline"] is not None and "EMPTY" in facts["outline"]:
        found.append(remark("no_valid_pixel"))
    return found


def shared_facts(raster: Raster) -> dict[str, Any]:
    """What is worth keeping about the file in `Scene.facts`."""
    kept = ("compression", "block", "overviews", "sampled")
    decoded = {} if raster.decoded is None else {"decoded": dict(raster.decoded)}
    return {**{name: raster.facts[name] for name in kept}, **decoded}
