"""The area a command is told: a window in degrees, or a polygon in a file."""

from __future__ import annotations

import json
from pathlib import Path

from shapely.geometry import box, shape
from shapely.geometry.base import BaseGeometry

from layers.errors import RuleError


def area_of(text: str) -> BaseGeometry:
    """A polygon (WGS 84) out of `W,S,E,N` or of a GeoJSON file; raises `RuleError`."""
    try:
        if text.count(",") == 3:
            west, south, east, north = (float(side) for side in text.split(","))
            found: BaseGeometry = box(west, south, east, north)
        else:
            content = json.loads(Path(text).read_text(encoding="utf-8"))
            found = shape(_geometry(content))
    except (OSError, ValueError, KeyError, TypeError, AttributeError, IndexError) as error:
        raise RuleError(f"the area cannot be read: {error}", field="--area",
                        remedy="give west,south,east,north in degrees, or a GeoJSON file") from error  # fmt: skip
    if found.is_empty or not found.geom_type.endswith("Polygon"):
        raise RuleError("the area is no polygon", field="--area", remedy="draw it as a polygon")
    return found


def _geometry(content: dict[str, object]) -> dict[str, object]:
    """The geometry of a GeoJSON text: bare, of a feature, or of the first feature."""
    if "features" in content:
        content = content["features"][0]  # type: ignore[index]
    found = content.get("geometry", content)
    return found if isinstance(found, dict) else {}
