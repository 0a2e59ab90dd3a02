"""`python -m leads watch …` and `inbox` as a person or the system's timer calls them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from leads.__main__ import main
from tests.leads.folders import some_layers
from tests.leads.mail_server import Mailbox, free_port, mail_server

BAR = "bar-near-school"


@pytest.fixture
def folder(tmp_path: Path, demo_layers: Path) -> Path:
    """Schools and bars of the demo county."""
    return some_layers(demo_layers, tmp_path)


@pytest.fixture
def store(
    tmp_path: Path,
    folder: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> list[str]:
    """Arguments naming a store with a watch in it; no mail server is configured."""
    for name in ("YICHA_SMTP_URL", "YICHA_SMTP_FROM", "YICHA_ACTOR", "YICHA_APP_URL"):
        monkeypatch.delenv(name, raising=False)
    where = ["--store", str(tmp_path / "leads.sqlite"), "--lang", "en"]
    assert main(["watch", "add", str(folder), "--to", "王检=wang@example.cn", "--to", "李检", "--check", BAR,
                 "--rules", "demo", "--every", "30", "--title", "Demo", "--by", "王检", *where]) == 0  # fmt: skip
    assert "Demo  active" in capsys.readouterr().out
    return where


def say(capsys: pytest.CaptureFixture[str], *words: str, code: int = 0) -> str:
    capsys.readouterr()
    assert main(list(words)) == code
    return capsys.readouterr().out


def run(capsys: pytest.CaptureFixture[str], store: list[str], work: Path, day: str, *more: str,
        code: int = 0) -> str:  # fmt: skip
    return say(capsys, "watch", "run", "--on", day, "--work", str(work), *more, *store, code=code)


def test_a_timer_runs_it_and_people_read_their_inbox(
    store: list[str], folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    listed = say(capsys, "watch", "list", "--by", "王检", *store)
    assert "Demo  active, every 30 days" in listed
    assert "the first run" in listed
    text = run(capsys, store, tmp_path / "work", "2026-06-30")
    assert "Demo  the first run" in text
    assert "2 messages" in text
    assert run(capsys, store, tmp_path / "work", "2026-07-01").strip() == "nothing is due"
    inbox = say(capsys, "inbox", "--for", "李检", *store)
    assert "new: 5" in inbox
    assert "YC-2026-000001" in inbox
    assert "1 unread, 1 of 1 shown" in inbox
    told = json.loads(say(capsys, "inbox", "--for", "李检", "--json", "--read", *store))
    assert told["messages"][0]["kind_words"] == {"zh": "新出现", "en": "new"}
    assert "nothing unread" in say(capsys, "inbox", "--for", "李检", *store)
    assert "new: 5" in say(capsys, "inbox", "--for", "李检", "--all", *store)
    (folder / "bar.parquet").unlink()
    silent = run(capsys, store, tmp_path / "work", "2026-07-02", code=3)
    assert "alarm:" in silent
    assert "it had no data" in silent
    assert say(capsys, "inbox", "--for", "王检", *store).startswith("!")
    rows = json.loads(say(capsys, "watch", "list", "--json", "--by", "王检", *store))
    assert rows[0]["last"]["alarms"] == {BAR: "no_data"}
    assert "Demo  removed" in say(capsys, "watch", "remove", "Demo", "--by", "王检", *store)
    assert "no watches" in say(capsys, "watch", "list", "--by", "王检", *store)


def test_mail_goes_only_where_a_server_is_configured(
    store: list[str],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    run(capsys, store, tmp_path / "work", "2026-06-30")
    assert main(["watch", "mail", *store]) == 1
    assert "no mail server is configured" in capsys.readouterr().err
    box, port = Mailbox(), free_port()
    monkeypatch.setenv("YICHA_SMTP_URL", f"smtp://127.0.0.1:{port}")
    assert main(["watch", "mail", *store]) == 1
    assert "mail has no sender" in capsys.readouterr().err
    monkeypatch.setenv("YICHA_SMTP_FROM", "yicha@example.cn")
    assert "mail kept for the next run: 王检" in run(
        capsys, store, tmp_path / "work", "2026-07-01", code=1
    )
    assert run(capsys, store, tmp_path / "work", "2026-07-01", "--no-mail") == "nothing is due\n"
    with mail_server(box, port):
        assert "mailed: 王检" in run(capsys, store, tmp_path / "work", "2026-07-01")
        assert say(capsys, "watch", "mail", *store) == ""
    assert [to for to, _ in box.letters] == [["wang@example.cn"]]


def test_what_is_wrong_is_said_with_its_remedy(
    store: list[str], folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for words, said in (
        (["add", str(folder), "--to", "王检=nowhere"], "is no mail address"),
        (["add", str(folder), "--to", "王检", "--area", "1,2,3"], "the area cannot be read"),
        (["add", str(tmp_path / "none"), "--to", "王检"], "does not exist"),
        (["pause", "Nobody"], "there is no watch"),
        (["run", "Nobody"], "there is no watch"),
    ):
        assert main(["watch", *words, "--by", "王检", *store]) == 1
        assert said in capsys.readouterr().err
    assert main(["watch", "run", "--by", "审计", "--role", "auditor", *store]) == 1
    assert "may not run standing watches" in capsys.readouterr().err
    assert main(["inbox", "--for", "王检", "--by", "李检", *store]) == 1
    assert "other people's messages" in capsys.readouterr().err


def test_paused_taken_up_again_and_forced(
    store: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert "Demo  paused" in say(capsys, "watch", "pause", "Demo", "--by", "王检", *store)
    assert "nothing is due" in run(capsys, store, tmp_path / "work", "2026-06-30")
    assert "Demo  active" in say(capsys, "watch", "resume", "Demo", "--by", "王检", *store)
    run(capsys, store, tmp_path / "work", "2026-06-30")
    assert "somebody asked for it" in run(
        capsys, store, tmp_path / "work", "2026-06-30", "Demo", "--force"
    )
