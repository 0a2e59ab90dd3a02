"""What the worker does for administration: as who asked, told in the history, and no more than they may."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from layers.errors import PolicyError
from office import Actor, Database
from office.anchor import Anchor, anchor_line
from tests.office.doors.made import told
from ui.admin.tasks import back_up, read_history, try_one
from ui.jobs.tasks import TASKS, lane_of, work_of
from ui.models.tasks import actor_told

SYSTEM = Actor("孙系统", ("system_admin",))


def order(folder: Path, who: Actor = SYSTEM, **more: str) -> dict[str, Any]:
    return {"address": str(folder / "store" / "leads.sqlite"), "data": str(folder), **actor_told(who),
            "at": "2026-06-30T16:00:00+08:00", **more}  # fmt: skip


def tell(_: dict[str, Any]) -> None:
    return


def never() -> bool:
    return False


def test_a_backup_is_made_tried_and_the_history_read(folder: Path, store: Database) -> None:
    made = back_up(order(folder), tell, never)
    assert made["file"] == "yicha-20260630T080000Z.zip"
    tried = try_one(order(folder, name=made["file"]), tell, never)
    assert tried["ok"]
    read = read_history(order(folder), tell, never)
    assert (read["ok"], read["events"]) == (True, 2)
    assert [one["file"] for one in told(store, "store.tried")] == [made["file"]]
    heads = folder / "heads.txt"
    heads.write_text(
        anchor_line(Anchor(read["head_seq"], read["head"], read["at"])) + "\n", encoding="utf-8"
    )
    assert read_history(order(folder, anchors=str(heads)), tell, never)["ok"]
    heads.write_text(anchor_line(Anchor(1, "f" * 64, read["at"])) + "\n", encoding="utf-8")
    wrong = read_history(order(folder, anchors=str(heads)), tell, never)
    assert not wrong["ok"]
    assert wrong["problems"][0]["en"]


@pytest.mark.usefixtures("store")
@pytest.mark.parametrize("work", [back_up, try_one])
def test_the_worker_may_no_more_than_who_asked(folder: Path, work: Any) -> None:
    with pytest.raises(PolicyError):
        work(order(folder, Actor("陈审计", ("auditor",)), name="x.zip"), tell, never)
    with pytest.raises(PolicyError):
        read_history(order(folder, Actor("赵外勤", ("field",))), tell, never)


def test_the_kinds_of_work_are_known_and_quick() -> None:
    for name in ("store-backup", "backup-try", "history-verify"):
        assert name in TASKS
        assert callable(work_of(name))
        assert lane_of(name) == "light"
