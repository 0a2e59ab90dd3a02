"""Distances between shops and schools as one table of pairs; the metres come from `layers`.

Every pair has its straight line first (a walk is never shorter), then the walk where the
rule asks for one.
"""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from checks._rulebook.rule import Rule
from layers import Layer
from layers.measures import pairs_within
from layers.schools import measuring_points
from layers.walking import MAX_SNAP_M, WalkNetwork, network_error_m, snap, walk_pairs

KEYS = ["shop", "school"]
COLUMNS = [
    *KEYS, "straight_m", "metres", "state", "kind", "gate", "u_place", "u_point", "unknown_gate",
    "u_network", "from_lon", "from_lat", "to_lon", "to_lat",
]  # fmt: skip
"""One row per shop and school: positions in their frames, metres, `state` (`measured`,
`no_way`, `shop_off`, `school_off`, `no_network`), what was measured from (`kind`, `gate`), the
parts of the band that belong to it, and both ends of the measured line in WGS 84 degrees
(`from` is the school's)."""


@dataclass(frozen=True)
class Places:
    """What is measured between: placed shops, and schools with the gates known that day."""

    shops: gpd.GeoDataFrame
    schools: Layer
    gates: Layer | None
    network: WalkNetwork | None
    on_date: str


@dataclass(frozen=True)
class Starts:
    """Where measuring begins: one row per point of a school, and the notes on every school.

    `table` has school, kind, gate, u_place, u_point, unknown_gate, lon, lat.
    """

    table: pd.DataFrame
    notes: tuple[tuple[str, ...], ...]


def starts_of(places: Places, schools: np.ndarray, rule: Rule | None) -> Starts:
    """The points of `schools` (positions) from which `rule` measures; without one, any gate."""
    points = measuring_points(
        places.schools, places.gates, rule.origin if rule else "any_gate", places.on_date,
        origin_point="nearest_edge" if rule and rule.origin_point == "nearest_edge" else "centre",
    )  # fmt: skip
    table = pd.DataFrame(
        {
            "school": points.school, "kind": points.kind, "gate": points.gate_id,
            "u_place": points.u_source_m, "u_point": points.u_point_m,
            "unknown_gate": points.unknown_gate_m,
            "lon": points.lonlat[:, 0], "lat": points.lonlat[:, 1],
        }
    )  # fmt: skip
    return Starts(table[table["school"].isin(schools)].reset_index(drop=True), points.notes)


def straight(places: Places, starts: Starts, reach_m: float) -> pd.DataFrame:
    """Shops and schools within `reach_m` metres in a straight line, by the nearest start.

    A campus counts with its whole outline, and a shop inside it is at 0 m.
    """
    table = starts.table
    sampled = (table["kind"] == "boundary").to_numpy()
    once = ~(table[["school", "kind"]].duplicated().to_numpy() & sampled)
    table, sampled = table[once], sampled[once]
    geometry = np.asarray(shapely.points(table[["lon", "lat"]].to_numpy(float)), dtype=object)
    campus = places.schools.frame.geometry.to_numpy()
    geometry[sampled] = campus[table["school"].to_numpy(int)[sampled]]
    crs = places.schools.frame.crs
    found = pairs_within(places.shops.geometry, gpd.GeoSeries(geometry, crs=crs), reach_m)
    pairs = table.iloc[found.object].reset_index(drop=True).assign(
        shop=found.subject, start=found.object, straight_m=found.metres, metres=found.metres,
        state="measured", u_network=0.0,
        from_lon=found.object_lonlat[:, 0], from_lat=found.object_lonlat[:, 1],
        to_lon=found.subject_lonlat[:, 0], to_lat=found.subject_lonlat[:, 1],
    )  # fmt: skip
    nearest = pairs.sort_values([*KEYS, "metres", "start"], kind="stable")
    return nearest.drop_duplicates(KEYS).reset_index(drop=True)[COLUMNS]


def walking(places: Places, starts: Starts, pairs: pd.DataFrame, reach_m: float) -> pd.DataFrame:
    """The same pairs with the walk in `metres`, from whichever start has the shortest one.

    NaN where there is none within `reach_m`; `state` then says whether an end is off the
    network or no way was found.
    """
    if places.network is None:
        return pairs.assign(metres=np.nan, state="no_network")
    origins = starts.table[starts.table["school"].isin(pairs["school"])].reset_index(drop=True)
    targets = pairs.sort_values(["shop", "straight_m"], kind="stable").drop_duplicates("shop")
    ends = targets[["to_lon", "to_lat"]].to_numpy(float)
    found = walk_pairs(
        places.network, origins[["lon", "lat"]].to_numpy(float), ends, reach_m,
        groups=origins["school"].to_numpy(),
    )  # fmt: skip
    walks = origins.iloc[found.origin].reset_index(drop=True).assign(
        shop=targets["shop"].to_numpy()[found.target], metres=found.metres, state="measured",
        u_network=network_error_m(found.origin_snap_m, found.target_snap_m),
        to_lon=ends[found.target, 0], to_lat=ends[found.target, 1],
    ).rename(columns={"lon": "from_lon", "lat": "from_lat"})  # fmt: skip
    walks = walks.sort_values([*KEYS, "metres"], kind="stable").drop_duplicates(KEYS)
    joined = pairs[[*KEYS, "straight_m"]].merge(walks, on=KEYS, how="left", validate="1:1")
    lost = joined["metres"].isna().to_numpy()
    unwalked = pairs.assign(metres=np.nan, state=_why_lost(places.network, origins, pairs))
    whole = pd.concat([joined[~lost], unwalked[lost]])[COLUMNS]
    return whole.sort_values(KEYS, kind="stable").reset_index(drop=True)


def _why_lost(network: WalkNetwork, origins: pd.DataFrame, pairs: pd.DataFrame) -> np.ndarray:
    """For every pair: which of its ends is off the network; else there is no way between."""
    shops = pairs.drop_duplicates("shop")
    off = snap(network, shops[["to_lon", "to_lat"]].to_numpy(float), MAX_SNAP_M).edge < 0
    on = snap(network, origins[["lon", "lat"]].to_numpy(float), MAX_SNAP_M).edge >= 0
    return np.select(
        [pairs["shop"].isin(shops["shop"][off]), ~pairs["school"].isin(origins["school"][on])],
        ["shop_off", "school_off"], default="no_way",
    )  # fmt: skip
