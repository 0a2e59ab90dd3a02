"""Many at one door: what is one door, who counts once, and against which number."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from checks import DOOR_CLASSES, Finding, RulePack, RunResult, catalogue, load_rules, run
from layers import LayerSet
from layers.errors import RuleError
from tests.cases import layer_of

CHECK = "many-shops-one-address"
DAY = "2026-06-30"
NAMES = ("福顺米粉", "海潮饺子", "翠微面馆", "千禧火锅", "玉兰快餐", "甘泉奶茶")
DOOR = "人民路26号附1号"


def at(
    address: str | None, *names: str | None, start: int = 1, **more: Any
) -> list[dict[str, Any]]:
    return [{"id": f"c{n:02d}", "name": name, "address": address, **more}
            for n, name in enumerate(names, start)]  # fmt: skip


def go(shops: list[dict[str, Any]], rules: RulePack | str | None = "demo", day: str = DAY,
       register: list[dict[str, Any]] | None = None, *, all_subjects: bool = False) -> RunResult:  # fmt: skip
    found = {"caterer": layer_of("caterer", shops)}
    if register is not None:
        found["food_licence"] = layer_of("food_licence", register)
    pack = load_rules(rules) if isinstance(rules, str) else rules
    result = run([CHECK], LayerSet(found), pack, day, all_subjects=all_subjects)
    assert not result.failures, result.failures[0].trace
    return result


def one(*arguments: Any, **more: Any) -> Finding:
    (finding,) = go(*arguments, **more).findings
    return finding


def test_a_door_is_one_finding_with_all_its_shops() -> None:
    finding = one(at(DOOR, *NAMES[:4], at=[5, 5]))
    assert (finding.verdict, finding.measured, finding.limit) == ("inside", 4.0, 3.0)
    assert (finding.comparator, finding.unit, finding.method) == (">", "count", "count")
    assert finding.subject_id == "c01"
    assert [shop["id"] for shop in finding.facts["shops"]] == ["c01", "c02", "c03", "c04"]
    assert finding.geometry is not None
    assert finding.licence_class == "many"
    assert set(DOOR_CLASSES) >= {"many", "in_order", "food_court"}


def test_the_limit_itself_is_clear() -> None:
    assert go(at(DOOR, *NAMES[:3])).findings == ()
    assert one(at(DOOR, *NAMES[:3]), all_subjects=True).verdict == "outside"


@pytest.mark.parametrize(
    "same", ["人民路26-1号", "云溪县人民大道二十六号附1号", "青澜市云溪县城关镇人民路26号之1"]
)
def test_a_door_written_otherwise_is_one_door(same: str) -> None:
    shops = [*at(DOOR, *NAMES[:2]), *at(same, *NAMES[2:4], start=3)]
    assert one(shops).measured == 4.0


@pytest.mark.parametrize("other", ["人民路28号附1号", "人民路26号附2号", "文化路26号附1号"])
def test_another_door_is_another(other: str) -> None:
    assert go([*at(DOOR, *NAMES[:2]), *at(other, *NAMES[2:4], start=3)]).findings == ()


def test_two_towns_may_have_the_same_street() -> None:
    here = [
        *at(DOOR, *NAMES[:2], admin_code="520203001"),
        *at(DOOR, *NAMES[2:4], start=3, admin_code="520203002"),
    ]
    assert go(here).findings == ()
    joined = [*at(DOOR, *NAMES[:2], admin_code="520203001"), *at(DOOR, *NAMES[2:4], start=3)]
    assert one(joined).measured == 4.0


def test_one_shop_on_two_platforms_counts_once() -> None:
    shops = [*at(DOOR, *NAMES[:3]), *at(DOOR, "福顺米粉（外卖专送）", "海潮饺子馆", start=4)]
    finding = one(shops, all_subjects=True)
    assert (finding.verdict, finding.measured, finding.facts["listings"]) == ("outside", 3.0, 5)


def test_shops_without_a_name_count_each() -> None:
    assert one(at(DOOR, None, None, None, None)).measured == 4.0


def test_who_has_closed_does_not_count() -> None:
    assert go([*at(DOOR, *NAMES[:3]), *at(DOOR, "千禧火锅", start=4, trading=False)]).findings == ()


def test_a_bare_number_may_be_a_whole_building() -> None:
    finding = one(at("人民路26号", *NAMES[:5]))
    assert (finding.verdict, finding.licence_class) == ("borderline", "many")
    assert any("neither floor nor unit" in text.en for text in finding.reasons)


def test_a_food_court_is_lawful() -> None:
    finding = one(at("人民路8号云溪美食城", *NAMES), all_subjects=True)
    assert (finding.verdict, finding.licence_class) == ("outside", "food_court")


@pytest.mark.parametrize(("rules", "day"), [(None, DAY), ("beijing", DAY), ("demo", "2024-06-30")])
def test_without_a_rule_the_count_is_given_and_no_verdict(rules: str | None, day: str) -> None:
    finding = one([*at(DOOR, *NAMES[:2]), *at("文化路1号", "老王烧烤", start=9)], rules, day)
    assert (finding.verdict, finding.measured, finding.limit) == ("undecided", 2.0, None)
    assert finding.in_force is None
    assert any("no verdict" in text.en for text in finding.reasons)


def test_without_a_number_in_the_address_nothing_is_said() -> None:
    result = go([*at(None, "福顺米粉"), *at("城关镇", "海潮饺子", start=2)])
    assert [(u.code, u.subject_id) for u in result.undecided] == [
        ("no_address", "c01"),
        ("no_address", "c02"),
    ]


def test_the_licences_in_force_at_the_door_are_told() -> None:
    rows: list[dict[str, Any]] = [
        {"id": f"r{n}", "name": name, "address": f"云溪县{DOOR}", "licence_status": "valid",
         "valid_to": ends} for n, (name, ends) in enumerate(zip(NAMES, ("2028-01-01", "2024-01-01"), strict=False))
    ]  # fmt: skip
    assert one(at(DOOR, *NAMES[:4]), register=rows).facts["licences_at_door"] == 1
    assert "licences_at_door" not in one(at(DOOR, *NAMES[:4])).facts


def test_the_more_the_earlier() -> None:
    shops = [*at(DOOR, *NAMES[:4]), *at("文化路1号附3号", *NAMES, start=5)]
    assert [f.measured for f in go(shops).findings] == [6.0, 4.0]


PACK = """
place = "here"
title = { zh = "此地", en = "here" }
[documents.d]
title = "办法"
url = "web:x"
retrieved = 2026-01-01
verified = false
[[rules]]
check = "many-shops-one-address"
limit = "shops_at_door"
value = 4
unit = "count"
comparator = ">="
in_force_from = 2024-01-01
document = "d"
verified = false
"""


def pack(tmp_path: Path, old: str = "", new: str = "") -> RulePack:
    file = tmp_path / "here.toml"
    file.write_text(PACK.replace(old, new) if old else PACK, encoding="utf-8")
    return load_rules(file)


def test_a_place_sets_its_own_number(tmp_path: Path) -> None:
    assert one(at(DOOR, *NAMES[:4]), pack(tmp_path)).verdict == "inside"
    assert go(at(DOOR, *NAMES[:3]), pack(tmp_path)).findings == ()
    (rule,) = pack(tmp_path).rules
    assert not rule.is_distance
    assert rule.as_dict()["unit"] == "count"


@pytest.mark.parametrize(
    ("old", "new", "field", "remedy"),
    [
        ('unit = "count"', 'unit = "days"', "rules[1].unit", 'write unit = "count"'),
        ('unit = "count"', 'unit = "m"', "rules[1].unit", "use one of count"),
        ("value = 4", "value = -1", "rules[1].value", "write value = 3"),
        ("value = 4", "value = true", "rules[1].value", "write value = 3"),
        ('limit = "shops_at_door"', 'limit = "shops"', "rules[1].limit", "use one of shops_at_door"),
        ('comparator = ">="', 'comparator = "="', "rules[1].comparator", "use one of <"),
        ('check = "many-shops-one-address"', 'check = "bar-near-school"', "rules[1].limit", "use one of primary_middle"),
        ('unit = "count"', 'unit = "count"\nmethod = "straight"', "rules[1].method", "use one of check, limit"),
        ('limit = "shops_at_door"', 'limit = "school"', "rules[1].limit", "use one of shops_at_door"),
    ],
)  # fmt: skip
def test_a_wrong_number_names_file_key_and_remedy(
    tmp_path: Path, old: str, new: str, field: str, remedy: str
) -> None:
    with pytest.raises(RuleError) as caught:
        pack(tmp_path, old, new)
    assert caught.value.field == field
    assert remedy in caught.value.remedy
    assert "here.toml" in str(caught.value)


def test_a_distance_is_not_written_as_a_number_of_shops(tmp_path: Path) -> None:
    with pytest.raises(RuleError) as caught:
        pack(tmp_path, 'check = "many-shops-one-address"\nlimit = "shops_at_door"',
             'check = "bar-near-school"\nlimit = "school"')  # fmt: skip
    assert "school_class" in caught.value.remedy


def test_the_check_declares_its_number() -> None:
    (limit,) = catalogue()[CHECK].check.limits
    assert (limit.unit, limit.is_distance, limit.national) == ("count", False, ())
    assert limit.words.en == "shops at one door"
