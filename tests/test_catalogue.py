"""Every manifest is complete, bilingual, documented and has its cases; every pack loads."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from checks import (
    UNITS,
    VERDICTS,
    Check,
    CheckEntry,
    LegalBasis,
    RulePack,
    Text,
    catalogue,
    rule_packs,
)
from checks._docs import PAGE, describe_rule, explain, page
from checks._rulebook.reading import FOLDER
from layers import SHOP_THEMES, THEMES
from layers.themes import RECORD
from layers.version import __version__
from tests.cases import Case, cases

ENTRIES = list(catalogue().values())
EIGHT = {
    "tobacco-near-school", "ecigarette-near-school", "alcohol-near-school", "lottery-near-school",
    "internet-cafe-near-school", "entertainment-near-school", "bar-near-school",
    "hotel-near-school",
}  # fmt: skip
REGISTERS = {
    "unregistered-lodging", "caterer-licence", "many-shops-one-address", "aesthetic-clinic-licence",
    "tobacco-licence",
}  # fmt: skip
FILES = [entry for entry in ENTRIES if entry.module.startswith("checks.")]
PLACES = {
    "beijing", "shanghai", "guangdong", "tianjin", "suqian", "foshan", "wanning", "wuhan",
    "yangzhou", "luzhou-longmatan", "hefei", "xian-beilin", "cn-internet-cafe-boundary",
    "cn-internet-cafe-walk", "us-philadelphia", "demo",
}  # fmt: skip
FORBIDDEN = re.compile(r"violat|illegal|违法行为|非法", re.IGNORECASE)
each_check = pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.check.id)
each_pack = pytest.mark.parametrize("pack", rule_packs(), ids=lambda pack: pack.place)


def _texts(check: Check) -> list[Text]:
    basis = [text for one in check.legal_basis for text in (one.title, one.says)]
    return [check.title, check.why, *check.verify, *check.pitfalls, *basis]


def _around_schools(check: Check) -> bool:
    """Whether the check measures how near to a school its subjects are."""
    return check.needs[1:2] == ("school",) and check.id.endswith("-near-school")


def test_the_catalogue_is_the_folders() -> None:
    files = {file.stem for file in Path("checks").glob("*.py") if file.stem[0] != "_"}
    assert {entry.module.removeprefix("checks.") for entry in FILES} == files
    models = {file.stem for file in Path("data/models").glob("*.toml")}
    assert {entry.check.id for entry in ENTRIES} == {
        name.replace("_", "-") for name in files
    } | models
    assert {entry.check.id for entry in FILES} >= EIGHT | REGISTERS
    assert {entry.check.id for entry in ENTRIES if _around_schools(entry.check)} == EIGHT


@each_check
def test_a_manifest_is_complete(entry: CheckEntry) -> None:
    check = entry.check
    assert re.fullmatch(r"[a-z][a-z0-9-]+", check.id)
    if entry in FILES:
        assert entry.module == f"checks.{check.id.replace('-', '_')}"
    assert check.legal_basis
    assert check.verify
    assert check.pitfalls
    assert len(check.needs) == len(set(check.needs)) >= 1
    assert all(name in THEMES or name.startswith(RECORD) for name in check.themes)
    assert not set(check.needs) & set(check.uses)
    assert check.since <= __version__
    if _around_schools(check):
        assert check.needs[0] in SHOP_THEMES
        assert (check.level == "watch") == (not check.limits)
    for limit in check.limits:
        assert limit.is_distance == _around_schools(check)
        assert limit.is_distance or (limit.unit in UNITS and limit.title)


@each_check
def test_a_manifest_speaks_both_languages(entry: CheckEntry) -> None:
    for text in _texts(entry.check):
        assert re.search(r"[\u4e00-\u9fff]", text.zh), text
        assert re.search(r"[A-Za-z]{3}", text.en), text
        assert not re.search(r"[\u4e00-\u9fff]", text.en), text
        assert not FORBIDDEN.search(text.zh + text.en), text


@each_check
def test_the_law_has_articles_and_days(entry: CheckEntry) -> None:
    for basis in entry.check.legal_basis:
        assert re.fullmatch(r"\d{4}-\d\d-\d\d", basis.effective_from)
        assert basis.effective_from <= basis.effective_to
        assert basis.article
        assert basis.source
        assert not (basis.verified and basis.source in ("mem", "web"))


@each_check
def test_national_defaults_are_declared_for_their_check(entry: CheckEntry) -> None:
    for limit in entry.check.limits:
        for rule in limit.national:
            assert rule.national
            assert rule.check == entry.check.id
            assert rule.school_class == limit.school_class
            assert rule.article


def test_only_internet_cafes_have_a_national_distance() -> None:
    with_number = {
        entry.check.id for entry in ENTRIES
        if any(x.national and x.is_distance for x in entry.check.limits)
    }  # fmt: skip
    assert with_number == {"internet-cafe-near-school"}


def test_the_law_is_chosen_by_day() -> None:
    check = catalogue()["entertainment-near-school"].check
    articles = [
        {basis.article for basis in check.basis_on(day)} for day in ("2020-01-01", "2024-01-01")
    ]
    assert "36" in articles[0] - articles[1]
    assert "58" in articles[1] - articles[0]


@each_check
def test_a_check_has_its_four_cases(entry: CheckEntry) -> None:
    mine = {case.name: case for case in cases() if case.check == entry.check.id}
    lead = {"finding"} | ({"borderline"} if entry in FILES else set())
    wanted = {"clear", "undecided"} | (lead if entry.check.level == "lead" else set())
    assert wanted <= set(mine)
    seen = {name: _verdicts(mine[name]) for name in wanted}
    assert seen["clear"] <= {"outside"}
    assert "inside" not in seen["undecided"]
    if entry.check.level == "lead":
        assert seen["clear"] == {"outside"}
        assert seen["finding"] == {"inside"}
    if "borderline" in wanted:
        assert seen["borderline"] == {"borderline"}


def _verdicts(case: Case) -> set[str]:
    """As they stand in the file that the case is held to (`tests/checks/test_cases.py`)."""
    output = json.loads(case.expected.read_text(encoding="utf-8"))
    return {feature["properties"]["verdict"] for feature in output["features"]}


@each_check
def test_a_check_is_documented(entry: CheckEntry) -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert f"## {entry.check.id}\n" in text
    assert all(pitfall.zh in text and pitfall.en in text for pitfall in entry.check.pitfalls)


def test_the_page_is_current() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "run `python -m checks docs`"


@each_check
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_check_explains_itself(entry: CheckEntry, lang: str) -> None:
    text = explain(entry.check, None, None, lang)
    assert entry.check.title.of(lang) in text
    assert all(pitfall.of(lang) in text for pitfall in entry.check.pitfalls)


def test_every_place_of_the_domain_notes_has_a_pack() -> None:
    assert {pack.place for pack in rule_packs()} == PLACES
    assert {pack.place for pack in rule_packs()} == {file.stem for file in FOLDER.glob("*.toml")}


@each_pack
def test_a_pack_names_its_documents(pack: RulePack) -> None:
    assert pack.rules
    for rule in pack.rules:
        assert rule.document.title
        assert rule.document.url
        assert re.fullmatch(r"\d{4}-\d\d-\d\d", rule.document.retrieved)
        assert not rule.verified or rule.document.verified
        assert describe_rule(rule, "zh") != describe_rule(rule, "en")
    if pack.generated:
        assert pack.verified[0] == 0


def test_the_values_of_the_domain_notes() -> None:
    values = {(rule.check, pack.place, rule.school_class): (rule.value, rule.unit, rule.comparator)
              for pack in rule_packs() for rule in pack.rules}  # fmt: skip
    tobacco = "tobacco-near-school"
    expected = {
        (tobacco, "beijing", "kindergarten"): (100, "m", "<="),
        ("ecigarette-near-school", "suqian", "school"): (200, "m", "<="),
        (tobacco, "foshan", "kindergarten"): (50, "m", "<="),
        (tobacco, "yangzhou", "school"): (100, "m", "<"),
        (tobacco, "us-philadelphia", "school"): (500, "ft", "<="),
        ("entertainment-near-school", "guangdong", "kindergarten"): (100, "m", "<"),
    }
    assert {key: values[key] for key in expected} == expected
    assert (tobacco, "shanghai", "school") not in values


def test_verdicts_are_ordered_worst_first() -> None:
    assert VERDICTS == ("inside", "borderline", "undecided", "outside")


def test_a_basis_without_text_is_allowed_only_in_code() -> None:
    assert LegalBasis(Text("法", "law"), "1", "2020-01-01").says == Text("", "")
