"""The proposal of a datum by named places: right, and modest when it cannot know."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import shapely

from layers.datum import from_wgs84, propose_datum
from layers.layer import Layer, make_layer
from layers.sources.osm_extract import read_osm

N = 30
Places = tuple[np.ndarray, np.ndarray, list[str]]


@pytest.fixture(scope="module")
def places() -> Places:
    rng = np.random.default_rng(7)
    return (
        105.4 + rng.uniform(0, 0.1, N),
        26.2 + rng.uniform(0, 0.1, N),
        [f"第{n}小学" for n in range(N)],
    )


@pytest.fixture(scope="module")
def schools(places: Places) -> Layer:
    """Campuses 200 m across, as polygons."""
    lon, lat, names = places
    campus = [
        shapely.box(x - 0.001, y - 0.001, x + 0.001, y + 0.001)
        for x, y in zip(lon, lat, strict=True)
    ]
    return make_layer("school", _frame(names, campus).assign(kind="primary"))


def _frame(names: list[str], shapes: Sequence[shapely.Geometry]) -> gpd.GeoDataFrame:
    ids = [str(n) for n in range(len(names))]
    return gpd.GeoDataFrame({"id": ids, "name": names}, geometry=shapes, crs="EPSG:4326")


def _pins(places: Places, datum: str) -> tuple[np.ndarray, np.ndarray]:
    """Pins some 40 m off the middle of each campus, in the datum."""
    rng = np.random.default_rng(1)
    lon, lat = places[0] + rng.normal(0, 3e-4, N), places[1] + rng.normal(0, 3e-4, N)
    return from_wgs84(lon, lat, datum)


@pytest.mark.parametrize(
    "datum",
    ["wgs84", "gcj02", "bd09", "bd09mc", "cgcs2000-gk3", "cgcs2000-gk6", "cgcs2000-gk3-105",
     "cgcs2000-gk3-108", "cgcs2000-gk6-105", "epsg:32648", "epsg:3857"],
)  # fmt: skip
def test_the_true_datum_is_proposed_with_confidence(
    datum: str, places: Places, schools: Layer
) -> None:
    proposal = propose_datum(places[2], *_pins(places, datum), schools)
    assert proposal.ranking[0].datum == proposal.best
    if proposal.best != datum:  # another name of the same plane
        assert np.allclose(from_wgs84(105.4, 26.2, proposal.best), from_wgs84(105.4, 26.2, datum))
    assert proposal.confidence > 0.9
    assert proposal.matched == N
    assert proposal.ranking[0].offset_m < 80
    assert all(
        a.offset_m <= b.offset_m
        for a, b in zip(proposal.ranking, proposal.ranking[1:], strict=False)
    )


def test_few_names_mean_little_confidence(places: Places, schools: Layer) -> None:
    x, y = _pins(places, "gcj02")
    few = propose_datum(places[2][:2], x[:2], y[:2], schools)
    assert few.best == "gcj02"
    assert few.confidence < 0.5 < propose_datum(places[2], x, y, schools).confidence


def test_one_chain_with_many_branches_is_one_name(places: Places, schools: Layer) -> None:
    x, y = _pins(places, "gcj02")
    proposal = propose_datum([places[2][0]] * 20, [x[0]] * 20, [y[0]] * 20, schools)
    assert proposal.matched == 1
    assert proposal.confidence < 0.3


def test_two_datums_in_one_file_mean_no_confidence(places: Places, schools: Layer) -> None:
    x, y = _pins(places, "gcj02")
    x[::2], y[::2] = (axis[::2] for axis in _pins(places, "wgs84"))
    assert propose_datum(places[2], x, y, schools).confidence < 0.2


def test_a_common_shift_that_is_left_lowers_the_confidence(places: Places, schools: Layer) -> None:
    """What Xi'an 80 degrees would look like: nearest to WGS 84, but all 85 m to one side."""
    proposal = propose_datum(places[2], places[0] + 0.0008, places[1] + 0.0003, schools)
    assert proposal.best == "wgs84"
    assert proposal.confidence <= 0.5
    assert proposal.ranking[0].shift_m > 80


def test_nothing_is_proposed_where_nothing_fits(places: Places, schools: Layer) -> None:
    rng = np.random.default_rng(2)
    local_grid = rng.uniform(0, 9e3, N) + 3e4, rng.uniform(0, 9e3, N) + 1e4
    for x, y in (local_grid, (places[1], places[0])):
        proposal = propose_datum(places[2], x, y, schools)
        assert proposal.best is None
        assert proposal.confidence == 0.0
        assert "No proposal" in proposal.text_en
        assert "无法判断" in proposal.text_zh


@pytest.mark.parametrize("names", [["别的学校"], [None], [""], [float("nan")], []])
def test_without_a_common_name_there_is_no_proposal(names: list[object], schools: Layer) -> None:
    ones = [1.0] * len(names)
    proposal = propose_datum(names, ones, ones, schools)
    assert (proposal.best, proposal.matched, proposal.ranking) == (None, 0, ())


def test_names_match_across_width_space_and_brackets(places: Places, schools: Layer) -> None:
    x, y = _pins(places, "gcj02")
    names = [f" 第{chr(0xFF10 + n)} 小学" if n < 10 else f"(第{n}小学)" for n in range(N)]
    assert propose_datum(names, x, y, schools).matched == N


def test_rows_without_a_coordinate_are_left_out(places: Places, schools: Layer) -> None:
    x, y = _pins(places, "bd09")
    x[:10] = np.nan
    proposal = propose_datum(places[2], x, y, schools)
    assert (proposal.best, proposal.matched) == ("bd09", N - 10)


def test_streets_serve_as_well_and_are_found_in_addresses() -> None:
    rng = np.random.default_rng(3)
    names = [f"{word}路" for word in "东西南北中红绿蓝白金"]
    starts = np.column_stack([105.4 + rng.uniform(0, 0.2, 10), 26.2 + rng.uniform(0, 0.2, 10)])
    turn = np.linspace(0, np.pi, 10)
    ends = starts + 0.01 * np.column_stack([np.cos(turn), np.sin(turn)])
    lines = [shapely.LineString(pair) for pair in np.stack([starts, ends], axis=1)]
    roads = make_layer("road", _frame(names, lines))
    middle = (starts + ends) / 2 + rng.normal(0, 1e-4, starts.shape)
    x, y = from_wgs84(middle[:, 0], middle[:, 1], "gcj02")
    proposal = propose_datum([f"{name}{n}号" for n, name in enumerate(names, 11)], x, y, roads)
    assert proposal.best == "gcj02"
    assert proposal.matched == 10
    assert proposal.confidence > 0.6


def test_an_empty_trusted_layer_proposes_nothing() -> None:
    empty = make_layer("road", _frame([], []))
    assert propose_datum(["东路"], [1.0], [2.0], empty).best is None


def test_the_sentence_says_how_sure_it_is(places: Places, schools: Layer) -> None:
    proposal = propose_datum(places[2], *_pins(places, "gcj02"), schools)
    for text in (proposal.text_zh, proposal.text_en):
        assert all(word in text for word in ("GCJ-02", "30", "100%"))


@pytest.mark.shared
@pytest.mark.parametrize("datum", ["wgs84", "gcj02", "bd09", "bd09mc", "cgcs2000-gk3"])
def test_real_school_names_of_haidian(shared_data: Path, datum: str) -> None:
    folder = shared_data / "osm-cn-beijing-haidian"
    schools = read_osm(folder / "beijing_haidian_tsinghua_2017.osm.pbf")["school"]
    pins = schools.placed.geometry.representative_point()
    x, y = from_wgs84(pins.x, pins.y, datum)
    proposal = propose_datum(schools.placed["name"], x, y, schools)
    assert proposal.best == datum
    assert proposal.matched >= 10
    assert proposal.confidence > 0.8
