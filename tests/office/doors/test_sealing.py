"""Sealed fields and keys: masked for all, opened for a reason, worthless without the key."""

from __future__ import annotations

import base64
import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, update

from layers.errors import PolicyError, StoreError
from office import Actor, Database
from office.backup import backup
from office.door_tables import SEALED
from office.doors.keys import Keys, add_key, load_keys, opened, seal
from office.doors.sealing import keep_sealed, mask_of, masked_fields, seal_anew, unseal
from office.scope import About, Grant, Scope
from tests.office.doors import made
from tests.office.doors.made import ADMIN, AT, RULES, after, code, told

REPORTER = "欧阳震华-MARKED-7731"
PLACE = About("990123004", "tobacco-near-school")
PROSECUTOR = Actor("王检", ("prosecutor",), Scope((Grant("prosecutor", "9901"),)))


def sealed(db: Database, keys: Keys, value: str = REPORTER, field: str = "reporter",
           kind: str = "person") -> str:  # fmt: skip
    return keep_sealed(db, "L1", field, value, kind=kind, about=PLACE, keys=keys, actor=PROSECUTOR,
                       at=AT).mask  # fmt: skip


def test_it_is_opened_by_who_may_for_a_reason_that_is_kept(
    database: Database, tmp_path: Path
) -> None:
    keys = made.some_keys(tmp_path)
    assert sealed(database, keys) == "欧**"
    with database.read() as connection:
        assert [(m.field, m.mask, m.by) for m in masked_fields(connection, "L1")] == [
            ("reporter", "欧**", "王检")]  # fmt: skip
    value = unseal(
        database, "L1", "reporter", reason=" 回复 举报人 ", keys=keys, actor=PROSECUTOR, at=AT
    )
    assert value == REPORTER
    event = next(e for e in made.history(database) if e.kind == "sealed.opened")
    assert (event.actor, event.subject) == ("王检", "L1")
    assert told(database, "sealed.opened") == [{"field": "reporter", "reason": "回复 举报人"}]


@pytest.mark.parametrize("reason", ["", "   ", "abc", " a b "])
def test_without_a_reason_it_stays_sealed(database: Database, tmp_path: Path, reason: str) -> None:
    keys = made.some_keys(tmp_path)
    sealed(database, keys)
    with pytest.raises(PolicyError, match="reason"):
        unseal(database, "L1", "reporter", reason=reason, keys=keys, actor=PROSECUTOR, at=AT)
    assert told(database, "sealed.opened") == []


@pytest.mark.parametrize("actor", [
    Actor("王检", ("prosecutor",), Scope((Grant("prosecutor", "9902"),))),
    Actor("赵", ("field",)), Actor("管理", ("system_admin",)), ADMIN, Actor("审计", ("auditor",)),
    Actor("程序", ("machine",)),
], ids=lambda actor: actor.roles[0])  # fmt: skip
def test_who_may_not_gets_nothing_and_the_attempt_is_told(
    database: Database, tmp_path: Path, actor: Actor
) -> None:
    keys = made.some_keys(tmp_path)
    sealed(database, keys)
    with pytest.raises(PolicyError) as raised:
        unseal(database, "L1", "reporter", reason="想看看是谁", keys=keys, actor=actor, at=AT)
    assert REPORTER not in str(raised.value)
    with pytest.raises(PolicyError) as nothing_there:
        unseal(database, "L2", "reporter", reason="想看看是谁", keys=keys, actor=actor, at=AT)
    assert str(nothing_there.value) == str(raised.value)
    refused = told(database, "sealed.refused")
    assert refused == [{"field": "reporter", "reason": "想看看是谁"}] * 2


def test_the_value_lies_in_no_row_event_file_or_backup(database: Database, tmp_path: Path) -> None:
    keys = made.some_keys(tmp_path)
    sealed(database, keys)
    unseal(database, "L1", "reporter", reason="回复举报人", keys=keys, actor=PROSECUTOR, at=AT)
    with database.read() as connection:
        rows = connection.execute(select(SEALED)).all()
    assert REPORTER not in str([*rows, *made.history(database)])
    saved = backup(database, tmp_path / "b.zip", actor=Actor("管", ("system_admin",)), at=AT).path
    import zipfile

    with zipfile.ZipFile(saved) as archive:
        raw = b"".join(archive.read(name) for name in archive.namelist())
    if not database.is_postgres:
        raw += b"".join(p.read_bytes() for p in tmp_path.glob("leads.sqlite*"))
    for marked in ("MARKED", "震华", "震华".encode("unicode_escape").decode()):
        assert marked.encode() not in raw
    for key in keys.by_id.values():
        assert base64.b64encode(key) not in raw
    assert str(keys.by_id[keys.newest]) not in repr(keys)


def test_a_value_moved_or_altered_does_not_open(database: Database, tmp_path: Path) -> None:
    keys = made.some_keys(tmp_path)
    sealed(database, keys)
    sealed(database, keys, "别人", "other")
    with database.write() as connection:
        other = connection.scalar(select(SEALED.c.sealed).where(SEALED.c.field == "other"))
        connection.execute(update(SEALED).where(SEALED.c.field == "reporter").values(sealed=other))
    with pytest.raises(StoreError, match="altered or moved"):
        unseal(database, "L1", "reporter", reason="回复举报人", keys=keys, actor=PROSECUTOR, at=AT)


@settings(max_examples=150, deadline=None)
@given(st.text(), st.text(), st.data())
def test_what_is_sealed_opens_as_it_was_and_altered_not_at_all(
    text: str, about: str, data: st.DataObject
) -> None:
    keys = Keys("k1", {"k1": b"\2" * 32})
    made_ = seal(keys, text, about)
    assert opened(keys, made_, about) == text
    assert seal(keys, text, about) != made_
    raw = bytearray(base64.b64decode(made_.partition(".")[2]))
    raw[data.draw(st.integers(0, len(raw) - 1))] ^= data.draw(st.integers(1, 255))
    for wrong in (
        f"k1.{base64.b64encode(bytes(raw)).decode()}",
        "k1.",
        "k1",
        "k1.*",
        f"k9{made_[2:]}",
    ):
        with pytest.raises(StoreError):
            opened(keys, wrong, about)
    with pytest.raises(StoreError):
        opened(keys, made_, about + "x")


def test_after_sealing_anew_the_old_key_may_go(database: Database, tmp_path: Path) -> None:
    keys = made.some_keys(tmp_path)
    sealed(database, keys)
    sealed(database, keys, "13800138000", "phone", "phone")
    person = made.whole_person(database, keys)
    new = add_key(tmp_path / "keys.txt")
    both = load_keys(tmp_path / "keys.txt")
    assert (both.newest, len(both.by_id)) == (new, 2)
    assert seal_anew(database, keys=both, actor=ADMIN, at=AT) == 3
    assert seal_anew(database, keys=both, actor=ADMIN, at=AT) == 0
    last = Keys(new, {new: both.by_id[new]})
    assert (
        unseal(database, "L1", "phone", reason="核实线索", keys=last, actor=PROSECUTOR, at=AT)
        == "13800138000"
    )
    at = after(90)
    from office.doors.sign_in import Presented, sign_in

    shown = Presented(person.name, person.password, code(person.secret, at))
    assert sign_in(database, shown, at=at, rules=RULES, keys=last).token
    with pytest.raises(StoreError, match="not in the file of keys"):
        unseal(database, "L1", "phone", reason="核实线索", keys=keys, actor=PROSECUTOR, at=AT)
    with pytest.raises(PolicyError):
        seal_anew(database, keys=both, actor=PROSECUTOR, at=AT)


@pytest.mark.parametrize(("value", "kind", "mask"), [
    ("王小明", "person", "王**"), ("13800138000", "phone", "138****8000"), ("长沙市某路 12 号", "address", "******"),
    ("12", "phone", "******"), ("x", "identity", "******"), ("任何话", "text", "******"),
    ("打 13800138000 找我", "phone", "******"), ("110101199003070134", "identity", "110101************"),
])  # fmt: skip
def test_what_may_be_shown(value: str, kind: str, mask: str) -> None:
    assert mask_of(value, kind) == mask


@given(st.text(min_size=3), st.sampled_from(["phone", "identity", "address", "text"]))
@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
def test_a_mask_never_shows_the_value(value: str, kind: str) -> None:
    assert value not in mask_of(value, kind) or set(value) <= {"*"}


def test_what_cannot_be_sealed(database: Database, tmp_path: Path) -> None:
    keys = made.some_keys(tmp_path)
    for value, kind in (("", "person"), ("  ", "person"), ("x", "colour")):
        with pytest.raises(PolicyError):
            sealed(database, keys, value, kind=kind)
    with pytest.raises(StoreError, match="nothing is sealed"):
        unseal(database, "L1", "reporter", reason="回复举报人", keys=keys,
               actor=Actor("王检", ("prosecutor",)), at=AT)  # fmt: skip


@pytest.mark.skipif(os.name != "posix", reason="Windows keeps no such rights")
def test_a_file_of_keys_others_may_read_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "keys.txt"
    add_key(path)
    assert path.stat().st_mode & 0o777 == 0o600
    path.chmod(0o640)
    with pytest.raises(StoreError, match="others may read"):
        load_keys(path)


@pytest.mark.parametrize("text", ["", "# nothing\n", "k1\n", "k1 AAAA\n", "k1 ***\n", "\xff"])
def test_a_file_that_holds_no_keys_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "keys.txt"
    path.write_bytes(text.encode("latin-1"))
    path.chmod(0o600)
    with pytest.raises(StoreError, match=r"keys\.txt"):
        load_keys(path)


def test_without_a_file_of_keys_the_remedy_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(StoreError, match="cannot be read"):
        load_keys(tmp_path / "none")
    monkeypatch.delenv("YICHA_KEY_FILE", raising=False)
    with pytest.raises(StoreError, match="office key new"):
        load_keys()
    add_key(tmp_path / "k")
    monkeypatch.setenv("YICHA_KEY_FILE", str(tmp_path / "k"))
    assert load_keys().newest.startswith("k")
