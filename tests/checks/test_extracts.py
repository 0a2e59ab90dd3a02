"""Real extracts run: Haidian, Guixi, Heidelberg, Helsinki."""

from __future__ import annotations

from pathlib import Path

import pytest

from checks import RunResult, catalogue, load_rules, run
from checks.tobacco_near_school import SUBJECTS
from layers import LayerSet
from layers.sources.osm_extract import read_extract
from layers.sources.osm_tags import PROXY_CATEGORY
from layers.walking import build_network

pytestmark = pytest.mark.shared
FILES = {
    "haidian": "osm-cn-beijing-haidian/beijing_haidian_tsinghua_2017.osm.pbf",
    "guixi": "osm-cn-guixi/guixi_jiangxi_2024.osm.pbf",
    "heidelberg": "osm-de-heidelberg/heidelberg_ors_test.osm.pbf",
    "helsinki": "osm-fi-helsinki-centre/helsinki_centre_2019.osm.pbf",
}


@pytest.fixture(scope="module")
def layers(shared_data: Path) -> dict[str, LayerSet]:
    made = {}
    for name, file in FILES.items():
        extract = read_extract(shared_data / file, proxy_tobacco=True)
        made[name] = LayerSet(extract.layers, build_network(shared_data / file))
    return made


def all_checks(layers: LayerSet, rules: str, day: str = "2026-06-30") -> RunResult:
    return run(list(catalogue()), layers, load_rules(rules), day, all_subjects=True)


@pytest.mark.parametrize("name", FILES)
def test_every_extract_runs(name: str, layers: dict[str, LayerSet]) -> None:
    result = all_checks(layers[name], "demo")
    assert not result.failures, result.failures[0].trace
    for check in catalogue():
        needs = catalogue()[check].check.needs
        missing = not set(needs) <= set(layers[name])
        assert result.no_data(check) == missing
        counted = sum(result.counts(check).values())
        assert counted == (0 if missing else len(layers[name][needs[0]]))


def test_guixi_without_shops_answers_no_data(shared_data: Path) -> None:
    file = shared_data / FILES["guixi"]
    plain = LayerSet(read_extract(file).layers, build_network(file))
    result = all_checks(plain, "foshan")
    assert not result.findings
    assert not result.failures
    assert all(result.no_data(check) for check in catalogue())
    assert {u.code for u in result.undecided} == {"theme_missing"}


def test_haidian_proxies_are_called_candidates(layers: dict[str, LayerSet]) -> None:
    result = run(["tobacco-near-school"], layers["haidian"], load_rules("beijing"), "2024-06-30",
                 all_subjects=True)  # fmt: skip
    assert SUBJECTS.candidate == PROXY_CATEGORY
    measured = [f for f in result.findings if f.measured is not None]
    assert len(result.findings) == 20
    assert measured
    for finding in measured:
        assert any("see on site first" in reason.en for reason in finding.reasons)


def test_helsinki_walks_are_drawn_and_no_shorter_than_the_crow(layers: dict[str, LayerSet]) -> None:
    found = run(["entertainment-near-school"], layers["helsinki"], load_rules("demo"), "2026-06-30",
                all_subjects=True).findings  # fmt: skip
    walked = [f for f in found if f.measured is not None and f.method == "walk_shortest"]
    assert walked
    for finding in walked:
        assert finding.geometry is not None
        assert finding.geometry.geom_type == "LineString"
        assert (finding.measured or 0) >= finding.facts["straight_m"] - 0.5
