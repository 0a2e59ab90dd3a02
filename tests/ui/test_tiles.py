"""Tiles are pure functions of the layers; names do not overlap and do not stop at an edge."""

from __future__ import annotations

import io
import math
import os
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageChops
from shapely.geometry import MultiPolygon, Point, Polygon

from layers import LayerSet
from layers.errors import LayerError
from tests.ui.conftest import LAT, LON, area, layer
from ui.tiles import style
from ui.tiles.base import THEMES, draw_base
from ui.tiles.canvas import Canvas, dashed, thin
from ui.tiles.labels import Names
from ui.tiles.lettering import write
from ui.tiles.mercator import TILE, tile_degrees, to_degrees, to_unit
from ui.tiles.names import candidates
from ui.tiles.overlay import draw_overlay
from ui.tiles.placing import place
from ui.tiles.service import TileService, encode, prune
from ui.tiles.shapes import Shapes, shapes_of

ZOOM = 16


def tile_of(lon: float, lat: float, z: int = ZOOM) -> tuple[int, int]:
    x, y = to_unit(np.array([[lon, lat]]))[0] * 2**z
    return int(x), int(y)


def tints(image: Image.Image) -> set[tuple[int, ...]]:
    return {pixel for _, pixel in image.getcolors(1 << 18) or [] if isinstance(pixel, tuple)}


def colour(text: str) -> tuple[int, ...]:
    return tuple(int(text[n : n + 2], 16) for n in (1, 3, 5))


@pytest.fixture(scope="module")
def shapes(hamlet: LayerSet) -> dict[str, Shapes]:
    return {name: shapes_of(hamlet[name].placed) for name in THEMES if name in hamlet}


@given(st.floats(-180, 180), st.floats(-85, 85))
def test_degrees_to_the_plane_and_back(lon: float, lat: float) -> None:
    x, y = to_unit(np.array([[lon, lat]]))[0]
    assert to_degrees(x, y) == pytest.approx((lon, lat), abs=1e-9)


def test_the_plane_is_the_one_of_web_maps() -> None:
    x, y = to_unit(np.array([[LON, LAT]]))[0]
    assert x == pytest.approx((LON + 180) / 360)
    assert y == pytest.approx((1 - math.asinh(math.tan(math.radians(LAT))) / math.pi) / 2)
    assert to_unit(np.array([[0.0, 90.0]]))[0, 1] == pytest.approx(0, abs=1e-9)


def test_a_tile_and_its_neighbour_share_an_edge() -> None:
    west, south, east, north = tile_degrees(10, 800, 400)
    assert tile_degrees(10, 801, 400)[0] == east
    assert tile_degrees(10, 800, 401)[3] == south
    assert west < east
    assert south < north


def test_parts_holes_and_many_polygons_are_told_apart() -> None:
    holed = area(0, 0, 100, 100).difference(area(40, 40, 60, 60))
    assert isinstance(holed, Polygon)
    both = MultiPolygon([holed, area(200, 0, 300, 100)])
    parts = shapes_of(layer("green", [{"name": "a", "geometry": both},
                                      {"name": "b", "geometry": area(0, 200, 50, 250)}]).placed)  # fmt: skip
    assert parts.hole.tolist() == [False, True, False, False]
    assert parts.feature.tolist() == [0, 0, 0, 1]
    assert [list(parts.of(row)) for row in (0, 1)] == [[0, 1, 2], [3]]


def test_an_empty_layer_draws_nothing() -> None:
    none = shapes_of(layer("green", [{"name": "a", "geometry": area(0, 0, 1, 1)}]).placed.iloc[:0])
    tile = draw_base({"green": none}, ZOOM, *tile_of(LON, LAT))
    assert tile.getcolors() == [(512 * 512, colour(style.LAND))]


def test_a_hole_shows_the_land_below() -> None:
    holed = area(-300, -300, 300, 300).difference(area(-100, -100, 100, 100))
    green = {
        "green": shapes_of(
            layer("green", [{"name": "a", "class": "park", "geometry": holed}]).placed
        )
    }
    x, y = tile_of(LON, LAT, 15)
    tile = draw_base(green, 15, x, y)
    px, py = (to_unit(np.array([[LON, LAT]]))[0] * 2**15 - (x, y)) * 512
    assert tile.getpixel((int(px), int(py))) == colour(style.LAND)
    assert tints(tile) >= {
        colour(style.LAND),
        colour(style.GREEN_ELSE),
    }


def test_the_same_layers_give_the_same_tile(shapes: dict[str, Shapes]) -> None:
    x, y = tile_of(LON, LAT)
    first, second = (draw_base(shapes, ZOOM, x, y) for _ in range(2))
    assert first.size == (512, 512)
    assert ImageChops.difference(first, second).getbbox() is None
    assert len(tints(first)) > 20


@pytest.mark.parametrize("z", [0, 5, 11, 13, 15, 17, 19])
def test_every_zoom_can_be_drawn(shapes: dict[str, Shapes], z: int) -> None:
    assert draw_base(shapes, z, *tile_of(LON, LAT, z)).mode == "RGB"


def test_wider_roads_are_wider_at_every_zoom() -> None:
    for z in range(8, 20):
        ranked = sorted(style.ROADS.values(), key=lambda road: road.rank)
        widths = [road.width(z) for road in ranked if road.casing]
        assert widths == sorted(widths)


def test_unknown_and_link_roads_have_a_style() -> None:
    assert style.road("primary_link") == style.road("primary")
    assert style.road(None) == style.road("residential")


def test_thinning_keeps_the_ends() -> None:
    points = np.array([[0.0, 0.0], [0.1, 0.1], [0.2, 0.0], [5.0, 5.0], [5.1, 5.0]])
    kept = thin(points)
    assert kept[0].tolist() == [0.0, 0.0]
    assert kept[-1].tolist() == [5.1, 5.0]
    assert len(kept) < len(points)


def test_dashes_lie_on_the_line_and_leave_gaps() -> None:
    points = np.array([[0.0, 0.0], [30.0, 0.0], [30.0, 40.0]])
    pieces = dashed(points, 10, 5, 100)
    lengths = [np.hypot(*np.diff(piece, axis=0).T).sum() for piece in pieces]
    assert lengths == pytest.approx([10, 10, 10, 10, 10])
    assert dashed(points + 1000, 10, 5, 100) == []


def test_dots_of_an_overlay_stand_on_nothing(hamlet: LayerSet) -> None:
    shops = shapes_of(hamlet["ecig_retailer"].placed)
    tile = draw_overlay(shops, "ecig_retailer", ZOOM, *tile_of(LON + 60e-5, LAT - 50e-5))
    assert tile.mode == "RGBA"
    assert (*colour(style.OVERLAY["ecig_retailer"]), 255) in tints(tile)
    assert any(alpha == 0 for *_, alpha in tints(tile))


@pytest.mark.usefixtures("assets")
class TestNames:
    @pytest.mark.parametrize("z", [12, 14, 16, 18])
    def test_no_two_names_overlap(self, shapes: dict[str, Shapes], z: int) -> None:
        boxes = np.array([label.box for label in place(candidates(shapes), z)]).reshape(-1, 4)
        for one in range(len(boxes)):
            others = np.delete(boxes, one, axis=0)
            straight = (boxes[one, 0] < others[:, 2]) & (others[:, 0] < boxes[one, 2])
            straight &= (boxes[one, 1] < others[:, 3]) & (others[:, 1] < boxes[one, 3])
            assert not straight.any()

    def test_the_more_important_name_wins(self, shapes: dict[str, Shapes]) -> None:
        priorities = [one.priority for one in candidates(shapes)]
        assert priorities == sorted(priorities, reverse=True)
        written = {
            "".join(glyph.text for glyph in label.glyphs) for label in place(candidates(shapes), 16)
        }
        assert {"石桥村", "环城路", "甲小学"} <= written

    def test_a_steep_chinese_name_reads_downwards(self, shapes: dict[str, Shapes]) -> None:
        [label] = [label for label in place(candidates(shapes), 16)
                   if "".join(glyph.text for glyph in label.glyphs) == "学府路"]  # fmt: skip
        heights = [glyph.y for glyph in label.glyphs]
        assert heights == sorted(heights)
        assert all(abs(glyph.angle) < 5 for glyph in label.glyphs)

    def test_a_latin_name_reads_from_left_to_right(self) -> None:
        from tests.ui.conftest import line

        east_to_west = layer("road", [{"name": "Main Street", "class": "primary",
                                       "geometry": line((600, 0), (-600, 30))}])  # fmt: skip
        [label] = place(candidates({"road": shapes_of(east_to_west.placed)}), 16)
        across = [glyph.x for glyph in label.glyphs]
        assert "".join(glyph.text for glyph in label.glyphs) == "Main Street"
        assert across == sorted(across)

    def test_a_name_across_an_edge_is_drawn_alike_on_both_sides(self) -> None:
        x, y = tile_of(LON, LAT)
        corner = Point(*to_degrees((x + 1) / 2**ZOOM, (y + 1) / 2**ZOOM))
        village = layer("place", [{"name": "石桥村", "class": "village", "geometry": corner}])
        names = Names({"place": shapes_of(village.placed)})
        [label] = names.at(ZOOM).labels
        pieces, whole = (Image.new("RGB", (1024, 1024), "#808080") for _ in range(2))
        for dx, dy in ((0, 0), (0, 1), (1, 0), (1, 1)):
            tile = names.write(Image.new("RGB", (512, 512), "#808080"), ZOOM, x + dx, y + dy)
            assert len(tints(tile)) > 1
            pieces.paste(tile, (512 * dx, 512 * dy))
        write(whole, list(label.glyphs), label.style, (x * TILE, y * TILE))
        assert ImageChops.difference(pieces, whole).getbbox() is None


@pytest.mark.usefixtures("assets")
class TestService:
    def test_a_tile_is_kept_on_disk_and_read_back(self, hamlet: LayerSet, tmp_path: Path) -> None:
        x, y = tile_of(LON, LAT)
        png = TileService(hamlet, tmp_path).base(ZOOM, x, y)
        [file] = tmp_path.rglob("*.png")
        assert file.read_bytes() == png
        file.write_bytes(b"another")
        key = TileService(hamlet, tmp_path).base_key
        assert file.parts[-4] == key
        assert TileService(hamlet, tmp_path).base(ZOOM, x, y) == b"another"

    def test_a_changed_layer_has_another_address(self, hamlet: LayerSet) -> None:
        other = LayerSet(
            {
                **hamlet,
                "place": layer("place", [{"name": "新村", "geometry": area(0, 0, 1, 1).centroid}]),
            }
        )
        assert TileService(hamlet).base_key != TileService(other).base_key
        assert TileService(hamlet).overlay_key("school") == TileService(other).overlay_key("school")

    def test_old_tiles_are_thrown_away(self, tmp_path: Path) -> None:
        for age in range(5):
            folder = tmp_path / f"state{age}"
            (folder / "3").mkdir(parents=True)
            os.utime(folder, (1000 - age, 1000 - age))
        prune(tmp_path, keep=2)
        prune(tmp_path / "none")
        assert sorted(folder.name for folder in tmp_path.iterdir()) == ["state0", "state1"]

    @pytest.mark.parametrize("address", [(-1, 0, 0), (3, 8, 0), (3, 0, 9), (30, 0, 0)])
    def test_a_tile_that_is_none_is_refused(
        self, hamlet: LayerSet, address: tuple[int, int, int]
    ) -> None:
        with pytest.raises(LayerError):
            TileService(hamlet).base(*address)

    def test_a_layer_that_is_not_there_is_refused(self, hamlet: LayerSet) -> None:
        with pytest.raises(LayerError, match="no layer bar"):
            TileService(hamlet).overlay("bar", 3, 0, 0)

    def test_a_tile_is_a_png_of_double_density(self, hamlet: LayerSet) -> None:
        service = TileService(hamlet)
        for png in (
            service.base(ZOOM, *tile_of(LON, LAT)),
            service.overlay("school", ZOOM, *tile_of(LON, LAT)),
        ):
            image = Image.open(io.BytesIO(png))
            assert (image.format, image.size) == ("PNG", (512, 512))


def test_an_opaque_tile_is_written_with_a_palette() -> None:
    image = Canvas(3, 0, 0, style.LAND).finish()
    assert Image.open(io.BytesIO(encode(image))).mode == "P"
