"""Headings against the flight track: a second opinion where nothing can be matched."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from itertools import pairwise

import numpy as np

from imagery.photos.remarks import remark
from imagery.photos.words import PhotoFacts
from imagery.scene import Remark
from layers.datum.ground import ground_crs, local_plane

_FAR_M, _SOON = 8.0, timedelta(seconds=20)
_AGAINST_DEG = 150.0


def track_remarks(photos: Mapping[str, PhotoFacts]) -> dict[str, Remark]:
    """By name: photos that look backwards along their own track.

    A drone may fly backwards, so this is a doubt, never a correction. Photos without time,
    position or heading are passed over.
    """
    known = sorted(_known(photos), key=lambda item: item[1])
    found: dict[str, Remark] = {}
    for before, after in pairwise(known):
        course = _course(before, after)
        if course is None:
            continue
        for name, _, _, _, yaw in (before, after):
            off = abs((yaw - course + 180.0) % 360.0 - 180.0)
            if off > _AGAINST_DEG:
                found[name] = remark("yaw_against_track", degrees=off)
    return found


_Point = tuple[str, datetime, float, float, float]


def _known(photos: Mapping[str, PhotoFacts]) -> list[_Point]:
    points = []
    for name, facts in photos.items():
        told, camera = facts.taken.utc or facts.taken.local, facts.camera
        if told is None or camera is None or camera.yaw is None:
            continue
        moment = datetime.fromisoformat(told.removesuffix("Z"))
        points.append((name, moment, camera.lon, camera.lat, camera.yaw))
    return points


def _course(before: _Point, after: _Point) -> float | None:
    """Degrees from north from one photo to the next; None where they are far apart in time."""
    if after[1] - before[1] > _SOON:
        return None
    plane = ground_crs(local_plane(before[2], before[3]))
    east, north = plane.from_wgs84(np.array([after[2]]), np.array([after[3]]))
    if np.hypot(east[0], north[0]) < _FAR_M:
        return None
    return float(np.degrees(np.arctan2(east[0], north[0])))
