"""Places by words, things in an area, the township of a place, and what was drawn in metres."""

from __future__ import annotations

import numpy as np
import pytest
import shapely

from layers import LayerSet
from layers.__main__ import main
from layers.errors import LayerError
from layers.find import find_places
from layers.inside import area_of, sizes_of, what_is_in
from layers.towns import town_names
from tests.layers.towns import at, layer, point, square

LAYERS = LayerSet(
    {
        "hotel": layer("hotel", [point(30, 40), point(500, 500), None], name=["云溪宾馆", "城南旅社", "云溪小院"],
                       address=["云溪路1号", "南街9号", None], credit_code=["91430000MA4L00000X", None, None]),
        "school": layer("school", [square(0, 0, 100)], name=["云溪小学"], kind=["primary"]),
        "township": layer("township", [square(-50, -50, 200), square(150, -50, 600)], name=["城关镇", "云溪"]),
    }
)  # fmt: skip


def test_the_very_name_comes_first_then_what_begins_so() -> None:
    found = find_places(LAYERS, "云溪")
    assert found["name"].tolist() == ["云溪", "云溪小学", "云溪宾馆", "云溪小院"]
    assert found.attrs["total"] == 4
    assert np.isnan(found["lon"].iloc[3])
    assert (found["lon"].iloc[1], found["lat"].iloc[1]) == pytest.approx(at(50, 50))


@pytest.mark.parametrize(
    ("text", "id_", "field"),
    [("南街", "hotel-2", "address"), ("91430000ma4l", "hotel-1", "credit_code"), ("宾馆 云溪路", "hotel-1", "name"),
     ("hotel-3", "hotel-3", "id")],
)  # fmt: skip
def test_by_address_code_and_several_words(text: str, id_: str, field: str) -> None:
    found = find_places(LAYERS, text)
    assert (found["id"].tolist(), found["field"].tolist()) == ([id_], [field])


def test_nothing_and_too_much() -> None:
    assert len(find_places(LAYERS, " ")) == len(find_places(LAYERS, "没有")) == 0
    found = find_places(LAYERS, "云溪", most=2)
    assert (len(found), found.attrs["total"]) == (2, 4)


def test_an_area_lists_what_meets_it() -> None:
    found = what_is_in(LAYERS, area_of([at(-10, -10), at(60, -10), at(60, 60), at(-10, 60)]))
    assert found["id"].tolist() == ["hotel-1", "school-1", "township-1"]
    assert len(what_is_in(LAYERS, shapely.Point(*at(5000, 5000)))) == 0


def test_sizes_are_geodesic() -> None:
    line = sizes_of([at(0, 0), at(300, 0), at(300, 400)], closed=False)
    assert line.sides_m == pytest.approx((300, 400), rel=2e-3)
    assert (line.area_m2, line.mu) == (None, None)
    ring = sizes_of([at(0, 0), at(300, 0), at(300, 400)], closed=True)
    assert ring.length_m == pytest.approx(1200, rel=2e-3)
    assert ring.area_m2 == pytest.approx(60_000, rel=4e-3)
    assert ring.mu == pytest.approx(90, rel=4e-3)


@pytest.mark.parametrize(
    ("corners", "closed"),
    [
        ([at(0, 0)], False),
        ([at(0, 0), at(1, 1)], True),
        ([at(0, 0), at(9, 9), at(9, 0), at(0, 9)], True),
    ],
)
def test_what_is_no_line_or_area_is_refused(
    corners: list[tuple[float, float]], closed: bool
) -> None:
    with pytest.raises(LayerError) as caught:
        sizes_of(corners, closed=closed)
    assert caught.value.remedy


def test_the_township_of_places() -> None:
    lon, lat = np.array([at(0, 0), at(300, 300), at(9000, 0), (np.nan, np.nan)]).T
    assert town_names(LAYERS["township"], lon, lat).tolist() == ["城关镇", "云溪", "", ""]


def test_the_same_in_a_shell(tmp_path: object, capsys: pytest.CaptureFixture[str]) -> None:
    folder = str(tmp_path)
    for name, one in LAYERS.items():
        one.write(f"{folder}/{name}.parquet")
    assert main(["find", "城南旅社", "--layers", folder, "--near", "50"]) == 0
    assert '"hotel-2"' in capsys.readouterr().out
    assert main(["find", "没有", "--layers", folder]) == 1
    lon, lat = at(30, 40)
    assert main(["find", f"{lon} {lat} wgs84", "--layers", folder]) == 0
    assert '"assumed": false' in capsys.readouterr().out
    corners = [f"{x},{y}" for x, y in (at(0, 0), at(60, 0), at(60, 60), at(0, 60))]
    assert main(["inside", *corners, "--layers", folder]) == 0
    said = capsys.readouterr()
    assert "云溪宾馆" in said.out
    assert "m²" in said.err
