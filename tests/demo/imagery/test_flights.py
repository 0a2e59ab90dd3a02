"""The rendered scenes hold what the truth says, lie where they say, and say what they are."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import rasterio
import shapely
from rasterio.features import geometry_mask
from shapely.geometry import shape

from demo.build import SEED
from demo.county import County, draw_county
from demo.frame import to_lonlat
from demo.imagery.build import MISPLACED_M, build_imagery
from demo.imagery.canvas import Canvas
from demo.imagery.sites import AFTER, BEFORE, SUN, paint, sites
from imagery.align import Ground, estimate
from imagery.formats import read_scenes
from imagery.store import Store
from layers import LayerFolder
from layers.datum.ground import ground_crs
from layers.measures import geodesic_area, geodesic_distance


@pytest.fixture(scope="module")
def drawn() -> County:
    return draw_county(str(SEED))


def _outline(one: dict[str, Any]) -> shapely.Polygon:
    found = shape(one["outline"])
    assert isinstance(found, shapely.Polygon)
    return found


def _thing(planted: dict[str, Any], site: str, kind: str) -> dict[str, Any]:
    found: dict[str, Any] = next(
        one for one in planted["sites"][site]["planted"] if one["kind"] == kind
    )
    return found


def test_areas_are_geodesic_areas(planted: dict[str, Any]) -> None:
    for site in planted["sites"].values():
        for one in site["planted"]:
            assert geodesic_area(_outline(one)) == pytest.approx(one["area_m2"], rel=2e-3, abs=0.2)


def test_the_model_case_is_planted(planted: dict[str, Any], root: Path) -> None:
    """5.79 mu of rubble, a hundred metres from the reservoir of the map."""
    dump = _thing(planted, "shore", "rubble")
    assert dump["area_mu"] == pytest.approx(5.79, abs=0.005)
    water = LayerFolder(root / "data" / "demo" / "layers")["water"].placed
    lake = water.geometry[water["name"] == "石塘水库"].iloc[0]
    a, b = shapely.get_coordinates(shapely.shortest_line(lake, _outline(dump)))
    metres = float(geodesic_distance(a[0], a[1], b[0], b[1]))
    assert metres == pytest.approx(100.0, abs=0.5)


@pytest.mark.parametrize("name", ["farm_20260521.tif", "bank_20260521.tif", "shore_20260521.tif"])
def test_planted_things_are_seen_where_they_are(
    flights: Path, planted: dict[str, Any], name: str
) -> None:
    """Inside the outline the later scene looks different from the ground around it."""
    told = planted["files"][name]
    east, north = told.get("moved_m", (0.0, 0.0))
    with rasterio.open(flights / "flights" / name) as file:
        picture = file.read().astype(float)
        system, grid = ground_crs(file.crs.to_wkt()), file.transform
    for one in planted["sites"][told["site"]]["planted"]:
        lonlat = shapely.get_coordinates(_outline(one))
        x, y = system.from_wgs84(lonlat[:, 0], lonlat[:, 1])
        there = shapely.Polygon(np.column_stack([x + east, y + north]))
        reach = 8 * grid.a
        inside = geometry_mask([there.buffer(-2 * grid.a)], picture.shape[1:], grid, invert=True)
        around = geometry_mask([there.buffer(2 * reach).difference(there.buffer(reach / 2))],
                               picture.shape[1:], grid, invert=True)  # fmt: skip
        apart = np.abs(picture[:, inside].mean(axis=1) - picture[:, around].mean(axis=1)).max()
        rough = picture[:, inside].std(axis=1).max() / max(picture[:, around].std(axis=1).max(), 1)
        assert apart > 12 or rough > 1.5, (one["kind"], apart, rough)


def test_the_flight_that_was_laid_askew_is_found_askew(flights: Path, tmp_path: Path) -> None:
    scenes = [read_scenes(flights / "flights" / name, tmp_path)[0]
              for name in ("shore_20251018.tif", "shore_20260521.tif")]  # fmt: skip
    found = estimate(Ground.of(scenes[0]), Ground.of(scenes[1]))
    assert found.accepted, found.why_en
    assert np.hypot(found.east_m + MISPLACED_M[0], found.north_m + MISPLACED_M[1]) < 0.3


def test_every_scene_says_that_it_is_rendered(flights: Path) -> None:
    store = Store.open(flights / "imagery", create=False)
    assert len(store.scenes()) == 19
    assert all(store.item(name).properties["yicha:generated"] for name in store.scenes())
    for path in (flights / "flights").glob("*.tif"):
        with rasterio.open(path) as file:
            assert "RENDERED" in file.tags()["TIFFTAG_IMAGEDESCRIPTION"]


def test_photos_lie_within_their_stated_error(flights: Path, planted: dict[str, Any]) -> None:
    """A nadir photo's middle is the ground below the camera: planted, so the error is known."""
    store = Store.open(flights / "imagery", create=False)
    true = {photo["name"]: (photo["lon"], photo["lat"]) for photo in planted["photos"]}
    away, stated = [], []
    for name in store.scenes():
        item = store.item(name)
        member = (item.properties.get("yicha:member") or "").rsplit("/", 1)[-1]
        if member in true:
            assert item.geometry is not None
            lon, lat = shapely.get_coordinates(shape(item.geometry).centroid)[0]
            away.append(float(geodesic_distance(lon, lat, *true[member])))
            stated.append(float(item.properties["yicha:u_m"]))
    assert len(away) == 9
    assert np.mean(np.array(away) <= np.array(stated)) >= 0.8


def test_the_same_seed_paints_the_same_picture(drawn: County) -> None:
    site = sites(drawn.world)[0]

    def once() -> str:
        canvas = Canvas.around(site.middle, (60, 40), 0.25, "EPSG:4545", seed=5, sun=SUN[AFTER])
        return hashlib.sha256(
            paint(site, drawn.world, canvas, AFTER).picture().tobytes()
        ).hexdigest()

    assert once() == once()


def test_the_earlier_day_has_only_decoys(drawn: County) -> None:
    site = sites(drawn.world)[0]
    dump = site.planted[0].outline
    canvases = [
        paint(site, drawn.world, Canvas.around((dump.centroid.x, dump.centroid.y), (40, 30), 0.5,
              "EPSG:4545", seed=5, sun=SUN[day]), day).picture().astype(float)
        for day in (BEFORE, AFTER)
    ]  # fmt: skip
    rough = [np.abs(np.diff(canvas.mean(axis=0))).mean() for canvas in canvases]
    assert rough[1] > 2 * rough[0], "rubble is rough, the field was not"


def test_the_lane_is_a_lane(planted: dict[str, Any]) -> None:
    site = planted["sites"]["estate"]
    lane = shape(site["lanes"][0]["outline"])
    assert geodesic_area(lane) == pytest.approx(560.0, rel=0.02)
    assert all(_outline(one).intersects(lane) for one in site["planted"])


def test_made_again_nothing_is_done(flights: Path) -> None:
    assert not build_imagery(flights, SEED)


def test_the_frame_of_the_truth_is_degrees(planted: dict[str, Any]) -> None:
    lon, lat = shapely.get_coordinates(_outline(_thing(planted, "shore", "ash")))[0]
    middle = to_lonlat(np.zeros((1, 2)))[0]
    assert abs(lon - middle[0]) < 0.1
    assert abs(lat - middle[1]) < 0.1
