# ruff: noqa: ANN401 - the libraries compared are handed over as they are
"""The methods of the perimeter benchmark: from two GeoParquet files to three arrays.

Each answers the same question: for every shop at most 200 m from a campus, the nearest
campus and the metres. Each is given with the imports it needs, so that the clock starts
when Python is ready, as it would be in a long-lived process.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np

REACH_M = 200.0
PLANE = 32650
"""UTM zone of the made-up places, for the methods that need a plane."""

Answer = tuple[np.ndarray, np.ndarray, np.ndarray]
"""Shop ids (rising), id of the nearest campus, metres."""


@dataclass(frozen=True)
class Method:
    """`load` imports and returns what `answer` needs; only `answer` is timed."""

    load: Callable[[], Any]
    answer: Callable[[Any, Path, Path], Answer]


def _frames() -> Any:
    import geopandas as gpd
    import pandas as pd

    return SimpleNamespace(gpd=gpd, pd=pd)


def _frames_and_ours() -> Any:
    import geopandas as gpd

    from layers.measures import nearest_within

    return SimpleNamespace(gpd=gpd, nearest_within=nearest_within)


def ours_on_frames(lib: Any, shops: Path, campuses: Path) -> Answer:
    """`nearest_within` on two GeoDataFrames, as the checks have them in memory."""
    a, b = lib.gpd.read_parquet(shops), lib.gpd.read_parquet(campuses)
    found = lib.nearest_within(a.geometry, b.geometry, REACH_M)
    return a["id"].to_numpy()[found.subject], b["id"].to_numpy()[found.object], found.metres


def _arrow() -> Any:
    import pyarrow.parquet as parquet

    from layers.measures.arrow import flatten_wkb
    from layers.measures.pairs import flat_pairs

    return SimpleNamespace(read=parquet.read_table, flatten=flatten_wkb, pairs=flat_pairs)


def ours(lib: Any, shops: Path, campuses: Path) -> Answer:
    """The same search on flat arrays straight from the files, without geometry objects."""
    a, b = (lib.read(path, columns=["id", "geometry"]) for path in (shops, campuses))
    found = lib.pairs(lib.flatten(a["geometry"]), lib.flatten(b["geometry"]), REACH_M, one=True)
    return a["id"].to_numpy()[found.subject], b["id"].to_numpy()[found.object], found.metres


def _planes(lib: Any, shops: Path, campuses: Path) -> tuple[Any, Any]:
    return tuple(lib.gpd.read_parquet(path).to_crs(PLANE) for path in (shops, campuses))


def _nearest(lib: Any, shop: Any, campus: Any, metres: Any) -> Answer:
    table = lib.pd.DataFrame({"shop": shop, "campus": campus, "metres": metres})
    table = table.sort_values(["shop", "metres", "campus"]).drop_duplicates("shop")
    return tuple(table[name].to_numpy() for name in ("shop", "campus", "metres"))


def sjoin_dwithin(lib: Any, shops: Path, campuses: Path) -> Answer:
    """GeoPandas `sjoin(predicate="dwithin")`, then the distance of each pair."""
    a, b = _planes(lib, shops, campuses)
    pairs = a.sjoin(b, predicate="dwithin", distance=REACH_M)
    metres = pairs.geometry.distance(b.geometry.loc[pairs["index_right"]], align=False)
    return _nearest(lib, pairs["id_left"], pairs["id_right"], metres.to_numpy())


def sjoin_nearest(lib: Any, shops: Path, campuses: Path) -> Answer:
    """GeoPandas `sjoin_nearest(max_distance=…)`, what most people would write."""
    a, b = _planes(lib, shops, campuses)
    pairs = a.sjoin_nearest(b, max_distance=REACH_M, distance_col="metres")
    return _nearest(lib, pairs["id_left"], pairs["id_right"], pairs["metres"])


def strtree_dwithin(lib: Any, shops: Path, campuses: Path) -> Answer:
    """Shapely's STRtree under GeoPandas frames: `query(predicate="dwithin")`, then distances."""
    import shapely

    a, b = _planes(lib, shops, campuses)
    left, right = a.geometry.to_numpy(), b.geometry.to_numpy()
    at, other = shapely.STRtree(right).query(left, predicate="dwithin", distance=REACH_M)
    metres = shapely.distance(left[at], right[other])
    return _nearest(lib, a["id"].to_numpy()[at], b["id"].to_numpy()[other], metres)


def _duckdb() -> Any:
    import duckdb
    from duckdb_extensions import import_extension

    import_extension("spatial")
    return duckdb


def duckdb_spatial(lib: Any, shops: Path, campuses: Path) -> Answer:
    """DuckDB spatial: `ST_DWithin` join in the UTM plane, nearest by window."""
    connection = lib.connect(config={"threads": 2})
    connection.execute("LOAD spatial")
    plane = f"ST_Transform(geometry, 'EPSG:4326', 'EPSG:{PLANE}', always_xy := true)"
    for name, path in (("shop", shops), ("campus", campuses)):
        connection.execute(
            f"CREATE TEMP TABLE {name} AS SELECT id, {plane} AS g FROM read_parquet('{path.as_posix()}')"
        )
    found = connection.execute(
        "SELECT s.id AS shop, arg_min(c.id, ST_Distance(s.g, c.g)) AS campus, "
        "min(ST_Distance(s.g, c.g)) AS metres "
        f"FROM shop s JOIN campus c ON ST_DWithin(s.g, c.g, {REACH_M}) GROUP BY s.id ORDER BY s.id"
    ).fetchnumpy()
    return found["shop"], found["campus"], found["metres"]


METHODS = {
    "yicha": Method(_arrow, ours),
    "yicha on GeoDataFrames": Method(_frames_and_ours, ours_on_frames),
    "GeoPandas sjoin dwithin": Method(_frames, sjoin_dwithin),
    "GeoPandas sjoin_nearest": Method(_frames, sjoin_nearest),
    "STRtree dwithin": Method(_frames, strtree_dwithin),
    "DuckDB ST_DWithin": Method(_duckdb, duckdb_spatial),
}
