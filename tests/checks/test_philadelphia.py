"""Philadelphia end to end: the real licences and schools, the real importer, the city's 500 ft.

The schools are points without campuses or gates, so the line runs between points and the band
holds the error of both: 50 m for an address (the importer's figure for a source that says
none), 50 m for a school's pin likewise, 50 m from the pin to the gate. Most shops near a school
are therefore `borderline`: the data do not allow more. The distances themselves are compared
with an oracle that knows nothing of this project.
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from pyproj import Geod

from checks import RunResult, load_rules, run, write_findings
from checks._rulebook.rule import SCHOOL_CLASSES
from layers import Layer, LayerSet
from layers.importing import import_file

pytestmark = pytest.mark.shared
FOLDER = "us-philadelphia-tobacco-schools"
LIMIT_M = 152.4
U_M = 86.6025
DAY = {"2024": "2024-06-30", "2023": "2023-06-30"}
FILES = {
    "2024": "pa_tobacco_licences_philadelphia_2024-06-10.csv.gz",
    "2023": "pa_tobacco_licences_philadelphia_2023-06.csv.gz",
}
COUNTS = {
    "2024": {"inside": 56, "borderline": 895, "undecided": 0, "outside": 1502},
    "2023": {"inside": 66, "borderline": 805, "undecided": 62, "outside": 1452},
}
WITHIN = {"2024": 374, "2023": 348}
"""Shops whose measured distance alone is within 500 ft, whatever the band."""


def _layer(path: Path, theme: str, where: tuple[str, ...] = ()) -> Layer:
    layer = import_file(path, theme, datum="wgs84", where=where).layer
    assert layer is not None
    return layer


@pytest.fixture(scope="module")
def schools(shared_data: Path) -> Layer:
    return _layer(shared_data / FOLDER / "philadelphia_schools_2018.gpkg", "school")


@pytest.fixture(scope="module", params=["2023", "2024"])
def year(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def shops(shared_data: Path, year: str) -> Layer:
    return _layer(shared_data / FOLDER / FILES[year], "tobacco_retailer",
                  where=("licence_type~Retail",))  # fmt: skip


@pytest.fixture(scope="module")
def result(schools: Layer, shops: Layer, year: str) -> RunResult:
    layers = LayerSet({"school": schools, "tobacco_retailer": shops})
    return run(["tobacco-near-school"], layers, load_rules("us-philadelphia"), DAY[year],
               all_subjects=True)  # fmt: skip


def nearest(shops: Layer, schools: Layer) -> np.ndarray:
    """The oracle: geodesic metres to the nearest school of the class, by brute force."""
    counted = schools.frame[schools.frame["kind"].isin(SCHOOL_CLASSES["school"][1])]
    x, y = counted.geometry.x.to_numpy(), counted.geometry.y.to_numpy()
    geod = Geod(ellps="WGS84")
    return np.array([
        geod.inv(np.full(len(x), p.x), np.full(len(y), p.y), x, y)[2].min()
        for p in shops.placed.geometry
    ])  # fmt: skip


def test_the_counts(result: RunResult, year: str) -> None:
    assert not result.failures
    assert result.counts() == COUNTS[year]


def test_no_shop_is_lost(result: RunResult, shops: Layer) -> None:
    single = [u for u in result.undecided if u.subject_id is not None]
    assert len(result.findings) == len(shops.placed)
    assert {u.code for u in single} <= {"no_position"}
    assert len(single) == len(shops.unplaced)
    ids = {f.subject_id for f in result.findings} | {u.subject_id for u in single}
    assert ids == set(shops.frame["id"])


def test_the_distances_are_the_oracles(
    result: RunResult, shops: Layer, schools: Layer, year: str
) -> None:
    metres = dict(zip(shops.placed["id"], nearest(shops, schools), strict=True))
    ruled = [f for f in result.findings if f.rule and f.measured is not None]
    assert len(ruled) > 500
    for finding in ruled:
        assert finding.measured == pytest.approx(metres[finding.subject_id], abs=1e-3)
    near = {name for name, one in metres.items() if one <= LIMIT_M}
    assert len(near) == WITHIN[year]
    assert near == {f.subject_id for f in ruled if (f.measured or 0) <= LIMIT_M}


def test_the_verdicts_are_the_oracles(result: RunResult, shops: Layer, schools: Layer) -> None:
    metres = dict(zip(shops.placed["id"], nearest(shops, schools), strict=True))
    for finding in result.findings:
        d = metres[finding.subject_id]
        if finding.verdict in ("inside", "borderline"):
            assert finding.verdict == ("inside" if d + U_M <= LIMIT_M else "borderline")
        else:
            assert d - U_M > LIMIT_M


def test_points_are_said_to_be_points(result: RunResult) -> None:
    measured = [f for f in result.findings if f.measured is not None]
    assert {f.facts["kind"] for f in measured} == {"point"}
    for finding in measured[:50]:
        assert any("school's point" in reason.en for reason in finding.reasons)
        assert finding.error_band is not None
        assert finding.error_band.largest == pytest.approx(U_M, abs=1e-3)


def test_the_rule_is_five_hundred_feet_and_unverified(result: RunResult) -> None:
    rules = {f.in_force.id: f.in_force for f in result.findings if f.in_force}
    (rule,) = rules.values()
    assert (rule.written, rule.limit_m, rule.method) == ("500 ft", LIMIT_M, "straight")
    assert not rule.verified


def test_before_the_regulation_there_is_no_verdict(schools: Layer, shops: Layer) -> None:
    layers = LayerSet({"school": schools, "tobacco_retailer": shops})
    early = run(["tobacco-near-school"], layers, load_rules("us-philadelphia"), "2016-12-31")
    assert {f.verdict for f in early.findings} == {"undecided"}
    assert any("2017-01-01" in reason.en for reason in early.findings[0].reasons)


def test_the_file_holds_them_all(result: RunResult, tmp_path: Path) -> None:
    file = write_findings(result, tmp_path / "findings.geojson", "en")
    read = json.loads(file.read_text(encoding="utf-8"))
    single = [u for u in result.undecided if u.subject_id is not None]
    assert len(read["features"]) == len(result.findings) + len(single)
    assert "masked" not in file.name
