"""The drive-through picture: what is drawn, to scale, in both languages, as SVG and PNG."""

from __future__ import annotations

import io
import re
import xml.etree.ElementTree as ET
from pathlib import Path

import numpy as np
import pytest
import shapely
from PIL import Image, ImageFont
from shapely import LineString, Polygon, box

from imagery.width import clear_width
from imagery.width.drive import Drive, drive_through
from imagery.width.ink import Look, Sheet, Words
from imagery.width.picture import draw_detail, draw_picture
from imagery.width.place import Lane, Measured, Plane
from imagery.width.vehicles import vehicle
from layers.errors import ImageryError
from tests.imagery.width.lanes import GATES, LANE, bent

PLANE = Plane(LineString([(109.3, 27.6), (109.301, 27.6)]))
CAR = box(40, -0.6, 44.5, 2.2)


def measured(
    lane: Polygon = LANE, things: tuple[Polygon, ...] = (CAR,), gates: list[LineString] = GATES
) -> Measured:
    width = clear_width(lane, things, gates, outline_error_m=0.3)
    return Measured(Lane(lane, name="一号<车道>"), width, PLANE, things)


def drives(one: Measured, *names: str) -> list[Drive]:
    return [drive_through(one.width, vehicle(name)) for name in names]


def texts(svg: str) -> list[str]:
    return ["".join(node.itertext()) for node in ET.fromstring(svg).iter() if node.tag.endswith("text")]  # fmt: skip


@pytest.mark.parametrize(
    ("lang", "wanted"),
    [("zh", ["净宽 3.80 米  [3.20, 4.40]", "横断面最窄 3.80 米", "障碍物", "北"]),
     ("en", ["clear width 3.80 m  [3.20, 4.40]", "narrowest cross-section 3.80 m", "obstacle", "N"])],
)  # fmt: skip
def test_it_says_both_widths_and_what_the_vehicle_did(lang: str, wanted: list[str]) -> None:
    one = measured()
    said = texts(draw_picture(one, drives(one, "pump"), lang=lang, foot=["note"]).svg())
    assert set(wanted) <= set(said)
    assert "note" in said
    assert any("一号<车道>" in text for text in said)
    assert any(("能通过" if lang == "zh" else "gets through") in text for text in said)
    if lang == "en":
        assert not re.search(r"[\u4e00-\u9fff]", " ".join(said).replace("一号<车道>", ""))


def test_the_scale_bar_is_as_long_as_it_says() -> None:
    one = measured()
    sheet = draw_picture(one, lang="en")
    bars = [shape for shape, look in (m for m in sheet.marks if not isinstance(m, Words))
            if look == Look("#ffffff", "#111827", 1.2)]  # fmt: skip
    told = [float(m.text.split()[0]) for m in sheet.marks if isinstance(m, Words) and re.fullmatch(r"[\d.]+ m", m.text)]  # fmt: skip
    narrow = [shape for shape, look in (m for m in sheet.marks if not isinstance(m, Words))
              if look.stroke == "#c1121f"][:2]  # fmt: skip
    for bar, metres, line in zip(bars, told, narrow, strict=True):
        per_metre = (bar.bounds[2] - bar.bounds[0]) / metres
        assert line.length / per_metre == pytest.approx(3.8, abs=0.02)


def test_north_turns_with_the_lane() -> None:
    flat, gates = bent()
    upright = [LineString(np.asarray(gate.coords)[:, ::-1]) for gate in GATES]
    along = Polygon(np.asarray(LANE.exterior.coords)[:, ::-1])
    tips = []
    for lane, ends, things in ((LANE, GATES, (CAR,)), (along, upright, ()), (flat, gates, ())):
        sheet = draw_picture(measured(lane, things, ends))
        arrow = next(shape for shape, look in (m for m in sheet.marks if not isinstance(m, Words))
                     if look == Look("#111827") and shape.bounds[1] < 60)  # fmt: skip
        xy = shapely.get_coordinates(arrow)[:4]
        tips.append(xy[0] - xy[2])
    assert tips[0] == pytest.approx([0, -28], abs=0.1)
    assert abs(tips[1][0]) == pytest.approx(28, abs=0.1)


def test_nothing_drawn_leaves_its_window_or_the_sheet() -> None:
    one = measured(LANE, (box(50, -3, 52, 9),))
    stopped = drives(one, "pump", "ladder")
    assert stopped[0].passes is False
    for sheet in (draw_picture(one, stopped), draw_detail(one, stopped)):
        for mark in sheet.marks:
            if not isinstance(mark, Words):
                west, north, east, south = mark[0].bounds
                assert -1 <= west <= east <= sheet.width + 1
                assert -1 <= north <= south <= sheet.height + 1
    assert any("受阻" in text for text in texts(draw_picture(one, stopped).svg()))


def test_without_a_drive_nothing_is_said_of_a_vehicle() -> None:
    said = " ".join(texts(draw_picture(measured(), lang="en").svg()))
    assert "swept" not in said
    assert "pumper" not in said


@pytest.fixture
def font(tmp_path: Path) -> Path:
    """Pillow's own face, as a file: what is drawn matters here, not the letters."""
    face = ImageFont.load_default(12)
    assert isinstance(face, ImageFont.FreeTypeFont)
    file = tmp_path / "face.ttf"
    source = face.path
    file.write_bytes(source.getvalue() if isinstance(source, io.BytesIO) else Path(str(source)).read_bytes())  # fmt: skip
    return file


def test_png_shows_what_the_svg_says(font: Path) -> None:
    sheet = Sheet(40, 30)
    sheet.add(Polygon([(5, 5), (35, 5), (35, 25), (5, 25)], [[(15, 10), (25, 10), (25, 20), (15, 20)]]),
              Look("#ff0000"))  # fmt: skip
    sheet.add(LineString([(0, 28), (40, 28)]), Look(None, "#0000ff", 3, 1.0, (10, 10)))
    picture = np.asarray(Image.open(io.BytesIO(sheet.png(font))))
    assert picture.shape == (30, 40, 3)
    assert picture[8, 8].tolist() == [255, 0, 0]
    assert picture[15, 20].tolist() == [255, 255, 255]
    assert picture[28, 5].tolist() == [0, 0, 255]
    assert picture[28, 15].tolist() == [255, 255, 255]


def test_a_whole_picture_as_png(font: Path) -> None:
    one = measured()
    data = draw_detail(one, drives(one, "pump")).png(font)
    assert Image.open(io.BytesIO(data)).size == (340, 230)


def test_a_font_that_is_none_is_named(tmp_path: Path) -> None:
    (tmp_path / "a.ttf").write_bytes(b"no font")
    sheet = Sheet(9, 9)
    sheet.write(Words((1, 1), "a", 9))
    with pytest.raises(ImageryError, match="font"):
        sheet.png(tmp_path / "a.ttf")
