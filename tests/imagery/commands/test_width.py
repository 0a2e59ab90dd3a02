"""`python -m imagery width`: files in, metres first, the bottleneck drawn; bad files refused."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from pyproj import Geod
from shapely.geometry import shape

from imagery.__main__ import main

GEOD = Geod(ellps="WGS84")
Ring = list[tuple[float, float]]


def _lonlat(x: float, y: float) -> tuple[float, float]:
    lon, lat, _ = GEOD.fwd(109.3, 27.6, 90, x)
    lon, lat, _ = GEOD.fwd(lon, lat, 0, y)
    return lon, lat


def _feature(kind: str, points: Ring, **about: object) -> dict[str, Any]:
    places: Any = [_lonlat(*one) for one in points]
    return {"type": "Feature", "properties": about,
            "geometry": {"type": kind, "coordinates": [places] if kind == "Polygon" else places}}  # fmt: skip


def _box(x: float, y: float, long: float, wide: float) -> Ring:
    return [(x, y), (x + long, y), (x + long, y + wide), (x, y + wide), (x, y)]


def _file(path: Path, *features: dict[str, Any], **more: object) -> Path:
    text = json.dumps({"type": "FeatureCollection", "features": features} | more)
    path.write_text(text, encoding="utf-8")
    return path


LANE = _feature("Polygon", _box(0, 0, 80, 6), id="l1", name="一号车道")
GATES = [_feature("LineString", [(x, 0), (x, 6)], role="gate", name=name)
         for x, name in ((0, "north"), (80, "south"))]  # fmt: skip
CAR = _feature("Polygon", _box(30, 0, 4.5, 2.2), name="car")


def test_metres_come_first_and_the_bottleneck_is_drawn(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lane, things = (
        _file(tmp_path / "lane.geojson", LANE, *GATES),
        _file(tmp_path / "o.geojson", CAR),
    )
    out = tmp_path / "width.geojson"
    code = main(["width", str(lane), str(things), "--outline-error", "0.3", "--vehicle", "pump",
                 "--out", str(out), "--lang", "en"])  # fmt: skip
    said = capsys.readouterr().out
    assert code == 0
    assert said.startswith("3.80 m  [3.20, 4.40]  lane 一号车道")
    assert "gates: 2, drawn" in said
    assert "gets through" in said
    features = json.loads(out.read_text(encoding="utf-8"))["features"]
    first = features[0]
    assert first["properties"]["role"] == "bottleneck"
    assert GEOD.geometry_length(shape(first["geometry"])) == pytest.approx(3.8, abs=0.001)
    roles = {one["properties"]["role"] for one in features}
    assert roles == {"bottleneck", "gate", "cross_section", "centreline", "swept", "path"}
    assert main(["width", str(lane), str(things), "--lang", "zh"]) == 0
    assert "区间只含0" in capsys.readouterr().out


def test_a_centreline_with_its_width(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    line = _feature("LineString", [(0, 3), (80, 3)], width_m=6.0)
    lane, things = _file(tmp_path / "lane.geojson", line), _file(tmp_path / "o.geojson", CAR)
    assert main(["width", str(lane), str(things), "--outline-error", "0.3", "--lang", "en"]) == 0
    said = capsys.readouterr().out
    assert said.startswith("3.80 m  [3.11, 4.49]")
    assert "drawn from a centreline" in said


def test_what_hangs_above_is_passed_under(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    gantry = _feature("Polygon", _box(50, -1, 1, 8), underside_m=4.5)
    lane, things = (
        _file(tmp_path / "lane.geojson", LANE),
        _file(tmp_path / "o.geojson", CAR, gantry),
    )
    assert main(["width", str(lane), str(things), "--lang", "en"]) == 0
    assert capsys.readouterr().out.startswith("0.00 m")
    assert main(["width", str(lane), str(things), "--headroom", "4", "--lang", "en"]) == 0
    said = capsys.readouterr().out
    assert said.startswith("3.80 m")
    assert "clear height at least 4.50 m" in said


def test_projected_files_are_read_by_their_crs(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def flat(x: float, y: float, long: float, wide: float) -> dict[str, Any]:
        ring = [(530_000 + a, 3_054_000 + b) for a, b in _box(x, y, long, wide)]
        return {
            "type": "Feature",
            "properties": {},
            "geometry": {"type": "Polygon", "coordinates": [ring]},
        }

    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::4545"}}
    lane = _file(tmp_path / "lane.geojson", flat(0, 0, 80, 6), crs=crs)
    things = _file(tmp_path / "o.geojson", flat(30, 0, 4, 2), crs=crs)
    assert main(["width", str(lane), str(things), "--lang", "en"]) == 0
    assert capsys.readouterr().out.startswith("4.00 m")


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("{", "no outlines can be read"),
        ("[1, 2]", "no outlines can be read"),
        ('{"type": "FeatureCollection", "features": []}', "holds no lane"),
        ('{"features": [{"geometry": {"type": "Polygon", "coordinates": "x"}}]}', "no geometry"),
        (('{"features": [{"geometry": {"type": "Polygon", "coordinates": '
         "[[[500000, 3000000], [500080, 3000000], [500080, 3000006], [500000, 3000000]]]}}]}"), "no degrees"),
        (('{"features": [{"geometry": {"type": "LineString", "coordinates": '
         "[[109.3, 27.6], [109.301, 27.6]]}}]}"), "no width"),
        (('{"features": [{"properties": {"width_m": "wide"}, "geometry": {"type": "LineString", '
         '"coordinates": [[109.3, 27.6], [109.301, 27.6]]}}]}'), "no number"),
    ],
    ids=["broken", "a list", "empty", "no geometry", "metres", "no width", "width a word"],
)  # fmt: skip
def test_files_that_cannot_be_used_are_refused(
    text: str, problem: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lane = tmp_path / "lane.geojson"
    lane.write_text(text, encoding="utf-8")
    things = _file(tmp_path / "o.geojson", CAR)
    assert main(["width", str(lane), str(things)]) != 0
    said = capsys.readouterr().err
    assert problem in said
    assert "Remedy" in said


def test_a_gate_on_no_lane_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lost = _feature("LineString", [(0, 40), (0, 46)], role="gate")
    lane, things = _file(tmp_path / "lane.geojson", LANE, lost), _file(tmp_path / "o.geojson", CAR)
    assert main(["width", str(lane), str(things)]) != 0
    assert "lies on no lane" in capsys.readouterr().err


def test_a_lane_that_cannot_be_measured_does_not_hide_the_others(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bare = _feature("LineString", [(0, 40), (80, 40)], id="l2")
    lane, things = _file(tmp_path / "lane.geojson", bare, LANE), _file(tmp_path / "o.geojson", CAR)
    assert main(["width", str(lane), str(things), "--lang", "en"]) == 1
    said = capsys.readouterr()
    assert said.out.startswith("3.80 m")
    assert "l2" in said.err
    assert "no width" in said.err


def test_a_picture_of_every_lane(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    second = _feature("Polygon", _box(0, 50, 60, 5), id="l/2")
    lane = _file(tmp_path / "lane.geojson", LANE, *GATES, second)
    things = _file(tmp_path / "o.geojson", CAR)
    picture = tmp_path / "a.svg"
    assert main(["width", str(lane), str(things), "--picture", str(picture), "--lang", "en"]) == 0
    assert "a-l1.svg" in capsys.readouterr().out
    assert "clear width 3.80 m" in (tmp_path / "a-l1.svg").read_text(encoding="utf-8")
    assert (tmp_path / "a-l_2.svg").exists()
    assert main(["width", str(lane), str(things), "--picture", str(tmp_path / "a.png")]) == 1
    assert "--font" in capsys.readouterr().err
    assert main(["width", str(lane), str(things), "--picture", str(tmp_path / "a.gif")]) == 1


def test_a_centreline_is_as_wide_as_the_plan_says(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    line = _feature("LineString", [(0, 0), (40, 0), (40, 30)], id="c", width_m=4.2)
    lane, things = _file(tmp_path / "c.geojson", line), _file(tmp_path / "o.geojson")
    assert main(["width", str(lane), str(things), "--lang", "en"]) == 0
    said = capsys.readouterr().out
    assert said.startswith("4.20 m")
    assert "width from plan" in said
