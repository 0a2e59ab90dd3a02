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
from layers.school_names import canonical, gate_role, kind_of_name, same_school, split_gate

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
TEACHING_FIRST = ("university", "training", "unknown")
"""Kinds that give way to any other where a gate lies on the outlines of two campuses."""


def gates_near_schools(candidates: Layer, schools: Layer, reach_m: float = CAMPUS_REACH_M) -> Layer:
    """The candidates on or within `reach_m` metres of a campus outline (or a school's point).

    Rows that bring a `school_id` of `schools` keep it wherever they lie. Where two campuses are
    equally near (to a metre), the school wins over the university and the smaller over the larger.

    Parameters
    ----------
    candidates : layer of theme `school_gate`; `school_id` may be missing.
    schools : layer of theme `school`.

    Returns
    -------
    Layer of theme `school_gate` with `school_id` filled and `u_point_m`.
    """
    frame, campuses = candidates.frame, schools.frame
    given = frame["school_id"].where(frame["school_id"].isin(campuses["id"]))
    outlines = campuses.geometry.where(campuses.geom_type.str.endswith("Point"), campuses.boundary)
    pairs = pairs_within(frame.geometry, outlines, reach_m)
    found = pd.DataFrame(
        {
            "gate": pairs.subject,
            "school": pairs.object,
            "metres": np.floor(pairs.metres),
            "last": campuses["kind"].isin(TEACHING_FIRST).to_numpy()[pairs.object],
            "area": shapely.area(campuses.geometry.to_numpy())[pairs.object],
        }
    )
    found = found.sort_values(["gate", "metres", "last", "area"]).drop_duplicates("gate")
    nearest = pd.Series(campuses["id"].to_numpy()[found["school"]], index=found["gate"])
    ids = given.fillna(pd.Series(nearest.reindex(range(len(frame))).to_numpy(), frame.index))
    return _linked(candidates, frame.assign(school_id=ids), f"within {reach_m:g} m of a campus")


def gates_from_names(pois: Layer, schools: Layer | None = None) -> Layer:
    """Gates that a POI list names after their school: 阳光小学(东门), 阳光小学正门.

    Each goes to the nearest school within `NAME_REACH_M` whose name is the same or its
    abbreviation. Without `schools` the rows of `pois` that name no gate are the schools.
    """
    places = schools or _layer_of(pois, pois.frame[~is_gate(pois.frame["name"])])
    named = _named_gates(pois)
    ids = _school_by_name(named, places.frame)
    return _linked(pois, named.assign(school_id=ids), "named after a school near by", "school_gate")


def schools_and_gates(pois: Layer) -> tuple[Layer, Layer | None]:
    """A school layer without the rows that are gates, and those gates (`None`: there are none).

    A school that only its gates name (the list has no row of its own) is made from its first
    gate, so that no school is lost.
    """
    gate_rows = is_gate(pois.frame["name"])
    if not gate_rows.any():
        return pois, None
    own = pois.frame[~gate_rows]
    named = _named_gates(pois)
    orphans = named[_school_by_name(named, own).isna()]
    centre = shapely.centroid(orphans.geometry.to_numpy())
    cell = pd.DataFrame(shapely.get_coordinates(centre).round(2))  # about a kilometre
    cell["name"] = orphans["school"].map(canonical).to_numpy()
    first = orphans[~cell.duplicated().to_numpy()]
    made = pois.frame.loc[first.index].assign(
        id=first["id"] + ":school", name=first["school"], kind=first["school"].map(kind_of_name)
    )
    schools = _layer_of(pois, gpd.GeoDataFrame(pd.concat([own, made]), crs=own.crs))
    return schools, gates_from_names(pois, schools)


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
    geometry = gates.frame.geometry.to_numpy()
    rows = np.arange(len(geometry))
    line = np.isin(shapely.get_type_id(geometry), (1, 5))
    whole = np.where(line, shapely.line_merge(geometry), geometry)
    middle = np.where(
        line, shapely.line_interpolate_point(whole, 0.5, normalized=True), shapely.centroid(whole)
    )
    if origin_point == "centre":
        return rows, shapely.get_coordinates(middle)
    if origin_point != "nearest_edge":
        raise LayerError(
            f"a gate has no point {origin_point!r}", remedy="use centre or nearest_edge"
        )
    ends = shapely.boundary(whole[line])
    coordinates, which = shapely.get_coordinates(ends, return_index=True)
    points = np.vstack([shapely.get_coordinates(middle[~line]), coordinates])
    owner = np.concatenate([rows[~line], rows[line][which]])
    order = np.argsort(owner, kind="stable")
    return owner[order], points[order]


def _named_gates(pois: Layer) -> gpd.GeoDataFrame:
    """Rows that name a gate, with `school` (the name in front), `role` and `u_point_m`."""
    rows = pois.placed[is_gate(pois.placed["name"])]
    split = rows["name"].map(split_gate)
    role = rows["name"].map(gate_role)
    return rows.assign(school=split.str[0], role=role, u_point_m=NAMED_U_POINT_M)


def _school_by_name(named: gpd.GeoDataFrame, schools: gpd.GeoDataFrame) -> pd.Series:
    """Id of the nearest school of the same name; equal names before abbreviations."""
    pairs = pairs_within(named.geometry, schools.geometry, NAME_REACH_M)
    found = pd.DataFrame(
        {"gate": pairs.subject, "school": pairs.object, "metres": pairs.metres}
    ).assign(
        asked=lambda t: named["school"].to_numpy()[t["gate"]],
        has=lambda t: schools["name"].to_numpy()[t["school"]],
    )
    names = found[["asked", "has"]].drop_duplicates()
    fits = [same_school(asked, has) for asked, has in names.itertuples(index=False)]
    found = found.merge(names[fits], on=["asked", "has"])
    found = found.assign(other=found["asked"].map(canonical) != found["has"].map(canonical))
    best = found.sort_values(["gate", "other", "metres"]).drop_duplicates("gate")
    ids = pd.Series(schools["id"].to_numpy()[best["school"]], index=best["gate"], dtype=object)
    return pd.Series(ids.reindex(range(len(named))).to_numpy(), index=named.index)


def _linked(source: Layer, frame: gpd.GeoDataFrame, how: str, theme: str | None = None) -> Layer:
    """The rows that found their school, with the count of the others in the provenance."""
    kept = frame[frame["school_id"].notna()].reset_index(drop=True)
    if "u_point_m" not in kept:
        kept["u_point_m"] = DIGITISED_U_POINT_M
    note = f"gates {how}: {len(kept)} of {len(frame)}"
    provenance = [
        replace(entry, transform=f"{entry.transform}; {note}", rows_out=len(kept))
        for entry in source.provenance
    ]
    return make_layer(theme or source.theme.name, kept, *provenance)


def _layer_of(source: Layer, frame: gpd.GeoDataFrame) -> Layer:
    return Layer(source.theme, frame.reset_index(drop=True), source.provenance)
