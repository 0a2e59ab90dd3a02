"""Rights written past the program show when the history is verified; a restored store has nobody in it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, insert, update

from layers.errors import PolicyError
from office import Actor, Database
from office.backup import backup
from office.door_tables import ACCOUNT, ROLE_GRANT
from office.doors.first_admin import first_administrator, first_code
from office.doors.people import add_person, disable, enable
from office.doors.sessions import session_of, sign_out
from office.doors.sign_in import Presented, sign_in
from office.doors.tokens import add_token, revoke_token, system_of
from office.restore import restore
from office.scope import Grant
from office.verify import verify
from tests.office.doors import made
from tests.office.doors.made import ADMIN, AT, RULES

KEEPER = Actor("管理员", ("system_admin",))


def _taken_in(db: Database) -> str:
    return add_person(
        db, "王检", [Grant("field", "990123")], actor=ADMIN, at=AT, rules=RULES
    ).account.id


@pytest.mark.parametrize(("change", "said"), [
    (lambda _: update(ROLE_GRANT).values(area=""), "other rights"),
    (lambda _: update(ROLE_GRANT).values(role="reviewer"), "other rights"),
    (lambda n: insert(ROLE_GRANT).values(account_id=n, role="reviewer", area="", check_id=""), "other rights"),
    (lambda _: update(ROLE_GRANT).values(area="everywhere"), "is no administrative code"),
    (lambda _: update(ACCOUNT).values(state="active"), "is active, its history says disabled"),
    (lambda _: insert(ACCOUNT).values(id="P2", name="x", name_key="x", state="active", given=False,
                                      totp_on=False, totp_step=0, created_at=AT, version=1), "account x"),
])  # fmt: skip
def test_rights_written_past_the_program_show(database: Database, change: Any, said: str) -> None:
    account_id = _taken_in(database)
    if "disabled" in said:
        disable(database, "王检", actor=ADMIN, at=AT)
    assert verify(database).ok
    with database.write() as connection:
        connection.execute(change(account_id))
    assert any(said in problem.en for problem in verify(database).problems)


def test_an_account_taken_out_shows(database: Database) -> None:
    _taken_in(database)
    with database.write() as connection:
        connection.execute(delete(ROLE_GRANT))
        connection.execute(delete(ACCOUNT))
    assert "has a history but no row" in verify(database).problems[0].en


@pytest.mark.parametrize("stay", [False, True])
def test_a_backup_revives_nothing_that_was_taken_back_since(
    database: Database, tmp_path: Path, stay: bool
) -> None:
    token = made.with_password(database)
    made.first(database)
    system = add_token(
        database, "邻市", ["lead.read"], days=9, actor=ADMIN, at=AT, rules=RULES
    ).text
    saved = backup(database, tmp_path / "b.zip", actor=KEEPER, at=AT).path
    sign_out(database, token, at=AT)
    revoke_token(database, "邻市", actor=ADMIN, at=AT)
    disable(database, "王检", actor=ADMIN, at=AT)
    other = Database.open(tmp_path / "other.sqlite")
    assert restore(saved, other, actor=KEEPER, at=AT, accounts_stay=stay).verification.ok
    assert session_of(other, token, at=AT, rules=RULES) is None
    assert system_of(other, system, at=AT, rules=RULES) is None
    if stay:
        assert sign_in(other, Presented("王检", made.PASSWORD), at=AT, rules=RULES).token
    else:
        with pytest.raises(PolicyError):
            sign_in(other, Presented("王检", made.PASSWORD), at=AT, rules=RULES)
        assert len(made.told(other, "person.disabled")) == 2
        code = first_code(other, at=AT, rules=RULES)
        keeper = first_administrator(
            other, code, "新安全员", made.PASSWORD, at=AT, rules=RULES
        ).actor
        assert enable(other, "王检", actor=keeper, at=AT).state == "active"
        assert sign_in(other, Presented("王检", made.PASSWORD), at=AT, rules=RULES).token
    assert made.told(other, "store.restored")[0]["accounts_stay"] is stay
    assert verify(other).ok
    other.close()
