"""Hand-over sheets: the receiver's columns, no formula anywhere, told in the history."""

from __future__ import annotations

import csv
import hashlib
import io
from pathlib import Path

import pytest
from openpyxl import load_workbook

from layers.errors import LeadError, PolicyError
from leads.views.handover import hand_over, load_forms
from office import Database
from tests.leads.made import AT, FIELD, PROSECUTOR, put_lead, told

EVIL = '=HYPERLINK("http://x","y")'
FINDING = {"texts": {"title": {"zh": "学校周边烟草零售点", "en": "tobacco"},
                     "reasons": [{"zh": "距校门62.4米", "en": "62.4 m"}, {"zh": "+86", "en": "+86"}]},
           "facts": {"licence_no": "9901001"}, "subject": {"point": [109.3, 27.6]}}  # fmt: skip


def sheet(db: Database, path: Path, *leads: str, form: str = "standard") -> Path:
    done = hand_over(db, leads, path, form=form, receiver="云溪县烟草专卖局", reason="移送处理",
                     actor=PROSECUTOR, at=AT)  # fmt: skip
    assert done.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    return path


def test_excel_holds_texts_as_texts_and_numbers_as_numbers(
    database: Database, tmp_path: Path
) -> None:
    lead = put_lead(database, subject_name=EVIL, address="@SUM(1)\x07", finding=FINDING)
    book = load_workbook(sheet(database, tmp_path / "移交.xlsx", lead))
    names = [cell.value for cell in book.active[1]]
    cells = dict(zip(names, book.active[2], strict=True))
    assert cells["名称"].value == EVIL
    assert (cells["名称"].data_type, cells["名称"].quotePrefix) == ("s", True)
    assert (cells["地址"].value, cells["地址"].data_type) == ("@SUM(1)", "s")
    assert (cells["实测值"].value, cells["经度（WGS 84）"].value) == (62.4, 109.3)
    assert cells["事实与理由"].value == "距校门62.4米; +86"
    assert cells["状态"].value == "线索登记"
    assert cells["许可证号"].value == "9901001"  # the lead's own is missing, the finding says one
    assert not any(cell.data_type == "f" for row in book.active.iter_rows() for cell in row)


def test_csv_is_in_the_receivers_encoding_with_no_formula(
    database: Database, tmp_path: Path
) -> None:
    leads = [put_lead(database, 1, subject_name=EVIL, finding=FINDING),
             put_lead(database, 2, subject_name="-1+1", finding=FINDING)]  # fmt: skip
    text = (
        sheet(database, tmp_path / "list.csv", *leads, form="agency").read_bytes().decode("gb18030")
    )
    rows = list(csv.reader(io.StringIO(text)))
    assert rows[0][:2] == ["序号", "单位名称"]
    assert [row[:2] for row in rows[1:]] == [["1", f"'{EVIL}"], ["2", "'-1+1"]]


def test_every_hand_over_is_told(database: Database, tmp_path: Path) -> None:
    lead = put_lead(database, finding=FINDING)
    path = sheet(database, tmp_path / "x.csv", lead)
    [(kind, body)] = told(database, lead)
    assert (kind, body["receiver"], body["file"]) == (
        "lead.handed_over",
        "云溪县烟草专卖局",
        "x.csv",
    )
    assert body["sha256"] == hashlib.sha256(path.read_bytes()).hexdigest()


@pytest.mark.parametrize(("name", "form", "receiver", "problem"), [
    ("x.pdf", "standard", "r", "no kind of sheet"), ("x.csv", "mine", "r", "no form 'mine'"),
    ("x.csv", "standard", " ", "no receiver"),
])  # fmt: skip
def test_what_cannot_be_written_is_told_and_leaves_nothing(
    database: Database, tmp_path: Path, name: str, form: str, receiver: str, problem: str
) -> None:
    lead = put_lead(database)
    with pytest.raises(LeadError, match=problem):
        hand_over(database, [lead], tmp_path / name, form=form, receiver=receiver, reason="r",
                  actor=PROSECUTOR, at=AT)  # fmt: skip
    assert told(database, lead) == []
    assert not (tmp_path / name).exists()


def test_a_sheet_needs_the_right(database: Database, tmp_path: Path) -> None:
    lead = put_lead(database)
    with pytest.raises(PolicyError):
        hand_over(database, [lead], tmp_path / "x.csv", form="agency", receiver="r", reason="r",
                  actor=FIELD, at=AT)  # fmt: skip


def test_a_wrong_form_is_told(tmp_path: Path) -> None:
    file = tmp_path / "forms.toml"
    file.write_text(
        '[x]\nzh = "a"\nen = "b"\nencoding = "klingon"\ncolumns = []\n', encoding="utf-8"
    )
    with pytest.raises(LeadError, match="klingon"):
        load_forms(file)
