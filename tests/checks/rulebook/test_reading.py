"""Rule packs: what is refused, with file, key and remedy; what is in force on which day."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checks import get_check, limits_in_force, load_rules
from checks._rulebook.pack import RulePack
from checks._rulebook.reading import FOLDER, catalogue_checks, parse_pack
from checks._rulebook.rule import SCHOOL_CLASSES
from layers.errors import RuleError
from layers.themes import SCHOOL_KINDS

HEAD = """
place = "here"
title = { zh = "此地", en = "Here" }

[documents.plan]
title = "规定"
url = "generated"
retrieved = 2026-06-30
verified = false
"""
RULE = """
[[rules]]
check = "tobacco-near-school"
school_class = "school"
value = 100
unit = "m"
comparator = "<="
method = "walk_shortest"
origin = "any_gate"
in_force_from = 2021-06-01
document = "plan"
verified = false
"""
FILE = Path("here.toml")


def parse(text: str) -> RulePack:
    return parse_pack(text.encode("utf-8"), FILE, catalogue_checks())


def test_a_pack_reads() -> None:
    pack = parse(HEAD + RULE)
    (rule,) = pack.rules
    assert (pack.place, rule.limit_m, rule.in_force_from) == ("here", 100.0, "2021-06-01")
    assert rule.id == "here:tobacco-near-school:school:2021-06-01"
    assert (rule.origin_point, rule.target_point, rule.transition) == (
        "centre",
        "nearest_door",
        "not_stated",
    )
    assert len(pack.sha256 or "") == 64


@pytest.mark.parametrize(
    ("old", "new", "key", "remedy"),
    [
        ("value = 100", 'value = "100"', "rules[1].value", "value = 100"),
        ("value = 100", "value = 0", "rules[1].value", "value = 100"),
        ("value = 100", "value = -5", "rules[1].value", "value = 100"),
        ("value = 100", "value = 1" + "0" * 400, "rules[1].value", "value = 100"),
        ("value = 100", "value = [100]", "rules[1].value", "value = 100"),
        ('unit = "m"', "unit = ['m']", "rules[1].unit", "m, ft"),
        ("2021-06-01", "2021-06-01T10:00:00", "rules[1].in_force_from", "2023-06-01"),
        ('place = "here"', 'place = "here"\nnot_covered = [["school"]]', "not_covered", "kindergarten"),
        ("value = 100", "value = nan", "rules[1].value", "value = 100"),
        ("value = 100", "value = inf", "rules[1].value", "value = 100"),
        ("value = 100", "value = true", "rules[1].value", "value = 100"),
        ("value = 100\n", "", "rules[1].value", "value = 100"),
        ('unit = "m"', 'unit = "km"', "rules[1].unit", "m, ft"),
        ('unit = "m"\n', "", "rules[1].unit", '"m"'),
        ('comparator = "<="', 'comparator = "=<"', "rules[1].comparator", "<, <="),
        ('method = "walk_shortest"', 'method = "walk"', "rules[1].method", "walk_shortest"),
        ('origin = "any_gate"', 'origin = "gate"', "rules[1].origin", "any_gate"),
        ('origin = "any_gate"', 'origin = "boundary"', "rules[1].origin", "boundary_straight"),
        ("2021-06-01", '"2021-6-1"', "rules[1].in_force_from", "2023-06-01"),
        ("2021-06-01", '"2021-02-30"', "rules[1].in_force_from", "2023-06-01"),
        ("2021-06-01", "2021-06-01\nin_force_to = 2020-01-01", "rules[1].in_force_to", "correct"),
        ('school_class = "school"', 'school_class = "university"', "rules[1].school_class", "kindergarten"),
        ("tobacco-near-school", "tobacco", "rules[1].check", "tobacco-near-school"),
        ("tobacco-near-school", "hotel-near-school", "rules[1].school_class", "takes no limit"),
        ('document = "plan"', 'document = "other"', "rules[1].document", "[documents.other]"),
        ("verified = false\n\n[[rules]]", "\n[[rules]]", "documents.plan.verified", "false"),
        ('value = 100', 'value = 100\nradius = 3', "rules[1].radius", "rounding"),
        ('value = 100', 'value = 100\nrounding = -1', "rules[1].rounding", "0.1"),
        ('value = 100', 'value = 100\nmin_officers = 1.5', "rules[1].min_officers", "2"),
        ('value = 100', 'value = 100\nassumed = ["distance"]', "rules[1].assumed", "comparator"),
        ('value = 100', 'value = 100\nnote = "x"', "rules[1].note", "zh"),
        ('place = "here"', 'place = "Here!"', "place", "foshan"),
        ('place = "here"', '', "place", "foshan"),
        ('title = { zh = "此地", en = "Here" }', 'title = { zh = "此地" }', "title", "en"),
        ('place = "here"', 'place = "here"\nland = "x"', "land", "documents"),
        ('place = "here"', 'place = "here"\nnot_covered = ["x"]', "not_covered", "kindergarten"),
        ('[documents.plan]', '[documents]', "documents", "[documents.NAME]"),
    ],
)  # fmt: skip
def test_an_error_names_file_key_and_remedy(old: str, new: str, key: str, remedy: str) -> None:
    text = HEAD + RULE
    assert old in text
    with pytest.raises(RuleError) as caught:
        parse(text.replace(old, new, 1))
    assert caught.value.file == "here.toml"
    assert caught.value.field == key
    assert remedy in caught.value.remedy


@pytest.mark.parametrize(
    "raw", [b"\xff\xfe\x00", b"place = ", b"[[rules]\n", "rules = 3".encode("utf-16")]
)
def test_what_is_no_toml_is_refused(raw: bytes) -> None:
    with pytest.raises(RuleError, match=r"here\.toml.*Remedy: compare"):
        parse_pack(raw, FILE, catalogue_checks())


@pytest.mark.parametrize("raw", [b"x = " + b"[" * 5000, b"x = " + b"9" * 5000])
def test_hostile_toml_is_refused(raw: bytes) -> None:
    with pytest.raises(RuleError, match="Remedy"):
        parse_pack(raw, FILE, catalogue_checks())


PACKS = [file.read_bytes() for file in sorted(FOLDER.glob("*.toml"))]


@given(st.data())
@settings(max_examples=300, deadline=None)
def test_a_damaged_pack_is_refused_or_read_never_a_traceback(data: st.DataObject) -> None:
    raw = data.draw(st.sampled_from(PACKS))
    start = data.draw(st.integers(0, len(raw)))
    end = data.draw(st.integers(start, min(len(raw), start + 60)))
    filler = data.draw(
        st.binary(max_size=8) | st.sampled_from([b"[", b'"', b"=", b"-1", b"[[rules]]"])
    )
    said = _read_or_refuse(raw[:start] + filler + raw[end:])
    if isinstance(said, RuleError):
        assert said.remedy
        assert said.file == "here.toml"
    else:
        assert all(rule.limit_m > 0 for rule in said.rules if rule.is_distance)


def _read_or_refuse(raw: bytes) -> RulePack | RuleError:
    try:
        return parse_pack(raw, FILE, catalogue_checks())
    except RuleError as error:
        return error


@pytest.mark.parametrize("rules", ["rules = 3", "rules = [1]", "[rules]\nx = 1"])
def test_rules_are_tables(rules: str) -> None:
    with pytest.raises(RuleError) as caught:
        parse(rules + HEAD if rules[0] != "[" else HEAD + rules)
    assert caught.value.field == "rules"


def test_rules_may_follow_each_other_but_not_overlap() -> None:
    later = RULE.replace("2021-06-01", "2024-01-01").replace("100", "50")
    ended = RULE + "in_force_to = 2023-12-31\n"
    pack = parse(HEAD + later + ended)
    assert [rule.value for rule in pack.of("tobacco-near-school")] == [100, 50]
    with pytest.raises(RuleError, match="2024-01-01") as caught:
        parse(HEAD + RULE + later)
    assert "in_force_to" in caught.value.remedy


def test_another_class_is_no_overlap() -> None:
    assert len(parse(HEAD + RULE + RULE.replace('"school"', '"kindergarten"')).rules) == 2


def test_an_unknown_place_names_the_known_ones() -> None:
    with pytest.raises(RuleError, match="foshan"):
        load_rules("atlantis")


def test_a_pack_loads_from_a_path(tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    file.write_text(HEAD + RULE, encoding="utf-8")
    assert load_rules(file).place == "here"
    with pytest.raises(RuleError, match=r"none\.toml"):
        load_rules(tmp_path / "none.toml")


CHECK = get_check("tobacco-near-school").check


@pytest.mark.parametrize(
    ("day", "limit"),
    [("2021-05-31", None), ("2021-06-01", 100.0), ("2023-12-31", 100.0), ("2024-01-01", None)],
)
def test_the_day_chooses_the_rule(day: str, limit: float | None) -> None:
    pack = parse(HEAD + RULE + "in_force_to = 2023-12-31\n")
    rule = limits_in_force(CHECK, pack, day).for_kind("primary")
    assert (rule.limit_m if rule else None) == limit


def test_why_there_is_no_rule_is_said() -> None:
    pack = parse(HEAD + RULE + "in_force_to = 2023-12-31\n")
    early, late = (limits_in_force(CHECK, pack, day).why_none("primary").en
                   for day in ("2020-01-01", "2025-01-01"))  # fmt: skip
    assert early == "no local rule in force on 2020-01-01 (the rule is in force from 2021-06-01)"
    assert late == "no local rule in force on 2025-01-01 (the rule ended on 2023-12-31)"
    assert "here" in limits_in_force(CHECK, pack, "2022-01-01").why_none("kindergarten").en
    assert "no rule pack" in limits_in_force(CHECK, None, "2022-01-01").why_none("primary").en


def test_a_draft_is_never_in_force() -> None:
    limits = limits_in_force(CHECK, load_rules("wanning"), "2026-01-01")
    assert not limits.rules
    assert "draft" in limits.why_none("primary").en


def test_a_local_rule_goes_before_the_national_one() -> None:
    cafe = get_check("internet-cafe-near-school").check
    national = limits_in_force(cafe, None, "2026-01-01")
    local = limits_in_force(cafe, load_rules("guangdong"), "2026-01-01")
    before = limits_in_force(cafe, load_rules("guangdong"), "2020-01-01")
    assert [rule.method for rule in national.in_use] == ["boundary_straight"]
    assert {rule.method for rule in local.in_use} == {"walk_legal_crossings"}
    assert [rule.national for rule in before.in_use] == [True]
    assert national.for_kind("vocational") is None
    assert local.for_kind("vocational") is not None


def test_the_narrower_class_goes_first() -> None:
    both = RULE + RULE.replace('"school"', '"primary_middle"').replace("100", "60")
    limits = limits_in_force(CHECK, parse(HEAD + both), "2026-01-01")
    chosen = {kind: limits.for_kind(kind) for kind in ("primary", "vocational", "training")}
    assert {kind: rule and rule.limit_m for kind, rule in chosen.items()} == {
        "primary": 60.0, "vocational": 100.0, "training": None}  # fmt: skip


def test_who_belongs_to_a_check() -> None:
    limits = limits_in_force(CHECK, None, "2026-01-01")
    covered = {kind for kind in SCHOOL_KINDS if limits.covers(kind)}
    assert covered == {"primary", "middle", "primary_middle", "special", "vocational",
                       "specialised", "school", "kindergarten"}  # fmt: skip
    training = RULE.replace('"school"', '"training"')
    assert limits_in_force(CHECK, parse(HEAD + training), "2026-01-01").covers("training")


def test_a_place_may_leave_a_class_out_altogether() -> None:
    pack = parse(
        HEAD.replace('place = "here"', 'place = "here"\nnot_covered = ["kindergarten"]') + RULE
    )
    assert not limits_in_force(CHECK, pack, "2026-01-01").covers("kindergarten")
    assert limits_in_force(CHECK, parse(HEAD + RULE), "2026-01-01").covers("kindergarten")


def test_classes_hold_known_kinds_only() -> None:
    for _, kinds in SCHOOL_CLASSES.values():
        assert kinds <= set(SCHOOL_KINDS)
    assert SCHOOL_CLASSES["primary_middle"][1] < SCHOOL_CLASSES["school"][1]


def test_a_watch_list_has_no_rules() -> None:
    limits = limits_in_force(get_check("hotel-near-school").check, load_rules("demo"), "2026-01-01")
    assert not limits.rules
    assert limits.covers("primary")
    assert "watch list" in limits.why_none("kindergarten").en


def test_a_rule_knows_its_days() -> None:
    rule = parse(HEAD + RULE).rules[0]
    assert rule.in_force("2021-06-01")
    assert not replace(rule, draft=True).in_force("2021-06-01")
