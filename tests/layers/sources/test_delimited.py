from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from layers.errors import SourceError
from layers.sources import Limits, RawTable, read_source
from layers.sources.delimited import sniff
from tests.layers.sources.conftest import Save

REGISTER = "名称,地址,经度,纬度\n甲店,某路1号,105.1,26.1\n乙店,某路2号,105.2,26.2\n"


def column(table: RawTable, name: str) -> list[str | None]:
    return table.frame[name].tolist()


def test_cells_are_text_and_rows_are_counted_as_in_a_spreadsheet(save: Save) -> None:
    table = read_source(save("a.csv", REGISTER))
    assert table.frame.columns.tolist() == ["名称", "地址", "经度", "纬度"]
    assert column(table, "经度") == ["105.1", "105.2"]
    assert table.rows.tolist() == [2, 3]
    assert (table.format, table.encoding, table.datum) == ("csv", "utf-8", None)
    assert len(table.sha256) == 64


@pytest.mark.parametrize("separator", [",", "\t", ";", "|"])
def test_every_separator(save: Save, separator: str) -> None:
    text = REGISTER.replace(",", separator)
    assert read_source(save("a.txt", text)).frame.shape == (2, 4)


def test_commas_inside_cells_do_not_fool_the_sniffer() -> None:
    lines = ["名称;地址;经度\n", "甲,店;a,b,c;105\n", "乙,店;d,e,f;106\n"]
    assert sniff(lines) == ";"


def test_a_single_column_is_a_table(save: Save) -> None:
    table = read_source(save("a.csv", "名称\n甲店\n乙店\n"))
    assert column(table, "名称") == ["甲店", "乙店"]


def test_quoted_line_breaks_and_doubled_quotes(save: Save) -> None:
    text = '名称,地址\n"甲""大""店","某路\n1号"\n乙店,x\n'
    table = read_source(save("a.csv", text))
    assert column(table, "名称") == ['甲"大"店', "乙店"]
    assert column(table, "地址")[0] == "某路\n1号"
    assert table.rows.tolist() == [2, 3]


@pytest.mark.parametrize("end", ["\r\n", "\r", "\n"])
def test_every_line_end(save: Save, end: str) -> None:
    assert len(read_source(save("a.csv", REGISTER.replace("\n", end)))) == 2


def test_unusual_line_separators_stay_inside_cells(save: Save) -> None:
    table = read_source(save("a.csv", "名称,地址\n甲\u2028店,a\x0bb\n"))
    assert column(table, "名称") == ["甲\u2028店"]


def test_blank_lines_keep_the_numbers(save: Save) -> None:
    table = read_source(save("a.csv", "名称,地址\n\n甲店,x\n,,\n乙店,y\n"))
    assert table.rows.tolist() == [3, 5]


def test_title_lines_are_told_and_skipped(save: Save) -> None:
    table = read_source(save("a.csv", "某县名单,,,\n单位:某局,,日期:2024,\n" + REGISTER))
    assert table.rows.tolist() == [4, 5]
    assert any("某县名单" in note for note in table.notes)
    assert "the header is row 3" in table.notes


def test_footers_are_named_not_lost(save: Save) -> None:
    text = REGISTER + "合计,2,,\n制表人：张三,,审核：李四,\n填表日期：2024-05-01,,,\n"
    table = read_source(save("a.csv", text))
    assert len(table) == 2
    assert sum("left out as a footer" in note for note in table.notes) == 3
    assert any("row 5" in note and "制表人" in note for note in table.notes)


def test_a_shop_whose_name_begins_like_a_footer_stays(save: Save) -> None:
    table = read_source(save("a.csv", REGISTER + "打印店,某路3号,105.3,26.3\n"))
    assert column(table, "名称")[-1] == "打印店"


def test_the_last_shop_of_a_list_of_names_is_no_footer(save: Save) -> None:
    table = read_source(save("a.csv", "名称\n甲店\n打印店\n"))
    assert column(table, "名称") == ["甲店", "打印店"]
    assert len(read_source(save("b.csv", "名称,地址\n甲店,x\n制表人：张三,\n"))) == 1


def test_a_row_with_words_of_headers_is_still_a_row(save: Save) -> None:
    text = "a,b,c,d,e,f,g\n店,某街道,某机关,1,2,3,4\n店,某街道,某机关,1,2,3,4\n"
    assert read_source(save("a.csv", text)).frame.columns.tolist() == list("abcdefg")


def test_a_sheet_or_layer_means_nothing_for_text(save: Save) -> None:
    table = read_source(save("a.csv", REGISTER), sheet="x")
    assert "sheet= means nothing for this format (csv)" in table.notes


def test_repeated_headers_and_subtotals_of_printed_pages(save: Save) -> None:
    text = "某县名单,,,\n" + REGISTER + "小计,,2,\n某县名单,,,\n" + REGISTER
    table = read_source(save("a.csv", text))
    assert table.rows.tolist() == [3, 4, 8, 9]
    assert "subtotals left out: rows 5" in table.notes
    assert "repeated header or title lines left out: rows 6, 7" in table.notes


def test_ragged_rows_are_kept_and_reported(save: Save) -> None:
    text = REGISTER * 1 + "丙店,某路3号,一层,105.3,26.3\n丁店,某路4号\n戊店,某路5号,105.5,26.5\n"
    table = read_source(save("a.csv", text))
    assert len(table) == 5
    assert {p.row: p.reason for p in table.problems} == {
        4: "5 cells instead of 4",
        5: "2 cells instead of 4",
    }
    assert all(problem.remedy for problem in table.problems)
    assert column(table, "column 5") == [None, None, "26.3", None, None]


def test_trailing_empty_columns_vanish(save: Save) -> None:
    table = read_source(save("a.csv", "名称,地址,,,\n甲店,x,,,\n乙店,y,,,\n"))
    assert table.frame.columns.tolist() == ["名称", "地址"]
    assert table.problems == ()


def test_duplicate_and_empty_column_names(save: Save) -> None:
    table = read_source(save("a.csv", "名称,备注,备注,,备注 (2)\n甲店,a,b,c,d\n"))
    assert table.frame.columns.tolist() == ["名称", "备注", "备注 (3)", "column 4", "备注 (2)"]
    assert any("repeat" in note for note in table.notes)


def test_marks_before_codes_come_off(save: Save) -> None:
    text = "许可证号,名称\n'0012345678,甲店\n\t0012345679\t,乙店\n=\"0012345680\",丙店\n0012345681',丁店\n"
    table = read_source(save("a.csv", text))
    assert column(table, "许可证号") == [f"00123456{n}" for n in (78, 79, 80, 81)]


def test_an_apostrophe_of_a_name_stays(save: Save) -> None:
    table = read_source(save("a.csv", "name,address\n't Koffiehuis,x\nO'Neill's,y\n"))
    assert column(table, "name") == ["'t Koffiehuis", "O'Neill's"]


def test_formula_cells_are_text_and_noted(save: Save) -> None:
    table = read_source(
        save("a.csv", "名称,地址\n=cmd|' /C calc'!A0,x\n@SUM(1+1)|a,y\n-1层(南),z\n")
    )
    assert column(table, "名称") == ["=cmd|' /C calc'!A0", "@SUM(1+1)|a", "-1层(南)"]
    assert any("rows 2, 3" in note and "formulas" in note for note in table.notes)


def test_codes_that_a_spreadsheet_rounded_are_reported(save: Save) -> None:
    table = read_source(
        save("a.csv", "名称,统一社会信用代码\n甲店,9.13401E+17\n乙店,91340100MA2\n")
    )
    assert column(table, "统一社会信用代码")[0] == "9.13401E+17"
    (problem,) = table.problems
    assert (problem.row, problem.field) == (2, "统一社会信用代码")


def test_leading_zeros_and_long_codes_survive(save: Save) -> None:
    table = read_source(save("a.csv", "typecode,code\n061210,913401001234567890\n"))
    assert table.frame.iloc[0].tolist() == ["061210", "913401001234567890"]


def test_a_quote_that_is_never_closed_costs_one_row_only(save: Save) -> None:
    text = '名称,地址,备注\n甲店,x,a\n"乙店,y,b\n丙店,z,"c\nd"\n丁店,w,e\n'
    table = read_source(save("a.csv", text))
    assert column(table, "名称") == ["甲店", "乙店", "丙店", "丁店"]
    assert [problem.row for problem in table.problems] == [3]


def test_characters_that_cannot_be_read_are_reported_by_cell(save: Save) -> None:
    data = bytearray((REGISTER + "丙店,某路,105.3,26.3\n" * 60).encode())
    data[data.index("乙".encode())] = 0xFF
    table = read_source(save("a.csv", bytes(data)))
    assert (table.problems[0].row, table.problems[0].field) == (3, "名称")


def test_gzip_is_unpacked(save: Save) -> None:
    table = read_source(save("a.csv.gz", gzip.compress(REGISTER.encode("gbk"))))
    assert len(table) == 2
    assert table.encoding == "gb18030"


def test_no_header_at_all(save: Save) -> None:
    table = read_source(save("a.csv", "甲店,105.1,26.1\n乙店,105.2,26.2\n"))
    assert table.frame.columns.tolist() == ["column 1", "column 2", "column 3"]
    assert table.rows.tolist() == [1, 2]
    assert any("no header row" in note for note in table.notes)


def test_a_header_of_unknown_words(save: Save) -> None:
    table = read_source(save("a.csv", "foo,bar\n甲店,105.1\n乙店,105.2\n"))
    assert table.frame.columns.tolist() == ["foo", "bar"]


def test_a_two_row_header_without_merges(save: Save) -> None:
    text = "序号,名称,位置,,备注\n,,经度,纬度,\n1,甲店,105.1,26.1,x\n2,乙店,105.2,26.2,y\n"
    table = read_source(save("a.csv", text))
    assert table.frame.columns.tolist() == ["序号", "名称", "位置/经度", "位置/纬度", "备注"]
    assert table.rows.tolist() == [3, 4]


def test_a_header_without_rows_is_an_empty_table(save: Save) -> None:
    table = read_source(save("a.csv", "名称,地址\n"))
    assert len(table) == 0
    assert table.frame.columns.tolist() == ["名称", "地址"]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (b"\n\n\n", "no table"),
        (b"\x01\x02\x03\x04\x05\x06" * 50, "not a text table"),
    ],
)
def test_what_is_no_table_is_refused(save: Save, content: bytes, words: str) -> None:
    with pytest.raises(SourceError, match=words) as caught:
        read_source(save("a.csv", content))
    assert caught.value.remedy
    assert "a.csv" in str(caught.value)


def test_limits_name_the_row(save: Save) -> None:
    path = save("a.csv", "名称,地址\n甲店," + "x" * 200 + "\n")
    with pytest.raises(SourceError, match="characters") as caught:
        read_source(path, limits=Limits(max_cell_chars=100))
    assert caught.value.row == 2
    with pytest.raises(SourceError, match="columns"):
        read_source(path, limits=Limits(max_columns=1))
    with pytest.raises(SourceError, match="rows"):
        read_source(path, limits=Limits(max_rows=1))


def test_an_endless_quote_stops_at_the_limit_of_broken_rows(save: Save) -> None:
    text = "名称,地址\n" + '"a"b,x\n' * 1000
    with pytest.raises(SourceError, match="quotation marks"):
        read_source(save("a.csv", text))


def test_errors_of_the_path(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="does not exist"):
        read_source(tmp_path / "no.csv")
    with pytest.raises(SourceError, match="not a file"):
        read_source(tmp_path)
    with pytest.raises(SourceError):
        read_source("bad\0name.csv")
