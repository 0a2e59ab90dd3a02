"""Who is competent: by check, place, day and what the finding says; the procuratorate by level."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from checks import catalogue
from layers.errors import RuleError
from office.agencies import FOLDER, AgencyTable, agency_tables, load_agencies, stem

DEMO = load_agencies("demo")
DAY = "2026-06-30"
TOWN = "990123100"


def names(table: AgencyTable, check: str, day: str = DAY, code: str = TOWN,
          **finding: object) -> list[tuple[str | None, str]]:  # fmt: skip
    return [(one.agency.id if one.agency else None, one.part)
            for one in table.competent(check, code, finding, day)]  # fmt: skip


def test_every_check_of_the_catalogue_has_an_office_in_the_demo_county() -> None:
    for check in catalogue():
        answers = names(DEMO, check)
        assert any(agency and part == "first" for agency, part in answers), check


def test_the_licence_decides_whether_market_regulation_has_a_duty_too() -> None:
    assert names(DEMO, "tobacco-near-school", licence_class="issued_after_rule") == [
        ("990123-tobacco", "first")]  # fmt: skip
    assert names(DEMO, "tobacco-near-school", licence_class="unlicensed") == [
        ("990123-tobacco", "first"), ("990123-market", "also")]  # fmt: skip


def test_the_material_decides_who_comes_first_at_a_dump() -> None:
    rubble = names(DEMO, "waste-near-reservoir", facts={"material": "建筑垃圾"})
    assert rubble == [
        ("990123-sanitation", "first"),
        ("990123-ecology", "first"),
        ("990123-water", "also"),
    ]
    ash = names(DEMO, "waste-near-reservoir", facts={"material": "炉灰"})
    assert ash == [("990123-ecology", "first"), ("990123-water", "also")]


def test_the_procuratorate_is_that_of_the_agencys_level_not_of_the_place() -> None:
    answers = DEMO.competent("waste-near-reservoir", TOWN, {}, DAY)
    offices = {
        one.agency.id: one.procuratorate.id for one in answers if one.agency and one.procuratorate
    }
    assert offices == {
        "990123-ecology": "990100-procuratorate",
        "990123-water": "990123-procuratorate",
    }


def test_the_law_of_the_day_is_named() -> None:
    before = DEMO.competent("waste-near-reservoir", TOWN, {}, "2026-08-14")[0].duty
    after = DEMO.competent("waste-near-reservoir", TOWN, {}, "2026-08-15")[0].duty
    assert ("固体废物" in before.law.zh, "生态环境法典" in after.law.zh) == (True, True)


def test_what_was_not_read_says_so() -> None:
    unread = [duty for duty in DEMO.duties if not duty.verified]
    assert unread
    assert all("未核实" in duty.basis.zh and "unverified" in duty.basis.en for duty in unread)


def test_a_kind_without_an_office_is_answered_with_an_open_place() -> None:
    assert (None, "first") in names(
        DEMO, "lottery-near-school"
    )  # the county names no sports bureau


def test_a_place_outside_has_no_office() -> None:
    assert not DEMO.covers("520203001")
    assert names(DEMO, "tobacco-near-school", code="520203001") == [(None, "first")]


@pytest.mark.parametrize(("code", "told"), [
    ("990123", "990123"), ("990100", "9901"), ("990000", "99"), ("110000", "11"), ("990123100", "990123100"),
])  # fmt: skip
def test_codes_tell_their_area(code: str, told: str) -> None:
    assert stem(code) == told


def test_a_place_replaces_the_common_duties_of_a_check(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(FOLDER, tmp_path / "agencies"))
    with (folder / "demo.toml").open("a", encoding="utf-8") as stream:
        stream.write('\n[[duties]]\nchecks = ["tobacco-near-school"]\nkind = "market"\npart = "first"\n'
                     'law = { zh = "当地方案", en = "local plan" }\n')  # fmt: skip
    table = load_agencies("demo", folder)
    assert names(table, "tobacco-near-school", licence_class="unlicensed") == [
        ("990123-market", "first")
    ]
    assert [one.place for one in agency_tables(folder)] == ["demo"]


@pytest.mark.parametrize(("old", "new", "told"), [
    ('kind = "tobacco"', 'kind = "tabac"', r"agencies\[1\].kind"),
    ('area = "990123"\nlevel = "county"', 'area = "990124"\nlevel = "county"', "area"),
    ('level = "city"', 'level = "town"', "level"),
    ('id = "990123-market"', 'id = "990123-tobacco"', "990123-tobacco"),
    ("near_border_m = 50", "near_border_m = -1", "near_border_m"),
    ("generated = true", "generatd = true", "generatd"),
    ("990100 = {", "9901 = {", "areas.9901"),
    ("[areas]", "[areas", "cannot be read"),
])  # fmt: skip
def test_a_wrong_table_is_refused_by_key(tmp_path: Path, old: str, new: str, told: str) -> None:
    folder = Path(shutil.copytree(FOLDER, tmp_path / "agencies"))
    text = (folder / "demo.toml").read_text(encoding="utf-8")
    assert old in text
    (folder / "demo.toml").write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(RuleError, match=told):
        load_agencies("demo", folder)


def test_an_unknown_place_is_told_with_the_known() -> None:
    with pytest.raises(RuleError, match="demo"):
        load_agencies("atlantis")
