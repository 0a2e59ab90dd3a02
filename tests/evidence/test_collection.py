"""The collection record: what blocks, what is refused, what is kept; on the demo's own imagery."""

from __future__ import annotations

import json
import shutil
import stat
import tomllib
from pathlib import Path

import pytest

from evidence.__main__ import main
from evidence.collection import (
    WORDS,
    collection_of,
    demand_complete,
    form,
    gaps,
    hand_over,
    incomplete,
    record_fields,
)
from imagery.store import Store
from layers.errors import PolicyError, YichaError
from office import Actor, Database
from office.history import events
from office.verify import verify

WHO = Actor("李明", ("prosecutor",))
AT = "2026-07-01T01:30:00Z"
SCENE = "03f277c31f906d89"
FILLED = {
    "case_no": "YC-2026-000001", "purpose": "证明堆放位置", "original_medium": "存储卡 A-12，已封存，保管室",
    "device": "大疆 Mavic 3E", "serial": "1581F5BK", "clock_offset_s": "-2.5", "clock_checked": "2026-05-21 飞行前对照 NTP",
    "method": "飞行、拼接、逐字节复制、计算哈希", "ended": "2026-05-21T10:52:00+08:00", "place": "水库东岸",
    "collector": "李明", "second": "王芳", "holder": "本院技术处", "witness": "村委会 张某",
}  # fmt: skip


@pytest.fixture
def db(tmp_path: Path) -> Database:
    return Database.open(tmp_path / "leads.sqlite")


@pytest.fixture
def copied(tmp_path: Path, root: Path) -> Store:
    """A store of its own with one original, for tests that alter it."""
    for name in ("items", "records", "originals"):
        shutil.copytree(root / "data" / "demo" / "imagery" / name, tmp_path / "store" / name)
    shutil.copy(root / "data" / "demo" / "imagery" / "catalog.json", tmp_path / "store")
    (tmp_path / "store" / "locks").mkdir()
    (tmp_path / "store" / "work").mkdir()
    return Store.open(tmp_path / "store")


def names(store: Store, db: Database) -> set[str]:
    return {one.name for one in collection_of(db, store, SCENE).blank}


def test_every_field_has_words_in_both_languages() -> None:
    for name, told in tomllib.loads(WORDS.read_text(encoding="utf-8")).items():
        assert told["zh"].strip() != told["en"].strip(), name
        assert set(told) <= {"zh", "en", "mandatory", "fixed", "from", "kind"}, name
    assert {one.kind for one in form().values()} == {"text", "number", "time"}


def test_what_intake_knew_is_there_and_the_rest_is_blank(db: Database, demo_imagery: Store) -> None:
    record = collection_of(db, demo_imagery, SCENE)
    assert record.values["sha256"].startswith(SCENE)
    assert record.values["begun"] == "2026-05-21T10:30:00+08:00"
    assert record.told_by["sha256"] == "intake"
    assert names(demo_imagery, db) == set(FILLED) - {"collector"}, (
        "the same name twice is one person"
    )


def test_a_filled_record_is_complete_and_tells_who_said_it(
    db: Database, demo_imagery: Store
) -> None:
    record_fields(db, demo_imagery, [SCENE], FILLED, actor=WHO, at=AT)
    record = collection_of(db, demo_imagery, SCENE)
    assert not record.blank
    assert record.told_by["serial"] == f"李明 {AT}"
    assert incomplete(db, demo_imagery, [SCENE]) == {}
    demand_complete({})
    assert gaps({}) is None
    assert verify(db).ok


@pytest.mark.parametrize("name", sorted(set(FILLED) - {"collector"}))
def test_each_mandatory_field_left_out_blocks_with_its_name(
    db: Database, demo_imagery: Store, name: str
) -> None:
    left = {name, "collector"}  # intake knows one person, twice
    told = {key: value for key, value in FILLED.items() if key not in left}
    record_fields(db, demo_imagery, [SCENE], told, actor=WHO, at=AT)
    blank = incomplete(db, demo_imagery, [SCENE])
    assert [one.name for one in blank[SCENE]] == [name]
    with pytest.raises(YichaError, match=name) as raised:
        demand_complete(blank)
    assert "evidence record" in raised.value.remedy
    said = gaps(blank)
    assert said is not None
    assert form()[name].words.zh[:2] in said.zh
    assert form()[name].words.en[:4] in said.en


@pytest.mark.parametrize(("values", "said"), [
    ({"colour": "red"}, "no such field"), ({"sha256": "0" * 64}, "only the intake"), ({"serial": " "}, "says nothing"),
    ({"holder": "无"}, "says nothing"), ({"holder": "N/A"}, "says nothing"), ({"clock_offset_s": "nan"}, "no number"),
    ({"lat": "91"}, "no number"), ({"ended": "2026-05-21T10:52:00"}, "zone"), ({"ended": "昨天"}, "zone"),
    ({"ended": "2026-05-20T10:52:00+08:00"}, "before it began"), ({"second": "演示 demo"}, "somebody else"),
    ({"place": "x" * 2001}, "too long"),
])  # fmt: skip
def test_an_entry_that_says_nothing_or_contradicts_is_refused(
    db: Database, demo_imagery: Store, values: dict[str, str], said: str
) -> None:
    with pytest.raises(YichaError, match=said) as raised:
        record_fields(db, demo_imagery, [SCENE], {"purpose": "x y", **values}, actor=WHO, at=AT)
    assert raised.value.field == next(iter(values))
    assert collection_of(db, demo_imagery, SCENE).values.get("purpose") is None, "all or none"


def test_a_correction_stands_beside_what_it_corrects(db: Database, demo_imagery: Store) -> None:
    for serial in ("WRONG-1", "1581F5BK"):
        record_fields(db, demo_imagery, [SCENE], {"serial": serial}, actor=WHO, at=AT)
    assert collection_of(db, demo_imagery, SCENE).values["serial"] == "1581F5BK"
    with db.read() as connection:
        said = [json.loads(event.body)["serial"] for event in events(connection, f"scene:{SCENE}")]
    assert said == ["WRONG-1", "1581F5BK"]


def test_who_may_not_fill_in_does_not(db: Database, demo_imagery: Store) -> None:
    with pytest.raises(PolicyError):
        record_fields(db, demo_imagery, [SCENE], FILLED, actor=Actor("审计员", ("auditor",)), at=AT)


def test_handovers_are_appended_and_an_altered_original_is_recorded(
    db: Database, copied: Store
) -> None:
    first = hand_over(db, copied, SCENE, ("李明", "技术处", "鉴定"), actor=WHO, at=AT)
    assert first.matches
    original = copied.original(SCENE)
    original.chmod(stat.S_IRUSR | stat.S_IWUSR)
    data = bytearray(original.read_bytes())
    data[1000] ^= 1
    original.write_bytes(data)
    assert not hand_over(db, copied, SCENE, ("技术处", "李明", "归还"), actor=WHO, at=AT).matches
    record = collection_of(db, copied, SCENE)
    assert [(one.giver, one.receiver, one.matches) for one in record.handovers] == [
        ("李明", "技术处", True), ("技术处", "李明", False)]  # fmt: skip
    assert json.loads(json.dumps(record.as_dict()))["hand_overs"][1]["matches"] is False
    with pytest.raises(YichaError, match="purpose"):
        hand_over(db, copied, SCENE, ("李明", "技术处", " "), actor=WHO, at=AT)


def test_the_command_fills_shows_and_ends_with_what_is_missing(
    tmp_path: Path, root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["record", SCENE, "--store", str(tmp_path / "s.sqlite"), "--by", "李明",
             "--imagery", str(root / "data" / "demo" / "imagery")]  # fmt: skip
    assert main([*words, "--lang", "en", "--set", "serial=1581F5BK"]) == 1
    shown = capsys.readouterr().out
    assert "serial\tserial number of the device, or why there is none\t1581F5BK\t李明" in shown
    assert "holder\tholder or provider\t!! blank" in shown
    filled = [f"{name}={value}" for name, value in FILLED.items()]
    assert main([*words, "--set", *filled, "--hand-over", "李明", "技术处", "鉴定"]) == 0
    assert main([*words, "--lang", "zh"]) == 0
    shown = capsys.readouterr().out
    assert "李明 → 技术处\t鉴定" in shown
    assert "采集记录完整" in shown
    assert main([*words, "--set", "serial"]) == 1
    assert "FIELD=VALUE" in capsys.readouterr().err
