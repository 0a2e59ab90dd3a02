"""The register family on small tables: what excuses, what is asked, what is never said."""

from __future__ import annotations

import json
import random
import sys
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from types import FrameType
from typing import Any

import geopandas as gpd
import pytest

from checks import (
    REGISTER_CLASSES,
    VERDICTS,
    Finding,
    Limits,
    RunResult,
    Text,
    as_geojson,
    catalogue,
    limits_in_force,
    run,
    write_findings,
)
from checks.__main__ import main
from checks._docs import explain
from checks._registers.words import ENDED, STRENGTH
from layers import Layer, LayerSet, make_layer
from layers.matching import Decision, Decisions, match
from tests.cases import HERE, layer_of

DAY = "2026-06-30"
CHECK = "caterer-licence"
Row = dict[str, Any]


def shop(id_: str = "c1", name: str | None = "福顺米粉店", address: str | None = "人民路26号", **more: Any) -> Row:  # fmt: skip
    return {"id": id_, "name": name, "address": address, **more}


def licence(id_: str = "r1", name: str = "云溪县福顺米粉店", address: str = "云溪县人民路26号", **more: Any) -> Row:  # fmt: skip
    return {"id": id_, "name": name, "address": address, "licence_status": "valid",
            "valid_to": "2028-01-01", **more}  # fmt: skip


OTHER = licence("other", "云溪县千禧火锅", "云溪县东湖路80号")


def layers(shops: list[Row], register: list[Row] | None, state_of: str | None = "2026-06-01",
           decisions: Decisions | None = None) -> LayerSet:  # fmt: skip
    here = replace(HERE, state_of=state_of)
    found: dict[str, Layer] = {"caterer": layer_of("caterer", shops, here)}
    if register is not None:
        found["food_licence"] = layer_of("food_licence", register, here)
    return LayerSet(found, decisions=decisions)


def go(*arguments: Any, day: str = DAY, all_subjects: bool = True, **more: Any) -> RunResult:
    result = run([CHECK], layers(*arguments, **more), None, day, all_subjects=all_subjects)
    assert not result.failures, result.failures[0].trace
    return result


def one(*arguments: Any, **more: Any) -> Finding:
    (finding,) = go(*arguments, **more).findings
    return finding


def said(finding: Finding) -> tuple[str, str]:
    return finding.verdict, finding.licence_class


@pytest.mark.parametrize(
    ("row", "wanted"),
    [
        ({}, ("outside", "in_force")),
        ({"valid_to": "2026-06-30"}, ("outside", "in_force")),
        ({"valid_to": "2026-06-29"}, ("inside", "expired")),
        ({"first_issued": "2026-07-01"}, ("inside", "not_yet")),
        ({"licence_status": "cancelled"}, ("inside", "cancelled")),
        ({"licence_status": "revoked"}, ("inside", "revoked")),
        ({"licence_status": "closed"}, ("inside", "closed")),
        ({"licence_status": "suspended"}, ("inside", "suspended")),
        ({"licence_status": None, "valid_to": None}, ("outside", "in_force")),
        ({"name": "云溪县福顺米粉店", "address": "云溪县东湖路9号"}, ("borderline", "ask")),
        ({"business_form": "食品销售经营者"}, ("inside", "mismatch")),
        ({"business_form": "食品销售经营者", "business_items": "热食类食品制售"}, ("outside", "in_force")),
    ],
)  # fmt: skip
def test_what_the_register_row_says(row: Row, wanted: tuple[str, str]) -> None:
    assert said(one([shop()], [licence(**row), OTHER])) == wanted


def test_a_row_without_state_is_taken_as_in_force_and_says_so() -> None:
    finding = one([shop()], [licence(licence_status=None, valid_to=None)])
    assert any("neither state nor term" in text.en for text in finding.reasons)


def test_the_day_decides_between_two_licences() -> None:
    rows = [licence("old", first_issued="2018-05-01", valid_to="2023-04-30"),
            licence("new", first_issued="2023-05-01", valid_to="2028-04-30")]  # fmt: skip
    found = {
        day: one([shop()], rows, day=day) for day in ("2020-01-01", "2024-01-01", "2029-01-01")
    }
    assert {day: f.object_id for day, f in found.items()} == {
        "2020-01-01": "old", "2024-01-01": "new", "2029-01-01": "new"}  # fmt: skip
    assert {day: f.verdict for day, f in found.items()} == {
        "2020-01-01": "outside", "2024-01-01": "outside", "2029-01-01": "inside"}  # fmt: skip
    assert found["2029-01-01"].facts["links"] == 2


def test_a_missing_register_is_one_gap_and_nobody_is_found() -> None:
    result = go([shop(), shop("c2", "海潮饺子馆")], None)
    assert not result.findings
    assert [(u.code, u.theme, u.subject_id) for u in result.undecided] == [
        ("theme_missing", "food_licence", None)
    ]
    assert result.no_data(CHECK)


def test_an_empty_register_is_one_gap_too() -> None:
    empty = gpd.GeoDataFrame({"id": []}, geometry=[], crs="EPSG:4326")
    found = LayerSet(
        {**layers([shop()], None), "food_licence": make_layer("food_licence", empty, HERE)}
    )
    result = run([CHECK], found, None, DAY)
    assert [u.code for u in result.undecided] == ["no_data"]
    assert not result.findings


@pytest.mark.parametrize(
    ("row", "code"),
    [
        (shop(name=None, address=None), "too_little"),
        (shop(name=None), "too_little"),
        (shop(address=None), "too_little"),
        (shop(name=None, at=[0, 0]), "too_little"),
        (shop(), None),
        (shop(address=None, at=[0, 0]), None),
        (shop(name=None, address=None, licence_no="JY2990001"), None),
        (shop(name=None, address=None, credit_code="91110000600037341L"), None),
        (shop(name=None, address=None, credit_code="911100006000373410"), "too_little"),
    ],
)  # fmt: skip
def test_who_says_too_little_to_be_missed(row: Row, code: str | None) -> None:
    result = go([row], [OTHER])
    assert [u.code for u in result.undecided] == ([code] if code else [])
    assert [said(f) for f in result.findings] == ([] if code else [("inside", "none")])
    assert result.counts()["undecided"] == (code is not None)


def test_a_name_alone_may_still_be_found() -> None:
    assert one([shop(address=None)], [licence()]).verdict in ("outside", "borderline")


@pytest.mark.parametrize(
    ("state_of", "words"),
    [
        ("2026-06-01", None), ("2025-07-01", None), ("2025-06-29", "days before the day"),
        ("2026-07-01", "after the day judged"), (None, "does not say of which day"),
        ("last year", "does not say of which day"),
    ],
)  # fmt: skip
def test_the_age_of_the_register_is_said(state_of: str | None, words: str | None) -> None:
    finding = one([shop()], [OTHER], state_of)
    told = [text.en for text in finding.reasons if "register is of" in text.en or "of which day" in text.en]  # fmt: skip
    assert bool(told) == (words is not None)
    assert all(str(words) in text for text in told)


def test_what_a_person_decided_holds() -> None:
    shops, rows = [shop(address="文化路12号")], [licence(address="云溪县东湖路80号")]
    asked = layers(shops, rows)
    (link,) = match(asked["food_licence"], asked["caterer"]).zone("ask").to_dict("records")
    for verdict, wanted in (
        ("same", ("borderline", "mismatch")),
        ("different", ("inside", "none")),
    ):
        decided = Decision(
            "r1", "c1", verdict, "张三", "2026-06-02", "到店看过", str(link["fingerprint"])
        )
        finding = one(shops, rows, decisions=Decisions([decided]))
        assert said(finding) == wanted
        if verdict == "same":
            assert finding.facts["decided_by"] == "张三"
            assert any("张三" in text.zh for text in finding.reasons)
    changed = Decision("r1", "c1", "same", "张三", "2026-06-02", "", "0" * 16)
    assert said(one(shops, rows, decisions=Decisions([changed]))) == ("borderline", "ask")


def test_the_order_of_rows_does_not_matter() -> None:
    shops = [
        shop(f"c{n}", f"{brand}面馆", f"人民路{n}号")
        for n, brand in enumerate(["福顺", "海潮", "翠微", "千禧", "玉兰", "甘泉"])
    ]
    rows = [licence(f"r{n}", f"云溪县{s['name']}", f"云溪县{s['address']}",
                    valid_to=f"202{4 + n % 4}-01-01") for n, s in enumerate(shops[:-1])]  # fmt: skip
    found = []
    for seed in range(3):
        random.Random(seed).shuffle(shops)
        random.Random(seed).shuffle(rows)
        found.append([(f.subject_id, *said(f), f.object_id) for f in go(shops, rows).findings])
    assert found[0] == found[1] == found[2]


def test_findings_come_worst_first() -> None:
    shops = [shop("a"), shop("b", "海潮饺子馆", "人民路30号"), shop("c", "翠微面馆", "文化路9号")]
    rows = [
        licence("r1", valid_to="2024-01-01"),
        licence("r3", "云溪县翠微面馆", "云溪县东湖路1号"),
    ]
    assert [f.licence_class for f in go(shops, rows).findings] == ["none", "expired", "ask"]


def test_without_all_those_in_order_are_left_out() -> None:
    result = go([shop(), shop("b", "海潮饺子馆", "人民路30号")], [licence()], all_subjects=False)
    assert [f.subject_id for f in result.findings] == ["b"]


def test_facts_carry_the_row_and_why() -> None:
    shops = [shop(at=[0, 0], licence_no="JY2990001", platform="云溪外卖", source_row=7)]
    facts = one(shops, [licence(at=[30, 40], licence_no="JY2990001")]).facts
    assert facts["register"]["id"] == "r1"
    assert facts["register"]["source_row"] == 2
    assert facts["register_m"] == pytest.approx(50, abs=0.1)
    assert facts["zone"] == "same"
    assert 0.9 <= facts["score"] <= 1
    assert {"name_equal", "door_equal", "licence_equal"} <= set(facts["match_reasons"])
    assert facts["match_text"]["en"].startswith("the same licence number")
    assert facts["shown_licence_no"] == "JY2990001"
    assert (facts["platform"], facts["source_row"]) == ("云溪外卖", 7)


def test_findings_without_a_place_are_written_and_read(tmp_path: Path) -> None:
    result = go([shop(), shop("b", None, None)], [OTHER])
    assert result.findings[0].geometry is None
    file = write_findings(result, tmp_path / "out.geojson", "en")
    read = json.loads(file.read_text(encoding="utf-8"))
    assert [feature["geometry"] for feature in read["features"]] == [None, None]
    assert {feature["properties"]["verdict"] for feature in read["features"]} == {
        "inside",
        "undecided",
    }
    assert read["features"] == json.loads(json.dumps(as_geojson(result, "en")["features"]))


def test_the_shell_runs_a_check_without_places(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:  # fmt: skip
    found = layers([shop(), shop("b", None, None)], [OTHER])
    for name, layer in found.items():
        layer.write(tmp_path / f"{name}.parquet")
    out = tmp_path / "out.geojson"
    assert main(["run", CHECK, "--layers", str(tmp_path), "--on", DAY, "--out", str(out), "--lang", "en"]) == 0  # fmt: skip
    text = capsys.readouterr().out
    assert "too little to look it up in a register: 1 subjects" in text
    assert len(json.loads(out.read_text(encoding="utf-8"))["features"]) == 2


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_check_without_numbers_explains_itself(lang: str) -> None:
    text = explain(catalogue()[CHECK].check, None, DAY, lang)
    assert ("观察名单" if lang == "zh" else "watch list") not in text
    assert ("逐户" if lang == "zh" else "looked up") in text


def test_every_class_has_words_and_a_rank() -> None:
    assert set(ENDED) < set(REGISTER_CLASSES)
    assert STRENGTH["none"] > STRENGTH["expired"] > STRENGTH["mismatch"] > STRENGTH["ask"]
    assert STRENGTH["in_force"] == 0
    for words in REGISTER_CLASSES.values():
        assert isinstance(words, Text)
        assert words.zh != words.en


def _calls(work: Callable[[], object]) -> int:
    """How many functions of the register family were entered."""
    count = 0

    def look(frame: FrameType, event: str, _: object) -> None:
        nonlocal count
        if (
            event == "call"
            and "_register" in frame.f_code.co_filename
            and "checks" in frame.f_code.co_filename
        ):
            count += 1

    sys.setprofile(look)
    try:
        work()
    finally:
        sys.setprofile(None)
    return count


def _town(size: int) -> LayerSet:
    """Licensed shops, and one in no register."""
    shops = [shop(f"c{n}", f"店{n:04d}号面馆", f"人民路{n}号", licence_no=f"JY299{n:05d}")
             for n in range(size)]  # fmt: skip
    rows = [licence(f"r{n}", s["name"], s["address"], licence_no=s["licence_no"])
            for n, s in enumerate(shops)]  # fmt: skip
    return layers([*shops, shop("lost", "老王烧烤", "文化路9号")], rows)


def test_the_work_grows_with_what_is_reported_not_with_the_tables() -> None:
    counts = []
    for size in (50, 400):
        town = _town(size)
        found: list[Any] = []
        limits = limits_in_force(catalogue()[CHECK].check, None, DAY)
        counts.append(_calls(partial(_collect, town, limits, found)))
        assert [(type(f), f.subject_id) for f in found] == [(Finding, "lost")]
    assert counts[0] == counts[1] > 0


def _collect(town: LayerSet, limits: Limits, found: list[Any]) -> None:
    found += catalogue()[CHECK].find(town, limits, DAY)


def test_verdicts_are_those_of_every_check() -> None:
    assert {f.verdict for f in go([shop()], [licence()]).findings} <= set(VERDICTS)
