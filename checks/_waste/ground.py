"""What lies where a candidate lies: the nearest shore, zones it is in, land it covers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from shapely.geometry.base import BaseGeometry

from checks._band import source_error
from checks._words import any_has_word, has_word, words
from layers import Layer, LayerSet
from layers.measures import Pairs, geodesic_area, geodesic_length, nearest_within, pairs_within

ZONES = ("zone_1", "zone_2", "zone_quasi", "water_zone")
"""Classes of protection zones by the words of their class, the strictest first."""
LAND = ("basic_farmland", "farmland")


@dataclass(frozen=True)
class Shores:
    """Reservoirs and lines of their highest water level: `high` marks the latter; `u` in metres."""

    frame: gpd.GeoDataFrame
    high: np.ndarray
    u: np.ndarray


@dataclass(frozen=True, slots=True)
class Hit:
    """A zone a candidate lies in: `sure` where some of it lies within by more than the error.

    `kind` is one of `ZONES`, `bank`, `in_water` or `zone_other`; `metres` is how far it lies from
    the zone (0 within), `m2` what of it lies there. `official`: drawn by the authority.
    """

    kind: str
    row: int
    metres: float
    sure: bool
    m2: float
    official: bool
    theme: str


@dataclass(frozen=True, slots=True)
class Cover:
    """How much of a candidate lies on a class of land: square metres with their error."""

    kind: str
    m2: float
    u_m2: float
    parcels: tuple[str, ...]


def shores_of(water: Layer) -> Shores:
    """The rows of the layer of waters that are reservoirs or lines of the highest water level."""
    frame = water.placed
    high = any_has_word(frame, ("class", "name"), words("reservoirs", "high_water"))
    mine = high | has_word(frame["class"], words("reservoirs", "class"))
    mine |= has_word(frame["name"], words("reservoirs", "name")) & (
        frame.geometry.geom_type.str.contains("Polygon").to_numpy()
    )
    rows = frame[mine].reset_index(drop=True)
    closed = [_filled(shape) if is_high else shape
              for shape, is_high in zip(rows.geometry, high[mine], strict=True)]  # fmt: skip
    return Shores(
        rows.set_geometry(gpd.GeoSeries(closed, crs=frame.crs)),
        high[mine],
        source_error(water, rows),
    )


def _filled(shape: BaseGeometry) -> BaseGeometry:
    """A closed line of the highest water level as the ground below it."""
    if "Polygon" in shape.geom_type:
        return shape
    inside = shapely.get_parts(shapely.polygonize([shape]))
    return shapely.union_all(inside) if len(inside) else shape


def overlaps(subjects: gpd.GeoSeries, objects: gpd.GeoSeries) -> pd.DataFrame:
    """Pairs that share ground: `subject`, `object` (positions) and `m2`, geodesic square metres."""
    if not len(subjects) or not len(objects):
        return pd.DataFrame({"subject": [], "object": [], "m2": []})
    pairs = pairs_within(subjects, objects, 0.0)
    left = shapely.make_valid(subjects.to_numpy()[pairs.subject])
    right = shapely.make_valid(objects.to_numpy()[pairs.object])
    m2 = np.array([geodesic_area(shape) for shape in shapely.intersection(left, right)])
    table = pd.DataFrame({"subject": pairs.subject, "object": pairs.object, "m2": m2})
    return table[table["m2"] > 0.0].reset_index(drop=True)


def nearest_shore(waste: gpd.GeoDataFrame, shores: Shores, reach_m: float) -> Pairs:
    """The nearest shore of every candidate within `reach_m` metres."""
    return nearest_within(waste.geometry, shores.frame.geometry, reach_m)


def kinds_of_zone(frame: gpd.GeoDataFrame) -> np.ndarray:
    """The class of every zone by its words; `zone_other` where they are not known."""
    texts = frame["class"].fillna("") + " " + frame["name"].fillna("")
    kinds = np.full(len(frame), "zone_other", dtype=object)
    for kind in reversed((*ZONES, "red_line")):
        kinds[has_word(texts, words("land", kind))] = kind
    return kinds


def kinds_of_land(frame: gpd.GeoDataFrame) -> np.ndarray:
    """`basic_farmland`, `farmland`, `red_line` or an empty word for every parcel."""
    basic = has_word(
        frame["class"], words("land", "basic_farmland"), words("land", "not_basic_farmland")
    )
    red = has_word(frame["class"], words("land", "red_line"))
    farm = has_word(frame["class"], words("land", "farmland"))
    return np.select(
        [red, basic, farm], ["red_line", "basic_farmland", "farmland"], default=""
    ).astype(object)


def zone_hits(waste: gpd.GeoDataFrame, u: np.ndarray, zones: Layer) -> list[list[Hit]]:
    """The protection zones every candidate lies in, or too near to for its error."""
    frame = zones.placed.reset_index(drop=True)
    kinds = kinds_of_zone(frame)
    official = frame["official"].eq(True).fillna(False).to_numpy(bool)
    mine = kinds != "red_line"
    table = frame[mine].reset_index(drop=True)
    hits = _hits(waste, u, table, source_error(zones, table))
    places = np.flatnonzero(mine)
    return [[Hit(str(kinds[places[n]]), int(places[n]), metres, sure, m2, bool(official[places[n]]), "protection_zone")
             for n, metres, sure, m2 in one] for one in hits]  # fmt: skip


def shore_hits(waste: gpd.GeoDataFrame, u: np.ndarray, shores: Shores) -> list[list[Hit]]:
    """Candidates in the water, or below the line of the highest water level where it is given."""
    areas = shores.frame.geometry.geom_type.str.contains("Polygon").to_numpy()
    places = np.flatnonzero(areas)
    table = shores.frame[areas].reset_index(drop=True)
    hits = _hits(waste, u, table, shores.u[areas])
    return [[Hit("bank" if shores.high[places[n]] else "in_water", int(places[n]), metres, sure, m2, True, "water")
             for n, metres, sure, m2 in one] for one in hits]  # fmt: skip


Raw = tuple[int, float, bool, float]


def _hits(
    waste: gpd.GeoDataFrame, u: np.ndarray, places: gpd.GeoDataFrame, u_place: np.ndarray
) -> list[list[Raw]]:
    """For every candidate: place, metres to it, whether it reaches in beyond the error, m² within."""
    found: list[list[Raw]] = [[] for _ in range(len(waste))]
    if not len(waste) or not len(places):
        return found
    reach = float(np.hypot(u.max(), u_place.max()))
    pairs = pairs_within(waste.geometry, places.geometry, reach)
    shapes, areas = waste.geometry.to_numpy(), places.geometry.to_numpy()
    for one, other, metres in zip(pairs.subject, pairs.object, pairs.metres, strict=True):
        error = float(np.hypot(u[one], u_place[other]))
        if metres > error:
            continue
        shared = shapely.intersection(
            shapely.make_valid(shapes[one]), shapely.make_valid(areas[other])
        )
        sure = metres == 0.0 and _deep(shared, areas[other], error, places)
        found[one].append((int(other), float(metres), sure, geodesic_area(shared)))
    return found


def _deep(
    shared: BaseGeometry, place: BaseGeometry, error_m: float, like: gpd.GeoDataFrame
) -> bool:
    """Whether some of `shared` lies farther inside `place` than the error."""
    if shared.is_empty:
        return False
    if error_m <= 0.0:
        return bool(shared.area > 0)
    corners = np.vstack(
        [shapely.get_coordinates(shared), shapely.get_coordinates(shared.representative_point())]
    )
    points = gpd.GeoSeries.from_xy(corners[:, 0], corners[:, 1], crs=like.crs)
    near = nearest_within(points, gpd.GeoSeries([place.boundary], crs=like.crs), error_m)
    return len(near) < len(points)


def land_cover(
    waste: gpd.GeoDataFrame, u: np.ndarray, u_area: np.ndarray, layers: LayerSet
) -> list[list[Cover]]:
    """What land every candidate covers, by class, from parcels and from red lines among the zones."""
    told = pd.concat(list(_parcels(waste, u, u_area, layers)) or [pd.DataFrame()])
    found: list[list[Cover]] = [[] for _ in range(len(waste))]
    if not len(told):
        return found
    told = told.assign(square=told["u"] ** 2)
    by_theme = told.groupby(["waste", "kind", "theme"], as_index=False).agg(
        m2=("m2", "sum"), square=("square", "sum"), ids=("id", tuple)
    )
    largest = by_theme.sort_values("m2", kind="stable").drop_duplicates(
        ["waste", "kind"], keep="last"
    )
    for row in largest.sort_values(["waste", "kind"]).to_dict("records"):
        cover = Cover(str(row["kind"]), float(row["m2"]), float(np.sqrt(row["square"])), row["ids"])
        found[int(row["waste"])].append(cover)
    return found


def _parcels(
    waste: gpd.GeoDataFrame, u: np.ndarray, u_area: np.ndarray, layers: LayerSet
) -> Iterator[pd.DataFrame]:
    for theme, kinds_of in (("land_parcel", kinds_of_land), ("protection_zone", kinds_of_zone)):
        if theme not in layers:
            continue
        frame = layers[theme].placed.reset_index(drop=True)
        kinds = kinds_of(frame)
        wanted = np.isin(kinds, LAND if theme == "land_parcel" else ())
        wanted |= kinds == "red_line"
        mine = frame[wanted].reset_index(drop=True)
        mine = mine.assign(
            theme=theme, land_kind=kinds[wanted], u_m=source_error(layers[theme], mine)
        )
        yield _shares(waste, u, u_area, mine)


def _shares(
    waste: gpd.GeoDataFrame, u: np.ndarray, u_area: np.ndarray, parcels: gpd.GeoDataFrame
) -> pd.DataFrame:
    """One row per candidate and parcel that share ground: `m2` and its error `u`, both m².

    `parcels` has `land_kind` and `u_m`.
    """
    pairs = pairs_within(waste.geometry, parcels.geometry, 0.0) if len(parcels) else None
    rows = []
    shapes, grounds = waste.geometry.to_numpy(), parcels.geometry.to_numpy()
    for one, other in zip(pairs.subject, pairs.object, strict=True) if pairs else ():
        shape, ground = shapely.make_valid(shapes[one]), shapely.make_valid(grounds[other])
        m2 = geodesic_area(shapely.intersection(shape, ground))
        if m2 <= 0.0:
            continue
        whole = geodesic_area(shape)
        cut = geodesic_length(shapely.intersection(shape, ground.boundary))
        error = np.hypot(
            u_area[one] * m2 / whole, cut * np.hypot(u[one], parcels["u_m"].iloc[other])
        )
        rows.append({"waste": int(one), "kind": parcels["land_kind"].iloc[other], "m2": m2, "u": float(error),
                     "id": str(parcels["id"].iloc[other]),
                     "theme": parcels["theme"].iloc[other]})  # fmt: skip
    return pd.DataFrame(rows, columns=["waste", "kind", "theme", "m2", "u", "id"])
