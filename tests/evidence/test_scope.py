"""Every operation on evidence, really done: as every role, in and out of scope; what is refused leaves no trace.

What should happen is read from the table's text, as for the leads.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import shapely

from evidence.collection import hand_over, record_fields
from evidence.ledger import Purpose, export_file, ledger
from evidence.redaction.areas import Area, record_areas
from evidence.redaction.release import approve, standing_of
from imagery.store import Store
from layers.errors import LeadError, PolicyError
from office import Actor, Database
from office.actors import ROLES
from tests.evidence.test_collection import SCENE
from tests.leads.made import put_lead
from tests.leads.test_scope import AIMS, AT, RAW, Do, ids, narrow, outcome

WHY = Purpose("移送", "市院")
EVERYWHERE = ("evidence.record", "evidence.redact", "evidence.approve")


@pytest.fixture(scope="module")
def db(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """Three leads in scope, of another area, of another check; one store for all, as the refused write nothing."""
    found = Database.open(tmp_path_factory.mktemp("scope") / "leads.sqlite")
    for number, (area, check) in enumerate(AIMS.values()):
        for n in range(2):
            put_lead(found, 10 * number + n, admin_code=area, check_id=check, run=f"run-{check}")
    for n in range(100):
        record_areas(found, f"waiting-{n}", [], actor=Actor("画者", ("reviewer",)), at=AT)
    yield found
    found.close()


def _export(shared: bool) -> Do:
    def act(db: Database, who: Actor, leads: list[str], folder: Path) -> None:
        with export_file(db, folder / "out.csv", what="table", leads=leads[:2], purpose=WHY, actor=who, at=AT,
                         shared=shared) as file:  # fmt: skip
            file.write_text(f"{who} {leads}", encoding="utf-8")

    return act


WAITING = iter([f"waiting-{n}" for n in range(100)])


def _approve(db: Database, who: Actor, leads: list[str], folder: Path) -> None:  # noqa: ARG001 - as all
    scene = next(WAITING)
    approve(db, scene, standing_of(db, scene).last, actor=who, at=AT)


def _writes(store: Store) -> dict[str, list[Do]]:
    area = Area(shapely.box(109.29, 27.59, 109.31, 27.61), "ground", "face", "fill")
    return {
        "evidence.export": [_export(shared=False)],
        "evidence.share": [_export(shared=True)],
        "evidence.record": [
            lambda db, who, *_: record_fields(db, store, [SCENE], {"serial": "KX1"}, actor=who, at=AT),
            lambda db, who, *_: hand_over(db, store, SCENE, ("甲", "乙", "鉴定"), actor=who, at=AT)],
        "evidence.redact": [lambda db, who, *_: record_areas(db, SCENE, [area], actor=who, at=AT)],
        "evidence.approve": [_approve],
    }  # fmt: skip


def test_an_operation_as_every_role_in_and_out_of_scope(
    db: Database, demo_imagery: Store, tmp_path: Path
) -> None:
    number = 0
    for operation, acts in _writes(demo_imagery).items():
        for act in acts:
            for role in ROLES:
                for aim in AIMS:
                    for who in (Actor("王", (role,)), narrow(role)):
                        number += 1
                        folder = tmp_path / str(number)
                        told = outcome(db, act, who, ids(aim), folder)
                        written = role in RAW[operation]
                        inside = who.scope is None or aim == "own" or operation in EVERYWHERE
                        wanted = "refused" if not written else "done" if inside else "hidden"
                        assert told == wanted, (operation, role, aim, who.scope)
                        left = sorted(one.name for one in folder.glob("*"))
                        assert left == (["out.csv"] if told == "done" and operation not in EVERYWHERE else [])  # fmt: skip


def test_a_file_with_one_lead_out_of_scope_does_not_leave(db: Database, tmp_path: Path) -> None:
    mixed = [ids("own")[0], ids("other area")[0]]
    for shared in (False, True):
        assert outcome(db, _export(shared), narrow("prosecutor"), mixed, tmp_path) == "hidden"
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(LeadError) as found, export_file(
        db, tmp_path / "a", what="table", leads=mixed[1:], purpose=WHY, actor=narrow("reviewer"), at=AT
    ):  # fmt: skip
        raise AssertionError("nothing is made of it")
    with pytest.raises(LeadError) as none, export_file(
        db, tmp_path / "a", what="table", leads=["L99"], purpose=WHY, actor=narrow("reviewer"), at=AT
    ):  # fmt: skip
        raise AssertionError("nothing is made of it")
    assert str(found.value).replace(mixed[1], "L99") == str(none.value)


def test_the_ledger_shows_the_lines_of_the_scope_alone(db: Database, tmp_path: Path) -> None:
    every = [one for aim in AIMS for one in ids(aim)[:2]]
    with export_file(db, tmp_path / "all.csv", what="table", leads=every, purpose=WHY, at=AT,
                     actor=Actor("王", ("prosecutor",))) as file:  # fmt: skip
        file.write_text("all", encoding="utf-8")
    for role in ROLES:
        if role not in RAW["evidence.ledger"]:
            for who in (Actor("王", (role,)), narrow(role)):
                with pytest.raises(PolicyError):
                    ledger(db, actor=who)
            continue
        assert set(every) <= {
            lead for one in ledger(db, actor=Actor("王", (role,))) for lead in one.leads
        }
        mine = ledger(db, actor=narrow(role))
        assert {lead for one in mine for lead in one.leads} == set(ids("own")[:2])
        assert all(one.leads for one in mine)


def test_no_operation_on_evidence_is_left_out(demo_imagery: Store) -> None:
    ours = {one for one in RAW if one.startswith("evidence.")}
    # Anybody verifies a bundle offline; the address that does it is crawled with all others.
    assert ours - set(_writes(demo_imagery)) == {"evidence.ledger", "evidence.verify"}
