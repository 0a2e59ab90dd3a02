"""GeoTIFFs of every habit: where they lie, how large a pixel is, what is said about it."""

from __future__ import annotations

import warnings
from pathlib import Path

import numpy as np
import pytest
import rasterio
import shapely
from pyproj import Geod, Transformer
from rasterio.control import GroundControlPoint
from rasterio.errors import NotGeoreferencedWarning
from rasterio.rpc import RPC
from rasterio.transform import Affine

from imagery.formats import open_raster, read_scenes
from imagery.scene import Stated
from layers.datum.ground import local_plane
from layers.errors import ImageryError
from tests.imagery.formats.made import (
    AT_LIUZHI,
    LIUZHI,
    bare,
    codes,
    pixels,
    read_one,
    write,
)

GEOD = Geod(ellps="WGS84")


def at(code: int, lon: float, lat: float, step: float) -> Affine:
    """North-up, `step` of the system's unit a pixel, its corner near a place."""
    x, y = Transformer.from_crs(4326, code, always_xy=True).transform(lon, lat)
    return Affine(step, 0, x, 0, -step, y)


@pytest.mark.parametrize(
    ("code", "step", "gsd"),
    [
        (32648, 0.1, 0.1), (4326, 1e-6, 0.1108), (4490, 1e-6, 0.1108), (4545, 0.1, 0.1),
        (4524, 0.1, 0.1), (3857, 0.1, 0.0897), (3395, 0.1, 0.0897),
    ],
)  # fmt: skip
def test_any_crs_lies_where_it_should(
    code: int, step: float, gsd: float, tmp_path: Path, work: Path
) -> None:
    path = write(tmp_path / "a.tif", crs=f"EPSG:{code}", transform=at(code, *LIUZHI, step))
    scene = read_one(path, work)
    assert scene.footprint is not None
    west, _, _, north = scene.footprint.bounds
    assert GEOD.inv(west, north, *LIUZHI)[2] < 3.0
    assert scene.gsd_m == pytest.approx(gsd, rel=0.01)
    assert scene.facts["epsg"] == code
    assert scene.kind == "orthophoto"
    assert ("in_plane_of_tiles" in codes(scene)) is (code in (3857, 3395))


def test_the_larger_axis_is_the_ground_size(tmp_path: Path, work: Path) -> None:
    path = write(tmp_path / "a.tif", transform=Affine(0.1, 0, 747_900, 0, -0.3, 2_901_500))
    assert read_one(path, work).gsd_m == pytest.approx(0.3, rel=0.01)


@pytest.mark.parametrize("turn", [30.0, 90.0, 180.0, 211.0])
def test_rotated_grids_keep_their_pixel(turn: float, tmp_path: Path, work: Path) -> None:
    transform = AT_LIUZHI * Affine.rotation(turn) if turn != 180.0 else (
        Affine(0.1, 0, 747_900, 0, 0.1, 2_901_500))  # fmt: skip
    scene = read_one(write(tmp_path / "a.tif", transform=transform), work)
    assert scene.gsd_m == pytest.approx(0.1, rel=0.01)
    assert scene.placement is not None
    assert scene.placement.transform == pytest.approx(tuple(transform)[:6])
    assert scene.footprint is not None
    corner = transform * (64, 48)
    lon, lat = Transformer.from_crs(32648, 4326, always_xy=True).transform(*corner)
    ring = shapely.get_coordinates(scene.footprint)
    assert min(GEOD.inv(lon, lat, x, y)[2] for x, y in ring) < 0.01


@pytest.mark.parametrize("dtype", ["uint8", "uint16", "int16", "float32"])
def test_depths(dtype: str, tmp_path: Path, work: Path) -> None:
    scene = read_one(write(tmp_path / "a.tif", pixels(4, dtype=dtype)), work)
    assert [band.dtype for band in scene.bands] == [dtype] * 4


def test_bands_are_named(tmp_path: Path, work: Path) -> None:
    path = write(tmp_path / "a.tif", pixels(4), names=("red", "green", "blue", "NIR"))
    scene = read_one(path, work)
    assert [band.common for band in scene.bands] == ["red", "green", "blue", "nir"]
    assert [band.name for band in scene.bands] == ["red", "green", "blue", "NIR"]


def test_nodata_narrows_the_outline(tmp_path: Path, work: Path) -> None:
    data = pixels(3, size=(200, 200))
    data[:, :, :100] = 0
    whole = read_one(write(tmp_path / "a.tif", pixels(3, size=(200, 200))), work)
    half = read_one(write(tmp_path / "b.tif", data, nodata=0), work)
    assert half.mask == "nodata"
    assert whole.mask == "none"
    assert whole.footprint is not None
    assert half.footprint is not None
    assert half.footprint.area / whole.footprint.area == pytest.approx(0.5, abs=0.03)
    assert half.facts["footprint_of"] == "valid"


def test_a_file_without_a_valid_pixel_says_so(tmp_path: Path, work: Path) -> None:
    scene = read_one(write(tmp_path / "a.tif", pixels() * 0, nodata=0), work)
    assert "no_valid_pixel" in codes(scene)


def test_alpha_is_a_mask(tmp_path: Path, work: Path) -> None:
    data = pixels(4)
    data[3] = 255
    data[3, :24] = 0
    scene = read_one(write(tmp_path / "a.tif", data, photometric="RGB", alpha="yes"), work)
    assert scene.mask == "alpha"
    assert scene.bands[3].name == "alpha"


def test_heights_and_palettes_are_said(tmp_path: Path, work: Path) -> None:
    heights = read_one(write(tmp_path / "a.tif", pixels(1, dtype="float32")), work)
    assert "heights" in codes(heights)
    colours = {value: (value, 0, 0, 255) for value in range(256)}
    palette = read_one(write(tmp_path / "b.tif", pixels(1), colormap=colours), work)
    assert "palette" in codes(palette)


def test_polynomials_alone_place_nothing(tmp_path: Path, work: Path) -> None:
    ones = [1.0] + [0.0] * 19
    rpcs = RPC(height_off=900, height_scale=500, lat_off=26.2, lat_scale=0.1, line_den_coeff=ones,
               line_num_coeff=ones, line_off=24, line_scale=24, long_off=105.4, long_scale=0.1,
               samp_den_coeff=ones, samp_num_coeff=ones, samp_off=32, samp_scale=32,
               err_bias=None, err_rand=None)  # fmt: skip
    scene = read_one(bare(tmp_path / "a.tif", rpcs=rpcs), work)
    assert (scene.kind, scene.placement) == ("picture", None)
    assert "rpc_only" in codes(scene)


def test_control_points_place_a_plane_picture(tmp_path: Path, work: Path) -> None:
    points = [GroundControlPoint(row, column, *(AT_LIUZHI * (column, row)))
              for row, column in ((0, 0), (0, 64), (48, 0), (48, 64))]  # fmt: skip
    path = tmp_path / "a.tif"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", NotGeoreferencedWarning)
        with rasterio.open(path, "w", driver="GTiff", width=64, height=48, count=3, dtype="uint8",
                           gcps=points, crs="EPSG:32648") as made:  # fmt: skip
            made.write(pixels())
    scene = read_one(path, work)
    assert "gcps" in codes(scene)
    assert scene.placement is not None
    assert scene.placement.transform == pytest.approx(tuple(AT_LIUZHI)[:6], abs=1e-6)


def test_bent_control_points_are_refused(tmp_path: Path, work: Path) -> None:
    places = ((0, 0, 0), (0, 64, 0), (48, 0, 0), (48, 64, 900))
    points = [GroundControlPoint(r, c, (AT_LIUZHI * (c, r))[0] + off, (AT_LIUZHI * (c, r))[1])
              for r, c, off in places]  # fmt: skip
    path = tmp_path / "a.tif"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", NotGeoreferencedWarning)
        with rasterio.open(path, "w", driver="GTiff", width=64, height=48, count=3, dtype="uint8",
                           gcps=points, crs="EPSG:32648") as made:  # fmt: skip
            made.write(pixels())
    with pytest.raises(ImageryError, match="control points"):
        read_scenes(path, work)


def test_coordinates_without_a_crs_need_one(tmp_path: Path, work: Path) -> None:
    path = write(tmp_path / "a.tif", crs=None)
    with pytest.raises(ImageryError, match="coordinate system") as caught:
        read_scenes(path, work)
    assert ".prj" in caught.value.remedy
    stated = read_one(path, work, Stated(crs="32648", u_m=0.1))
    assert "crs_stated" in codes(stated)
    assert stated.placement is not None
    assert (stated.placement.u_m, stated.placement.known_by) == (0.1, "stated")
    assert read_one(path, work, Stated(kind="picture")).kind == "picture"


@pytest.mark.parametrize("code", [2362, 4214, 4610])
def test_old_datums_are_refused_with_a_remedy(code: int, tmp_path: Path, work: Path) -> None:
    transform = Affine(0.1, 0, 38_500_000, 0, -0.1, 2_901_500) if code == 2362 else (
        Affine(1e-6, 0, 105.48, 0, -1e-6, 26.21))  # fmt: skip
    with pytest.raises(ImageryError, match="parameters"):
        read_scenes(write(tmp_path / "a.tif", crs=f"EPSG:{code}", transform=transform), work)


@pytest.mark.parametrize(
    ("crs", "transform", "says"),
    [
        ("EPSG:4326", Affine(1e-6, 0, 26.21, 0, -1e-6, 105.48), "swapped"),
        ("EPSG:4326", Affine(1e-6, 0, 39.9, 0, -1e-6, 75.5), "swapped"),
        ("EPSG:4326", Affine(0.1, 0, 747_900, 0, -0.1, 2_901_500), "no degrees"),
        ("EPSG:32648", Affine(1e-6, 0, 105.48, 0, -1e-6, 26.21), "called metres"),
        ("EPSG:32648", Affine(0.1, 0, 2_901_500, 0, -0.1, 747_900), "swapped"),
        ("EPSG:32748", Affine(0.1, 0, 747_900, 0, -0.1, 2_901_500), "hemisphere"),
        ("EPSG:4524", Affine(0.1, 0, 500_000, 0, -0.1, 2_901_500), "outside the area"),
        ("EPSG:32648", Affine(0.1, 0, 35_747_900, 0, -0.1, 2_901_500), "outside the area"),
        ("EPSG:32648", Affine(1e-7, 0, 747_900, 0, -1e-7, 2_901_500), "on the ground"),
        ("EPSG:32648", Affine(1e6, 0, 747_900, 0, -1e6, 2_901_500), "outside the area"),
        ("EPSG:32648", Affine(0.1, 0, 747_900, 0, -99.0, 2_901_500), "on the ground"),
        ("EPSG:32648", Affine(0, 0, 747_900, 0, 0, 2_901_500), "no size"),
        ("EPSG:32648", Affine(np.nan, 0, 747_900, 0, -0.1, 2_901_500), "no size"),
    ],
)  # fmt: skip
def test_georeferences_that_cannot_be_true(
    crs: str, transform: Affine, says: str, tmp_path: Path, work: Path
) -> None:
    path = write(tmp_path / "a.tif", crs=crs, transform=transform)
    with pytest.raises(ImageryError, match=says) as caught:
        read_scenes(path, work)
    assert caught.value.remedy
    assert caught.value.file == str(path)


def test_a_mirrored_hemisphere_is_said(tmp_path: Path, work: Path) -> None:
    path = write(
        tmp_path / "a.tif", crs="EPSG:4326", transform=Affine(1e-6, 0, 105.48, 0, -1e-6, -26.2)
    )
    assert "mirror_hemisphere" in codes(read_one(path, work))


def test_landsat_in_the_south_counts_in_the_northern_zone(tmp_path: Path, work: Path) -> None:
    path = write(
        tmp_path / "a.tif", crs="EPSG:32618", transform=Affine(30, 0, 500_000, 0, -30, -930_000)
    )
    scene = read_one(path, work)
    assert scene.kind == "satellite"
    assert scene.footprint is not None
    assert scene.footprint.bounds[3] == pytest.approx(-8.41, abs=0.1)


def test_a_scene_across_the_antimeridian_has_two_parts(tmp_path: Path, work: Path) -> None:
    path = write(
        tmp_path / "a.tif", crs="EPSG:4326", transform=Affine(0.01, 0, 179.7, 0, -0.01, 10)
    )
    scene = read_one(path, work)
    assert scene.footprint is not None
    assert scene.footprint.geom_type == "MultiPolygon"
    assert scene.footprint.area == pytest.approx(0.64 * 0.48, rel=1e-3)
    assert scene.footprint.bounds == pytest.approx((-180, 9.52, 180, 10))


def test_neighbours_of_a_geotiff_are_not_believed(tmp_path: Path, work: Path) -> None:
    path = write(tmp_path / "a.tif")
    (tmp_path / "a.tfw").write_text("1\n0\n0\n-1\n0\n0\n", encoding="utf-8")
    (tmp_path / "a.tif.aux.xml").write_text(
        "<PAMDataset><SRS>EPSG:4326</SRS></PAMDataset>", encoding="utf-8"
    )
    scene = read_one(path, work)
    assert scene.facts["epsg"] == 32648
    assert "world_file_ignored" in codes(scene)


def test_several_pages_are_said(tmp_path: Path, work: Path) -> None:
    path = write(tmp_path / "a.tif")
    with rasterio.open(path, "r+") as made:
        made.build_overviews([2], rasterio.enums.Resampling.nearest)
    assert "pages" not in codes(read_one(path, work))


def test_a_wrong_extension_is_said_and_read(tmp_path: Path, work: Path) -> None:
    path = bare(tmp_path / "a.png").rename(tmp_path / "a.jpg")
    scene = read_one(path, work)
    assert scene.driver == "PNG"
    assert "misnamed" in codes(scene)


def test_crs_text_may_not_name_files(tmp_path: Path, work: Path) -> None:
    path = write(tmp_path / "a.tif", crs=None)
    with pytest.raises(ImageryError, match="names a file"):
        read_scenes(path, work, Stated(crs="+proj=longlat +nadgrids=/etc/passwd"))


def test_the_source_opens_as_the_scene_says(tmp_path: Path, work: Path) -> None:
    scene = read_one(write(tmp_path / "a.tif"), work)
    with open_raster(scene.source, scene.driver) as dataset:
        assert (dataset.read() == pixels()).all()
    assert list(work.iterdir()) == []


def test_a_plane_of_ones_own_may_begin_here(tmp_path: Path, work: Path) -> None:
    """Previews and site plans lie in a local plane whose numbers are small: they are metres."""
    grid = Affine(0.05, 0, -40.0, 0, -0.05, 30.0)
    path = write(tmp_path / "plan.tif", crs=local_plane(*LIUZHI), transform=grid)
    scene = read_one(path, work)
    assert scene.gsd_m == pytest.approx(0.05, rel=1e-3)
