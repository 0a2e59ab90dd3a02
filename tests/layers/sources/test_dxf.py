"""Drawings: shapes, layers and colours, units that contradict their numbers, hostile ones."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path

import ezdxf
import pytest
import shapely
from ezdxf.document import Drawing
from ezdxf.layouts import Modelspace

from layers.errors import DatumError, SourceError
from layers.importing import import_file
from layers.measures import geodesic_area
from layers.sources import Limits, RawTable, read_source

EAST, NORTH = 529_000.0, 3_054_000.0
"""A place in the plane with the central meridian 108° or 109.5°, metres."""
Draw = Callable[[Modelspace], object]


def drawn(folder: Path, draw: Draw, *, unit: int = 6, name: str = "plan.dxf") -> Path:
    """A drawing in metres (unless said otherwise) with the layers 消防车道 (red) and 建筑."""
    document: Drawing = ezdxf.new("R2010")
    document.header["$INSUNITS"] = unit
    document.layers.add("消防车道", color=1)
    document.layers.add("建筑", color=3)
    draw(document.modelspace())
    document.saveas(folder / name)
    return folder / name


def lane(space: Modelspace, *, scale: float = 1.0, width: float = 6.0) -> None:
    corners = [(EAST, NORTH), (EAST + 80, NORTH), (EAST + 80, NORTH + width), (EAST, NORTH + width)]
    space.add_lwpolyline([(x * scale, y * scale) for x, y in corners], close=True,
                         dxfattribs={"layer": "消防车道"})  # fmt: skip


def read(folder: Path, draw: Draw, **settings: object) -> RawTable:
    unit = int(str(settings.pop("code", 6)))
    return read_source(drawn(folder, draw, unit=unit), **settings)  # type: ignore[arg-type]


def test_closed_lines_become_outlines_and_open_ones_stay(tmp_path: Path) -> None:
    def draw(space: Modelspace) -> None:
        lane(space)
        space.add_lwpolyline([(EAST, NORTH), (EAST + 5, NORTH)], dxfattribs={"layer": "建筑"})
        ring = [(0, 0), (9, 0), (9, 9), (0, 0)]
        space.add_polyline2d([(EAST + x, NORTH + y) for x, y in ring], dxfattribs={"color": 5})
        space.add_mtext("1号楼东侧消防车道", dxfattribs={"insert": (EAST + 10, NORTH + 2)})
        space.add_text("图例", dxfattribs={"insert": (EAST, NORTH - 50)})

    table = read(tmp_path, draw)
    assert table.geometry is not None
    assert table.geometry.geom_type.tolist() == ["Polygon", "LineString", "Polygon"]
    assert table.frame["layer"].tolist() == ["消防车道", "建筑", "0"]
    assert table.frame["colour"].tolist() == ["red", "green", "blue"]
    assert table.frame["label"].tolist() == ["1号楼东侧消防车道", None, None]
    assert table.geometry.area.tolist() == pytest.approx([480.0, 0.0, 40.5])
    assert table.datum is None
    assert (table.format, table.rows.tolist()) == ("dxf", [1, 2, 3])
    assert any("TEXT 1" in note for note in table.notes)


def test_layers_are_chosen_by_a_pattern(tmp_path: Path) -> None:
    def draw(space: Modelspace) -> None:
        lane(space)
        space.add_circle((EAST, NORTH), 3, dxfattribs={"layer": "建筑"})

    assert len(read(tmp_path, draw, table="消防*")) == 1
    with pytest.raises(SourceError, match=r"no layer '道路'.*消防车道 \(1\)"):
        read(tmp_path, draw, table="道路")


def test_curves_are_stroked_to_a_centimetre(tmp_path: Path) -> None:
    def draw(space: Modelspace) -> None:
        space.add_circle((EAST, NORTH), 12)
        space.add_arc((EAST, NORTH), 9, 0, 90)
        space.add_circle((EAST, NORTH), 150)
        space.add_lwpolyline([(EAST, NORTH, 1.0), (EAST + 8, NORTH, 1.0)], format="xyb", close=True)
        space.add_spline([(EAST, NORTH), (EAST + 10, NORTH + 8), (EAST + 30, NORTH), (EAST + 40, NORTH + 9)])  # fmt: skip

    table = read(tmp_path, draw)
    assert table.geometry is not None
    circle, arc, large, round_line, spline = table.geometry
    for shape, radius, middle in (
        (circle, 12, (0, 0)),
        (arc, 9, (0, 0)),
        (large, 150, (0, 0)),
        (round_line, 4, (4, 0)),
    ):
        line = shape.exterior if shape.geom_type == "Polygon" else shape
        close = shapely.distance(
            shapely.Point(EAST + middle[0], NORTH + middle[1]),
            shapely.points(shapely.get_coordinates(shapely.segmentize(line, 0.05))),
        )
        assert close.max() <= radius + 1e-6
        assert close.min() >= radius - 0.01
    assert arc.length == pytest.approx(9 * math.pi / 2, abs=0.02)
    assert spline.length > 41
    assert any("1 cm" in note for note in table.notes)


def test_blocks_stand_where_they_were_inserted(tmp_path: Path) -> None:
    def draw(space: Modelspace) -> None:
        assert space.doc is not None
        block = space.doc.blocks.new("回车场")
        block.add_lwpolyline([(0, 0), (12, 0), (12, 12), (0, 12)], close=True)
        outer = space.doc.blocks.new("外")
        outer.add_blockref("回车场", (100, 0))
        space.add_blockref("外", (EAST, NORTH), dxfattribs={"layer": "消防车道", "rotation": 90})

    table = read(tmp_path, draw)
    assert table.geometry is not None
    assert table.geometry[0].bounds == pytest.approx((EAST - 12, NORTH + 100, EAST, NORTH + 112))
    assert (table.frame["layer"][0], table.frame["colour"][0]) == ("消防车道", "red")
    assert table.frame["block"][0] == "回车场"


def test_a_filled_area_keeps_its_hole(tmp_path: Path) -> None:
    def draw(space: Modelspace) -> None:
        hatch = space.add_hatch()
        for low, high in ((0, 30), (10, 20)):
            ring = [(low, low), (high, low), (high, high), (low, high)]
            hatch.paths.add_polyline_path([(EAST + x, NORTH + y) for x, y in ring], is_closed=True)

    table = read(tmp_path, draw)
    assert table.geometry is not None
    assert table.geometry[0].area == pytest.approx(800.0)


@pytest.mark.parametrize(("code", "scale"), [(6, 1.0), (4, 1000.0), (5, 100.0)])
def test_units_are_read(tmp_path: Path, code: int, scale: float) -> None:
    table = read(tmp_path, lambda space: lane(space, scale=scale), code=code)
    assert table.geometry is not None
    assert table.geometry[0].bounds == pytest.approx((EAST, NORTH, EAST + 80, NORTH + 6))


@pytest.mark.parametrize(("code", "scale", "speaks_for"), [(4, 1.0, "m"), (6, 1000.0, "mm")])
def test_a_unit_that_the_numbers_contradict_is_refused(
    tmp_path: Path, code: int, scale: float, speaks_for: str
) -> None:
    with pytest.raises(SourceError, match=f"speak for {speaks_for}") as caught:
        read(tmp_path, lambda space: lane(space, scale=scale), code=code)
    assert "--unit" in str(caught.value)
    table = read(tmp_path, lambda space: lane(space, scale=scale), code=code, unit=speaks_for)
    assert table.geometry is not None
    assert table.geometry[0].area == pytest.approx(480.0)
    assert any("as you said" in note for note in table.notes)


def test_without_a_unit_the_numbers_must_show_it(tmp_path: Path) -> None:
    assert any("states no unit" in note for note in read(tmp_path, lane, code=0).notes)
    with pytest.raises(SourceError, match="local grid"):
        read(tmp_path, lambda space: space.add_circle((1200, 800), 5), code=0)
    with pytest.raises(SourceError, match="not read"):
        read(tmp_path, lane, code=20)


def test_a_plan_becomes_a_layer_only_with_its_datum(tmp_path: Path) -> None:
    file = drawn(tmp_path, lane)
    with pytest.raises(DatumError, match="nothing says which datum"):
        import_file(file, "fire_lane")
    with pytest.raises(DatumError, match="local independent grid"):
        import_file(file, "fire_lane", datum="local")
    found = import_file(file, "fire_lane", datum="cgcs2000-gk3-108", table="消防车道",
                        where=("colour=red",))  # fmt: skip
    assert found.layer is not None
    assert geodesic_area(found.layer.frame.geometry.iloc[0]) == pytest.approx(480, rel=1e-3)
    assert found.layer.provenance[0].datum == "cgcs2000-gk3-108"


def test_a_plan_in_a_local_grid_is_refused_with_what_to_do(tmp_path: Path) -> None:
    file = drawn(tmp_path, lambda space: space.add_circle((12_000, 8_000), 50))
    with pytest.raises(DatumError, match="no positions in"):
        import_file(file, "protection_zone", datum="cgcs2000-gk3-108")


def test_a_centreline_brings_its_width(tmp_path: Path) -> None:
    def draw(space: Modelspace) -> None:
        space.add_lwpolyline([(EAST, NORTH), (EAST + 50, NORTH)], dxfattribs={"const_width": 4000 / 1000})  # fmt: skip

    found = import_file(drawn(tmp_path, draw), "fire_lane", datum="cgcs2000-gk3-108",
                        columns={"width_m": "polyline_width_m"})  # fmt: skip
    assert found.layer is not None
    assert found.layer.frame["width_m"].tolist() == [4.0]
    assert found.layer.frame.geometry.iloc[0].geom_type == "LineString"


def test_an_entity_without_a_place_is_named(tmp_path: Path) -> None:
    def draw(space: Modelspace) -> None:
        lane(space)
        space.add_lwpolyline([(EAST, NORTH), (1e300, NORTH)], dxfattribs={"layer": "建筑"})

    table = read(tmp_path, draw)
    assert [problem.row for problem in table.problems] == [2]
    assert "LWPOLYLINE" in table.problems[0].reason
    assert "建筑" in table.problems[0].reason


def test_older_drawings_name_their_layers_in_gbk(tmp_path: Path) -> None:
    document = ezdxf.new("R2000")
    document.header["$INSUNITS"], document.encoding = 6, "gbk"
    document.header["$DWGCODEPAGE"] = "ANSI_936"
    document.layers.add("消防车道")
    lane(document.modelspace())
    document.saveas(tmp_path / "old.dxf")
    assert "消防车道".encode("gbk") in (tmp_path / "old.dxf").read_bytes()
    assert read_source(tmp_path / "old.dxf").frame["layer"].tolist() == ["消防车道"]


def nested(space: Modelspace, levels: int, copies: int) -> None:
    assert space.doc is not None
    space.doc.blocks.new("B0").add_line((0, 0), (1, 1))
    for n in range(1, levels + 1):
        block = space.doc.blocks.new(f"B{n}")
        for _ in range(copies):
            block.add_blockref(f"B{n - 1}", (1, 0))
    space.add_blockref(f"B{levels}", (EAST, NORTH))


def array(space: Modelspace) -> None:
    nested(space, 0, 1)
    many = {"row_count": 30_000, "column_count": 30_000, "row_spacing": 1, "column_spacing": 1}
    space.add_blockref("B0", (EAST, NORTH), dxfattribs=many)


def endless(space: Modelspace) -> None:
    assert space.doc is not None
    lane(space)
    one, two = (space.doc.blocks.new(name) for name in "AB")
    one.add_blockref("B", (0, 0))
    two.add_blockref("A", (0, 0))
    space.add_blockref("A", (EAST, NORTH))


@pytest.mark.parametrize("draw", [
    lambda space: nested(space, 7, 12), lambda space: nested(space, 20, 1),
    array,
], ids=["billions", "deep", "array"])  # fmt: skip
def test_blocks_that_unfold_without_end_are_refused(tmp_path: Path, draw: Draw) -> None:
    with pytest.raises(SourceError, match="unfolds to more than"):
        read(tmp_path, draw, limits=Limits(max_rows=3000))


def test_blocks_that_hold_each_other_do_no_harm(tmp_path: Path) -> None:
    file = drawn(tmp_path, endless)
    try:
        assert len(read_source(file)) == 1
    except SourceError as error:
        assert "unfolds" in str(error)  # noqa: PT017 - either answer is right, a hang is not


def test_too_many_entities_are_refused_before_they_are_parsed(tmp_path: Path) -> None:
    file = tmp_path / "many.dxf"
    many = b"  0\nPOINT\n" * 3001
    file.write_bytes(b"  0\nSECTION\n  2\nENTITIES\n" + many + b"  0\nENDSEC\n  0\nEOF\n")
    with pytest.raises(SourceError, match=r"3,00\d entities"):
        read_source(file, limits=Limits(max_rows=3000))


@pytest.mark.parametrize("data", [
    b"AC1032\0\0\0", b"AutoCAD Binary DXF\r\n\x1a\0", b"  0\nSECTION\n  2\nENTITIES\n  0\nLINE\n",
    b"0\nSECTION\n", b"0\r\nSECTION\r\n2\r\nENTITIES\r\n0\r\nEOF\r\n",
], ids=["dwg", "binary", "cut off", "cut at once", "empty"])  # fmt: skip
def test_what_cannot_be_read_says_what_to_do(tmp_path: Path, data: bytes) -> None:
    file = tmp_path / "plan.dxf"
    file.write_bytes(data)
    with pytest.raises(SourceError, match="Remedy"):
        read_source(file)
