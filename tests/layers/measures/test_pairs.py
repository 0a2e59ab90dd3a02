"""Pairs within a reach, against shapely in an azimuthal plane and brute geodesics."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from layers.measures import Pairs, geodesic_distance, nearest_within, pairs_within
from tests.layers.measures import oracle

PLACES = [(105.5, 20.0), (116.4, 39.9), (126.0, 53.5), (-75.16, 39.95), (24.9, 66.0), (18.0, -66.0)]
MILLIMETRE = 1e-3
SEEDS = st.integers(0, 2**32 - 1)


def _series(shapes: Any) -> gpd.GeoSeries:
    return gpd.GeoSeries(list(shapes), crs="EPSG:4326")


def _table(pairs: Pairs) -> dict[tuple[int, int], float]:
    keys = zip(pairs.subject.tolist(), pairs.object.tolist(), strict=True)
    return dict(zip(keys, pairs.metres.tolist(), strict=True))


def _scatter(
    rng: np.random.Generator, place: tuple[float, float], n: int, spread_m: float
) -> np.ndarray:
    east, north = rng.uniform(-spread_m, spread_m, (2, n))
    scale = 111_320.0 * np.cos(np.radians(place[1]))
    return np.column_stack([place[0] + east / scale, place[1] + north / 111_000.0])


def _objects(rng: np.random.Generator, place: tuple[float, float]) -> list[Any]:
    """Polygons without and with holes, few and many vertices, multi-polygons, lines, points."""
    at = _scatter(rng, place, 14, 1_200.0)
    plain = [oracle.star(rng, xy, rng.uniform(40, 400), int(rng.integers(4, 40))) for xy in at[:5]]
    holed = [
        oracle.star(rng, xy, rng.uniform(80, 500), int(rng.integers(4, 90)), holes=3)
        for xy in at[5:8]
    ]
    far = oracle.star(rng, _scatter(rng, place, 1, 3_000.0)[0], 90.0, 9, holes=2)
    lines = [shapely.LineString(_scatter(rng, place, 4, 1_200.0)) for _ in range(2)]
    return [
        *plain, *holed, shapely.MultiPolygon([plain[0], far]) if not plain[0].intersects(far) else far,
        *lines, shapely.MultiLineString([_scatter(rng, place, 2, 900.0) for _ in range(3)]),
        *[shapely.Point(xy) for xy in at[8:12]], shapely.MultiPoint(at[12:]),
    ]  # fmt: skip


def _agree(found: Pairs, wanted: dict[tuple[int, int], float], reach: float) -> None:
    """Same pairs (but for those on the very rim), same metres, ends as far apart as it says."""
    got = _table(found)
    sure = {key for key, metres in wanted.items() if metres < reach - MILLIMETRE}
    assert (
        sure <= set(got) <= {key for key, metres in wanted.items() if metres < reach + MILLIMETRE}
    )
    assert max((abs(got[key] - wanted[key]) for key in got), default=0.0) < MILLIMETRE
    ends = geodesic_distance(*found.subject_lonlat.T, *found.object_lonlat.T)
    assert np.abs(ends - found.metres).max(initial=0.0) < MILLIMETRE
    assert (np.diff(found.subject) >= 0).all()


@given(seed=SEEDS, place=st.sampled_from(PLACES), reach=st.sampled_from([50.0, 200.0, 1_000.0]))
@settings(max_examples=25, deadline=None)
def test_points_to_anything_equal_the_oracle(
    seed: int, place: tuple[float, float], reach: float
) -> None:
    rng = np.random.default_rng(seed)
    objects = np.array(_objects(rng, place), dtype=object)
    points = _scatter(rng, place, 12, 1_500.0)
    wanted: dict[tuple[int, int], float] = {}
    for at, (lon, lat) in enumerate(points):
        wanted |= {(at, n): float(m) for n, m in enumerate(oracle.distances(lon, lat, objects))}
    subjects = _series(shapely.points(points))
    found = pairs_within(subjects, _series(objects), reach)
    _agree(found, wanted, reach)
    nearest = nearest_within(subjects, _series(objects), reach)
    best = pd.Series(_table(found)).groupby(level=0).min() if len(found) else pd.Series(dtype=float)
    assert (
        dict(zip(nearest.subject.tolist(), nearest.metres.tolist(), strict=True)) == best.to_dict()
    )


@given(seed=SEEDS, place=st.sampled_from(PLACES))
@settings(max_examples=4, deadline=None)
def test_anything_to_anything_equals_the_oracle(seed: int, place: tuple[float, float]) -> None:
    rng = np.random.default_rng(seed)
    objects = _objects(rng, place)
    subjects = [objects[0], objects[6], objects[9], *_objects(rng, place)[3:14:3]]
    wanted = {(a, b): oracle.shortest(one, other)
              for a, one in enumerate(subjects) for b, other in enumerate(objects)}  # fmt: skip
    _agree(pairs_within(_series(subjects), _series(objects), 500.0), wanted, 500.0)


@given(seed=SEEDS, place=st.sampled_from(PLACES))
@settings(max_examples=10, deadline=None)
def test_order_of_the_sides_does_not_matter(seed: int, place: tuple[float, float]) -> None:
    rng = np.random.default_rng(seed)
    one, other = _series(_objects(rng, place)), _series(_objects(rng, place))
    there, back = _table(pairs_within(one, other, 300.0)), _table(pairs_within(other, one, 300.0))
    assert {(b, a) for a, b in there} == set(back)
    assert all(abs(there[a, b] - back[b, a]) < MILLIMETRE for a, b in there)


@given(seed=SEEDS, place=st.sampled_from(PLACES))
@settings(max_examples=15, deadline=None)
def test_the_ends_of_the_line_lie_on_the_things(seed: int, place: tuple[float, float]) -> None:
    rng = np.random.default_rng(seed)
    objects = np.array(_objects(rng, place), dtype=object)
    found = pairs_within(_series(objects[:9]), _series(objects), 400.0)
    for side, rows in ((found.subject_lonlat, found.subject), (found.object_lonlat, found.object)):
        off = [oracle.distances(lon, lat, objects[row : row + 1])[0]
               for (lon, lat), row in zip(side[:25], rows[:25], strict=True)]  # fmt: skip
        # GEOS places a crossing in the degree plane, where an edge of 3 km runs up to 1 m aside
        assert max(off, default=0.0) < 1.0


SQUARE = shapely.box(116.40, 39.90, 116.41, 39.91)
HOLED: Any = SQUARE.difference(shapely.box(116.404, 39.904, 116.406, 39.906))


@pytest.mark.parametrize(
    ("lon", "lat"),
    [(116.40, 39.90), (116.41, 39.91), (116.40, 39.905), (116.41, 39.907), (116.401, 39.901),
     (116.404, 39.9045), (116.406, 39.906)],
)  # fmt: skip
@pytest.mark.parametrize(
    "campus", [HOLED, shapely.MultiPolygon([HOLED, shapely.box(117, 39, 117.1, 39.1)])]
)
def test_corners_edges_and_the_inside_are_zero_metres_away(
    campus: shapely.Geometry, lon: float, lat: float
) -> None:
    found = pairs_within(_series([shapely.Point(lon, lat)]), _series([campus]), 1.0)
    assert found.metres == pytest.approx([0.0], abs=MILLIMETRE)
    assert found.object_lonlat[0] == pytest.approx([lon, lat], abs=1e-8)


def test_inside_a_hole_is_outside() -> None:
    found = pairs_within(_series([shapely.Point(116.4049, 39.905)]), _series([HOLED]), 200.0)
    to_hole = geodesic_distance(116.4049, 39.905, 116.404, 39.905)
    assert found.metres == pytest.approx([float(to_hole)], abs=MILLIMETRE)
    assert not len(pairs_within(_series([shapely.Point(116.405, 39.905)]), _series([HOLED]), 50.0))


def test_one_polygon_within_another_and_around_it() -> None:
    small, hole = (
        shapely.box(116.401, 39.901, 116.402, 39.902),
        shapely.box(116.4045, 39.9045, 116.405, 39.905),
    )
    for one, other in ((small, SQUARE), (SQUARE, small)):
        assert pairs_within(_series([one]), _series([other]), 1.0).metres == [0.0]
    assert pairs_within(_series([hole]), _series([HOLED]), 100.0).metres[0] > 40.0


def test_crossing_without_a_vertex_inside_is_zero() -> None:
    across = shapely.LineString([(116.39, 39.905), (116.42, 39.9051)])
    cross = shapely.box(116.395, 39.904, 116.415, 39.906)
    found = pairs_within(_series([across, cross]), _series([SQUARE]), 5.0)
    assert _table(found) == {(0, 0): 0.0, (1, 0): 0.0}
    assert shapely.contains_xy(SQUARE, found.subject_lonlat).all()


def test_a_bow_tie_and_overlapping_parts_do_not_crash() -> None:
    bow = shapely.Polygon([(0, 0), (0.01, 0.01), (0.01, 0), (0, 0.01)])
    twice = shapely.MultiPolygon(
        [shapely.box(0, 0, 0.01, 0.01), shapely.box(0.002, 0.002, 0.02, 0.02)]
    )
    points = _series(shapely.points([(0.001, 0.005), (0.005, 0.009), (0.003, 0.003)]))
    assert _table(pairs_within(points, _series([twice]), 1.0)) == {
        (0, 0): 0.0,
        (1, 0): 0.0,
        (2, 0): 0.0,
    }
    assert (0, 0) in _table(pairs_within(points, _series([bow]), 1.0))
    assert _table(pairs_within(_series([bow]), _series([twice]), 1.0)) == {(0, 0): 0.0}


def test_rows_without_a_place_find_nothing_and_are_found_by_nothing() -> None:
    gone = [None, shapely.Point(), shapely.Polygon(), shapely.Point(np.nan, 39.9),
            shapely.LineString([(116.4, 39.9), (np.inf, 39.9)])]  # fmt: skip
    here = shapely.Point(116.4, 39.9)
    for side in (_series([*gone, here]), _series([*gone, here, SQUARE])):
        assert set(pairs_within(side, _series([*gone, here]), 1e3).object) == {5}
        assert min(pairs_within(side, _series([*gone, here]), 1e3).subject) == 5
    assert len(pairs_within(_series(gone), _series(gone), 1e3)) == 0
    assert len(nearest_within(_series([]), _series([]), 1e3)) == 0
    assert len(nearest_within(_series([here]), _series([]), 1e3)) == 0


def test_collections_and_rings_count_as_what_they_hold() -> None:
    ring = shapely.LinearRing([(116.4, 39.9), (116.41, 39.9), (116.41, 39.91)])
    mixed = shapely.GeometryCollection(
        [shapely.Point(116.39, 39.9), shapely.GeometryCollection([SQUARE])]
    )
    point = _series([shapely.Point(116.408, 39.903)])
    assert pairs_within(point, _series([mixed]), 1.0).metres == [0.0]
    assert pairs_within(point, _series([ring]), 1_000.0).metres[0] > 100.0


def test_heights_are_ignored() -> None:
    high = shapely.Point(116.405, 39.9, 8_000.0)
    assert pairs_within(
        _series([high]), _series([shapely.Point(116.405, 39.9, 1.0)]), 1.0
    ).metres == [0.0]


def test_the_date_line_is_no_border() -> None:
    west, east = shapely.box(179.99, 10.0, 180.0, 10.01), shapely.box(-180.0, 10.0, -179.99, 10.01)
    uncut = shapely.Polygon([(179.99, 10.0), (-179.99, 10.0), (-179.99, 10.01), (179.99, 10.01)])
    points = _series(
        shapely.points([(179.995, 10.005), (-179.995, 10.005), (-179.989, 10.005), (179.989, 10.0)])
    )
    beyond = float(geodesic_distance(-179.989, 10.005, -179.99, 10.005))
    for campus in (shapely.MultiPolygon([west, east]), uncut):
        found = _table(pairs_within(points, _series([campus]), 500.0))
        assert list(found) == [(0, 0), (1, 0), (2, 0), (3, 0)]
        assert list(found.values()) == pytest.approx([0.0, 0.0, beyond, beyond], abs=0.01)
    across = pairs_within(
        _series([shapely.Point(179.9995, 0)]), _series([shapely.Point(-179.9995, 0)]), 200.0
    )
    assert across.metres == pytest.approx([111.3195], abs=MILLIMETRE)


def test_long_edges_are_geodesics() -> None:
    """A boundary edge of 60 km at 60° N bulges 220 m away from the parallel."""
    edge = shapely.LineString([(20.0, 60.0), (21.1, 60.0)])
    middle = oracle.GEOD.npts(20.0, 60.0, 21.1, 60.0, 1)[0]
    found = pairs_within(_series([shapely.Point(middle)]), _series([edge]), 10.0)
    assert found.metres == pytest.approx([0.0], abs=MILLIMETRE)
    assert not len(pairs_within(_series([shapely.Point(20.55, 60.0)]), _series([edge]), 100.0))


def test_a_wide_reach_is_geodesic_too() -> None:
    rng = np.random.default_rng(5)
    points = _scatter(rng, (100.0, 60.0), 40, 60_000.0)
    found = pairs_within(_series(shapely.points(points)), _series(shapely.points(points)), 50_000.0)
    a, b = np.divmod(np.arange(1600), 40)
    metres = geodesic_distance(*points[a].T, *points[b].T)
    near = metres <= 50_000.0
    assert list(_table(found)) == list(zip(a[near].tolist(), b[near].tolist(), strict=True))
    assert np.abs(found.metres - metres[near]).max() < MILLIMETRE


def test_a_boundary_of_many_vertices_and_points_deep_inside_it() -> None:
    rng = np.random.default_rng(6)
    lake = oracle.star(rng, (110.0, 30.0), 20_000.0, 5_000, holes=4)
    points = _scatter(rng, (110.0, 30.0), 60, 22_000.0)
    wanted = {(n, 0): float(oracle.distances(xy[0], xy[1], np.array([lake], dtype=object))[0])
              for n, xy in enumerate(points)}  # fmt: skip
    _agree(pairs_within(_series(shapely.points(points)), _series([lake]), 1_000.0), wanted, 1_000.0)
    assert 10 < sum(metres == 0.0 for metres in wanted.values()) < 50


def test_the_rim_of_the_reach_belongs_to_it() -> None:
    a, b = shapely.Point(116.4, 39.9), shapely.Point(116.4, 39.9018)
    metres = float(geodesic_distance(116.4, 39.9, 116.4, 39.9018))
    assert len(pairs_within(_series([a]), _series([b]), metres)) == 1
    assert len(pairs_within(_series([a]), _series([b]), np.nextafter(metres, 0.0))) == 0
    assert len(pairs_within(_series([a]), _series([a]), 0.0)) == 1


def test_of_equally_near_objects_the_first_is_taken() -> None:
    here, twin = shapely.Point(116.4, 39.9), shapely.Point(116.401, 39.9)
    found = nearest_within(_series([here]), _series([twin, twin, twin]), 200.0)
    assert found.object.tolist() == [0]


def test_positions_not_labels_are_returned() -> None:
    subjects = gpd.GeoSeries(shapely.points([(0, 0), (116.4, 39.9)]), index=["b", "a"], crs=4326)
    found = pairs_within(subjects, subjects.iloc[::-1], 10.0)
    assert _table(found) == {(0, 1): 0.0, (1, 0): 0.0}


@pytest.mark.parametrize("lat", [-90.0, 90.0, 89.9999])
def test_poles_do_not_crash(lat: float) -> None:
    points = _series(shapely.points([(0.0, lat), (180.0, lat), (-180.0, lat), (90.0, 45.0)]))
    found = _table(pairs_within(points, points, 100.0))
    assert {(n, n) for n in range(4)} <= set(found)


@pytest.mark.shared
def test_philadelphia_equals_brute_force(shared_data: Path) -> None:
    folder = shared_data / "us-philadelphia-tobacco-schools"
    shops = pd.read_csv(folder / "pa_tobacco_licences_philadelphia_2024-06-10.csv.gz")
    shops = shops.dropna(subset=["lon", "lat"])
    schools = gpd.read_file(folder / "philadelphia_schools_2018.gpkg").geometry
    a, b = np.divmod(np.arange(len(shops) * len(schools)), len(schools))
    metres = geodesic_distance(shops["lon"].to_numpy()[a], shops["lat"].to_numpy()[a],
                               schools.x.to_numpy()[b], schools.y.to_numpy()[b])  # fmt: skip
    near = metres <= 152.4
    found = pairs_within(_series(shapely.points(shops[["lon", "lat"]].to_numpy())), schools, 152.4)
    assert list(_table(found)) == list(zip(a[near].tolist(), b[near].tolist(), strict=True))
    assert np.abs(found.metres - metres[near]).max() < MILLIMETRE
    assert len(found) > 100
