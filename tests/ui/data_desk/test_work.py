"""What the worker does with a table, and what the history is told of it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import layers.commands
import office.commands
from layers import read_layer
from layers.errors import PolicyError, YichaError
from layers.shelf import Shelf
from layers.shell import run_commands
from layers.themes import SCHOOL_KINDS
from office import Actor, Database, events
from office.layer_deeds import tell, undo
from office.verify import verify
from tests.layers.shelf.conftest import gbk_csv
from ui.data_desk import work
from ui.data_desk.desk import now
from ui.data_desk.staging import Staging
from ui.jobs.tasks import TASKS, lane_of, work_of
from ui.scenes.incoming import Incoming, UploadLimits
from ui.texts import LANGUAGES, texts

WHO = Actor("王检", ("prosecutor",))
PIECE = 16 << 20


def order(place: Path, address: str, datum: str | None, **more: Any) -> dict[str, Any]:
    staging = Staging(place / "uploads" / "tables")
    made = staging.keep("名录.csv", gbk_csv(place / "a.csv", "gcj02"), by=WHO.name, at="")
    manifest = {"theme": "school", **({"datum": datum} if datum else {})}
    return {"folder": str(place / "layers"), "root": str(staging.root), "staged": made.id, "manifest": manifest,
            "by": WHO.name, "roles": list(WHO.roles), "address": address, "at": now().isoformat(), **more}  # fmt: skip


def silent(_: dict[str, Any]) -> None:
    return


def go_on() -> bool:
    return False


def test_every_kind_of_work_is_there_and_does_not_wait_behind_detectors() -> None:
    for kind in (work.LOOK, work.TRY, work.PUT, work.MEASURE):
        assert kind in TASKS
        assert callable(work_of(kind))
        assert lane_of(kind) == "light"


def test_look_try_put_undo_and_what_the_history_says(place: Path, tmp_path: Path) -> None:
    address = str(tmp_path / "store.sqlite")
    Database.open(address).close()
    told = order(place, address, "gcj02")
    found = work.look(told, silent, go_on)
    assert json.loads(json.dumps(found))["datum"]["best"] == "gcj02"
    tried = work.try_out(told, silent, go_on)
    assert (tried["counts"]["out"], tried["doubt"], tried["refused"]) == (11, None, False)
    assert "13800138000" not in json.dumps(tried, ensure_ascii=False)
    shelf = Shelf(place / "layers")
    assert len(read_layer(shelf.file("school"))) == 12  # nothing stands yet
    done = work.put({**told, "name": "school", "expected": shelf.hash("school")}, silent, go_on)
    assert (done["version"], len(read_layer(shelf.file("school")))) == (2, 11)
    again = {**told, "name": "school", "expected": "what stood before"}  # begun again after a kill
    assert work.put(again, silent, go_on)["version"] == 2
    back = undo(shelf, "school", None, who=WHO, at=now(), address=address, expected=None)
    assert back is not None
    assert back.number == 1
    db = Database.open(address, create=False)
    with db.read() as connection:
        kinds = [(one.kind, one.subject, one.actor) for one in events(connection)]
    db.close()
    assert kinds == [("layer.imported", "school", "王检"), ("layer.undone", "school", "王检")]


def test_a_table_above_fifty_megabytes_goes_the_whole_way(place: Path, tmp_path: Path) -> None:
    """In pieces onto the disk, looked at, tried out, put up: long notes, which nobody asked for."""
    head = "学校名称,学校地址,经度,纬度,备注\n"
    rows = (
        f"第{n}小学,云溪县{n}号,{109.3 + n / 1e6:.6f},{27.6 + n / 1e6:.6f},{'略' * 4000}\n"
        for n in range(5_000)
    )
    content = "".join((head, *rows)).encode()
    assert len(content) > 50_000_000
    coming = Incoming(place / "uploads" / "coming", UploadLimits())
    upload = coming.begin({"name": "名录.csv", "size": len(content), "batch": "b" * 16}, WHO.name)
    for offset in range(0, len(content), PIECE):
        token = coming.claim(upload.id, offset)
        coming.append(upload.id, token, content[offset : offset + PIECE])
        coming.release(upload.id, token)
    coming.finish(upload.id)
    staging = Staging(place / "uploads" / "tables")
    staged = staging.begin("名录.csv", by=WHO.name, at="")
    coming.move(coming.get(upload.id), staged.path)
    told = {
        **order(place, str(tmp_path / "none.sqlite"), "wgs84", name="school-1", expected=""),
        "staged": staged.id,
    }
    found = work.look(told, silent, go_on)
    assert found["rows"] == 5_000
    assert len(json.dumps(found)) < 2_000_000  # the page is told a sample
    tried = work.try_out(told, silent, go_on)
    assert (tried["counts"]["out"], tried["refused"]) == (5_000, False)
    assert work.put(told, silent, go_on)["rows"] == 5_000
    assert (
        read_layer(Shelf(place / "layers").file("school-1")).frame["name"].iloc[-1] == "第4999小学"
    )


def test_every_step_of_a_dry_run_is_told_in_words(place: Path, tmp_path: Path) -> None:
    steps: list[dict[str, Any]] = []
    work.try_out(order(place, str(tmp_path / "none.sqlite"), "gcj02"), steps.append, go_on)
    assert [one["done"] for one in steps] == [0, 1, 2, 3, 4]
    for lang in LANGUAGES:
        assert all(f"jobs.at.{one['name']}" in texts(lang).entries for one in steps)


def test_without_a_store_the_import_stands_all_the_same(place: Path, tmp_path: Path) -> None:
    told = order(place, str(tmp_path / "none.sqlite"), "gcj02", name="school", expected=None)
    work.try_out(told, silent, go_on)
    assert work.put(told, silent, go_on)["version"] == 2
    assert not (tmp_path / "none.sqlite").exists()


def test_what_a_shell_did_enters_the_same_history_once(place: Path, tmp_path: Path) -> None:
    address, layer = str(tmp_path / "store.sqlite"), place / "layers" / "school.parquet"
    Database.open(address).close()
    file = gbk_csv(place / "a.csv", "gcj02")
    asked = (["import", str(file), "--theme", "school", "--datum", "wgs84", "--out", str(layer), "--by", "李四"],
             ["undo", str(layer), "--why", "偏移", "--by", "李四"],
             ["undo", str(layer), "--to", "2", "--by", "王检"])  # fmt: skip
    for words in asked:
        assert run_commands(layers.commands, "layers", "", words) == 0
    shelf = Shelf(place / "layers")
    assert [one.kind for one in shelf.versions("school")] == ["found", "imported"]
    assert (shelf.versions("school")[1].doubt or {})[
        "best"
    ] == "gcj02"  # as the page would have said
    assert run_commands(office.commands, "office", "", [
        "layers", str(shelf.folder), "--store", address, "--by", "王检", "--lang", "zh"]) == 0  # fmt: skip
    assert tell(shelf, shelf.recorded(), at=now(), address=address) == 0
    undo(shelf, "school", None, who=WHO, at=now(), address=address, expected=None)
    db = Database.open(address, create=False)
    with db.read() as connection:
        told = [(one.kind, one.actor, json.loads(one.body)["by"]) for one in events(connection)]
    assert verify(db).ok
    db.close()
    assert told == [("layer.imported", "yicha", "李四"), ("layer.undone", "yicha", "李四"),
                    ("layer.brought_back", "王检", "王检"), ("layer.undone", "王检", "王检")]  # fmt: skip


def test_nobody_imports_or_undoes_without_the_right(place: Path) -> None:
    told = order(place, "", "gcj02", name="school", expected=None)
    work.try_out(told, silent, go_on)
    with pytest.raises(PolicyError):
        work.put({**told, "roles": ["auditor"]}, silent, go_on)
    with pytest.raises(PolicyError):
        undo(
            Shelf(place / "layers"),
            "school",
            None,
            who=Actor("赵", ("field",)),
            at=now(),
            address=None,
            expected=None,
        )
    assert not (place / "layers" / "versions").exists()


def test_what_was_not_tried_out_does_not_stand(place: Path) -> None:
    told = order(place, "", "gcj02", name="school", expected=None)
    with pytest.raises(YichaError, match="tried out"):
        work.put(told, silent, go_on)
    with pytest.raises(YichaError, match="not here"):
        work.look({**told, "staged": "0" * 32}, silent, go_on)


@pytest.mark.parametrize("name", ["../../x", "school/../../x", "X"])
def test_a_hostile_target_writes_nothing(place: Path, name: str) -> None:
    told = order(place, "", "gcj02", name=name, expected=None)
    work.try_out(told, silent, go_on)
    with pytest.raises(YichaError):
        work.put(told, silent, go_on)
    assert sorted(p.name for p in (place / "layers").glob("*.parquet")) == ["road.parquet", "school.parquet", "township.parquet"]  # fmt: skip


@pytest.mark.parametrize(
    "content", [b"", b"PK\x03\x04broken", b"\x00" * 4096, "经度,纬度\n".encode("gb18030") + b"1,2\n" * 3],
)  # fmt: skip
def test_a_damaged_table_is_told_with_its_remedy(place: Path, content: bytes) -> None:
    told = order(place, "", "gcj02")
    staged = Staging(place / "uploads" / "tables").get(told["staged"])
    assert staged is not None
    staged.path.write_bytes(content)
    with pytest.raises(YichaError) as told_why:
        work.try_out(told, silent, go_on)
    assert told_why.value.remedy
    assert str(place) not in f"{told_why.value.problem} {told_why.value.remedy}"


def test_the_quality_of_layers_is_measured(place: Path, tmp_path: Path) -> None:
    files = {"school": str(tmp_path / "q.json"), "none": str(tmp_path / "n.json")}
    done = work.measure({"folder": str(place / "layers"), "files": files}, silent, go_on)
    assert done == {"cancelled": False, "measured": 2}
    quality = json.loads((tmp_path / "q.json").read_text(encoding="utf-8"))
    assert (quality["rows"], quality["outside"], quality["filled"]["kind"]) == (12, 0, 1.0)
    assert "problem" in json.loads((tmp_path / "n.json").read_text(encoding="utf-8"))
    assert "primary" in SCHOOL_KINDS
    assert work.measure({"folder": str(place / "layers"), "files": files}, silent, lambda: True)[
        "cancelled"
    ]
