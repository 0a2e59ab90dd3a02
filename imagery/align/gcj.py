"""Whether a scene's misplacement is the one that web maps in China carry.

Tiles of such maps are labelled with ordinary coordinates and lie hundreds of metres off. The shift
depends on the place alone, so a measured shift that equals it is a strong hint, never a proof:
the scene is not converted, a person decides.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from layers.datum import to_wgs84
from layers.datum.ground import ground_crs, local_plane

CLOSE_M = 5.0
OTHERS = ("gcj02", "bd09")


@dataclass(frozen=True, slots=True)
class GcjHint:
    """`datum` the scene is probably in (`gcj02`, `bd09`), or missing; `off_m` how well it fits."""

    datum: str | None
    off_m: float
    text_zh: str
    text_en: str


def gcj_hint(lon: float, lat: float, east_m: float, north_m: float, u_m: float = 0.0) -> GcjHint:
    """Compare a measured move (metres) with what a shifted datum would need at that place.

    `lon`, `lat` (degrees) is where the scene lies now, `u_m` the error of the measured move.
    """
    plane = ground_crs(local_plane(lon, lat))
    best, off = None, float("inf")
    for name in OTHERS:
        true_lon, true_lat = to_wgs84([lon], [lat], name)
        east, north = plane.from_wgs84(np.asarray(true_lon), np.asarray(true_lat))
        away = float(np.hypot(east[0] - east_m, north[0] - north_m))
        needed = float(np.hypot(east[0], north[0]))
        if away < off and needed > 2 * CLOSE_M:
            best, off = name, away
    if best is None or off > CLOSE_M + u_m:
        return GcjHint(None, off, "", "")
    label = {"gcj02": "GCJ-02", "bd09": "BD-09"}[best]
    return GcjHint(
        best, off,
        f"位移与{label}偏移相差仅{off:.1f}米：该影像很可能是{label}坐标，须人工确认，不得作为证据",
        f"the move equals that of {label} within {off:.1f} m: the scene is probably in {label}; "
        "a person must confirm it, and it is no evidence as it stands",
    )  # fmt: skip
