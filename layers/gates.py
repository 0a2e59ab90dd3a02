"""Gates of schools: found beside a campus, read from names, drawn by hand; and their points.

A gate carries `school_id`, a role where one is known, and `u_point_m`: how far the point in the
data may lie from the gate's true centre. A candidate that belongs to no school is left out and
counted in the provenance.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from layers.errors import LayerError
from layers.layer import Layer, make_layer
from layers.measures import pairs_within
from layers.school_names import canonical, gate_role, same_school, split_gate

OriginPoint = Literal["centre", "nearest_edge"]

DIGITISED_U_POINT_M = 5.0
"""A gate drawn on an image or mapped in OpenStreetMap: 2-5 m (domain notes 3.3), the larger."""
NAMED_U_POINT_M = 15.0
"""A gate that a POI list names: the pin stands somewhere at the gate, 5-30 m, the middle."""
CAMPUS_REACH_M = 10.0
"""How far from a campus outline a mapped gate may lie: outline and gate are drawn apart."""
DRAWN_REACH_M = 30.0
"""The same for a gate that a person drew without saying whose it is."""
NAME_REACH_M = 500.0
"""How far a gate named after a school may lie from its campus, or from the pin in its middle."""
GIVE_WAY = ("university", "training", "unknown")
"""Kinds that give way to any other where a gate lies on the outlines of two campuses."""


def gates_near_schools(candidates: Layer, schools: Layer, reach_m: float = CAMPUS_REACH_M) -> Layer:
    """The candidates on or within `reach_m` metres of a campus outline (or a school's point).

    Where two campuses are equally near (to a metre), the school wins over the university and the
    smaller over the larger.

    Parameters
    ----------
    candidates : layer of theme `school_gate`; `school_id` may be missing.
    schools : layer of theme `school`.

    Returns
    -------
    Layer of theme `school_gate` with `school_id` filled and `u_point_m`.
    """
    ids = _school_near(candidates.frame, schools.frame, reach_m)
    how = f"within {reach_m:g} m of a campus"
    return _linked(candidates, candidates.frame.assign(school_id=ids), DIGITISED_U_POINT_M, how)


def gates_from_names(pois: Layer, schools: Layer | None = None) -> Layer:
    """Gates that a POI list names after their school: 阳光小学(东门), 阳光小学正门.

    Each goes to the nearest school within `NAME_REACH_M` whose name is the same or its
    abbreviation. Without `schools` the rows of `pois` that name no gate are the schools.
    """
    rows = pois.placed[is_gate(pois.placed["name"])]
    places = pois.placed[~is_gate(pois.placed["name"])] if schools is None else schools.frame
    named = rows.assign(school_id=_school_by_name(rows, places), role=rows["name"].map(gate_role))
    return _linked(pois, named, NAMED_U_POINT_M, "named after a school near by")


def link_gates(gates: Layer, schools: Layer, reach_m: float = DRAWN_REACH_M) -> Layer:
    """Imported or hand-drawn gates with their school: as they say, as they are named, or nearest.

    A `school_id` is kept wherever the gate lies, and the gate left out if `schools` lacks it. A
    gate named after a school goes to that school or to none; any other goes to the nearest campus
    within `reach_m` metres.
    """
    frame = gates.placed
    given, named = frame["school_id"], is_gate(frame["name"])
    said = given.notna()
    given = given.where(given.isin(schools.frame["id"]))
    by_name = _school_by_name(frame[named & ~said], schools.frame).reindex(frame.index)
    near = _school_near(frame[~named & ~said], schools.frame, reach_m).reindex(frame.index)
    told = frame["name"].map(gate_role, na_action="ignore").astype(object).fillna("unknown")
    role = frame["role"].where(frame["role"].notna(), told)
    pin = pd.Series(NAMED_U_POINT_M, frame.index).where(named, DIGITISED_U_POINT_M)
    frame = frame.assign(school_id=given.fillna(by_name).fillna(near), role=role)
    return _linked(gates, frame, pin, f"given, named, or within {reach_m:g} m of a campus")


def is_gate(names: pd.Series) -> pd.Series:
    """Which names are those of a school's gate; same index, missing names are not."""
    return names.map(lambda name: split_gate(name) is not None, na_action="ignore").eq(True)


def gate_points(
    gates: Layer, origin_point: OriginPoint = "centre"
) -> tuple[np.ndarray, np.ndarray]:
    """The points from which a gate is measured.

    Parameters
    ----------
    gates : layer of theme `school_gate`; a gate is a point, or a line across its opening.
    origin_point : `centre` gives the middle of a line, `nearest_edge` both its ends (the nearest
        of a gate's points then counts).

    Returns
    -------
    row (n,) int : position of the gate in `gates.frame`; lonlat (n, 2) : WGS 84 degrees.
    """
    if origin_point not in {"centre", "nearest_edge"}:
        raise LayerError(
            f"a gate has no point {origin_point!r}", remedy="use centre or nearest_edge"
        )
    shapes = gates.frame.geometry.to_numpy()
    rows, line = np.arange(len(shapes)), shapely.get_dimensions(shapes) == 1
    opening = shapely.line_merge(shapes[line])
    middle = shapely.get_coordinates(shapely.centroid(shapes))
    middle[line] = shapely.get_coordinates(
        shapely.line_interpolate_point(opening, 0.5, normalized=True)
    )
    if origin_point == "centre":
        return rows, middle
    ends, which = shapely.get_coordinates(shapely.boundary(opening), return_index=True)
    owner = np.concatenate([rows[~line], rows[line][which]])
    order = np.argsort(owner, kind="stable")
    return owner[order], np.vstack([middle[~line], ends])[order]


def _school_near(gates: gpd.GeoDataFrame, schools: gpd.GeoDataFrame, reach_m: float) -> pd.Series:
    """Id of the school whose outline is nearest; missing where none is within reach."""
    if gates.empty:
        return pd.Series(None, index=gates.index, dtype=object)
    shapes = schools.geometry.to_numpy()
    areas = shapely.get_dimensions(shapes) == 2
    outlines = np.where(areas, shapely.boundary(shapes), shapes)
    pairs = pairs_within(gates.geometry, gpd.GeoSeries(outlines, crs=schools.crs), reach_m)
    found = pd.DataFrame(
        {
            "gate": pairs.subject,
            "school": pairs.object,
            "metres": np.floor(pairs.metres),
            "last": schools["kind"].isin(GIVE_WAY).to_numpy()[pairs.object],
            "area": shapely.area(shapes)[pairs.object],
        }
    )
    best = found.sort_values(["gate", "metres", "last", "area"]).drop_duplicates("gate")
    return _ids(gates, schools, best)


def _school_by_name(named: gpd.GeoDataFrame, schools: gpd.GeoDataFrame) -> pd.Series:
    """Id of the nearest school of the name in front of the gate; equal names come first."""
    if named.empty:
        return pd.Series(None, index=named.index, dtype=object)
    pairs = pairs_within(named.geometry, schools.geometry, NAME_REACH_M)
    asked = named["name"].map(lambda name: (split_gate(name) or ("",))[0]).to_numpy(dtype=object)
    has = schools["name"].to_numpy(dtype=object)
    found = pd.DataFrame(
        {
            "gate": pairs.subject,
            "school": pairs.object,
            "metres": pairs.metres,
            "asked": asked[pairs.subject],
            "has": has[pairs.object],
        }
    ).dropna(subset="has")
    names = found[["asked", "has"]].drop_duplicates()
    fits = [same_school(one, other) for one, other in names.itertuples(index=False)]
    found = found.merge(names[np.array(fits, dtype=bool)], on=["asked", "has"])
    found["other"] = found["asked"].map(canonical) != found["has"].map(canonical)
    best = found.sort_values(["gate", "other", "metres"]).drop_duplicates("gate")
    return _ids(named, schools, best)


def _ids(gates: gpd.GeoDataFrame, schools: gpd.GeoDataFrame, best: pd.DataFrame) -> pd.Series:
    """School ids by gate row, from one `gate`/`school` pair of positions per gate."""
    ids = np.full(len(gates), None, dtype=object)
    ids[best["gate"].to_numpy(dtype=np.int64)] = schools["id"].to_numpy()[
        best["school"].to_numpy(dtype=np.int64)
    ]
    return pd.Series(ids, index=gates.index, dtype=object)


def _linked(
    source: Layer, frame: gpd.GeoDataFrame, u_point_m: pd.Series | float, how: str
) -> Layer:
    """The gates that found their school; the provenance counts the others."""
    own = frame["u_point_m"] if "u_point_m" in frame else pd.Series(np.nan, frame.index)
    frame = frame.assign(u_point_m=own.astype(float).fillna(u_point_m))
    kept = frame[frame["school_id"].notna()].reset_index(drop=True)
    note = f"gates {how}: {len(kept)} of {len(frame)}"
    provenance = [
        replace(entry, transform=f"{entry.transform}; {note}", rows_out=len(kept))
        for entry in source.provenance
    ]
    return make_layer("school_gate", kept, *provenance)
