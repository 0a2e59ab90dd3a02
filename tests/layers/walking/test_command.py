"""`python -m layers walk`, called as a user calls it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from pyproj import Geod
from shapely.geometry import shape

from layers.__main__ import main
from layers.walking import build_network
from tests.layers.walking.maps import Node, at, osm_text

NODES: dict[int, Node] = {
    1: (0, 0), 2: (100, 0), 3: (100, 100), 4: (0, 900), 5: (100, 900), 6: (100, 5000)
}  # fmt: skip
FOOTWAY, STEPS = {"highway": "footway"}, {"highway": "steps"}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "town.osm"
    ways = [(1, [1, 2], FOOTWAY), (2, [2, 3], STEPS), (3, [4, 5, 6], FOOTWAY)]
    path.write_text(osm_text(NODES, ways), encoding="utf-8")
    return path


def _walk(source: list[str], a: tuple[float, float], b: tuple[float, float], *more: str) -> int:
    coordinates = [f"{value:.8f}" for place in (a, b) for value in at(*place)]
    return main(["walk", *source, *coordinates, *more])


def test_prints_the_metres_and_nothing_else(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert _walk(["--osm", str(file)], (20, 5), (95, 60)) == 0
    out, err = capsys.readouterr()
    assert out == "150.0\n"
    assert "5.0 m to the network + 140.0 m along it + 5.0 m" in err
    assert "steps" in err


def test_a_network_already_made(
    file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    build_network(file).save(tmp_path / "layers" / "walking")
    assert _walk(["--layers", str(tmp_path / "layers")], (20, 5), (95, 60)) == 0
    assert capsys.readouterr().out == "150.0\n"


def test_the_path_as_geojson(
    file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    target = tmp_path / "path.geojson"
    assert _walk(["--osm", str(file)], (20, 5), (95, 60), "--geojson", str(target)) == 0
    assert capsys.readouterr().out == "150.0\n"
    feature = json.loads(target.read_text(encoding="utf-8"))
    assert feature["type"] == "Feature"
    line = shape(feature["geometry"])
    assert Geod(ellps="WGS84").geometry_length(line) == pytest.approx(150, abs=0.1)
    parts = feature["properties"]["parts"]
    assert [part["part"] for part in parts] == ["to_network", "network", "from_network"]
    assert sum(part["metres"] for part in parts) == pytest.approx(
        feature["properties"]["metres"], abs=0.01
    )
    assert parts[0]["points"][0] == 0
    assert parts[-1]["points"][1] == len(line.coords) - 1


def test_geojson_to_standard_output(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert _walk(["--osm", str(file)], (20, 5), (95, 60), "--geojson", "-") == 0
    out, err = capsys.readouterr()
    assert json.loads(out)["properties"]["metres"] == pytest.approx(150, abs=0.1)
    assert err.endswith("150.0\n")


def test_no_connection_is_said_with_a_remedy(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _walk(["--osm", str(file)], (20, 5), (50, 905)) == 1
    out, err = capsys.readouterr()
    assert not out
    assert "no walkable way connects" in err
    assert "Remedy" in err


def test_too_far_is_said(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert _walk(["--osm", str(file)], (0, 0), (100, 100), "--reach", "199") == 1
    assert "--reach" in capsys.readouterr().err


def test_off_the_network_is_said(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert _walk(["--osm", str(file)], (0, 0), (300, 300)) == 1
    assert "place 2 has no way within 100 m" in capsys.readouterr().err
    assert _walk(["--osm", str(file)], (0, 0), (300, 300), "--max-snap", "400") == 0


def test_negative_coordinates(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "south_west.osm"
    path.write_text(
        '<osm version="0.6"><node id="1" lat="-20.5" lon="-54.6"/>'
        '<node id="2" lat="-20.501" lon="-54.6"/><way id="1"><nd ref="1"/><nd ref="2"/>'
        '<tag k="highway" v="path"/></way></osm>',
        encoding="utf-8",
    )
    assert main(["walk", "--osm", str(path), "-54.6", "-20.5", "-54.6", "-20.501"]) == 0
    assert capsys.readouterr().out == "110.7\n"


@pytest.mark.parametrize("place", [["181", "0"], ["0", "91"], ["nan", "0"], ["east", "0"]])
def test_what_is_no_coordinate(
    file: Path, place: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as caught:
        main(["walk", "--osm", str(file), *place, "0", "0"])
    assert caught.value.code == 2
    wrong = next(text for text in place if text != "0")
    assert wrong in capsys.readouterr().err


@pytest.mark.parametrize("option", ["--reach", "--max-snap"])
@pytest.mark.parametrize("value", ["0", "nan", "inf"])
def test_what_is_no_length(file: Path, option: str, value: str) -> None:
    with pytest.raises(SystemExit):
        _walk(["--osm", str(file)], (0, 0), (10, 0), option, value)


def test_a_missing_file_and_an_empty_folder(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _walk(["--osm", str(tmp_path / "no.osm.pbf")], (0, 0), (1, 1)) == 1
    assert "no.osm.pbf" in capsys.readouterr().err
    assert _walk(["--layers", str(tmp_path)], (0, 0), (1, 1)) == 1
    assert "no walking network" in capsys.readouterr().err
    assert _walk(["--layers", str(tmp_path / "none")], (0, 0), (1, 1)) == 1
    assert "does not exist" in capsys.readouterr().err


@pytest.mark.shared
def test_the_line_of_the_readme(shared_data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    extract = shared_data / "osm-de-heidelberg" / "heidelberg_ors_test.osm.pbf"
    places = ["8.676730", "49.421513", "8.678545", "49.421117"]
    assert main(["walk", "--osm", str(extract), *places]) == 0
    assert capsys.readouterr().out == "173.9\n"
