"""What was planted in the scenes and where they truly lie, for the tests of every reader."""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely
from shapely.geometry import mapping
from shapely.geometry.base import BaseGeometry

from demo.country import reservoir
from demo.frame import to_lonlat
from demo.imagery.photos import Shot
from demo.imagery.sites import AFTER, BEFORE, Site

MU_M2 = 2000 / 3
"""Square metres of a mu."""


def imagery_truth(
    sites: tuple[Site, ...],
    files: dict[str, dict[str, Any]],
    shots: list[Shot],
    opened: BaseGeometry,
) -> dict[str, Any]:
    """The whole truth, ready to be written as JSON; outlines in degrees, areas in square metres."""
    return {
        "generated": True, "before": BEFORE, "after": AFTER, "files": files,
        "sites": {site.name: _site(site) for site in sites},
        "photos": [_photo(shot) for shot in shots],
        "opened_ground": {"outline": _degrees(opened), "area_m2": round(opened.area, 1)},
    }  # fmt: skip


def _site(site: Site) -> dict[str, Any]:
    water = reservoir()
    return {
        "planted": [
            {"kind": one.kind, "why": one.why, "decoy": one.decoy, "outline": _degrees(one.outline),
             "area_m2": round(one.outline.area, 1), "area_mu": round(one.outline.area / MU_M2, 3),
             "to_reservoir_m": round(one.outline.distance(water), 2)}
            for one in site.planted
        ],
        "lanes": [{"line": _degrees(line), "outline": _degrees(lane)} for line, lane in site.lanes],
    }  # fmt: skip


def _photo(shot: Shot) -> dict[str, Any]:
    lon, lat = to_lonlat(np.array([shot.spot]))[0].tolist()
    return {"name": shot.name, "lon": lon, "lat": lat, "height_m": shot.height_m,
            "yaw": round(shot.yaw % 360, 2)}  # fmt: skip


def _degrees(shape: BaseGeometry) -> dict[str, Any]:
    found: dict[str, Any] = mapping(shapely.transform(shape, to_lonlat))
    return found
