"""What is seen of one fire lane: its widths with all, with confirmed and without obstacles."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from shapely import LineString
from shapely.geometry.base import BaseGeometry

from checks._cells import as_dicts
from checks._lanes.words import DEAD_END, HEIGHT, TURNAROUND
from checks._rulebook.pack import Limits
from imagery.width import Width
from imagery.width.drive import Drive, drive_through
from imagery.width.height import passed_under
from imagery.width.place import Lane, Measured, measure_lane
from imagery.width.turning import room_to_turn
from imagery.width.vehicles import vehicle

UNKNOWN_OUTLINE_M = 0.75
"""Error of an outline where none is stated: the 90th percentile measured on aerial scenes."""
VEHICLE = "pump"
"""The vehicle driven through: the smaller of the common ones. Where it fails the others do."""
_TOUCHES_M = 0.05


@dataclass(frozen=True)
class Seen:
    """One lane as measured: with all obstacles, with the confirmed alone, and with none.

    `near` are the rows of obstacles in it, in the order of `with_all.obstacles`.
    """

    with_all: Measured
    confirmed: Width
    bare: Width
    near: pd.DataFrame
    u_outline_m: float
    u_lane_m: float
    u_assumed: bool
    drive: Drive | None = None

    @property
    def unconfirmed(self) -> int:
        """How many obstacles in the lane no person has confirmed."""
        return int((~self.near["sure"]).sum())


def obstacles_on(frame: gpd.GeoDataFrame, on_date: str) -> gpd.GeoDataFrame:
    """The obstacles known on a day and not refused; `sure` marks those a person confirmed."""
    seen = frame["day"].fillna("") <= on_date
    kept = frame[(seen & frame["confirmed"].ne(False)).to_numpy(bool)].reset_index(drop=True)
    return kept.assign(sure=kept["confirmed"].eq(True).to_numpy(bool))


def around(frame: gpd.GeoDataFrame, shape: BaseGeometry, degrees: float = 0.0) -> gpd.GeoDataFrame:
    """The rows whose box meets that of `shape`, widened."""
    west, south, east, north = shape.bounds
    box = shapely.box(west - degrees, south - degrees, east + degrees, north + degrees)
    return frame.iloc[np.sort(frame.sindex.query(box))]


def lane_of(row: Any) -> Lane:  # noqa: ANN401 - a row of a layer's frame
    """A row of the layer `fire_lane`; `gates` holds lines as WKT in degrees."""
    u = row.u_source_m
    return Lane(
        row.geometry, _gates(row.gates), width_m=None if pd.isna(row.width_m) else float(row.width_m),
        u_m=None if pd.isna(u) else float(u), id=str(row.id),
    )  # fmt: skip


def _gates(text: object) -> tuple[LineString, ...]:
    if not isinstance(text, str) or not text.strip():
        return ()
    try:
        parts = shapely.get_parts(shapely.from_wkt(text)).tolist()
    except shapely.errors.ShapelyError:
        return ()
    return tuple(part for part in parts if isinstance(part, LineString))


def look(lane: Lane, obstacles: gpd.GeoDataFrame, limits: Limits) -> Seen:
    """Measure one lane among `obstacles_on` a day; raises `ImageryError` where it cannot be measured."""
    near = around(obstacles, lane.shape, 1e-4 if lane.width_m else 0.0)
    height = limits.rules.get(HEIGHT)
    under = [None if pd.isna(one) else float(one) for one in near["underside_m"]]
    beneath = np.array(passed_under(under, height.value if height else None), dtype=bool)
    blocks = near[~beneath]
    stated = pd.to_numeric(blocks["u_outline_m"], errors="coerce").to_numpy(float)
    known = lane.u_m is not None
    lane = (
        lane
        if known
        else Lane(lane.shape, lane.gates, lane.names, lane.width_m, UNKNOWN_OUTLINE_M, id=lane.id)
    )
    u = float(np.nan_to_num(stated, nan=UNKNOWN_OUTLINE_M).max(initial=0.0))
    shapes, sure = blocks.geometry.tolist(), blocks["sure"].to_numpy(bool)
    with_all = measure_lane(lane, shapes, u)
    inside = with_all.plane.degrees(with_all.width.scene.inside)
    shapely.prepare(inside)
    hits = (
        shapely.intersects(inside, shapely.make_valid(np.array(shapes, dtype=object)))
        if shapes
        else np.zeros(0, bool)
    )
    confirmed = with_all.width
    if (hits & ~sure).any():
        chosen = [shape for shape, good in zip(shapes, sure, strict=True) if good]
        confirmed = measure_lane(lane, chosen, u, sections=False).width
    bare = measure_lane(lane, [], u, sections=False).width
    stands = blocks[hits].assign(over=False)
    over = near[beneath].assign(over=True)
    over = over[over.geometry.intersects(inside).to_numpy(bool)]
    assumed = not known or bool(np.isnan(stated[hits]).any())
    return Seen(
        with_all, confirmed, bare, pd.concat([stands, over]), u, float(lane.u_m or 0.0), assumed
    )


def drive(seen: Seen) -> Drive:
    """The drive-through of the vehicle."""
    return drive_through(seen.with_all.width, vehicle(VEHICLE))


def facts_of(seen: Seen, limits: Limits, buildings: gpd.GeoDataFrame) -> dict[str, Any]:
    """What is measured and known of a lane, ready for the record."""
    width, section = seen.with_all.width, seen.with_all.width.section
    room = room_to_turn(width)
    rule, turn = limits.rules.get(DEAD_END), limits.rules.get(TURNAROUND)
    long = rule is not None and room.length_m is not None and room.length_m > rule.value
    heights = pd.to_numeric(seen.near["underside_m"], errors="coerce").dropna()
    days = sorted({str(day) for day in seen.near["day"].dropna()})
    return {
        "width_m": round(width.metres, 3), "low_m": round(width.low, 3), "high_m": round(width.high, 3),
        "sure_m": round(seen.confirmed.metres, 3), "bare_m": round(seen.bare.metres, 3),
        "cross_section_m": None if section is None else round(section.metres, 3),
        "between": list(width.kinds), "gates_known": width.gates_known, "gates": len(width.gates),
        "length_m": None if room.length_m is None else round(room.length_m, 1),
        "circle_m": round(room.circle_m, 1), "square_m": round(room.square_m, 1),
        "no_turnaround": bool(width.dead_end and long and turn is not None and room.square_m < turn.value),
        "height_m": None if heights.empty else float(heights.min()),
        "building_m": _to_building(seen, buildings),
        "unconfirmed": seen.unconfirmed, "seen_on": days, "obstacles": _obstacles(seen.near),
        "u_outline_m": seen.u_outline_m, "u_lane_m": seen.u_lane_m, "u_assumed": seen.u_assumed,
        "notes": [note.code for note in width.notes],
    }  # fmt: skip


def drive_facts(driven: Drive) -> dict[str, Any]:
    """The result of the drive-through for the record."""
    one = driven.vehicle
    return {"vehicle": one.name, "zh": one.zh, "en": one.en, "passes": driven.passes,
            "verified": one.verified, "source": one.source}  # fmt: skip


def _obstacles(near: pd.DataFrame) -> list[dict[str, Any]]:
    told = ["id", "kind", "day", "sure", "height_m", "underside_m", "detector", "source_row"]
    return as_dicts(pd.DataFrame(near[[name for name in told if name in near]]))


def _to_building(seen: Seen, buildings: gpd.GeoDataFrame) -> float | None:
    plane = seen.with_all.plane
    flat = [plane.metres(one) for one in buildings.geometry.tolist()]
    away = [one.distance(seen.with_all.width.scene.inside) for one in flat]
    return round(min(away), 2) if away else None


def at_bottleneck(seen: Seen) -> pd.Series | None:
    """The obstacle at the narrowest place."""
    stands = seen.near[~seen.near["over"].to_numpy(bool)]
    if stands.empty or seen.with_all.width.kinds == ("wall", "wall"):
        return None
    line = seen.with_all.width.bottleneck
    away = np.array([seen.with_all.plane.metres(one).distance(line) for one in stands.geometry])
    best = int(np.argmin(away))
    return stands.iloc[best] if away[best] < _TOUCHES_M else None
