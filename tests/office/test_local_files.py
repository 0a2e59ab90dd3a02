"""Rule packs and lists of agencies taken in: weighed whole, one at a time, the version before kept."""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path

import pytest

from layers.errors import ConflictError, PolicyError, RuleError
from office import Actor, Database
from office.agencies import FOLDER as AGENCIES_FOLDER
from office.agencies import AgencyTable
from office.local_files import (
    AGENCIES,
    FOLDERS,
    RULES,
    gaps,
    places,
    take,
    text_of,
    versions,
    weigh,
)
from tests.office.doors.made import told

REVIEWER = Actor("李复核", ("reviewer",))
AT, LATER = "2026-06-30T08:00:00Z", "2026-07-01T08:00:00Z"
DEMO = (FOLDERS[RULES] / "demo.toml").read_bytes()
WRONG = b"""
place = "demo"
title = { zh = "a", en = "a" }
colour = 1
[documents.one]
title = "a"
url = "generated"
retrieved = 2026-01-01
verified = "maybe"
[[rules]]
check = "tobacco-near-school"
school_class = "primary_middle"
value = -1
unit = "ell"
comparator = "=="
method = "walk_shortest"
origin = "any_gate"
in_force_from = 2019-01-01
document = "two"
verified = false
"""


def sha(raw: bytes) -> str:
    return hashlib.sha256(raw).hexdigest()


def test_every_fault_of_a_rule_pack_is_told_by_its_field() -> None:
    found = weigh(RULES, WRONG)
    assert found.made is None
    fields = [one.field for one in found.faults]
    assert fields == ["colour", "documents.one.verified", "rules[1].value", "rules[1].unit", "rules[1].comparator"]  # fmt: skip
    assert all(one.remedy for one in found.faults)


@pytest.mark.parametrize("raw", [b"\xff\xfe", b"= 3", b"", b"rules = 3\nplace = 4", b"a" * 3_000_000,
                                 b'rules = [1, 2]\nplace = "x"'])  # fmt: skip
def test_what_is_no_rule_pack_is_told(raw: bytes) -> None:
    assert weigh(RULES, raw).made is None
    assert weigh(RULES, raw).faults


def test_a_fault_beyond_single_fields_is_told_too() -> None:
    """Two rules in force on one day; a document that is not there."""
    twice = DEMO + b"\n" + DEMO[DEMO.index(b"[[rules]]") :]
    assert [one.field for one in weigh(RULES, twice).faults] == ["rules"]
    lost = DEMO.replace(b'document = "', b'document = "not-', 1)
    assert [one.field for one in weigh(RULES, lost).faults] == ["rules[1].document"]


def test_taking_in_keeps_the_version_before_and_tells(database: Database, tmp_path: Path) -> None:
    first = take(database, RULES, DEMO, actor=REVIEWER, at=AT, before=None, folder=tmp_path)
    assert (first.place, first.before) == ("demo", None)
    other = DEMO + b"\n# read anew\n"
    take(database, RULES, other, actor=REVIEWER, at=LATER, before=sha(DEMO), folder=tmp_path)
    assert text_of(RULES, "demo", folder=tmp_path) == other
    (kept,) = versions(RULES, "demo", folder=tmp_path)
    assert (kept.at, kept.sha256, kept.path.read_bytes()) == (LATER, sha(DEMO), DEMO)
    assert [one["sha256"] for one in told(database, "office.rules_taken")] == [
        sha(DEMO),
        sha(other),
    ]
    assert list(places(RULES, folder=tmp_path)) == ["demo"]


def test_nothing_is_written_where_something_is_wrong_changed_or_not_allowed(
    database: Database, tmp_path: Path
) -> None:
    tmp_path = tmp_path / "rules"
    take(database, RULES, DEMO, actor=REVIEWER, at=AT, before=None, folder=tmp_path)
    with pytest.raises(RuleError, match="colour"):
        take(database, RULES, WRONG, actor=REVIEWER, at=AT, before=sha(DEMO), folder=tmp_path)
    with pytest.raises(ConflictError):
        take(database, RULES, DEMO + b"\n", actor=REVIEWER, at=AT, before=None, folder=tmp_path)
    with pytest.raises(PolicyError):
        take(database, RULES, DEMO, actor=Actor("孙", ("system_admin",)), at=AT, before=sha(DEMO), folder=tmp_path)  # fmt: skip
    assert text_of(RULES, "demo", folder=tmp_path) == DEMO
    assert [file.name for file in tmp_path.iterdir()] == ["demo.toml"]
    assert len(told(database, "office.rules_taken")) == 1


def test_a_place_is_no_path(database: Database, tmp_path: Path) -> None:
    bad = DEMO.replace(b'place = "demo"', b'place = "../demo"')
    with pytest.raises(RuleError):
        take(database, RULES, bad, actor=REVIEWER, at=AT, before=None, folder=tmp_path)
    assert text_of(RULES, "../rules/demo", folder=FOLDERS[RULES]) == b""


def test_agencies_are_weighed_taken_in_and_their_gaps_named(
    database: Database, tmp_path: Path
) -> None:
    shutil.copyfile(AGENCIES_FOLDER / "duties.toml", tmp_path / "duties.toml")
    raw = (AGENCIES_FOLDER / "demo.toml").read_bytes()
    take(database, AGENCIES, raw, actor=REVIEWER, at=AT, before=None, folder=tmp_path)
    made = weigh(AGENCIES, raw, folder=tmp_path).made
    assert isinstance(made, AgencyTable)
    short = weigh(AGENCIES, raw[: raw.index(b"[[agencies]]")], folder=tmp_path).made
    assert isinstance(short, AgencyTable)
    assert len(list(gaps(short))) > len(list(gaps(made)))
    (fault,) = weigh(AGENCIES, raw.replace(b'kind = "market"', b'kind = "bazaar"', 1), folder=tmp_path).faults  # fmt: skip
    assert "kind" in str(fault.field)
    assert weigh(AGENCIES, b"agencies = [1]\n[title]\nzh = 'a'\nen = 'b'", folder=tmp_path).faults
