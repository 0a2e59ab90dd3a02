from __future__ import annotations

import json
from dataclasses import fields

import pytest

from layers.importing.reasons import NOTES, REASONS, reason
from layers.importing.report import ImportReport, Note, RejectedRow, rejected_row, report_from_dict
from tests.layers.importing.tables import Row, imported, shop


def full_report() -> ImportReport:
    rows: list[Row] = [shop(1, 有效期至="昨天", 联系电话="13800138000"), shop(2, 经度="x"), shop(2, 经度="x"), shop(4, 有效期至="2023年5月"),
            {"名称": "", "地址": "", "经度": "", "纬度": "", "有效期至": "", "联系电话": ""}]  # fmt: skip
    return imported(rows, datum="gcj02", where=("地址!~9号",)).report


def test_the_report_survives_json() -> None:
    report = full_report()
    assert report_from_dict(json.loads(json.dumps(report.as_dict()))) == report


def test_both_languages_say_the_same_numbers() -> None:
    report = full_report()
    for lang, words in (
        ("en", ("imported 3", "rejected 1", "set aside 1", "telephone")),
        ("zh", ("导入 3", "拒收 1", "另列 1", "电话")),
    ):
        text = report.text(lang)
        assert all(word in text for word in words), text


def test_json_carries_every_rejected_row_in_both_languages() -> None:
    table = full_report().as_dict()
    (bad,) = table["rejected"]
    assert {
        "row",
        "field",
        "value_masked",
        "code",
        "reason",
        "remedy",
        "zh",
        "remedy_zh",
    } <= bad.keys()
    assert table["fields"][0]["zh"]
    assert all(note["zh"] and note["en"] for note in table["notes"])
    assert table["balanced"] is True


def test_long_lists_are_cut_in_the_text_only() -> None:
    bad = tuple(rejected_row(n, "x", "y", "no_coordinate") for n in range(30))
    report = ImportReport("f", "bar", "0" * 64, 30, rejected=bad)
    assert "25 more" in report.text("en", examples=5)
    assert len(report.as_dict()["rejected"]) == 30


def test_values_shown_are_short_and_masked() -> None:
    shown = rejected_row(3, "地址", "电话13800138000" + "长" * 500, "date_unreadable").value_masked
    assert "13800138000" not in shown
    assert len(shown) <= 60


@pytest.mark.parametrize("code", list(REASONS))
def test_every_reason_speaks_both_languages(code: str) -> None:
    told = reason(code)
    assert told.text("zh")
    assert told.text("en")
    assert bool(told.remedy("zh")) == bool(told.remedy("en"))


@pytest.mark.parametrize("code", list(NOTES))
def test_every_note_speaks_both_languages(code: str) -> None:
    note = Note(code, 3, "poi" if code == "position_kind" else "x{y}")
    assert note.text("zh") != ""
    assert note.text("en") != ""


def test_fields_of_a_rejected_row_are_as_promised() -> None:
    assert [f.name for f in fields(RejectedRow)] == [
        "row",
        "field",
        "value_masked",
        "code",
        "reason",
        "remedy",
    ]
