"""How the base map looks: one table of colours, widths and zooms (CSS pixels).

Pale and low in contrast on purpose: the findings are what the eye should meet first.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

VERSION = "2"
"""Part of the cache key: raise it when the look changes."""

LAND = "#f6f5f1"
WATER = "#b9d6e6"
CAMPUS = "#f0e9d6"
CAMPUS_EDGE = "#dccfa9"
BUILDING = "#e6e2d9"
BUILDING_EDGE = "#d8d2c6"
BARRIER = "#c9c1b2"
BOUNDARY = "#a79bb8"
GREEN = {"forest": "#cfe2c1", "wood": "#cfe2c1", "scrub": "#d8e6ca", "orchard": "#dbe8c9",
         "farmland": "#eef0dc", "meadow": "#e2ecd0", "pitch": "#c9e3cf"}  # fmt: skip
GREEN_ELSE = "#d9e8cb"
PATH = "#cabfae"
GREEN_MIN_ZOOM, BUILDING_MIN_ZOOM, BARRIER_MIN_ZOOM, CAMPUS_MIN_ZOOM = 10, 14, 16, 13


@dataclass(frozen=True, slots=True)
class Road:
    """How a class of roads is drawn; widths at zooms 12, 14, 16 and 18, grown evenly between."""

    rank: int
    min_zoom: int
    widths: tuple[float, float, float, float]
    fill: str
    casing: str | None
    label_zoom: int

    def width(self, z: int) -> float:
        """Width in CSS pixels at zoom `z`."""
        return float(np.exp(np.interp(z, (12, 14, 16, 18), np.log(self.widths))))


_MAJOR = Road(7, 7, (2.4, 3.8, 8.5, 20), "#fbe6bd", "#dfbf86", 12)
_PRIMARY = Road(6, 8, (2.0, 3.4, 8.0, 19), "#fdf1d3", "#dcc795", 13)
_SECONDARY = Road(5, 10, (1.5, 2.8, 7.0, 17), "#ffffff", "#cfc9bd", 13)
_TERTIARY = Road(4, 11, (1.2, 2.3, 6.0, 15), "#ffffff", "#d2ccc1", 14)
_MINOR = Road(3, 12, (0.7, 1.6, 4.6, 12), "#ffffff", "#d6d1c6", 15)
_SERVICE = Road(2, 14, (0.4, 1.0, 2.8, 7.5), "#ffffff", "#dcd7cd", 17)
_WALK = Road(1, 14, (0.5, 0.8, 1.3, 2.4), PATH, None, 17)
ROADS: dict[str, Road] = {
    "motorway": _MAJOR, "trunk": _MAJOR, "primary": _PRIMARY, "secondary": _SECONDARY,
    "tertiary": _TERTIARY, "residential": _MINOR, "unclassified": _MINOR, "living_street": _MINOR,
    "road": _MINOR, "pedestrian": _MINOR, "service": _SERVICE, "track": _SERVICE, "footway": _WALK,
    "path": _WALK, "steps": _WALK, "cycleway": _WALK, "bridleway": _WALK, "corridor": _WALK,
}  # fmt: skip


def road(name: object) -> Road:
    """The style of an OSM road class; link roads as their main class, unknown ones as minor."""
    return ROADS.get(str(name).removesuffix("_link"), _MINOR)


def water_width(name: object, z: int) -> float:
    """Width of a water line in CSS pixels at zoom `z`."""
    wide = {"river": 2.4, "canal": 1.8}.get(str(name), 0.9)
    return float(wide * 1.5 ** (z - 14))


@dataclass(frozen=True, slots=True)
class Text:
    """How a kind of name is written; `size` in CSS pixels."""

    size: float
    colour: str
    font: str = "Regular"
    halo: str = "#ffffff"


TEXTS: dict[str, Text] = {
    "city": Text(17, "#3d4248", "Medium"), "town": Text(15, "#43484e", "Medium"),
    "township": Text(14, "#6c6380", "Medium"), "village": Text(13, "#50555b", "Medium"),
    "hamlet": Text(12, "#5e6369"), "water": Text(12, "#4f7f9f", halo="#d9eaf3"),
    "green": Text(11.5, "#5c8050", halo="#eef5e8"), "campus": Text(11.5, "#8a6d2f", "Medium"),
    "road": Text(11, "#77716a"), "building": Text(10.5, "#8b857b"),
}  # fmt: skip

PLACES: dict[str, tuple[str, int, int, int]] = {
    "city": ("city", 5, 14, 100), "county": ("city", 7, 13, 99), "town": ("town", 9, 16, 95),
    "suburb": ("town", 11, 16, 90), "district": ("town", 10, 15, 92),
    "township": ("township", 11, 16, 88), "village": ("village", 12, 18, 80),
    "quarter": ("village", 13, 18, 78), "neighbourhood": ("village", 14, 19, 76),
    "hamlet": ("hamlet", 14, 20, 70), "locality": ("hamlet", 14, 20, 65),
}  # fmt: skip
"""Class of a place: kind of text, first and last zoom, priority."""

OVERLAY: dict[str, str] = {
    "school": "#8a6d2f", "school_gate": "#8a6d2f", "tobacco_retailer": "#7f5539",
    "tobacco_licence": "#b08968", "ecig_retailer": "#6c757d", "alcohol_retailer": "#7b2d43",
    "lottery_outlet": "#a4161a", "internet_cafe": "#3a5a8c", "entertainment_venue": "#7a4f9a",
    "bar": "#5c4d7d", "hotel": "#33658a", "business_registration": "#777777",
    "agency": "#2f5d50", "township": "#a79bb8",
}  # fmt: skip
OVERLAY_ELSE = "#666666"
