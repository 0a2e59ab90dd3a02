"""The findings file: GeoJSON with all that a finding must carry, atomic and repeatable."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import shapely

from checks import UNITS, VERDICTS, as_geojson, write_findings
from checks._runs.output import finding_properties
from checks._runs.runner import RunResult
from tests.cases import FOLDER, Case, cases

CARRIES = {
    "check", "rule", "verdict", "measured", "limit", "unit", "comparator", "method", "error_band",
    "subject_id", "subject_name", "object_id", "object_name", "on_date", "reasons", "layers",
    "measured_low", "measured_high", "error_parts", "also", "licence_class", "rule_text", "facts",
    "title",
}  # fmt: skip


def result_of(check: str, name: str) -> RunResult:
    return Case(FOLDER / check / f"{name}.toml").run()


@pytest.mark.parametrize("case", cases(), ids=lambda case: f"{case.check}/{case.name}")
def test_a_file_is_geojson_with_everything(case: Case, tmp_path: Path) -> None:
    result = case.result
    file = write_findings(result, tmp_path / "deep" / "findings.geojson", "en")
    read = json.loads(file.read_text(encoding="utf-8"))
    assert read == json.loads(json.dumps(as_geojson(result, "en")))
    assert read["type"] == "FeatureCollection"
    assert "crs" not in read
    for feature, finding in zip(read["features"], result.findings, strict=False):
        properties = feature["properties"]
        assert set(properties) >= CARRIES
        assert properties["verdict"] in VERDICTS
        assert properties["unit"] in ("m", "", *UNITS)
        if finding.geometry is None:
            assert feature["geometry"] is None
            continue
        shape = shapely.from_geojson(json.dumps(feature["geometry"]))
        assert shape.equals_exact(finding.geometry, 1e-7)
    assert [file.name for file in file.parent.iterdir()] == ["findings.geojson"]


def test_the_same_run_gives_the_same_bytes(tmp_path: Path) -> None:
    files = [write_findings(result_of("tobacco-near-school", "licences"), tmp_path / f"{n}.geojson")
             for n in (1, 2)]  # fmt: skip
    assert files[0].read_bytes() == files[1].read_bytes()


def test_a_failed_write_leaves_the_old_file(tmp_path: Path) -> None:
    result = result_of("bar-near-school", "finding")
    file = write_findings(result, tmp_path / "findings.geojson")
    before = file.read_bytes()
    broken = Case(FOLDER / "bar-near-school" / "finding.toml").run()
    object.__setattr__(broken.findings[0], "reasons", (object(),))
    with pytest.raises(AttributeError):
        write_findings(broken, file)
    assert file.read_bytes() == before
    assert [one.name for one in tmp_path.iterdir()] == ["findings.geojson"]


def test_both_languages_have_the_same_numbers() -> None:
    result = result_of("tobacco-near-school", "licences")
    zh, en = as_geojson(result, "zh"), as_geojson(result, "en")
    for one, other in zip(zh["features"], en["features"], strict=True):
        assert one["properties"]["measured"] == other["properties"]["measured"]
        assert one["properties"]["reasons"] != other["properties"]["reasons"]
        assert len(one["properties"]["reasons"]) == len(other["properties"]["reasons"])


def test_the_rule_is_printed_with_document_and_whether_it_is_verified() -> None:
    (finding,) = result_of("ecigarette-near-school", "borderline").findings
    text = finding_properties(finding, "en")["rule_text"]
    assert text["verified"] is False
    assert text["document"]["title"]
    assert text["in_force_from"] == "2022-05-01"
    assert any("unverified" in reason.en for reason in finding.reasons)
    assert any("未核实" in reason.zh for reason in finding.reasons)


def test_the_error_band_is_one_number_with_its_parts() -> None:
    (finding,) = result_of("lottery-near-school", "main-gate-unknown").findings
    properties = finding_properties(finding)
    assert properties["error_band"] == pytest.approx(225.385, abs=0.01)
    assert properties["measured_high"] - properties["measured"] == properties["error_band"]
    assert properties["measured"] - properties["measured_low"] < 6
    assert set(properties["error_parts"]) == {"source", "datum", "point", "network", "unknown_gate"}


def test_a_subject_without_place_is_a_feature_without_geometry() -> None:
    read = as_geojson(result_of("tobacco-near-school", "undecided"), "en")
    (lost,) = [f for f in read["features"] if f["properties"]["subject_id"] == "t2"]
    assert lost["geometry"] is None
    assert lost["properties"]["verdict"] == "undecided"
    assert lost["properties"]["code"] == "no_position"
    assert lost["properties"]["remedy"]


def test_what_a_whole_check_lacks_stands_beside_the_features() -> None:
    read = as_geojson(result_of("entertainment-near-school", "undecided"), "en")
    assert read["features"] == []
    assert read["yicha"]["no_data"] == ["entertainment-near-school"]
    (gap,) = read["yicha"]["undecided"]
    assert gap["theme"] == "school"
    assert "python -m layers" in gap["remedy"]
