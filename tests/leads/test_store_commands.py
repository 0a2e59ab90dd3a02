"""The commands that keep the store: verify, backup, restore, as a person runs them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from sqlalchemy import update

from leads.__main__ import main
from office import Database
from office.schema import EVENT
from tests.office.test_backup import fill

BY = ("--by", "管理员")


@pytest.fixture
def store(database: Database, store_url: str) -> str:
    """The address of a store that holds something."""
    fill(database)
    return store_url


def test_a_store_is_verified_saved_and_restored(
    store: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    saved, new = str(tmp_path / "b.zip"), str(tmp_path / "new.sqlite")
    assert main(["verify", "--store", store, "--lang", "en"]) == 0
    assert "the history is whole: 6 events" in capsys.readouterr().out
    assert main(["backup", saved, "--store", store, *BY, "--lang", "zh"]) == 0
    assert "已备份 6 条线索、6 个事件" in capsys.readouterr().out
    assert main(["restore", saved, "--store", new, *BY, "--lang", "en"]) == 0
    assert "6 leads and 6 events restored" in capsys.readouterr().out
    assert main(["verify", "--store", new, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["events"] == 7


def test_what_was_altered_is_named_and_the_exit_code_tells(
    store: str, database: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    with database.write() as connection:
        connection.execute(update(EVENT).where(EVENT.c.seq == 4).values(at="2020-01-01T00:00:00Z"))
    assert main(["verify", "--store", store, "--lang", "zh"]) == 1
    assert "第 4 号事件已被改动" in capsys.readouterr().out
    assert main(["verify", "--store", store, "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["problems"][0]["seq"] == 4


def test_the_head_is_noted_and_checked_later(
    store: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    anchor = str(tmp_path / "anchors.jsonl")
    for _ in range(2):
        assert main(["verify", "--store", store, "--anchor", anchor, "--note"]) == 0
    lines = Path(anchor).read_text(encoding="utf-8").splitlines()
    assert [json.loads(line)["seq"] for line in lines] == [6, 6]
    Path(anchor).write_text(lines[0].replace('"seq":6', '"seq":9'), encoding="utf-8")
    capsys.readouterr()
    assert main(["verify", "--store", store, "--anchor", anchor, "--lang", "en"]) == 1
    assert "lacks event 9" in capsys.readouterr().out


@pytest.mark.parametrize(("words", "said"), [
    (["verify", "--store", "{tmp}/none.sqlite"], "there is no store here"),
    (["backup", "{tmp}/b.zip", "--store", "{tmp}/none.sqlite", *BY], "there is no store here"),
    (["backup", "{tmp}/b.zip", "--store", "{store}"], "nobody is named"),
    (["backup", "{tmp}/b.zip", "--store", "{store}", *BY, "--role", "prosecutor"], "may not"),
    (["verify", "--store", "{store}", "--note"], "--anchor FILE"),
    (["restore", "{tmp}/none.zip", "--store", "{tmp}/new.sqlite", *BY], "cannot be read"),
])  # fmt: skip
def test_what_cannot_be_done_is_said_with_its_remedy(
    store: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], words: list[str], said: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.delenv("YICHA_ACTOR", raising=False)
    assert main([word.format(tmp=tmp_path, store=store) for word in words]) == 1
    told = capsys.readouterr().err
    assert said in told
    assert "Remedy: " in told
    assert not (tmp_path / "none.sqlite").exists()
