"""Reading table models: what is refused names file, key and remedy; nothing else is ever raised."""

from __future__ import annotations

import string
import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checks._tables.model import FOLDER
from checks._tables.read import KEYS, model_of, parse_model, read_model
from checks._tables.terms import OPERATORS, Model
from layers.errors import RuleError
from tests.checks.tables import FILE, HEAD, SIDES, VERDICT, model

WHOLE = HEAD + SIDES + '[values]\npaid_total = { sum = "paid" }\n' + VERDICT


def test_a_model_reads() -> None:
    one = model(WHOLE)
    assert (one.check.id, one.check.needs, one.method) == (
        "paid-twice",
        ("project", "fee_ledger"),
        "join_keys",
    )
    assert one.check.legal_basis[0].effective_from == "2020-01-01"


@pytest.mark.parametrize(
    ("old", "new", "key", "remedy"),
    [
        ('id = "paid-twice"', 'id = "other"', "id", "ID.toml"),
        ('id = "paid-twice"', "", "id", '"paid-twice"'),
        ('id = "paid-twice"', "id = 3", "id", '"…"'),
        ('id = "paid-twice"', 'id = "paid-twice"\nlevle = "lead"', "levle", "did you mean 'level'"),
        ('id = "paid-twice"', 'id = "paid-twice"\nlevel = "high"', "level", "lead, watch"),
        ('id = "paid-twice"', 'id = "paid-twice"\npeople = 1', "people", "true or false"),
        ('zh = "标题", en = "Title"', 'zh = "标题"', "title.en", "en ="),
        ('zh = "标题", en = "Title"', 'zh = "标题", en = " "', "title.en", "…"),
        ('zh = "标题", en = "Title"', 'zh = "标题", en = "Title", fr = "x"', "title.fr", "zh, en"),
        ("from = 2020-01-01", 'from = "2020-13-01"', "law[1].from", "2024-01-31"),
        ("from = 2020-01-01", "from = 2020-01-01T10:00:00", "law[1].from", "2024-01-31"),
        ("from = 2020-01-01", "from = 2020-01-01, to = 2019-01-01", "law[1].to", "correct"),
        ("verified = false", 'verified = "no"', "law[1].verified", "true or false"),
        ('article = "1", ', "", "law[1].article", '"14"'),
        ('pitfalls = [{ zh = "误报", en = "false alarm" }]', "pitfalls = []", "pitfalls", "at least one"),
        ('pitfalls = [{ zh = "误报", en = "false alarm" }]', 'pitfalls = "x"', "pitfalls", "[ … ]"),
        ('theme = "project"', 'theme = "projects"', "subject.theme", "did you mean 'project'"),
        ('theme = "project"', 'theme = "record/Big"', "subject.theme", "record/NAME"),
        ('theme = "project"', 'theme = "register_difference"', "subject.theme", "list"),
        ('theme = "project"', 'theme = ["project", "school"]\ncolumns = { a = "int" }', "subject.columns.a", "number"),
        ('theme = "project"', 'theme = "project"\ncolumns = { area_m2 = "text" }', "subject.columns.area_m2", "has not"),
        ('theme = "project"', 'theme = "project"\nwhere = { column = "kind", is = "x" }', "subject.where.column", "builder"),
        ('keys = [["project_no", "project_no"]]', 'keys = [["project", "project_no"]]', "register.keys[1][1]", "did you mean 'project_no'"),
        ('keys = [["project_no", "project_no"]]', 'keys = [["project_no"]]', "register.keys[1]", "column of B"),
        ('keys = [["project_no", "project_no"]]', 'keys = [["area_m2", "paid"]]', "register.keys[1][1]", "codes"),
        ('keys = [["project_no", "project_no"]]', "keys = []", "register.keys", "credit_code"),
        ('keys = [["project_no", "project_no"]]', "", "register", "match = true"),
        ('keys = [["project_no", "project_no"]]', 'keys = [["id", "id"]]\nmatch = true', "register", "match = true"),
        ('keys = [["project_no", "project_no"]]', 'keys = [["id", "id"]]\njoin = "some"', "register.join", "all, any"),
        ('sum = "paid"', 'total = "paid"', "values.paid_total.total", "sum"),
        ('sum = "paid"', 'sum = "guarantee"', "values.paid_total.sum", "paid"),
        ('sum = "paid"', 'sum = "name"', "values.paid_total.sum", "number"),
        ('sum = "paid"', 'latest = "paid"', "values.paid_total.by", "paid_on"),
        ('sum = "paid"', 'latest = "paid", by = "due"', "values.paid_total.by", "date"),
        ('sum = "paid"', "count = 3", "values.paid_total.count", "count = true"),
        ('sum = "paid"', 'times = ["area_m2"]', "values.paid_total.times", '["area_m2", "rate"]'),
        ('sum = "paid"', 'times = ["area_m2", "name"]', "values.paid_total.times[2]", "area_m2"),
        ('sum = "paid"', 'days_since = "area_m2"', "values.paid_total.days_since", "date"),
        ('paid_total = {', 'area_m2 = {', "values.area_m2", "neither a column"),
        ('paid_total = {', 'Paid = {', "values.Paid", "small letters"),
        ('verdict = "inside"', 'verdict = "guilty"', "verdicts[1].verdict", "inside, borderline"),
        ('class = "none"', 'class = "No licence"', "verdicts[1].class", "expired"),
        ('{name}', '{nmae}', "verdicts[1].says.en", "did you mean 'name'"),
        ('{ register = "none" }', '{ register = "maybe" }', "verdicts[1].when.register", "some, none"),
        ('{ register = "none" }', '{ colum = "name", is = "x" }', "verdicts[1].when.colum", "did you mean 'column'"),
        ('{ register = "none" }', '{ column = "name" }', "verdicts[1].when", "contains_any"),
        ('{ register = "none" }', '{ column = "name", is = "x", below = 3 }', "verdicts[1].when", "contains_any"),
        ('{ register = "none" }', '{ column = "name", below = 3 }', "verdicts[1].when.below", "number"),
        ('{ register = "none" }', '{ column = "area_m2", below = "3" }', "verdicts[1].when.below", "30"),
        ('{ register = "none" }', '{ column = "area_m2", below = nan }', "verdicts[1].when.below", "30"),
        ('{ register = "none" }', '{ column = "area_m2", below = 1' + "0" * 400 + " }", "verdicts[1].when.below", "30"),
        ('{ register = "none" }', '{ column = "area_m2", below = { column = "started" } }', "verdicts[1].when.below", "number"),
        ('{ register = "none" }', '{ column = "area_m2", below = { limit = "rate" } }', "verdicts[1].when.below.limit", "(none)"),
        ('{ register = "none" }', '{ column = "area_m2", below = { day = 0 } }', "verdicts[1].when.below", "number"),
        ('{ register = "none" }', '{ column = "started", below = { day = 0.5 } }', "verdicts[1].when.below.day", "{ day = 0 }"),
        ('{ register = "none" }', '{ column = "started", below = { day = 0, limit = "x" } }', "verdicts[1].when.below", "{ day = 0 }"),
        ('{ register = "none" }', '{ column = "area_m2", older_than_days = 3 }', "verdicts[1].when.older_than_days", "date"),
        ('{ register = "none" }', '{ column = "name", contains_any = [] }', "verdicts[1].when.contains_any", "…"),
        ('{ register = "none" }', '{ column = "name", contains_any = "banned" }', "verdicts[1].when.contains_any", "(none)"),
        ('{ register = "none" }', '{ column = "name", contains_any = ["' + "长" * 41 + '"] }', "verdicts[1].when.contains_any", "shorten"),
        ('{ register = "none" }', '{ column = "name", is = "——" }', "verdicts[1].when.is", "missing = true"),
        ('{ register = "none" }', '{ column = "name", missing = "yes" }', "verdicts[1].when.missing", "true or false"),
        ('{ register = "none" }', '{ all = [] }', "verdicts[1].when.all", "at least one"),
        ('{ register = "none" }', '{ all = [], column = "name" }', "verdicts[1].when", "begin it"),
        ('{ register = "none" }', '{ subject = "name", is = "x" }', "verdicts[1].when.subject", "column"),
        ('{ register = "none" }', '{ column = "name", subject = "name", is = "x" }', "verdicts[1].when", "compare them"),
        ('{ register = "none" }', '{ register = "some", where = { register = "some" } }', "verdicts[1].when.where.register", "[register]"),
        ('{ register = "none" }', '"name == 3"', "verdicts[1].when", "{ all"),
        ('{ register = "none" }', '{ not = ' * 14 + '{ register = "none" }' + ' }' * 14, "verdicts[1].when" + ".not" * 13, "split"),
        (VERDICT, "[verdicts]\n", "verdicts", "[ … ]"),
        (VERDICT, "", "verdicts", "[ … ]"),
        (VERDICT, VERDICT + '[limits.rate]\ntitle = { zh = "率", en = "rate" }\nunit = "days"\n', "limits.rate", "take it out"),
        (VERDICT, VERDICT + '[limits.rate]\ntitle = { zh = "率", en = "rate" }\nunit = "furlong"\n', "limits.rate.unit", "days"),
        (VERDICT, VERDICT + "[words]\nbanned = []\n", "words.banned", "…"),
        (VERDICT, VERDICT + '[otherwise]\nzh = "好"\n', "otherwise.en", "en ="),
    ],
)  # fmt: skip
def test_an_error_names_file_key_and_remedy(old: str, new: str, key: str, remedy: str) -> None:
    assert old in WHOLE
    with pytest.raises(RuleError) as caught:
        model(WHOLE.replace(old, new, 1))
    assert caught.value.file == FILE.name
    assert caught.value.field == key
    assert remedy in caught.value.remedy


@pytest.mark.parametrize(
    "raw", [b"\xff\xfe", b"id = ", b"[[verdicts]\n", "id = 3".encode("utf-16"), b"[" * 5000]
)
def test_what_is_no_toml_is_refused(raw: bytes) -> None:
    with pytest.raises(RuleError, match=r"paid-twice\.toml.*Remedy: compare"):
        parse_model(raw, FILE)


def test_a_file_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    with pytest.raises(RuleError, match="cannot be read"):
        read_model(tmp_path / "none.toml")
    large = tmp_path / "large.toml"
    large.write_text("#" * 300_000, encoding="utf-8")
    with pytest.raises(RuleError, match="too large"):
        read_model(large)


LEAVES = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=8), st.dates(),
    st.datetimes(), st.times(),
    st.sampled_from(["project", "fee_ledger", "name", "area_m2", "paid", "started", "some", "none", "inside", "all"]),
)  # fmt: skip
NAMES = st.one_of(
    st.sampled_from([*KEYS, *OPERATORS, "theme", "columns", "where", "keys", "join", "match", "all", "any", "not",
                     "register", "column", "subject", "limit", "in_force", "day", "sum", "count", "times", "zh", "en",
                     "verdict", "when", "says", "title", "unit", "national", "value"]),
    st.text(string.ascii_lowercase, max_size=4),
)  # fmt: skip
TREES = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=4),
    max_leaves=20,
)


def read(value: Any, path: Path = FILE) -> Model | RuleError:
    """The model, or the error for the user; anything else is a fault of the reader."""
    try:
        return model_of(value, path)
    except RuleError as error:
        return error


def is_told(found: Model | RuleError, path: Path = FILE) -> bool:
    return isinstance(found, Model) or (bool(found.remedy) and found.file == path.name)


@settings(max_examples=150)
@given(TREES)
def test_any_tree_is_a_model_or_an_error_for_the_user(tree: Any) -> None:
    assert is_told(read(tree))


def paths(value: Any, at: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The way to every place of a tree."""
    found = [at]
    pairs = (
        value.items()
        if isinstance(value, dict)
        else enumerate(value)
        if isinstance(value, list)
        else ()
    )
    for key, inner in pairs:
        found += paths(inner, (*at, key))
    return found


SEEDS = [tomllib.loads(file.read_text(encoding="utf-8")) for file in sorted(FOLDER.glob("*.toml"))]


@settings(max_examples=250)
@given(st.data())
def test_a_real_model_with_one_place_changed_is_a_model_or_an_error(data: st.DataObject) -> None:
    tree = data.draw(st.sampled_from(SEEDS))
    where = data.draw(st.sampled_from(paths(tree)[1:]))
    new = data.draw(TREES)
    path = Path(f"{tree['id']}.toml")
    assert is_told(read(put(tree, where, new), path), path)


def put(value: Any, where: tuple[Any, ...], new: Any) -> Any:
    """A copy of a tree with another value in one place."""
    if not where:
        return new
    key, *rest = where
    copy = dict(value) if isinstance(value, dict) else list(value)
    copy[key] = put(value[key], tuple(rest), new)
    return copy


@given(st.binary(max_size=400))
def test_any_bytes_are_refused_kindly(raw: bytes) -> None:
    with pytest.raises(RuleError):
        parse_model(raw, FILE)
