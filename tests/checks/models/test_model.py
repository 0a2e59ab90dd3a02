"""Table models: what they say of tables, in three truth values, for many rows, and safely."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checks import Finding, Undecided, limits_in_force, load_rules
from checks._tables.find import find_rows
from checks._tables.terms import Model
from layers import LayerSet, make_layer
from layers.errors import RuleError
from layers.matching import Decision, Decisions, match
from tests.cases import HERE
from tests.checks.tables import DAY, HEAD, SIDES, Rows, found, layers_of, model, rule, verdicts

OPEN = """
[subject]
theme = "record/people"
columns = { key = "code", born = "date", sum = "number", word = "text", gone = "flag" }
"""
ROWS: Rows = [
    {"id": "full", "key": "A1", "born": "2020-02-01", "sum": "1,200", "word": "国际幼儿园", "gone": "是"},
    {"id": "none", "key": None, "born": None, "sum": None, "word": None, "gone": None},
    {"id": "odd", "key": "a 1", "born": "不详", "sum": "很多", "word": "", "gone": "也许"},
]  # fmt: skip


@pytest.mark.parametrize(
    ("when", "full"),
    [
        ('{ column = "sum", is = 1200 }', True),
        ('{ column = "sum", is_not = 1200 }', False),
        ('{ column = "sum", in = [1, 1200] }', True),
        ('{ column = "sum", not_in = [1] }', True),
        ('{ column = "sum", below = 1200 }', False),
        ('{ column = "sum", at_most = 1200 }', True),
        ('{ column = "sum", above = 1199.5 }', True),
        ('{ column = "sum", at_least = 1201 }', False),
        ('{ column = "born", below = 2020-02-02 }', True),
        ('{ column = "born", at_least = "2020-02-01" }', True),
        ('{ column = "born", is = 2020-02-01 }', True),
        ('{ column = "born", below = { day = 0 } }', True),
        ('{ column = "born", above = { day = -10 } }', False),
        ('{ column = "born", older_than_days = 2340 }', True),
        ('{ column = "born", older_than_days = 2341 }', False),
        ('{ column = "word", contains_any = ["国际", "x"] }', True),
        ('{ column = "word", contains_any = ["国际"], apart_from = ["国际幼"] }', False),
        ('{ column = "word", is = "国际 幼儿园" }', True),
        ('{ column = "key", in = ["b2", "a-1"] }', True),
        ('{ column = "key", is = { column = "key" } }', True),
        ('{ column = "gone", is = true }', True),
        ('{ column = "gone", is = false }', False),
        ('{ not = { column = "sum", is = 1200 } }', False),
        ('{ all = [{ column = "sum", is = 1200 }, { column = "gone", is = true }] }', True),
        ('{ any = [{ column = "sum", is = 1 }, { column = "gone", is = false }] }', False),
    ],
)  # fmt: skip
def test_a_condition_holds_or_not_and_is_unknown_of_nothing(when: str, full: bool) -> None:
    said = verdicts(rule(when, sides=OPEN), {"record/people": ROWS})
    assert said["full"] == ("inside" if full else "outside")
    assert said["none"] == "value_missing"
    assert said["odd"] == ("inside" if '"key"' in when else "value_missing")


def test_missing_is_asked_for_and_never_unknown() -> None:
    said = verdicts(rule('{ column = "sum", missing = true }', sides=OPEN), {"record/people": ROWS})
    assert said == {"full": "outside", "none": "inside", "odd": "inside"}


def project(name: str, **more: Any) -> dict[str, Any]:
    return {"id": name, "name": name, "project_no": name, "area_m2": 100.0, **more}


def paid(number: int, project_no: str | None, **more: Any) -> dict[str, Any]:
    return {"id": str(number), "project_no": project_no, **more}


@pytest.mark.parametrize(
    ("value", "condition", "expected"),
    [
        ("{ count = true }", "at_least = 2", ["inside", "outside", "inside"]),
        ('{ sum = "paid" }', "is = 30", ["inside", "outside", "value_missing"]),
        ('{ max = "paid" }', "is = 20", ["inside", "value_missing", "value_missing"]),
        ('{ min = "paid" }', "is = 10", ["inside", "value_missing", "value_missing"]),
        ('{ latest = "paid", by = "paid_on" }', "is = 10", ["inside", "value_missing", "value_missing"]),
        ('{ count = true, where = { column = "paid", above = 15 } }', "is = 1", ["inside", "outside", "value_missing"]),
        ('{ sum = "paid", where = { column = "paid", missing = false } }', "is = 5", ["outside", "outside", "inside"]),
        ('{ max = "paid_on" }', "below = 2026-03-01", ["inside", "value_missing", "value_missing"]),
        ('{ times = ["area_m2", 2] }', "is = 200", ["inside", "inside", "inside"]),
        ('{ minus = ["area_m2", 1] }', "is = 99", ["inside", "inside", "inside"]),
        ('{ plus = ["area_m2", "area_m2"] }', "is = 200", ["inside", "inside", "inside"]),
        ('{ days_since = "started" }', "is = 30", ["value_missing"] * 3),
    ],
)  # fmt: skip
def test_values_over_joined_rows(value: str, condition: str, expected: list[str]) -> None:
    one = rule(f'{{ column = "made", {condition} }}', f"[values]\nmade = {value}\n")
    tables = {
        "project": [project("a"), project("b"), project("c")],
        "fee_ledger": [
            paid(1, "a", paid=10.0, paid_on="2026-02-01"), paid(2, "A ", paid=20.0, paid_on="2026-01-01"),
            paid(3, "c", paid=None, paid_on=None), paid(4, "c", paid=5.0, paid_on="2026-01-01"), paid(5, None, paid=99.0),
        ],
    }  # fmt: skip
    assert list(verdicts(one, tables).values()) == expected


def test_keys_all_or_any_and_who_has_none() -> None:
    pairs = 'keys = [["project_no", "project_no"], ["credit_code", "credit_code"]]\n'
    tables = {
        "project": [project("a", credit_code="X1"), project("b", credit_code="X2"), project("c"),
                    {"id": "d", "name": "d"}, project("51**9", credit_code="51**9")],
        "fee_ledger": [paid(1, "a", credit_code="X1"), paid(2, "zz", credit_code="X2"), paid(3, "51**9", credit_code="51**9")],
    }  # fmt: skip
    said = {}
    for join in ("all", "any"):
        sides = (
            f'[subject]\ntheme = "project"\n[register]\ntheme = "fee_ledger"\njoin = "{join}"\n'
            + pairs
        )
        said[join] = verdicts(rule('{ register = "none" }', sides=sides), tables)
    nokey = {"d": "no_key", "51**9": "no_key"}
    assert said["all"] == {"a": "outside", "b": "inside", "c": "no_key", **nokey}
    assert said["any"] == {"a": "outside", "b": "outside", "c": "inside", **nokey}


def test_a_filter_leaves_rows_out_and_asks_where_it_cannot_tell() -> None:
    sides = SIDES.replace(
        'theme = "project"',
        'theme = "project"\nwhere = { column = "started", at_most = { day = 0 } }',
    )
    tables = {"project": [project("a", started="2026-01-01"), project("b", started="2027-01-01"), project("c")],
              "fee_ledger": [paid(1, "zz")]}  # fmt: skip
    assert verdicts(rule('{ register = "none" }', sides=sides), tables) == {
        "a": "inside",
        "c": "value_missing",
    }


def test_a_filter_of_the_register_that_cannot_be_told_leaves_the_subject_open() -> None:
    sides = SIDES + 'where = { column = "paid", above = 0 }\n'
    tables = {"project": [project("a"), project("b"), project("c")],
              "fee_ledger": [paid(1, "a", paid=1.0), paid(2, "b", paid=0.0), paid(3, "c")]}  # fmt: skip
    said = verdicts(rule('{ register = "none" }', sides=sides), tables)
    assert said == {"a": "outside", "b": "inside", "c": "value_missing"}


def test_the_first_line_that_is_not_refuted_speaks() -> None:
    lines = "".join(
        f'[[verdicts]]\nverdict = "{verdict}"\nclass = "c{n}"\nwhen = {{ column = "area_m2", {when} }}\n'
        f'says = {{ zh = "第{n}条 {{area_m2}}", en = "line {n} {{area_m2}}" }}\n'
        for n, (verdict, when) in enumerate(
            [
                ("outside", "below = 10"),
                ("inside", "below = 20"),
                ("borderline", "below = 30"),
                ("undecided", "missing = true"),
            ]
        )
    )
    tables = {"project": [project("a", area_m2=5.0), project("b", area_m2=15.0), project("c", area_m2=25.5),
                          project("d", area_m2=35.0), project("e", area_m2=None)]}  # fmt: skip
    records = found(model(HEAD + '[subject]\ntheme = "project"\n' + lines), tables)
    said = {r.subject_id: r for r in records}
    assert [getattr(said[n], "verdict", None) for n in "abcd"] == [
        "outside",
        "inside",
        "borderline",
        "outside",
    ]
    assert isinstance(said["c"], Finding)
    assert said["c"].licence_class == "c2"
    assert said["c"].reasons[0].en == "line 2 25.5"
    assert said["c"].method == "table"
    empty = said["e"]
    assert isinstance(empty, Undecided)
    assert (empty.code, empty.reason.en) == ("as_written", "line 3 (empty)")


def shops(*rows: dict[str, Any]) -> Mapping[str, Rows]:
    licence = {"id": "l1", "name": "云溪县春和大药房有限公司", "address": "云溪县城关镇同心路12号",
               "licence_status": "valid", "valid_to": "2030-01-01"}  # fmt: skip
    return {"pharmacy_listing": list(rows), "pharmacy_licence": [licence]}


SAME = {"id": "same", "name": "春和大药房", "address": "云溪县城关镇同心路12号"}
ASK = {"id": "ask", "name": "春和大药房", "address": "云溪县城关镇解放路88号"}
MATCHED = (
    '[subject]\ntheme = "pharmacy_listing"\n[register]\ntheme = "pharmacy_licence"\nmatch = true\n'
)


def test_a_probable_match_is_for_a_person_and_only_where_it_decides() -> None:
    none = rule('{ register = "none" }', sides=MATCHED)
    assert verdicts(none, shops(SAME)) == {"same": "outside"}
    (asked,) = found(none, shops(ASK))
    assert isinstance(asked, Finding)
    assert (asked.verdict, asked.licence_class, asked.object_id) == ("borderline", "ask", "l1")
    assert "may be the same" in asked.reasons[0].en
    named = rule('{ column = "name", contains_any = ["大药房"] }', sides=MATCHED)
    assert verdicts(named, shops(ASK)) == {"ask": "inside"}
    state = rule(
        '{ register = "some", where = { column = "state", is = "revoked" } }', sides=MATCHED
    )
    assert verdicts(state, shops(ASK)) == {"ask": "outside"}
    assert verdicts(none, shops({"id": "x", "name": "春和大药房"})) == {"x": "no_key"}


def test_what_a_person_decided_holds() -> None:
    tables = layers_of(shops(ASK))
    (link,) = (
        match(tables["pharmacy_licence"], tables["pharmacy_listing"]).zone("ask").to_dict("records")
    )
    said = Decision("l1", "ask", "same", "王检", "2026-06-01", "现场查看", link["fingerprint"])
    one = rule('{ register = "none" }', sides=MATCHED)
    layers = LayerSet(dict(tables), decisions=Decisions([said]))
    (finding,) = find_rows(
        one, layers, limits_in_force(one.check, None, DAY), DAY, all_subjects=True
    )
    assert isinstance(finding, Finding)
    assert finding.verdict == "outside"


LIMITED = '[limits.rate]\ntitle = { zh = "费率", en = "rate" }\nunit = "yuan/m2"\n'
SOIL = '[values]\nby_area = { times = ["area_m2", "rate"] }\npaid_total = { sum = "paid" }\n'


def test_a_limit_without_a_rule_leaves_the_subject_open() -> None:
    one = rule('{ column = "paid_total", below = { column = "by_area" } }', LIMITED + SOIL)
    (record,) = found(one, {"project": [project("a")], "fee_ledger": [paid(1, "a", paid=100.0)]})
    assert isinstance(record, Undecided)
    assert (record.code, record.reason.en) == ("no_rule", "limit rate: no rule pack was chosen")


@pytest.mark.parametrize(("on", "sign", "verdict"), [("2026-06-30", ">", "outside"), ("2026-06-30", ">=", "inside"),
                                                     ("2021-01-01", ">=", "no_rule")])  # fmt: skip
def test_the_rule_says_whether_the_limit_itself_counts(on: str, sign: str, verdict: str) -> None:
    national = (f'national = [{{ value = 100, comparator = "{sign}", from = 2022-01-01, document = "文件", '
                'source = "mem", retrieved = 2026-01-01, verified = false }]\n')  # fmt: skip
    limit = LIMITED.replace("yuan/m2", "days") + national
    one = rule(
        '{ column = "area_m2", above = { limit = "rate" } }',
        limit,
        '[subject]\ntheme = "project"\n',
    )
    layers = layers_of({"project": [project("a")]})
    (record,) = find_rows(one, layers, limits_in_force(one.check, None, on), on, all_subjects=True)
    assert (record.verdict if isinstance(record, Finding) else record.code) == verdict
    if isinstance(record, Finding):
        assert record.rule == "national:paid-twice:rate:2022-01-01"


def test_a_percentage_is_a_share_and_a_rule_pack_decides_the_number() -> None:
    from checks import get_check

    check = get_check("wage-deposit")
    tables = layers_of({"project": [{**project("a"), "contract_yuan": 1e6, "started": "2025-01-01"}],
                        "deposit_ledger": [paid(1, "a", due=1.0, paid=15_000.0)]})  # fmt: skip
    verdict = {}
    for name, pack in (("national", None), ("demo", load_rules("demo"))):
        limits = limits_in_force(check.check, pack, DAY)
        (record,) = check.find(tables, limits, DAY, all_subjects=True)
        assert isinstance(record, Finding)
        verdict[name] = record.verdict
    assert verdict == {"national": "outside", "demo": "borderline"}


def test_a_comparator_against_the_sense_of_the_check_is_refused() -> None:
    national = ('national = [{ value = 1, comparator = "<", from = 2022-01-01, document = "d", source = "mem", '
                'retrieved = 2026-01-01, verified = false }]\n')  # fmt: skip
    one = rule(
        '{ column = "area_m2", above = { limit = "rate" } }',
        LIMITED + national,
        '[subject]\ntheme = "project"\n',
    )
    with pytest.raises(RuleError, match="begins with >"):
        found(one, {"project": [project("a")]})


def test_missing_tables_and_columns_leave_the_whole_check_open() -> None:
    one = rule('{ register = "none" }')
    for tables in ({"project": [project("a")]}, {"project": [project("a")], "fee_ledger": []}):
        (record,) = found(one, {k: v for k, v in tables.items() if v})
        assert isinstance(record, Undecided)
        assert (record.subject_id, record.theme, record.code) == (
            None,
            "fee_ledger",
            "theme_missing",
        )
    (record,) = found(rule('{ column = "sum", above = 1 }', sides=OPEN),
                      {"record/people": [{"id": "1", "key": "A", "born": None, "word": None, "gone": None}]})  # fmt: skip
    assert isinstance(record, Undecided)
    assert (record.code, record.subject_id) == ("column_missing", None)
    assert "sum" in record.reason.en


def test_of_two_themes_one_is_enough_and_the_other_is_told() -> None:
    sides = ('[subject]\ntheme = ["meat_stall", "water_machine"]\n[register]\ntheme = "site_certificate"\n'
             'keys = [["id", "site_no"]]\n')  # fmt: skip
    tables = {"water_machine": [{"id": "w1"}], "site_certificate": [{"id": "c", "site_no": "x"}]}
    records = found(rule('{ register = "none" }', sides=sides), tables)
    assert [getattr(r, "verdict", None) or getattr(r, "code", None) for r in records] == [
        "inside",
        "part_missing",
    ]
    assert records[0].subject_theme == "water_machine"
    assert [r.code for r in found(rule('{ register = "none" }', sides=sides), {}) if isinstance(r, Undecided)] == [
        "theme_missing", "theme_missing"]  # fmt: skip


PEOPLE = (
    OPEN + '[register]\ntheme = "record/aid"\ncolumns = { key = "code" }\nkeys = [["key", "key"]]\n'
)


def test_people_stay_masked() -> None:
    line = '[[verdicts]]\nverdict = "inside"\nwhen = { register = "none" }\nsays = { zh = "{word}", en = "{word}" }\n'
    one = model(HEAD + "people = true\n" + 'show = ["word"]\n' + PEOPLE + line)
    person = {"id": "张三-13800138000", "name": "张三", "address": "同心路1号", "key": "520201199001011234", "at": [0, 0],
              "word": "电话13800138000", "born": None, "sum": None, "gone": None}  # fmt: skip
    (record,) = found(
        one, {"record/people": [person], "record/aid": [{"id": "z", "name": "李四", "key": "9"}]}
    )
    assert isinstance(record, Finding)
    told = repr(record)
    for secret in ("张三", "13800138000", "同心路", "5202011990", "李四"):
        assert secret not in told.replace(record.check, "")
    assert record.geometry is None
    assert record.subject_id.startswith("P-")
    assert record.facts["source_row"] == 2
    (again,) = found(
        one, {"record/people": [person], "record/aid": [{"id": "z", "name": "李四", "key": "9"}]}
    )
    assert again.subject_id == record.subject_id
    with pytest.raises(RuleError, match="'name' is not known"):
        model(HEAD + "people = true\n" + PEOPLE + line.replace("{word}", "{name}"))
    with pytest.raises(RuleError, match="'key' is not known"):
        model(HEAD + "people = true\n" + 'show = ["key"]\n' + PEOPLE + line)


def test_personal_columns_are_masked_in_facts_of_any_model() -> None:
    sides = '[subject]\ntheme = "record/shops"\ncolumns = { "联系电话" = "text", "法定代表人" = "text" }\n'
    line = ('[[verdicts]]\nverdict = "inside"\nwhen = { all = [{ column = "联系电话", missing = false }, { column = "法定代表人", missing = false }] }\n'
            'says = { zh = "{法定代表人} {联系电话}", en = "{法定代表人}" }\n')  # fmt: skip
    (record,) = found(model(HEAD + sides + line),
                      {"record/shops": [{"id": "1", "联系电话": "13800138000", "法定代表人": "王小明"}]})  # fmt: skip
    assert isinstance(record, Finding)
    assert record.reasons[0].zh == "王** 138****8000"
    assert record.facts["法定代表人"] == "王**"


@settings(max_examples=25)
@given(st.text(max_size=60))
def test_cells_are_never_read_as_placeholders(cell: str) -> None:
    line = '[[verdicts]]\nverdict = "inside"\nwhen = { column = "id", missing = false }\nsays = { zh = "【{name}】", en = "[{name}]" }\n'
    one = model(HEAD + '[subject]\ntheme = "project"\n' + line)
    (record,) = found(one, {"project": [{"id": "1", "name": cell or None}]})
    assert isinstance(record, Finding)
    assert record.reasons[0].en.startswith("[")
    (braces,) = found(one, {"project": [{"id": "1", "name": "{id.__class__} {day}"}]})
    assert isinstance(braces, Finding)
    assert braces.reasons[0].en == "[{id.__class__} {day}]"


def test_keys_that_tell_nothing_are_refused_before_memory_is_full() -> None:
    size = 6000
    tables = {"project": [project("x") | {"id": str(n)} for n in range(size)],
              "fee_ledger": [paid(n, "x") for n in range(size)]}  # fmt: skip
    with pytest.raises(RuleError, match="tell nothing apart"):
        found(rule('{ register = "none" }'), tables)


def test_many_rows_are_fine() -> None:
    size = 200_000
    numbers = np.arange(size)
    one = rule('{ any = [{ register = "none" }, { column = "paid_total", below = { column = "area_m2" } }] }',
               '[values]\npaid_total = { sum = "paid" }\n')  # fmt: skip
    layers = LayerSet({
        "project": large("project", id=numbers.astype(str), project_no="P" + pd.Series(numbers).astype(str), area_m2=100.0),
        "fee_ledger": large("fee_ledger", id=numbers.astype(str), project_no="P" + pd.Series(numbers).astype(str), paid=np.where(numbers % 1000, 100.0, 99.0)),
    })  # fmt: skip
    begun = time.perf_counter()
    records = list(find_rows(one, layers, limits_in_force(one.check, None, DAY), DAY))
    assert len(records) == size // 1000
    assert time.perf_counter() - begun < 60


def large(theme: str, **columns: Any) -> Any:
    frame = pd.DataFrame(columns).assign(source_row=1, u_source_m=0.0)
    shapes = gpd.GeoSeries([None] * len(frame), crs="EPSG:4326")
    return make_layer(theme, gpd.GeoDataFrame(frame, geometry=shapes), HERE)


def test_models_are_data_not_code() -> None:
    one: Model = rule('{ register = "none" }')
    assert one.check.id == "paid-twice"
    with pytest.raises(RuleError):
        rule('{ column = "name.__class__", is = "x" }')


def test_the_remedy_for_an_open_table_names_a_file_the_folder_reads() -> None:
    (first, second) = found(rule('{ register = "none" }', sides=PEOPLE), {})
    assert isinstance(first, Undecided)
    assert (
        "--theme record/people --datum DATUM --out FOLDER/record_people.parquet" in first.remedy.en
    )
    assert isinstance(second, Undecided)
    assert second.theme == "record/aid"
