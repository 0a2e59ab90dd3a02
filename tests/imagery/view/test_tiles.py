"""Tiles by id: content, transparency, formats, tags, mosaics, stored blocks, many threads."""

from __future__ import annotations

import math
from concurrent.futures import ThreadPoolExecutor

import cv2
import numpy as np
import pytest
import rasterio
from rasterio.enums import Resampling
from rasterio.transform import from_bounds
from rasterio.warp import reproject

from imagery.view import Tile, TileReader, mercator
from layers.errors import ImageryError
from tests.imagery.view.conftest import Place

LON, LAT = 115.9575, 30.7185


def _number(z: int, lon: float = LON, lat: float = LAT) -> tuple[int, int, int]:
    x, y = mercator.to_plane(np.array(lon), np.array(lat))
    size = 2 * mercator.HALF / 2**z
    return (
        z,
        math.floor((float(x) + mercator.HALF) / size),
        math.floor((mercator.HALF - float(y)) / size),
    )


def _middle(place: Place, name: str = "old") -> tuple[float, float]:
    west, south, east, north = place.reader.facts(place.ids[name]).bounds  # type: ignore[union-attr, misc]
    return (west + east) / 2, (south + north) / 2


def _decoded(tile: Tile | None) -> np.ndarray:
    assert tile is not None
    found = cv2.imdecode(np.frombuffer(tile.content, np.uint8), cv2.IMREAD_UNCHANGED)
    assert found is not None
    return found


def _oracle(place: Place, name: str, tile: tuple[int, int, int], size: int) -> np.ndarray:
    """The original warped straight onto the tile by GDAL (size, size, 3) red, green, blue."""
    with rasterio.open(place.files[name]) as file:
        out = np.zeros((3, size, size))
        reproject(file.read((1, 2, 3)).astype(float), out, src_transform=file.transform, src_crs=file.crs,
                  dst_transform=from_bounds(*mercator.tile_bounds(*tile), size, size),
                  dst_crs="EPSG:3857", resampling=Resampling.average, dst_nodata=np.nan)  # fmt: skip
    return out.transpose(1, 2, 0)


@pytest.mark.parametrize("size", [256, 512])
@pytest.mark.parametrize("up", [0, 1, 2, -1])
def test_a_tile_shows_the_original(place: Place, size: int, up: int) -> None:
    facts = place.reader.facts(place.ids["old"])
    assert facts is not None
    tile = _number(facts.max_zoom - up - (size == 512), *_middle(place))
    got = _decoded(place.reader.tile(place.ids["old"], *tile, size=size))
    wanted = _oracle(place, "old", tile, size)
    assert got.shape[:2] == (size, size)
    difference = np.abs(got[:, :, 2::-1].astype(float) - wanted)
    inner = np.isfinite(wanted).all(axis=2) & (got[:, :, 3] > 0 if got.shape[2] == 4 else True)
    assert inner.sum() > 0.2 * size * size
    assert np.median(difference[inner]) < 4
    assert np.percentile(difference[inner], 99) < 22


def test_a_full_tile_is_jpeg_and_one_at_the_rim_is_transparent(place: Place) -> None:
    facts = place.reader.facts(place.ids["old"])
    assert facts is not None
    assert facts.bounds is not None
    west, south, _, _ = facts.bounds
    full = place.reader.tile(place.ids["old"], *_number(facts.max_zoom, *_middle(place)))
    rim = place.reader.tile(
        place.ids["old"], *_number(facts.max_zoom - 1, west + 1e-5, south + 1e-4)
    )
    assert full is not None
    assert full.media_type == "image/jpeg"
    assert rim is not None
    assert rim.media_type == "image/webp"
    seen = _decoded(rim)[:, :, 3]
    assert {0, 255} == set(np.unique(seen).tolist())


def test_outside_and_impossible_tiles_are_missing(place: Place) -> None:
    one = place.ids["old"]
    assert place.reader.tile(one, *_number(18, 10.0, 50.0)) is None
    assert place.reader.tile(one, 3, 9, 0) is None
    assert place.reader.tile(one, -1, 0, 0) is None
    assert place.reader.tile(one, 18, -5, 2) is None
    with pytest.raises(ImageryError, match="no such scene"):
        place.reader.tile("0123456789abcdef", 18, 1, 1)
    with pytest.raises(ImageryError):
        place.reader.tile("../../etc/passwd", 18, 1, 1)
    with pytest.raises(ImageryError, match="256 or 512"):
        place.reader.tile(one, 18, 1, 1, size=333)


def test_a_stored_block_is_handed_out_undecoded(place: Place) -> None:
    facts = place.reader.facts(place.ids["old"])
    view = place.store.view(place.ids["old"])
    assert facts is not None
    assert view is not None
    blob = view.read_bytes()
    tile = place.reader.tile(
        place.ids["old"], *_number(facts.max_zoom - 1, *_middle(place)), size=512
    )
    assert tile is not None
    assert tile.content in blob
    small = place.reader.tile(place.ids["old"], *_number(facts.max_zoom, *_middle(place)))
    assert small is not None
    assert small.content not in blob


def test_low_zooms_show_the_whole_scene_small(place: Place) -> None:
    seen = _decoded(place.reader.tile(place.ids["old"], *_number(10, *_middle(place))))[:, :, 3]
    assert 1 <= np.count_nonzero(seen) <= 30


def test_bands_are_chosen_by_name(place: Place) -> None:
    one = place.ids["satellite"]
    facts = place.reader.facts(one)
    assert facts is not None
    assert facts.compression == "deflate"
    assert facts.bands == ("red", "green", "blue", "nir")
    tile = _number(facts.max_zoom, *_middle(place, "satellite"))
    true = _decoded(place.reader.tile(one, *tile))
    false = _decoded(place.reader.tile(one, *tile, bands="false"))
    grey = _decoded(place.reader.tile(one, *tile, bands="nir"))
    assert np.abs(false[:, :, 1].astype(int) - true[:, :, 2]).mean() < 6  # red is shown as green
    assert np.abs(false[:, :, 2].astype(int) - grey[:, :, 2]).mean() < 6
    assert np.ptp(true[:, :, 0]) > 150  # stretched to the whole range
    with pytest.raises(ImageryError, match="no band 'swir'"):
        place.reader.tile(one, *tile, bands=("swir", "red", "green"))
    with pytest.raises(ImageryError, match="no band 'nir'"):
        place.reader.tile(place.ids["old"], *tile, bands="false")


def test_the_tag_changes_with_the_parameters_and_not_with_the_reader(place: Place) -> None:
    facts = place.reader.facts(place.ids["old"])
    assert facts is not None
    at = _number(facts.max_zoom, *_middle(place))
    tiles = [place.reader.tile(place.ids["old"], *at), place.reader.tile(place.ids["old"], *at, size=512),
             place.reader.tile(place.ids["old"], *at, bands="red"),
             place.reader.tile(place.ids["mark"], *at)]  # fmt: skip
    assert len({tile.etag for tile in tiles if tile}) == 4
    assert tiles[0] is not None
    assert place.reader.etag(place.ids["old"], *at) == tiles[0].etag
    both = [place.ids["new"], place.ids["old"]]
    mosaic = place.reader.mosaic_tile(both, *at, bands=["red"])
    assert mosaic is not None
    assert (
        place.reader.etag(both, *at, bands=("red",)) == mosaic.etag != place.reader.etag(both, *at)
    )
    assert place.reader.etag([], *at) is None
    again = TileReader(place.store).tile(place.ids["old"], *at)
    assert again is not None
    assert tiles[0] is not None
    assert again.etag == tiles[0].etag


def test_a_mosaic_takes_the_first_valid_pixel(place: Place) -> None:
    names = [place.ids["old"], place.ids["new"], place.ids["picture"], place.ids["satellite"]]
    assert place.reader.newest_first(names[:2]) == (place.ids["new"], place.ids["old"])
    facts = place.reader.facts(place.ids["old"])
    assert facts is not None
    lon, lat = _middle(place)
    west, east = _number(facts.max_zoom, lon - 8e-4, lat), _number(facts.max_zoom, lon + 8e-4, lat)
    order = (place.ids["picture"], place.ids["new"], place.ids["old"])
    left = _decoded(place.reader.mosaic_tile(order, *west))
    right = _decoded(place.reader.mosaic_tile(order, *east))
    assert np.array_equal(left, _decoded(place.reader.tile(place.ids["new"], *west)))
    assert np.array_equal(right, _decoded(place.reader.tile(place.ids["old"], *east)))
    middle = _number(facts.max_zoom - 1, lon, lat)
    both = place.reader.mosaic_tile(order, *middle)
    assert both is not None
    assert both.media_type == "image/jpeg"
    assert place.reader.mosaic_tile(order, *_number(18, 10.0, 50.0)) is None


def test_a_preview_is_the_whole_picture(place: Place) -> None:
    for name in ("old", "picture"):
        seen = _decoded(place.reader.preview(place.ids[name], width=400))
        assert 200 <= seen.shape[1] <= 400
        assert seen.shape[0] == pytest.approx(seen.shape[1], rel=0.02)


def test_an_unplaced_picture_has_tiles_of_its_own_pixels(place: Place) -> None:
    one = place.ids["picture"]
    facts = place.reader.facts(one)
    assert facts is not None
    assert not facts.placed
    got = _decoded(place.reader.tile(one, facts.max_zoom, 1, 2))
    wanted = place.arrays["picture"][::-1, 512:768, 256:512].transpose(1, 2, 0)
    assert np.abs(got[:, :, :3].astype(int) - wanted).mean() < 3
    assert place.reader.tile(one, 0, 0, 0) is not None
    assert place.reader.tile(one, 0, 1, 0) is None
    block = place.reader.tile(one, facts.max_zoom - 1, 0, 0, size=512)
    assert block is not None
    assert block.content in place.store.view_path(one).read_bytes()


def test_threads_share_a_reader_and_few_files_stay_open(place: Place) -> None:
    reader = TileReader(place.store, keep=2)
    facts = reader.facts(place.ids["old"])
    assert facts is not None
    at = _number(facts.max_zoom, *_middle(place))
    names = [place.ids[name] for name in ("old", "mark", "new", "satellite")] * 20

    def one(scene_id: str) -> bytes:
        tile = reader.tile(scene_id, *at)
        assert tile is not None
        return tile.content

    with ThreadPoolExecutor(4) as pool:
        got = list(pool.map(one, names))
    assert got == [place.reader.tile(name, *at).content for name in names]  # type: ignore[union-attr]
    reader.close()


def test_a_view_made_again_is_read_again(
    place: Place, tmp_path_factory: pytest.TempPathFactory
) -> None:
    view = place.store.view(place.ids["turned"])
    assert view is not None
    reader = TileReader(place.store)
    before = reader.facts(place.ids["turned"])
    copy = tmp_path_factory.mktemp("again") / "view.tif"
    copy.write_bytes(view.read_bytes())
    copy.replace(view)
    assert reader.facts(place.ids["turned"]) is not before
    reader.close()
