"""Schools as a perimeter rule sees them: who counts as one, and from where it is measured.

A rule measures from any gate, from the main gate or from the campus boundary. Where the data do
not tell the gates, the boundary or the school's point stands in, with an error that says so.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd
import shapely

from layers.campus import Outlines, outlines
from layers.errors import LayerError
from layers.gates import OriginPoint, gate_points, link_gates
from layers.layer import Layer
from layers.measures import geodesic_distance

ORIGINS = ("any_gate", "main_gate", "boundary")

LAW_SCHOOLS = frozenset(
    {"primary", "middle", "primary_middle", "special", "vocational", "specialised", "school"}
)
"""Kinds that are a 学校 in the sense of 未成年人保护法 art. 130(2)."""
KINDERGARTENS = frozenset({"kindergarten"})
"""Named separately in arts. 58 and 59, often with a distance of their own."""
OUT_OF_SCOPE = frozenset({"university", "training"})
"""Universities, training and care centres are neither."""

BOUNDARY_STEP_M = 15.0
"""Greatest distance between two points sampled on a campus boundary."""
BOUNDARY_U_POINT_M = 9.0
"""A mapped outline (5 m) and half a step between two samples (7.5 m), squares added."""
POINT_U_POINT_M = 50.0
"""A school that is only a point: its gate lies about a campus radius away, to any side. A primary
school of 24 classes has 1-1.5 ha by the building code (radius 55-70 m), a kindergarten 0.3 ha
(30 m); the gate is nearer than the far corner, hence 50 m."""

UNKNOWN_U_SOURCE_M = 10.0
"""Position error of a row whose source states none: a phone or a POI pin (domain notes 3.3)."""

NOTES: dict[str, tuple[str, str]] = {
    "no_gates_boundary": (
        "校门未知：以校园边界最近点代替，真实校门只会更远",
        "gates unknown: measured from the nearest point of the campus boundary, a gate is farther",
    ),
    "no_gates_point": (
        "校门与校园边界均未知：以学校点位代替，误差加大",
        "gates and boundary unknown: measured from the school's point, with a larger error",
    ),
    "boundary_unknown": (
        "校园边界未知：以学校点位代替，误差加大",
        "boundary unknown: measured from the school's point, with a larger error",
    ),
    "main_gate_unknown": (
        "正门未知：以最近的校门代替，误差加大",
        "main gate unknown: measured from the nearest gate, with a larger error",
    ),
    "only_side_gates": (
        "只知侧门或后门，正门未知",
        "only side or back gates are known, the main gate is not",
    ),
    "gates_not_in_use": ("有校门未启用，未计入", "gates not in use were left out"),
    "gates_opened_later": ("有校门在该日之后启用，未计入", "gates opened later were left out"),
}
"""Note codes of measuring points, with their text in Chinese and English."""


_COLUMNS = (
    "school", "lon", "lat", "kind", "gate_id", "u_source_m", "u_point_m", "unknown_gate_m",
    "role", "in_use", "opened",
)  # fmt: skip
_Notes = list[list[str]]


@dataclass(frozen=True, eq=False)
class MeasuringPoints:
    """Points from which the schools of a layer are measured; n points, grouped by school.

    school (n,) int : position of the school in `schools.frame`
    lonlat (n, 2) float : WGS 84 degrees
    kind (n,) object : `gate`, `main_gate`, `boundary` or `point`
    gate_id (n,) object : id of the gate, `None` where there is none
    u_source_m (n,) float : position error of the row the point comes from, metres
    u_point_m (n,) float : how far the point may lie from the true one, to any side, metres
    unknown_gate_m (n,) float : how much farther the true gate may lie, metres (one-sided)
    notes : the note codes (`NOTES`) of every school, in the order of `schools.frame`
    unlinked : gates whose school is not in the layer or not known
    """

    school: np.ndarray
    lonlat: np.ndarray
    kind: np.ndarray
    gate_id: np.ndarray
    u_source_m: np.ndarray
    u_point_m: np.ndarray
    unknown_gate_m: np.ndarray
    notes: tuple[tuple[str, ...], ...]
    unlinked: int = 0

    def __len__(self) -> int:
        return len(self.school)


def school_class(kinds: Iterable[object]) -> np.ndarray:
    """`school`, `kindergarten`, `out` or `unknown` for every kind: which rule may apply."""
    classes = {
        **dict.fromkeys(LAW_SCHOOLS, "school"),
        **dict.fromkeys(KINDERGARTENS, "kindergarten"),
        **dict.fromkeys(OUT_OF_SCOPE, "out"),
    }
    return np.array([classes.get(str(kind), "unknown") for kind in kinds], dtype=object)


def measuring_points(
    schools: Layer,
    gates: Layer | None,
    origin: str,
    on_date: str | None = None,
    *,
    origin_point: OriginPoint = "centre",
) -> MeasuringPoints:
    """The points from which every school is measured; every school gets at least one.

    Parameters
    ----------
    schools : layer of theme `school`.
    gates : layer of theme `school_gate`, or `None`; gates that do not say their school are linked
        by name and place (`layers.gates.link_gates`).
    origin : `any_gate`, `main_gate` or `boundary`.
    on_date : ISO date; gates opened later are left out, and said so.
    origin_point : `centre` or `nearest_edge` of a gate drawn as a line.
    """
    if origin not in ORIGINS:
        raise LayerError(f"no origin {origin!r}", remedy=f"use one of {', '.join(ORIGINS)}")
    notes: _Notes = [[] for _ in range(len(schools))]
    outline = outlines(schools.frame.geometry)
    linked = None if gates is None else link_gates(gates, schools)
    table = _gate_table(schools, linked, origin_point)
    chosen = _open_gates(table, on_date, notes)
    if origin == "boundary":
        chosen = chosen[:0]
    elif origin == "main_gate":
        chosen = _main_gates(chosen, outline, notes)
    rest = np.setdiff1d(np.arange(len(schools)), chosen["school"])
    stand_ins = _stand_ins(schools, rest, outline, origin == "boundary", notes)
    points = pd.concat([part for part in (chosen, *stand_ins) if len(part)] or [chosen])
    points = points.sort_values("school", kind="stable")
    source = points["u_source_m"].astype(float).fillna(UNKNOWN_U_SOURCE_M)
    return MeasuringPoints(
        school=points["school"].to_numpy(dtype=np.int64),
        lonlat=points[["lon", "lat"]].to_numpy(dtype=float),
        kind=points["kind"].to_numpy(dtype=object),
        gate_id=points["gate_id"].to_numpy(dtype=object),
        u_source_m=source.to_numpy(),
        u_point_m=points["u_point_m"].to_numpy(dtype=float),
        unknown_gate_m=points["unknown_gate_m"].to_numpy(dtype=float),
        notes=tuple(tuple(codes) for codes in notes),
        unlinked=0 if gates is None or linked is None else len(gates) - len(linked),
    )


def _gate_table(schools: Layer, gates: Layer | None, origin_point: OriginPoint) -> pd.DataFrame:
    """One row per point of a gate; every gate has a school of the layer."""
    if gates is None or not len(gates):
        empty = pd.DataFrame({name: [] for name in _COLUMNS}, dtype=object)
        return empty.astype({"school": np.int64, "lon": float, "lat": float})
    row, lonlat = gate_points(gates, origin_point)
    frame = gates.frame.iloc[row].reset_index(drop=True)
    school = pd.Index(schools.frame["id"]).get_indexer(frame["school_id"])
    u_source = schools.frame["u_source_m"].to_numpy()[school]
    return pd.DataFrame(
        {
            "school": school,
            "lon": lonlat[:, 0],
            "lat": lonlat[:, 1],
            "kind": "gate",
            "gate_id": frame["id"],
            "u_source_m": frame["u_source_m"].fillna(pd.Series(u_source)).astype(float),
            "u_point_m": frame["u_point_m"],
            "unknown_gate_m": 0.0,
            "role": frame["role"].fillna("unknown"),
            "in_use": frame["in_use"],
            "opened": frame["opened"],
        }
    )


def _open_gates(table: pd.DataFrame, on_date: str | None, notes: _Notes) -> pd.DataFrame:
    """Gates in use on the day; one whose state is not told counts as in use."""
    idle = table["in_use"].eq(False)
    later = table["opened"].fillna("") > (on_date or "9999-12-31")
    _say(notes, table["school"][idle], "gates_not_in_use")
    _say(notes, table["school"][later & ~idle], "gates_opened_later")
    return table[~idle & ~later]


def _main_gates(table: pd.DataFrame, outline: Outlines, notes: _Notes) -> pd.DataFrame:
    """Main gates; where none is known the gates of unknown role, one of which it must be.

    How much farther the true one may lie: half the campus outline, or for a school that is a
    point the greatest distance between its gates.
    """
    main = table["role"] == "main"
    told = np.isin(table["school"], table["school"][main])
    perhaps = ~told & (table["role"] == "unknown")
    guessed = np.isin(table["school"], table["school"][perhaps])
    _say(notes, table["school"][perhaps], "main_gate_unknown")
    _say(notes, table["school"][~told & ~guessed], "only_side_gates")
    spread = np.where(outline.has, outline.half_m, _spread(table[perhaps], len(outline.half_m)))
    instead = table[perhaps].assign(unknown_gate_m=spread[table["school"][perhaps]])
    return pd.concat([table[main].assign(kind="main_gate"), instead])


def _spread(table: pd.DataFrame, schools: int) -> np.ndarray:
    """(schools,) diagonal in metres of the box around each school's gates."""
    box = table.groupby("school")[["lon", "lat"]].agg(["min", "max"])
    metres = geodesic_distance(*(box[axis, end].to_numpy() for end in ("min", "max")
                                 for axis in ("lon", "lat")))  # fmt: skip
    return pd.Series(metres, index=box.index).reindex(range(schools), fill_value=0.0).to_numpy()


def _stand_ins(
    schools: Layer, rest: np.ndarray, outline: Outlines, asked: bool, notes: _Notes
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Boundary points, or the school's point, for schools without a gate to measure from.

    `asked` says that the boundary is what the rule measures from: then nothing is unknown.
    """
    outlined, bare = rest[outline.has[rest]], rest[~outline.has[rest]]
    if not asked:
        _say(notes, outlined, "no_gates_boundary")
    _say(notes, bare, "boundary_unknown" if asked else "no_gates_point")
    school, lonlat = outline.sampled(outlined, BOUNDARY_STEP_M)
    centre = shapely.centroid(schools.frame.geometry.to_numpy()[bare])
    half = np.zeros(len(school)) if asked else outline.half_m[school]
    walls = _points(schools, school, lonlat)
    pins = _points(schools, bare, shapely.get_coordinates(centre))
    return (
        walls.assign(kind="boundary", u_point_m=BOUNDARY_U_POINT_M, unknown_gate_m=half),
        pins.assign(kind="point", u_point_m=POINT_U_POINT_M, unknown_gate_m=0.0),
    )


def _points(schools: Layer, school: np.ndarray, lonlat: np.ndarray) -> pd.DataFrame:
    u_source = schools.frame["u_source_m"].to_numpy()[school].astype(float)
    places = {"school": school, "lon": lonlat[:, 0], "lat": lonlat[:, 1]}
    return pd.DataFrame(places | {"gate_id": None, "u_source_m": u_source})


def _say(notes: _Notes, schools: Iterable[int], code: str) -> None:
    for school in np.unique(np.asarray(schools, dtype=np.int64)):
        notes[school].append(code)
