"""The real files: every one comes in, where and as fine as its README says."""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path

import pytest
from pyproj import Geod, Transformer

from imagery.formats import open_raster, read_scenes
from imagery.scene import Scene
from layers.measures import geodesic_area
from tests.imagery.formats.made import codes, read_one
from tests.imagery.formats.test_tiles import corner

pytestmark = pytest.mark.shared
GEOD = Geod(ellps="WGS84")


@pytest.fixture
def real(shared_data: Path) -> Path:
    return shared_data.parent / "imagery"


def each(folder: Path, pattern: str, work: Path) -> Iterator[Scene]:
    paths = sorted(folder.glob(pattern))
    assert paths, f"{folder}/{pattern}"
    for path in paths:
        yield read_one(path, work)


@pytest.mark.parametrize(
    ("name", "epsg", "gsd", "inflated", "mask"),
    [
        ("OSBS_029.tif", 32617, 0.1, 1.0, "nodata"),
        ("2018_SJER_3_252000_4107000_image_477.tif", 32611, 0.1, 1.0, "nodata"),
        ("5b90f92da0d7280005fab355_4310.tif", 3395, 0.1 * math.cos(math.radians(14.6)), 1.067, "none"),
        ("webodm_tiny_orthophoto.tif", 32615, 0.5, 1.0, "alpha"),
    ],
)  # fmt: skip
def test_orthophotos(
    name: str, epsg: int, gsd: float, inflated: float, mask: str, real: Path, work: Path
) -> None:
    scene = read_one(real / "ortho_samples" / name, work)
    assert scene.facts["epsg"] == epsg
    assert scene.kind == "orthophoto"
    assert scene.mask == mask
    assert scene.gsd_m == pytest.approx(gsd, rel=0.01)
    assert scene.taken.how == "missing"
    assert scene.footprint is not None
    assert scene.placement is not None
    a, _, _, _, e, _ = scene.placement.transform
    plane = scene.width * scene.height * abs(a * e)
    ground = geodesic_area(scene.footprint)
    assert 0.75 < ground * inflated / plane < 1.01
    if inflated > 1:
        assert plane / ground == pytest.approx(inflated, rel=0.01)


def test_the_tiles_lie_where_their_names_say(real: Path, work: Path) -> None:
    scene = read_one(real / "oam_tiles", work)
    assert (scene.kind, scene.width, scene.height, len(scene.members)) == ("tiles", 2048, 1536, 8)
    assert scene.footprint is not None
    west, south, east, north = scene.footprint.bounds
    assert (west, north) == pytest.approx(corner(19, 386697, 220243), abs=1e-9)
    assert (east, south) == pytest.approx(corner(19, 386701, 220246), abs=1e-9)
    assert scene.gsd_m == pytest.approx(0.1493 * math.cos(math.radians(27.63)), rel=0.005)
    assert {"tiles_missing", "web_map_tiles"} <= codes(scene)
    with open_raster(real / "oam_tiles" / "OAM-386698-220245-19.tif", "JPEG") as tile:
        alone = tile.read()
    with open_raster(scene.source, scene.driver) as whole:
        assert (whole.read([1, 2, 3])[:, 1024:, 512:1024] == alone).all()
        assert (whole.read(4)[512:1024] == 0).all()


def test_one_tile_by_itself(real: Path, work: Path) -> None:
    for scene in each(real / "oam_tiles", "*.tif", work):
        assert scene.kind == "tiles"
        assert scene.placement is not None
        assert scene.placement.by == "tile_names"


def test_satellite_scenes_in_degrees(real: Path, work: Path) -> None:
    for scene in each(real / "s2_landfills_mx/images", "*.tif", work):
        assert scene.kind == "satellite"
        assert scene.facts["epsg"] == 4326
        assert scene.gsd_m == pytest.approx(9.96, abs=0.05)
        assert [band.common for band in scene.bands] == ["red", "green", "blue"]
        assert scene.footprint is not None
        assert 70e6 < geodesic_area(scene.footprint) < 82e6
    for scene in each(real / "s2_landfills_mx/masks", "*.tif", work):
        assert scene.kind == "satellite"


def test_series(real: Path, work: Path) -> None:
    naip = list(each(real / "timeseries_usa_peru/naip5m", "*.tif", work))
    assert [scene.taken.day for scene in naip] == ["2010-06-29", "2014-07-20", "2018-07-16"]
    assert {scene.taken.how for scene in naip} == {"file_name"}
    assert {scene.kind for scene in naip} == {"orthophoto"}
    assert all(scene.gsd_m == pytest.approx(5.0, rel=0.01) for scene in naip)
    assert {scene.facts["epsg"] for scene in naip} == {26914}
    assert all("datum_shift" in codes(scene) for scene in naip)
    landsat = list(each(real / "timeseries_usa_peru/landsat90m", "*.tif", work))
    assert {(scene.kind, scene.taken.how) for scene in landsat} == {("satellite", "missing")}
    assert all(scene.gsd_m == pytest.approx(90.0, rel=0.01) for scene in landsat)


def test_change_pairs(real: Path, work: Path) -> None:
    for part in ("levir", "dsifn"):
        for scene in each(real / "change_pairs" / part, "*/*.png", work):
            assert (scene.kind, scene.placement) == ("picture", None)
            assert "unplaced" in codes(scene)
    for scene in each(real / "change_pairs/landsat_taizhou", "*.tif", work):
        assert scene.kind == "satellite"
        assert scene.gsd_m == pytest.approx(30.0, rel=0.01)
        assert scene.footprint is not None
        x, y = Transformer.from_crs(4326, 32651, always_xy=True).transform(
            scene.footprint.centroid.x, scene.footprint.centroid.y
        )
        assert (x, y) == pytest.approx((203_325 + 6000, 3_604_935 - 6000), abs=5)


def test_frames_without_position_are_pictures(real: Path, work: Path) -> None:
    for scene in each(real / "aerial_vehicles", "*.jpg", work):
        assert scene.kind == "picture"
        assert scene.footprint is None


def test_drone_photos(real: Path, work: Path) -> None:
    scenes = list(each(real / "dji_brighton_beach", "*.JPG", work))
    for scene in scenes:
        assert scene.kind == "photo"
        assert scene.taken.day == "2016-06-23"
        assert scene.camera is not None
        assert scene.gsd_m == pytest.approx(0.017, rel=0.05)
        assert scene.footprint is not None
        lon, lat = scene.footprint.centroid.coords[0]
        assert GEOD.inv(lon, lat, scene.camera.lon, scene.camera.lat)[2] < 5
    together = read_scenes(real / "dji_brighton_beach", work)
    assert [scene.member for scene in together] == [scene.source.name for scene in scenes]
