"""The same in a shell: send, receive, receipt, transfers, show."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from leads.__main__ import main
from office.canonical import canonical
from tests.leads.exchange.two import HERE, THERE, Side, fill

Sides = tuple[Side, Side]
Shell = Callable[..., str]


@pytest.fixture
def shell(sides: Sides, capsys: pytest.CaptureFixture[str]) -> Shell:
    """Run a command in one of the offices; what it prints."""

    def run(n: int, *words: str, lang: str = "en", code: int = 0) -> str:
        side = sides[n]
        common = ["--offices", str(side.file)] if words[0] != "show" else []
        told = main([*words, *common, "--store", side.db.shown, "--by", "王检", "--lang", lang])
        found = capsys.readouterr()
        assert told == code, found.err
        return found.out + found.err

    return run


def test_by_disk_from_first_to_last(sides: Sides, shell: Shell, tmp_path: Path) -> None:
    ids = fill(sides[0].db, tmp_path / "runs", 3)
    bundle = tmp_path / "证据包.zip"
    bundle.write_bytes(b"sealed")
    out, receipt = tmp_path / "go.zip", tmp_path / "back.json"
    told = shell(
        0,
        "send",
        *ids,
        "--to",
        THERE,
        "--reason",
        "属青澜市院管辖",
        "--out",
        str(out),
        "--attach",
        str(bundle),
    )
    assert "YC-2026-000001 → Qinglan City People's Procuratorate" in told
    assert "no receipt yet" in shell(0, "transfers")
    looked = shell(1, "receive", str(out), "--look", lang="zh")
    assert "移送的线索: 云溪县人民检察院" in looked
    assert looked.count("YC-2026-") == 3
    assert sides[1].states() == {}
    told = shell(1, "receive", str(out), "--receipt", str(receipt), lang="zh")
    assert told.count("已接收") == 3
    assert "此前已收到" in shell(1, "receive", str(out), "--receipt", str(receipt), lang="zh")
    assert shell(0, "receipt", str(receipt)).count("accepted") == 3
    assert shell(0, "receipt", str(receipt)).count("accepted") == 3
    assert (sides[0].active(), sides[1].active()) == (set(), set(ids))
    rows = json.loads(shell(1, "transfers", "--json", "--state", "accepted"))
    assert {row["partner"] for row in rows} == {HERE}
    assert "whole" in shell(1, "transfers", "--verify", "--role", "auditor")
    assert (sides[1].offices.attachments / json.loads(shell(1, "show", ids[0], "--json"))["data"]["received"][
        "attachments"][0]["sha256"]).read_bytes() == b"sealed"  # fmt: skip


def test_what_a_lead_brought_along_is_shown(sides: Sides, shell: Shell, tmp_path: Path) -> None:
    (lead,) = fill(sides[0].db, tmp_path / "runs")
    out = tmp_path / "go.zip"
    shell(0, "send", lead, "--to", THERE, "--reason", "x", "--out", str(out))
    shell(1, "receive", str(out))
    assert (
        "history at Yunxi County People's Procuratorate (number YC-2026-000001, verified"
        in shell(1, "show", lead)
    )
    told = shell(1, "show", lead, lang="zh")
    assert "在云溪县人民检察院的历史（编号 YC-2026-000001，已按签名核验，只读）" in told
    assert "发现线索" in told
    (part,) = json.loads(shell(1, "show", lead, "--json"))["foreign"]
    assert [canonical(one) for one in part["events"]]
    assert "on its way to another office" in shell(0, "show", lead)


def test_called_back_and_refused_by_disk(sides: Sides, shell: Shell, tmp_path: Path) -> None:
    one, other = fill(sides[0].db, tmp_path / "runs", 2)
    files = {name: tmp_path / name for name in ("1.zip", "2.zip", "wish.json", "1.json", "2.json")}
    shell(0, "send", one, "--to", THERE, "--reason", "x", "--out", str(files["1.zip"]))
    shell(0, "send", other, "--to", THERE, "--reason", "x", "--out", str(files["2.zip"]))
    transfer = next(
        row["id"] for row in json.loads(shell(0, "transfers", "--json")) if row["lead_id"] == one
    )
    shell(
        0, "transfers", "--recall", transfer, "--reason", "弄错", "--out", str(files["wish.json"])
    )
    assert "asked back, no answer yet" in shell(0, "transfers")
    assert "called back" in shell(
        1, "receive", str(files["wish.json"]), "--receipt", str(files["1.json"])
    )
    told = shell(
        1, "receive", str(files["2.zip"]), "--refuse", "不属本院", "--receipt", str(files["2.json"])
    )
    assert "refused" in told
    shell(0, "receipt", str(files["1.json"]))
    assert "不属本院" in shell(0, "receipt", str(files["2.json"]))
    assert sides[0].active() == {one, other}
    assert "弄错" in shell(0, "transfers", "--show", transfer)
    assert "nothing" in shell(0, "transfers", "--show", "0" * 64, code=1)
    assert "again.zip" in shell(
        0, "transfers", "--again", THERE, "--out", str(tmp_path / "again.zip")
    )
    assert "sent anew" in shell(0, "transfers", "--again", transfer, code=1)
    assert "given back: Qinglan City People's Procuratorate · refused · 不属本院" in shell(
        0, "show", other
    )


def test_keys_are_shown_to_be_compared(shell: Shell) -> None:
    here, there = (shell(n, "transfers", "--public-keys") for n in (0, 1))
    assert sorted(here.splitlines()) == sorted(there.splitlines())


def test_an_office_that_does_not_answer_is_named(
    sides: Sides, shell: Shell, tmp_path: Path
) -> None:
    (lead,) = fill(sides[0].db, tmp_path / "runs")
    text = sides[0].file.read_text(encoding="utf-8")
    for url, words in (("http://127.0.0.1:9", "does not answer"), ("http://example.invalid", "in the clear"),
                       ("ftp://x", "names no address")):  # fmt: skip
        sides[0].file.write_text(text.replace('url = ""', f'url = "{url}"'), encoding="utf-8")
        if sides[0].active():
            told = shell(0, "send", lead, "--to", THERE, "--reason", "x", code=1)
        else:
            told = shell(0, "transfers", "--go-on", code=1)
        assert words in told
    assert sides[0].states() == {lead: "sent"}
    assert "nothing was sent" in shell(1, "transfers")
