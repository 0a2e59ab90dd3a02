"""Rows as short as the tables allow."""

from __future__ import annotations

from typing import Any

import shapely

AT = "2026-06-30T08:00:00Z"


def a_run(name: str = "R1") -> dict[str, Any]:
    return {"id": name, "at": AT, "actor": "张", "on_date": "2026-06-30", "findings_sha256": "0",
            "checks": "[]", "counts": "{}", "layers": "{}", "version": "0"}  # fmt: skip


def lead_row(
    number: int, box: tuple[float, float, float, float] | None = None, **more: Any
) -> dict[str, Any]:
    """A registered lead of run R1 with these bounds (and its outline)."""
    shape = None if box is None else _shape(*box)
    bounds = dict(zip(("west", "south", "east", "north"), box or (None,) * 4, strict=True))
    return {
        "id": f"L{number}", "number": f"YC-2026-{number:06}", "check_id": "tobacco-near-school",
        "verdict": "inside", "state": "registered", "state_since": AT, "presence": "seen",
        "change": "new", "score": 1.5, "score_parts": "{}", "first_run": "R1", "last_run": "R1",
        "on_date": "2026-06-30", "facts_hash": "0", "finding": "{}", "data": "{}",
        "asked_again": False, "version": 1, **bounds,
        "geometry": None if shape is None else shapely.to_wkb(shape), **more,
    }  # fmt: skip


def _shape(west: float, south: float, east: float, north: float) -> shapely.Geometry:
    flat = (west, south) == (east, north)
    return shapely.Point(west, south) if flat else shapely.box(west, south, east, north)
