"""Two runs side by side: what is new, gone and changed, and what nobody can say."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from checks import (
    Comparison,
    Failure,
    RunResult,
    compare,
    findings_of,
    keep_run,
    kept_runs,
    load_rules,
    read_run,
    run,
    township_area,
    townships,
    within,
    write_comparison,
    write_findings,
)
from checks.__main__ import main
from layers import LayerFolder
from layers.errors import RuleError

CHECKS = ("tobacco-near-school", "bar-near-school", "wage-deposit")
AT = "2026-06-30T12:00:00+08:00"
OPEN = ("inside", "borderline")


@pytest.fixture(scope="module")
def county(demo_layers: Path) -> LayerFolder:
    return LayerFolder(demo_layers)


@pytest.fixture(scope="module")
def now(county: LayerFolder) -> RunResult:
    return run(CHECKS, county, load_rules("demo"), "2026-06-30")


@pytest.fixture(scope="module")
def then(county: LayerFolder) -> RunResult:
    return run(CHECKS, county, load_rules("demo"), "2022-01-15")


def laid(tmp_path: Path, before: RunResult, after: RunResult) -> Comparison:
    files = [
        write_findings(one, tmp_path / f"{n}.geojson") for n, one in enumerate((before, after))
    ]
    return compare(*(read_run(file) for file in files))


def standing(result: RunResult, checks: set[str]) -> dict[tuple[str, str], str]:
    return {(one.check, one.subject_id): one.verdict for one in result.findings
            if one.verdict in OPEN and one.check in checks}  # fmt: skip


def test_a_run_beside_itself(tmp_path: Path, now: RunResult) -> None:
    found = laid(tmp_path, now, now)
    assert found.differences == ()
    assert found.same == len(standing(now, set(CHECKS)))


def test_as_counting_by_hand(tmp_path: Path, now: RunResult, then: RunResult) -> None:
    """The layers are the same, so ids alone tell who is whom: the sets must agree exactly."""
    found = laid(tmp_path, then, now)
    checks = set(CHECKS) - set(found.uncompared)
    old, new = standing(then, checks), standing(now, checks)
    told = {kind: {(one.check, one.subject_id) for one in found.differences if one.kind == kind}
            for kind in ("new", "gone", "changed")}  # fmt: skip
    unclear = {(one.check, one.subject_id) for one in now.undecided}
    unclear |= {(one.check, one.subject_id) for one in now.findings if one.verdict == "undecided"}
    assert told["new"] == new.keys() - old.keys()
    assert told["gone"] == old.keys() - new.keys() - unclear
    assert found.same + len(told["changed"]) == len(old.keys() & new.keys()) + len(
        old.keys() & unclear
    )
    assert found.counts() == {kind: len(keys) for kind, keys in told.items()}


def test_what_is_gone_is_the_other_way_round_new(
    tmp_path: Path, now: RunResult, then: RunResult
) -> None:
    there, back = laid(tmp_path, then, now), laid(tmp_path, now, then)
    assert there.counts()["new"] > 0
    assert there.uncompared == back.uncompared
    gone = {(one.check, one.subject_id) for one in back.differences if one.kind == "gone"}
    assert gone <= {(one.check, one.subject_id) for one in there.differences if one.kind == "new"}


def test_from_a_check_that_failed_nothing_follows(tmp_path: Path, now: RunResult) -> None:
    broken = replace(now, findings=tuple(one for one in now.findings if one.check != "bar-near-school"),
                     failures=(Failure("bar-near-school", "it broke", ""),))  # fmt: skip
    other = replace(
        now, checks=CHECKS[:2], findings=tuple(f for f in now.findings if f.check in CHECKS[:2])
    )
    assert laid(tmp_path, now, broken).uncompared == {"bar-near-school": "silent"}
    assert laid(tmp_path, now, broken).differences == ()
    assert laid(tmp_path, now, other).uncompared == {"wage-deposit": "not_run"}


def test_only_the_ground_that_both_looked_at(
    tmp_path: Path, county: LayerFolder, now: RunResult
) -> None:
    town = next(iter(townships(county)))
    part = within(now, township_area(county, town))
    assert 0 < len(part.findings) < len(now.findings)
    found = laid(tmp_path, now, part)
    assert found.differences == ()
    assert 0 < found.same < len(now.findings)


def test_a_changed_fact_is_told(tmp_path: Path, now: RunResult) -> None:
    one = next(f for f in now.findings if f.verdict == "inside")
    moved = replace(one, measured=(one.measured or 0) + 500)
    later = replace(now, findings=tuple(moved if f is one else f for f in now.findings))
    (told,) = laid(tmp_path, now, later).differences
    assert (told.kind, told.subject_id, list(told.what)) == (
        "changed",
        one.subject_id,
        ["measured"],
    )


def test_differences_leave_as_tables_and_for_maps(
    tmp_path: Path, now: RunResult, then: RunResult
) -> None:
    found = laid(tmp_path, then, now)
    text = write_comparison(found, tmp_path / "d.csv", "en").read_text(encoding="utf-8-sig")
    assert len(text.splitlines()) == len(found.differences) + 1
    assert text.startswith("difference,check,")
    told = json.loads(write_comparison(found, tmp_path / "d.geojson").read_text(encoding="utf-8"))
    assert [one["properties"]["kind"] for one in told["features"]] == [
        one.kind for one in found.differences
    ]
    assert told["yicha"]["counts"] == found.counts()
    units: dict[str, set[str | None]] = {one.check: set() for one in found.differences}
    for one in found.differences:
        units[one.check].add(one.unit)
    assert units["tobacco-near-school"] == {"m"}  # what a verdict is called hangs on it
    assert "m" not in units.get("wage-deposit", set())
    brief = found.brief("tobacco-near-school", 1)
    assert (brief["counts"], len(brief["differences"])) == (found.counts("tobacco-near-school"), 1)
    with pytest.raises(RuleError, match="no file of differences"):
        write_comparison(found, tmp_path / "d.xlsx")


@pytest.mark.parametrize("text", ["", "{", "[]", "null", '{"yicha": {}}', '{"yicha": {"checks": []}}',
                                  '{"yicha": {"checks": [], "on_date": "", "version": "", "area": "POINT("}}',
                                  '{"yicha": {"checks": [], "on_date": "", "version": ""}, "features": [3]}'])  # fmt: skip
def test_a_file_that_holds_no_run(tmp_path: Path, text: str) -> None:
    path = tmp_path / "a.geojson"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(RuleError):
        read_run(path)


def test_runs_are_kept_with_their_hashes(tmp_path: Path, now: RunResult, then: RunResult) -> None:
    kept = keep_run(now, tmp_path, at=AT, actor="王检", area_name="全县")
    assert keep_run(now, tmp_path, at=AT, actor="王检", area_name="全县") == kept
    earlier = keep_run(then, tmp_path, at="2026-06-29T12:00:00+08:00", actor="")
    assert kept_runs(tmp_path) == [kept, earlier]
    assert kept.counts == {check: now.counts(check) for check in CHECKS}
    assert set(kept.layers) == {ref.theme for ref in now.layers}
    path = findings_of(tmp_path, kept.id)
    assert compare(read_run(path), read_run(path)).differences == ()
    path.write_text(path.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    with pytest.raises(RuleError, match="not those that were written"):
        findings_of(tmp_path, kept.id)
    for name in ("../x", "20260630-120000-ffffffff", ""):
        with pytest.raises(RuleError, match="there is no run"):
            findings_of(tmp_path, name)


def test_hostile_files_are_no_runs(tmp_path: Path, now: RunResult) -> None:
    kept = keep_run(now, tmp_path, at=AT, actor="")
    about = tmp_path / kept.id / "run.json"
    told = json.loads(about.read_text(encoding="utf-8"))
    wrongs: tuple[dict[str, object], ...] = ({"id": "../.."}, {"counts": []}, {"counts": {"a": 3}}, {"area": "POLYGON(("}, {"area": 3},
                  {"checks": "all"}, {"layers": None}, {"actor": 3})  # fmt: skip
    for wrong in wrongs:
        about.write_text(json.dumps({**told, **wrong}), encoding="utf-8")
        assert kept_runs(tmp_path) == []
    about.write_text("[" * 90_000, encoding="utf-8")
    assert kept_runs(tmp_path) == []
    (tmp_path / "20260101-000000-00000000").mkdir()
    assert kept_runs(tmp_path) == []


def test_in_a_shell(
    tmp_path: Path, county: LayerFolder, capsys: pytest.CaptureFixture[str]
) -> None:
    ways = ["--layers", str(county.path), "--rules", "demo", "--keep", str(tmp_path)]
    town = next(iter(townships(county).values()))
    assert main(["run", "bar-near-school", "--on", "2026-06-30", "--area", town, *ways]) == 0
    assert main(["run", "bar-near-school", "--on", "2022-01-15", *ways]) == 0
    capsys.readouterr()
    later, earlier = (run.id for run in kept_runs(tmp_path))
    assert main(["runs", str(tmp_path)]) == 0
    assert town in capsys.readouterr().out
    assert main(["compare", str(tmp_path / earlier), str(tmp_path / later), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert set(told["counts"]) == {"new", "gone", "changed"}
    assert main(["compare", str(tmp_path / earlier), str(tmp_path / later), "--lang", "en"]) == 0
    assert "the same in both" in capsys.readouterr().out
    assert main(["run", "bar-near-school", "--on", "2026-06-30", "--layers", str(county.path)]) == 1


def test_an_area_stands_in_the_file_and_is_read_again(tmp_path: Path, county: LayerFolder, now: RunResult) -> None:  # fmt: skip
    """What is taken into the leads later must not let those outside the area vanish."""
    area = township_area(county, next(iter(townships(county))))
    read = read_run(write_findings(within(now, area), tmp_path / "a.geojson"))
    assert read.area is not None
    assert read.area.equals(area)
    assert read_run(write_findings(now, tmp_path / "b.geojson")).area is None
