from __future__ import annotations

import datetime as dt
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlwt

from layers.errors import SourceError
from layers.sources import Limits, RawTable, read_source
from tests.fuzz.seeds import excel_xml_text, html_text, zipped
from tests.layers.sources.conftest import Save

Build = Callable[[Any], None]
NOON = dt.datetime.combine(dt.date(2023, 5, 1), dt.time(12))


def workbook(path: Path, build: Build, title: str = "名单") -> Path:
    book = openpyxl.Workbook()
    book.active.title = title
    build(book.active)
    book.save(path)
    return path


def read(tmp_path: Path, build: Build, **options: Any) -> RawTable:
    return read_source(workbook(tmp_path / "a.xlsx", build), **options)


def column(table: RawTable, name: str) -> list[str | None]:
    return table.frame[name].tolist()


def printed(sheet: Any) -> None:
    """A printed register: title, unit line, two-row header, merged town, footers."""
    sheet.append(["某县烟草零售许可证一览表"])
    sheet.append(["单位：某局", None, None, "日期：2024年5月"])
    sheet.append(["序号", "名称", "位置", None, "许可证号", "乡镇"])
    sheet.append([None, None, "经度", "纬度"])
    for n in range(4):
        sheet.append([n + 1, f"店{n}", 105.48120000000001, 26.2139, f"00{n}", None])
    sheet["F5"], sheet["F7"] = "甲镇", "乙镇"
    sheet.append(["合计", 4])
    sheet.append(["制表人：张三", None, None, "审核：李四"])
    merged = ("A1:F1", "C3:D3", "A3:A4", "B3:B4", "E3:E4", "F3:F4", "F5:F6", "F7:F8")
    for cells in merged:
        sheet.merge_cells(cells)


def test_a_printed_register(tmp_path: Path) -> None:
    table = read(tmp_path, printed)
    assert table.frame.columns.tolist() == [
        "序号", "名称", "位置/经度", "位置/纬度", "许可证号", "乡镇",
    ]  # fmt: skip
    assert table.rows.tolist() == [5, 6, 7, 8]
    assert column(table, "乡镇") == ["甲镇", "甲镇", "乙镇", "乙镇"]
    assert column(table, "位置/经度")[0] == "105.4812"
    assert column(table, "许可证号") == ["000", "001", "002", "003"]
    assert any("merged cells were filled down" in note for note in table.notes)
    assert sum("footer" in note for note in table.notes) == 2
    assert table.problems == ()
    assert (table.format, table.sheet) == ("xlsx", "名单")


def test_hidden_rows_and_columns_are_read_and_noted(tmp_path: Path) -> None:
    def build(sheet: Any) -> None:
        for row in (["名称", "地址"], ["甲店", "x"], ["乙店", "y"]):
            sheet.append(row)
        sheet.row_dimensions[3].hidden = True
        sheet.column_dimensions["B"].hidden = True

    table = read(tmp_path, build)
    assert len(table) == 2
    assert "hidden rows were read too: rows 3" in table.notes
    assert "hidden columns were read too: columns 2" in table.notes


def test_numbers_that_are_codes(tmp_path: Path) -> None:
    def build(sheet: Any) -> None:
        sheet.append(["名称", "代码", "编号"])
        sheet.append(["甲店", 340100123456789, 61210])
        sheet.append(["乙店", 9.1e17, 12.50])
        sheet["C2"].number_format = "000000"

    table = read(tmp_path, build)
    assert column(table, "代码") == ["340100123456789", "910000000000000000"]
    assert column(table, "编号") == ["061210", "12.5"]
    (problem,) = table.problems
    assert (problem.row, problem.field) == (3, "代码")
    assert "15" in problem.reason


def test_dates_flags_and_errors(tmp_path: Path) -> None:
    def build(sheet: Any) -> None:
        sheet.append(["名称", "日期", "时间", "在营", "备注"])
        sheet.append(["甲店", dt.date(2023, 5, 1), NOON, True, "#N/A"])

    table = read(tmp_path, build)
    assert table.frame.iloc[0].tolist() == [
        "甲店", "2023-05-01", "2023-05-01 12:00:00", "true", "#N/A",
    ]  # fmt: skip


def test_a_date_outside_the_calendar_is_no_traceback(tmp_path: Path) -> None:
    def build(sheet: Any) -> None:
        sheet.append(["名称", "日期"])
        sheet.append(["甲店", 99999999])
        sheet["B2"].number_format = "yyyy-mm-dd"

    assert column(read(tmp_path, build), "日期") == ["#VALUE!"]


def test_a_formula_that_was_never_computed_is_reported(tmp_path: Path) -> None:
    def build(sheet: Any) -> None:
        sheet.append(["名称", "经度"])
        sheet.append(["甲店", "=100+5"])

    (problem,) = read(tmp_path, build).problems
    assert problem.row == 2
    assert "formula" in problem.reason


def test_the_sheet_with_most_header_words_is_read(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["填表说明"])
    book.create_sheet("名单").append(["名称", "地址", "许可证号"])
    book["名单"].append(["甲店", "x", "01"])
    book.create_sheet("旧").append(["名称", "地址", "许可证号"])
    book["旧"].append(["乙店", "y", "02"])
    book["旧"].sheet_state = "hidden"
    path = tmp_path / "a.xlsx"
    book.save(path)
    assert read_source(path).sheet == "名单"
    assert any("of: Sheet, 名单, 旧" in note for note in read_source(path).notes)
    assert column(read_source(path, sheet="旧"), "名称") == ["乙店"]
    assert column(read_source(path, sheet="2"), "名称") == ["甲店"]
    with pytest.raises(SourceError, match="no sheet '新'") as caught:
        read_source(path, sheet="新")
    assert "名单" in caught.value.remedy


def test_an_empty_workbook_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="empty"):
        read(tmp_path, lambda _: None)


def test_cells_far_out_without_a_value_do_not_matter(tmp_path: Path) -> None:
    def build(sheet: Any) -> None:
        sheet.append(["名称", "地址"])
        sheet.append(["甲店", "x"])
        sheet["XFD2"].number_format = "0.00"

    assert read(tmp_path, build).frame.shape == (1, 2)


def test_rows_beyond_the_limit(tmp_path: Path) -> None:
    def build(sheet: Any) -> None:
        sheet.append(["名称", "地址"])
        sheet["A5000"] = "far"

    with pytest.raises(SourceError, match="more than 100 rows"):
        read(tmp_path, build, limits=Limits(max_rows=100))


def test_a_doctype_is_refused_before_anything_is_parsed(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", printed)
    sheet = (
        '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]>'
        '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData/>'
        "</worksheet>"
    )
    for encoding in ("utf-8", "utf-16"):
        path.write_bytes(_replaced(path, "xl/worksheets/sheet1.xml", sheet.encode(encoding)))
        with pytest.raises(SourceError, match="XML entities"):
            read_source(path)


def test_a_bomb_is_refused_by_its_ratio(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", printed)
    path.write_bytes(_replaced(path, "xl/media/x.bin", b"0" * (40 << 20)))
    with pytest.raises(SourceError, match="unpacks to far more"):
        read_source(path)


def _replaced(path: Path, name: str, data: bytes) -> bytes:
    import zipfile

    with zipfile.ZipFile(path) as archive:
        members = {member: archive.read(member) for member in archive.namelist()}
    return zipped(members | {name: data})


def test_a_merge_over_the_whole_sheet_costs_nothing(tmp_path: Path) -> None:
    def build(sheet: Any) -> None:
        sheet.append(["名称", "地址"])
        sheet.append(["甲店", "x"])

    path = workbook(tmp_path / "a.xlsx", build)
    name = "xl/worksheets/sheet1.xml"
    import zipfile

    with zipfile.ZipFile(path) as archive:
        xml = archive.read(name)
    merges = b'<mergeCells><mergeCell ref="A2:XFD1048576"/></mergeCells>'
    path.write_bytes(_replaced(path, name, xml.replace(b"</sheetData>", b"</sheetData>" + merges)))
    assert len(read_source(path)) == 1


# Old workbooks, and what else is called .xls


def old_workbook(build: Build) -> bytes:
    book = xlwt.Workbook(encoding="utf-8")
    build(book.add_sheet("名单"))
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def test_an_old_workbook(save: Save) -> None:
    def build(sheet: Any) -> None:
        day = xlwt.easyxf(num_format_str="YYYY-MM-DD")
        zeros = xlwt.easyxf(num_format_str="000000")
        sheet.write_merge(0, 0, 0, 4, "某县名单")
        for place, name in enumerate(["名称", "代码", "日期", "编号", "乡镇"]):
            sheet.write(1, place, name)
        for n in (2, 3):
            sheet.write(n, 0, f"店{n}")
            sheet.write(n, 1, 340100123456789 if n == 2 else 9.1e17)
            sheet.write(n, 2, dt.date(2023, 5, n), day)
            sheet.write(n, 3, 61210, zeros)
        sheet.write_merge(2, 3, 4, 4, "甲镇")
        sheet.row(3).hidden = True
        sheet.write(4, 0, "制表人：张三")

    table = read_source(save("a.xls", old_workbook(build)))
    assert table.format == "xls"
    assert table.rows.tolist() == [3, 4]
    assert column(table, "代码") == ["340100123456789", "910000000000000000"]
    assert column(table, "日期") == ["2023-05-02", "2023-05-03"]
    assert column(table, "编号") == ["061210", "061210"]
    assert column(table, "乡镇") == ["甲镇", "甲镇"]
    assert [(problem.row, problem.field) for problem in table.problems] == [(4, "代码")]
    assert "hidden rows were read too: rows 4" in table.notes


def test_an_xls_that_is_html(save: Save) -> None:
    table = read_source(save("a.xls", html_text(), "gbk"))
    assert (table.format, table.encoding) == ("html", "gb18030")
    assert column(table, "许可证号")[1] == "012345678901"
    assert column(table, "序号")[-2:] == ["4", "4"]
    assert column(table, "名称")[-2:] == ["a&b c", "d"]
    assert table.rows[0] == 3


def test_the_best_table_of_a_page_is_read(save: Save) -> None:
    menu = "<table><tr><td>首页<td>关于</table>"
    inner = "<table><tr><th>名称<th>地址<th>经度<tr><td>甲店<td>x<td>105.1</table>"
    page = f"<html>{menu}<table><tr><td>{inner}</td></tr></table>"
    table = read_source(save("a.html", page))
    assert column(table, "名称") == ["甲店"]
    assert read_source(save("a.html", page), sheet="1").frame.columns.tolist() == ["首页", "关于"]


def test_scripts_in_a_page_are_not_cells(save: Save) -> None:
    page = "<table><tr><th>名称<th>地址<tr><td>甲<script>alert('x')</script>店<td>y</table>"
    assert column(read_source(save("a.xls", page)), "名称") == ["甲店"]


def test_unclosed_comments_and_tags_end_the_page(save: Save) -> None:
    page = "<table><tr><th>名称<th>地址<tr><td>甲店<!-- 注 --><td>a < b"
    for tail in ("<!--" * 5000, "<![" * 5000, "<a b='" * 5000, "</table><!-- <table><tr><td>x"):
        table = read_source(save("a.xls", page + tail))
        assert column(table, "名称") == ["甲店"]
        assert str(column(table, "地址")[0]).startswith("a < b")


def test_spans_cannot_ask_for_more_cells_than_allowed(save: Save) -> None:
    page = "<table>" + "<tr><td rowspan=900 colspan=99999>甲店<td>x" * 100
    with pytest.raises(SourceError, match="wider and longer"):
        read_source(save("a.xls", page), limits=Limits(max_cells=50_000))
    text = excel_xml_text().replace("<Cell><Data", '<Cell ss:MergeAcross="900"><Data')
    with pytest.raises(SourceError, match="wider and longer"):
        read_source(save("b.xls", text), limits=Limits(max_cells=5_000))


def test_one_stray_cell_does_not_make_a_wide_table(tmp_path: Path) -> None:
    def build(sheet: Any) -> None:
        sheet.append(["名称", "地址"])
        for n in range(200):
            sheet.append([f"店{n}", "x"])
        sheet.cell(50, 900, "stray")

    table = read(tmp_path, build)
    assert table.frame.columns.tolist() == ["名称", "地址", "column 900"]
    assert [problem.row for problem in table.problems] == [50]
    with pytest.raises(SourceError, match="wider and longer"):
        read(tmp_path, build, limits=Limits(max_cells=10_000))


def test_an_xls_that_is_tab_separated(save: Save) -> None:
    table = read_source(save("a.xls", "名称\t地址\n甲店\tx\n", "utf-16"))
    assert (table.format, table.encoding) == ("tsv", "utf-16")


def test_an_xls_that_is_an_xml_spreadsheet(save: Save) -> None:
    table = read_source(save("a.xls", excel_xml_text()))
    assert (table.format, table.sheet) == ("excel-xml", "名单")
    assert column(table, "名称") == ["甲便利店", "乙烟酒店(南门店)", "丙超市", "丁"]
    assert table.rows.tolist() == [3, 4, 5, 8]


def test_an_xml_spreadsheet_with_an_entity_is_refused(save: Save) -> None:
    text = excel_xml_text().replace("<?mso", "<!DOCTYPE x [<!ENTITY a 'b'>]><?mso")
    with pytest.raises(SourceError, match="XML entities"):
        read_source(save("a.xls", text))


@pytest.mark.parametrize(
    ("start", "what"),
    [(b"%PDF-1.7", "PDF"), (b"Rar!\x1a", "RAR"), (b"MIME-Version: 1.0", "MHTML"),
     (b"\x89PNG\r\n", "PNG")],
)  # fmt: skip
def test_known_formats_that_are_not_read_have_a_remedy(save: Save, start: bytes, what: str) -> None:
    with pytest.raises(SourceError, match=what) as caught:
        read_source(save("a.xls", start + b"\0" * 50))
    assert caught.value.remedy


def test_a_protected_workbook_says_so(save: Save) -> None:
    ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 2000
    with pytest.raises(SourceError, match="Excel 97 workbook is damaged") as caught:
        read_source(save("a.xlsx", ole))
    assert "password" in caught.value.remedy
