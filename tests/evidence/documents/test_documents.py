"""The drafts read back from their XML: every field is there, what people decide is blank, text is text."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping
from dataclasses import replace
from itertools import cycle
from xml.etree import ElementTree as ET

import docx
import pytest
from docx.document import Document
from docx.table import Table

from evidence import Dossier
from evidence.documents import KINDS, Kind, make_document
from evidence.exports.texts import visible
from evidence.masking import share
from tests.evidence.exports.hostile import HOSTILE, renamed, short

MARK = "李明 于 2026-07-01 导出，供市人民检察院使用"
CHECKS = ("tobacco-near-school", "waste-near-reservoir", "fire-lane-blocked", "wage-deposit")
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def read(data: bytes) -> Document:
    return docx.Document(io.BytesIO(data))


def text_of(document: Document) -> str:
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([one.text for one in document.paragraphs] + cells)


def part(data: bytes, name: str) -> str:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return archive.read(name).decode("utf-8")


def pairs(table: Table) -> dict[str, str]:
    return {row.cells[0].text: row.cells[1].text for row in table.rows}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("check", CHECKS)
def test_every_lead_fills_every_document(
    dossiers: Mapping[str, Dossier], kind: Kind, check: str
) -> None:
    one = dossiers[check]
    data = make_document(kind, one, watermark=MARK)
    assert data == make_document(kind, one, watermark=MARK)
    document = read(data)
    text = text_of(document)
    assert one.number in text
    assert str(one.finding["subject_name"]) in text
    captions = [p.text for p in document.paragraphs if p.style and p.style.name == "Caption"]
    assert len(captions) == len(document.tables)
    fields = re.findall(
        r'w:instr="SEQ 表[^"]*"[^>]*>.*?<w:t>(\d+)</w:t>', part(data, "word/document.xml")
    )
    assert [int(number) for number in fields] == list(range(1, len(captions) + 1))


def test_the_letter_has_the_fields_of_a_letter(dossiers: Mapping[str, Dossier]) -> None:
    one = dossiers["tobacco-near-school"]
    document = read(make_document("transfer", one))
    text = text_of(document)
    for wanted in ("文号", "主送单位", "移送理由", "简要事实", "依据", "附件清单", "联系人", "审批人", "回执",
                   "梨树湾村3号", "27.609268", "gcj02", "45.1 米", "未核实", "核对现行有效文本"):  # fmt: skip
        assert wanted in text, wanted
    for reason in one.finding["reasons"]:
        assert reason in text
    listed = next(table for table in document.tables if table.rows[0].cells[0].text == "序号")
    hashes = [row.cells[3].text for row in listed.rows][1:]
    assert len(re.findall(r"^[0-9a-f]{64}$", "\n".join(hashes), re.MULTILINE)) == 1 + len(
        one.sources
    )
    assert "烟草零售点" in text


def test_the_record_leaves_room_for_what_people_find(dossiers: Mapping[str, Dossier]) -> None:
    one = dossiers["fire-lane-blocked"]
    document = read(make_document("inspection", one))
    text = text_of(document)
    for wanted in ("开始时间", "天气", "主持人", "见证人", "检定或校准日期", "第一次实测", "现场图编号", "异议", "签名",
                   "SHA-256", "消防车道"):  # fmt: skip
        assert wanted in text, wanted
    measured = next(t for t in document.tables if t.rows[0].cells[1].text == "程序参考值")
    for row in list(measured.rows)[1:]:
        assert [cell.text for cell in row.cells][2:] == ["", "", ""]
    people = next(t for t in document.tables if t.rows[0].cells[0].text == "身份")
    assert all(not cell.text for row in list(people.rows)[1:] for cell in row.cells[1:])


def test_the_form_shows_before_and_after(dossiers: Mapping[str, Dossier]) -> None:
    one = dossiers["waste-near-reservoir"]
    deadline = {"kind": "reply", "started_on": "2026-05-01", "due_on": "2026-07-01", "state": "open",
                "data": {"words": {"zh": "书面回复期限", "en": "reply"}}}  # fmt: skip
    data = make_document("look-back", replace(one, deadlines=[deadline]))
    document = read(data)
    assert len(document.inline_shapes) == 2
    alt = [
        node.get("descr")
        for node in ET.fromstring(part(data, "word/document.xml")).iter()
        if node.get("descr")
    ]
    assert len(alt) == 2
    text = text_of(document)
    for picture in one.pictures:
        assert picture.sha256 in text
    for wanted in (
        "书面回复期限",
        "2026-07-01",
        "第82条",
        "□ 已消除",
        "□ 仍然存在",
        "复测值",
        "志愿者",
        "420 平方米",
    ):
        assert wanted in text, wanted


@pytest.mark.parametrize("kind", KINDS)
def test_what_a_person_decides_is_blank(dossiers: Mapping[str, Dossier], kind: Kind) -> None:
    document = read(make_document(kind, dossiers["tobacco-near-school"]))
    lines = [
        one
        for one in document.paragraphs
        if one.text.startswith(("文号：", "主送单位：", "理由："))
    ]
    for line in lines:
        assert not line.runs[1].text.strip("\u3000")
        assert line.runs[1].underline
    told = {
        name: value
        for table in document.tables
        if len(table.columns) == 2
        for name, value in pairs(table).items()
    }
    for name in (
        "案号",
        "检察建议书文号",
        "发出日期",
        "回复日期",
        "日期",
        "审批人签名",
        "联系电话",
    ):
        assert told.get(name, "") == ""


@pytest.mark.parametrize("kind", KINDS)
def test_the_mark_stands_on_every_page(dossiers: Mapping[str, Dossier], kind: Kind) -> None:
    data = make_document(kind, dossiers["tobacco-near-school"], watermark=MARK)
    header, footer = part(data, "word/header1.xml"), part(data, "word/footer1.xml")
    assert f'string="{MARK}"' in header
    assert "草稿" in header
    assert "演示数据" in header
    assert MARK in footer
    assert 'w:instr="PAGE"' in footer
    plain = part(make_document(kind, dossiers["tobacco-near-school"]), "word/header1.xml")
    assert "textpath" not in plain


def test_it_is_chinese_paper(dossiers: Mapping[str, Dossier]) -> None:
    data = make_document("transfer", dossiers["tobacco-near-school"])
    section = read(data).sections[0]
    assert section.page_width is not None
    assert section.page_height is not None
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)
    assert 'w:eastAsia="仿宋"' in part(data, "word/styles.xml")
    assert "<dc:language>zh-CN" in part(data, "docProps/core.xml")
    assert "2026-07-01T01:30:00Z" in part(data, "docProps/core.xml")


@pytest.mark.parametrize(
    ("name", "kind"), list(zip(HOSTILE, cycle(KINDS), strict=False)), ids=short
)
def test_a_hostile_name_is_text(dossiers: Mapping[str, Dossier], kind: Kind, name: str) -> None:
    """One writer of text serves every kind: each name in one of them, each kind with many."""
    one = renamed(dossiers["tobacco-near-school"], name)
    data = make_document(kind, one, watermark=name)
    assert visible(name) in text_of(read(data))
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for file in archive.namelist():
            assert ".." not in file
            if file.endswith((".xml", ".rels")):
                ET.fromstring(archive.read(file))
        body = ET.fromstring(archive.read("word/document.xml"))
        outside = archive.read("word/_rels/document.xml.rels").decode("utf-8")
    assert 'TargetMode="External"' not in outside
    codes = {node.get(f"{W}instr", "").split()[0] for node in body.iter(f"{W}fldSimple")}
    assert codes == {"SEQ"}


@pytest.mark.parametrize("kind", KINDS)
def test_a_masked_copy_makes_a_masked_draft(dossiers: Mapping[str, Dossier], kind: Kind) -> None:
    one = dossiers["tobacco-near-school"]
    data = make_document(kind, share(one))
    text = text_of(read(data))
    assert str(one.finding["subject_name"]) not in text
    assert "27.609268" not in text
    assert "打码副本" in part(data, "word/header1.xml")
