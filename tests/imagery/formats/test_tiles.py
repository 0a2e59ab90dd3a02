"""Tiles in folders and zips become one raster where their names say they lie."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest
from rasterio.transform import Affine

from imagery.formats import open_raster, read_scenes
from imagery.formats.tile_names import TileName, tile_affine, tile_name, tile_names
from imagery.guard import Limits
from imagery.scene import Stated
from layers.errors import ImageryError
from tests.imagery.formats.made import (
    bare,
    codes,
    content,
    database,
    mbtiles,
    pixels,
    read_one,
    write,
    zipped,
)

Z, X, Y = 18, 207_880, 111_137
"""A tile near Liuzhi: longitude 105.48, latitude 26.2."""


def corner(z: int, x: int, y: int) -> tuple[float, float]:
    """Longitude and latitude of a tile's upper left corner, by the textbook."""
    turn = math.pi * (1 - 2 * y / 2**z)
    return x / 2**z * 360 - 180, math.degrees(math.atan(math.sinh(turn)))


def tiles(folder: Path, names: list[str], **profile: object) -> dict[str, bytes]:
    return {name: content(Path(name).suffix, folder, data=pixels(3, (256, 256)) + n, **profile)
            for n, name in enumerate(names)}  # fmt: skip


def laid_out(folder: Path, members: dict[str, bytes]) -> Path:
    for name, data in members.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return folder


@pytest.mark.parametrize("packed", [True, False])
@pytest.mark.parametrize("suffix", [".png", ".jpg"])
def test_xyz(packed: bool, suffix: str, tmp_path: Path, work: Path) -> None:
    names = [f"map/{Z}/{X + c}/{Y + r}{suffix}" for c in range(2) for r in range(2)]
    members = tiles(tmp_path, names)
    source = zipped(tmp_path / "a.zip", members) if packed else laid_out(tmp_path / "a", members)
    scene = read_one(source, work)
    assert (scene.kind, scene.width, scene.height) == ("tiles", 512, 512)
    assert scene.placement is not None
    assert scene.placement.by == "tile_names"
    assert scene.footprint is not None
    west, south, east, north = scene.footprint.bounds
    assert (west, north) == pytest.approx(corner(Z, X, Y), abs=1e-9)
    assert (east, south) == pytest.approx(corner(Z, X + 2, Y + 2), abs=1e-9)
    assert scene.gsd_m == pytest.approx(0.5972 * math.cos(math.radians(26.2)), rel=0.01)
    assert {"web_map_tiles", "in_plane_of_tiles", "tile_scheme_assumed"} <= codes(scene)
    assert scene.members == tuple(sorted(names))
    with open_raster(scene.source, scene.driver) as dataset:
        read = dataset.read()
    lower_left = names.index(f"map/{Z}/{X}/{Y + 1}{suffix}")
    wanted = (pixels(3, (256, 256)) + lower_left).astype(int)
    off = np.abs(read[:3, 256:, :256].astype(int) - wanted)
    assert off.mean() <= (0 if suffix == ".png" else 3)
    assert (read[3] == 255).all()


def test_gaps_are_transparent_and_said(tmp_path: Path, work: Path) -> None:
    names = [f"{Z}/{X}/{Y}.png", f"{Z}/{X + 1}/{Y + 1}.png"]
    scene = read_one(zipped(tmp_path / "a.zip", tiles(tmp_path, names)), work)
    assert "tiles_missing" in codes(scene)
    assert scene.footprint is not None
    whole = np.prod(np.subtract(corner(Z, X + 2, Y), corner(Z, X, Y + 2)))
    assert scene.footprint.area == pytest.approx(whole / 2, rel=0.05)


def test_tms_by_metadata_and_by_statement(tmp_path: Path, work: Path) -> None:
    flipped = 2**Z - 1 - Y
    members = tiles(tmp_path, [f"{Z}/{X}/{flipped}.png", f"{Z}/{X}/{flipped - 1}.png"])
    told = read_one(zipped(tmp_path / "a.zip", members), work, Stated(tile_scheme="tms"))
    metadata = {"tilemapresource.xml": b"<TileMap><TileSets profile='mercator'/></TileMap>"}
    (tmp_path / "w2").mkdir()
    read = read_one(zipped(tmp_path / "b.zip", {**members, **metadata}), tmp_path / "w2")
    for scene in (told, read):
        assert scene.footprint is not None
        assert scene.footprint.bounds[3] == pytest.approx(corner(Z, X, Y)[1], abs=1e-9)
        assert "tile_scheme_assumed" not in codes(scene)


def test_tms_that_nobody_stated_is_not_mirrored_silently(tmp_path: Path, work: Path) -> None:
    members = tiles(tmp_path, [f"{Z}/{X}/{2**Z - 1 - Y}.png", f"{Z}/{X}/{2**Z - Y}.png"])
    with pytest.raises(ImageryError, match="TMS"):
        read_scenes(zipped(tmp_path / "a.zip", members), work)


def test_only_the_deepest_level_is_used(tmp_path: Path, work: Path) -> None:
    names = [f"{Z}/{X}/{Y}.png", f"{Z}/{X + 1}/{Y}.png", f"{Z - 1}/{X // 2}/{Y // 2}.png"]
    scene = read_one(zipped(tmp_path / "a.zip", tiles(tmp_path, names)), work)
    assert (scene.width, scene.height) == (512, 256)
    assert "tile_levels" in codes(scene)


def test_a_damaged_tile_is_left_out_and_said(tmp_path: Path, work: Path) -> None:
    members = tiles(tmp_path, [f"{Z}/{X + c}/{Y}.png" for c in range(3)])
    first = next(iter(members))
    members[first] = members[first][:200]
    scene = read_one(zipped(tmp_path / "a.zip", members), work)
    assert "tiles_left_out" in codes(scene)
    assert scene.width == 768
    assert first not in scene.members


def test_tiles_of_another_size_are_left_out(tmp_path: Path, work: Path) -> None:
    members = tiles(tmp_path, [f"{Z}/{X + c}/{Y}.png" for c in range(3)])
    members[f"{Z}/{X}/{Y + 1}.png"] = content(".png", tmp_path, data=pixels(3, (512, 512)))
    scene = read_one(zipped(tmp_path / "a.zip", members), work)
    assert "tiles_left_out" in codes(scene)
    assert (scene.width, scene.height) == (768, 512)


def test_no_sound_tile_is_a_refusal(tmp_path: Path, work: Path) -> None:
    members = {f"{Z}/{X + c}/{Y}.png": b"\x89PNG\r\n\x1a\n" + bytes(50) for c in range(3)}
    with pytest.raises(ImageryError):
        read_scenes(zipped(tmp_path / "a.zip", members), work)


def test_tiles_far_apart_are_not_one_picture(tmp_path: Path, work: Path) -> None:
    members = tiles(tmp_path, [f"{Z}/{X}/{Y}.png", f"{Z}/{X + 5000}/{Y + 5000}.png"])
    with pytest.raises(ImageryError, match="far apart"):
        read_scenes(zipped(tmp_path / "a.zip", members), work)
    names = [f"{Z}/{X + 3 * n}/{Y}.png" for n in range(10)]
    with pytest.raises(ImageryError, match="pixels"):
        read_scenes(zipped(tmp_path / "b.zip", tiles(tmp_path, names)), work / "b",
                    limits=Limits(max_pixels=1_000_000))  # fmt: skip


def test_grey_palette_and_rgba_tiles_go_together(tmp_path: Path, work: Path) -> None:
    blue = {value: (0, 0, 255 - value, 255) for value in range(256)}
    members = {
        f"{Z}/{X}/{Y}.png": content(".png", tmp_path, data=pixels(1, (256, 256))),
        f"{Z}/{X + 1}/{Y}.png": content(".png", tmp_path, data=pixels(4, (256, 256))),
        f"{Z}/{X + 2}/{Y}.png": content(
            ".png", tmp_path, data=pixels(1, (256, 256)), colormap=blue
        ),
    }
    scene = read_one(zipped(tmp_path / "a.zip", members), work)
    with open_raster(scene.source, scene.driver) as dataset:
        assert dataset.count == 4
        assert (dataset.read(1)[:, 512:] == 0).all()
        assert (dataset.read(3)[:, 512:] == 255 - pixels(1, (256, 256))[0]).all()
        assert (dataset.read(1)[:, :256] == dataset.read(3)[:, :256]).all()


@pytest.mark.parametrize(
    ("names", "found"),
    [
        (["OAM-386697-220243-19.tif"], {TileName(19, 386697, 220243)}),
        (["19_386697_220243.png", "19_386698_220243.png"], {TileName(19, 386697, 220243), TileName(19, 386698, 220243)}),
        (["a/2018-07-16.jpg", "b/DJI_0005-0018.jpg", "IMG_20240612_103045.jpg"], set()),
        (["25/1/1.png", "3/9/1.png"], set()),
        (["plot-1-2-3.jpg", "plot-2-2-3.jpg"], set()),
        (["3/7/7.png", "readme.txt"], {TileName(3, 7, 7)}),
    ],
)  # fmt: skip
def test_names(names: list[str], found: set[TileName]) -> None:
    assert set(tile_names(names).values()) == found


def test_only_known_writers_name_a_single_picture() -> None:
    assert tile_name("DJI-100-200-12.jpg", loose=False) is None
    assert tile_name("OAM-386697-220243-19.jpg", loose=False) == TileName(19, 386697, 220243)


def test_a_tile_by_itself(tmp_path: Path, work: Path) -> None:
    scene = read_one(bare(tmp_path / f"OAM-{X}-{Y}-{Z}.tif", pixels(3, (512, 512))), work)
    assert scene.kind == "tiles"
    assert scene.footprint is not None
    assert scene.footprint.bounds[0] == pytest.approx(corner(Z, X, Y)[0], abs=1e-9)


def test_the_affine_of_the_world_tile() -> None:
    a, _, c, _, e, f = tile_affine(0, 0, 0, 256)
    assert (c, f) == pytest.approx((-20037508.342789244, 20037508.342789244))
    assert (a, e) == pytest.approx((156543.03392804097, -156543.03392804097))


def test_mbtiles(tmp_path: Path, work: Path) -> None:
    scene = read_one(mbtiles(tmp_path / "a.mbtiles"), work)
    assert (scene.kind, scene.driver, scene.mask) == ("tiles", "MBTiles", "alpha")
    assert scene.footprint is not None
    assert scene.footprint.bounds[:2] == pytest.approx((105.48, 26.2), abs=0.01)
    assert "web_map_tiles" in codes(scene)


def test_photos_numbered_like_tiles_are_photos(tmp_path: Path, work: Path) -> None:
    members = {f"flight-{n}-31-15.jpg": content(".jpg", tmp_path) for n in range(3)}
    scenes = read_scenes(zipped(tmp_path / "a.zip", members), work)
    assert [scene.kind for scene in scenes] == ["picture"] * 3


def test_mbtiles_in_an_archive(tmp_path: Path, work: Path) -> None:
    path = mbtiles(tmp_path / "a.mbtiles")
    scene = read_one(zipped(tmp_path / "a.zip", {"x/b.mbtiles": path.read_bytes()}), work)
    assert (scene.kind, scene.member) == ("tiles", "x/b.mbtiles")


def test_a_geotiff_in_the_plane_of_web_maps_may_be_one(tmp_path: Path, work: Path) -> None:
    web = {"crs": "EPSG:3857", "transform": Affine(0.1, 0, 11_742_000, 0, -0.1, 3_025_000)}
    assert "web_map_tiles" in codes(read_one(write(tmp_path / "a.tif", **web), work))


def test_an_mbtiles_by_another_name_is_refused_with_a_remedy(tmp_path: Path, work: Path) -> None:
    path = mbtiles(tmp_path / "a.mbtiles").rename(tmp_path / "a.db")
    with pytest.raises(ImageryError, match=r"MBTiles") as caught:
        read_scenes(path, work)
    assert ".mbtiles" in caught.value.remedy


def test_mbtiles_without_tables_or_with_endless_ones(tmp_path: Path, work: Path) -> None:
    empty = database(tmp_path / "a.mbtiles", "CREATE TABLE a (b)")
    with pytest.raises(ImageryError):
        read_scenes(empty, work)
    endless = database(
        tmp_path / "b.mbtiles",
        "CREATE TABLE metadata (name TEXT, value TEXT)",
        "INSERT INTO metadata VALUES ('name','a'),('format','png'),('type','baselayer')",
        "CREATE VIEW tiles AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) "
        "SELECT 3 AS zoom_level, i AS tile_column, i AS tile_row, x'00' AS tile_data FROM n",
    )
    with pytest.raises(ImageryError, match="longer than"):
        read_scenes(endless, work, limits=Limits(seconds=2.0))
    assert read_one(mbtiles(tmp_path / "c.mbtiles"), work).kind == "tiles"


def test_sixteen_bit_pieces_with_world_files_are_one_raster(tmp_path: Path, work: Path) -> None:
    whole = pixels(4, (200, 100), dtype="uint16") * 20
    members = {}
    for n, (column, row) in enumerate(((0, 0), (100, 0), (0, 50), (100, 50))):
        piece = write(tmp_path / "p.tif", whole[:, row : row + 50, column : column + 100],
                      transform=_shifted(column, row))  # fmt: skip
        members[f"result/tile_{n}_20240612.tif"] = piece.read_bytes()
    scene = read_one(zipped(tmp_path / "a.zip", members), work)
    assert (scene.kind, scene.width, scene.height) == ("orthophoto", 200, 100)
    assert scene.taken.local == "2024-06-12"
    assert len(scene.members) == 4
    with open_raster(scene.source, scene.driver) as dataset:
        assert (dataset.read([1, 2, 3, 4]) == whole).all()
        assert (dataset.dataset_mask() == 255).all()


def test_two_dates_of_one_place_stay_two_scenes(tmp_path: Path, work: Path) -> None:
    same = write(tmp_path / "p.tif").read_bytes()
    beside = write(tmp_path / "q.tif", transform=_shifted(64, 0)).read_bytes()
    one = read_scenes(zipped(tmp_path / "a.zip", {"a.tif": same, "b.tif": same}), work)
    assert len(one) == 2
    dated = {"a_20230101.tif": same, "b_20240101.tif": beside}
    assert len(read_scenes(zipped(tmp_path / "b.zip", dated), work / "b")) == 2


def _shifted(column: int, row: int) -> object:
    from tests.imagery.formats.made import AT_LIUZHI

    return AT_LIUZHI * AT_LIUZHI.translation(column, row)
