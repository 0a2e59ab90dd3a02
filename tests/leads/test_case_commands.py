"""The commands that move, assign, route, note, look again and hand over, as a person types them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from leads.__main__ import main
from leads.shell_steps import entered
from office import Database
from tests.leads.made import lead_of, put_lead, told

LEAD = "YC-2026-000001"


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """A store with one lead in it, of the demo county."""
    path = tmp_path / "leads.sqlite"
    db = Database.open(path)
    put_lead(db, admin_code="990123", finding={"texts": {"title": {"zh": "烟草", "en": "tobacco"}}})
    db.close()
    return path


def say(store: Path, *words: str, lang: str = "en") -> int:
    """Run a command as 王检 on 2026-07-01 unless the words say otherwise."""
    more = ["--store", str(store), "--by", "王检"]
    more += ["--lang", lang] if words[0] != "note" else []
    on = (
        ["--on", "2026-07-01"]
        if words[0] in ("move", "route", "due", "reinspect") and "--on" not in words
        else []
    )
    return main([*words, *more, *on])


def row(store: Path) -> dict[str, object]:
    db = Database.open(store)
    try:
        return lead_of(db, "L0000000000000001")
    finally:
        db.close()


def test_a_lead_is_worked_from_the_shell(
    store: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert say(store, "route", LEAD, "--place", "demo") == 0
    assert (
        "Yunxi County Tobacco Monopoly Bureau · Yunxi County People's Procuratorate"
        in capsys.readouterr().out
    )
    assert say(store, "move", LEAD) == 0
    assert "screening: screening; Rules" in capsys.readouterr().out
    assert say(store, "move", LEAD, "screening") == 0
    filed = ["--set", "case_cause=烟草", "--set", "handler=王检", "--set", "approved_by=检察长"]
    assert say(store, "move", LEAD, "filed", *filed, lang="zh") == 0
    out = capsys.readouterr().out
    assert "立案（第 4 版）" in out
    assert "2026-07-08：向行政机关送达立案决定书" in out
    assert say(store, "due", "--within", "30") == 0
    assert "due soon:\n  2026-07-08 (7 days, 5 working days)" in capsys.readouterr().out
    assert say(store, "due", LEAD, "--met", "serve_filing", "--on", "2026-07-03") == 0
    assert "met" in capsys.readouterr().out
    assert say(store, "due") == 0
    assert "nothing is due" in capsys.readouterr().out
    assert say(store, "assign", LEAD, "李检") == 0
    assert say(store, "note", LEAD, "门头已换") == 0
    sheet = tmp_path / "list.csv"
    assert (
        say(store, "handover", LEAD, "--out", str(sheet), "--to", "烟草局", "--reason", "移送") == 0
    )
    assert "好又来烟酒店" in sheet.read_text(encoding="utf-8-sig")
    assert (row(store)["state"], row(store)["assignee"]) == ("filed", "李检")


def test_every_event_names_the_person_and_the_moment(store: Path) -> None:
    say(store, "assign", LEAD, "李检")
    db = Database.open(store)
    [(kind, body)] = told(db, "L0000000000000001")
    db.close()
    assert (kind, body["to"]) == ("lead.assigned", "李检")


def test_due_as_json(store: Path, capsys: pytest.CaptureFixture[str]) -> None:
    say(store, "route", LEAD, "--place", "demo")
    say(store, "move", LEAD, "screening")
    say(
        store,
        "move",
        LEAD,
        "filed",
        "--set",
        "case_cause=x",
        "--set",
        "handler=y",
        "--set",
        "approved_by=z",
    )
    capsys.readouterr()
    assert say(store, "due", "--json") == 0
    [item] = json.loads(capsys.readouterr().out)
    assert (item["kind"], item["numbers"], item["days"]) == ("serve_filing", [LEAD], 7)


def test_looks_are_shown_and_recorded(store: Path, capsys: pytest.CaptureFixture[str]) -> None:
    db = Database.open(store)
    put_lead(db, 2, state="rectification", agency="990123-tobacco")
    db.close()
    assert say(store, "move", "YC-2026-000002", "follow_up", "--set", "reply=done") == 0
    capsys.readouterr()
    assert say(store, "reinspect", "YC-2026-000002") == 0
    out = capsys.readouterr().out
    assert "2026-07-06  first look-back  planned" in out
    assert "cannot tell, the check has not run since" in out
    done = (
        "reinspect",
        "YC-2026-000002",
        "still_there",
        "--test",
        "partial",
        "--evidence",
        "after=2.tif",
    )
    assert say(store, *done) == 0
    assert "still there (version 3)" in capsys.readouterr().out


@pytest.mark.parametrize(("words", "told_"), [
    (("move", LEAD, "sued"), "there is no step from registered to sued"),
    (("move", LEAD, "screening", "--version", "7"), "was changed meanwhile"),
    (("move", LEAD, "dismissed", "--reason", "ugly"), "none of the choices"),
    (("move", LEAD, "screening", "--set", "x"), "is not name=value"),
    (("assign", LEAD), "name a person, or --nobody"),
    (("route", LEAD, "--place", "atlantis"), "cannot be read"),
    (("route", "--place", "demo", "--to", "990123-fire"), "--to takes one lead"),
    (("due", "--met", "reply"), "no lead is named"),
    (("due", LEAD, "--extend", "review"), "no reason is given"),
    (("due", "--on", "1.7.2026"), "is not a day"),
    (("reinspect", LEAD, "gone", "--test", "partial"), "gone with 1 tests"),
    (("handover", LEAD, "--out", "x.doc", "--to", "a", "--reason", "b"), "no kind of sheet"),
    (("note", "L404", "x"), "there is no lead L404"),
])  # fmt: skip
def test_what_is_wrong_is_told_with_its_remedy(
    store: Path, capsys: pytest.CaptureFixture[str], words: tuple[str, ...], told_: str
) -> None:
    assert say(store, *words) == 1
    message = capsys.readouterr().err
    assert told_ in message
    assert "Remedy:" in message
    assert row(store)["version"] == 1


def test_without_a_name_nobody_acts(
    store: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("YICHA_ACTOR", raising=False)
    assert main(["assign", LEAD, "李检", "--store", str(store)]) == 1
    assert "nobody is named" in capsys.readouterr().err


def test_a_field_is_named_once() -> None:
    assert entered(["a=1", "b=x=y", "c="]) == {"a": "1", "b": "x=y", "c": ""}
    for pairs in (["a"], ["=1"], ["a=1", "a=2"]):
        with pytest.raises(Exception, match="is not name=value"):
            entered(pairs)
