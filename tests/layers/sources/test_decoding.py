from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from layers.errors import SourceError
from layers.sources.decoding import decode

FILE = Path("名单.csv")
TEXT = "名称,地址,经度\n甲便利店,某路1号,105.4812\n乙烟酒店,某街道2号,105.4813\n"


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8-sig"),
        ("gbk", "gb18030"),
        ("gb18030", "gb18030"),
        ("utf-16", "utf-16"),
        ("utf-16-le", "utf-16-le"),
        ("utf-16-be", "utf-16-be"),
        ("utf-32", "utf-32"),
    ],
)
def test_every_encoding_of_real_exports_is_found(written: str, found: str) -> None:
    decoded = decode(TEXT.encode(written), FILE)
    assert decoded.text == TEXT
    assert decoded.encoding == found
    assert decoded.notes == ()


def test_utf16_with_a_mark_in_both_orders() -> None:
    for order, mark in (("utf-16-le", b"\xff\xfe"), ("utf-16-be", b"\xfe\xff")):
        assert decode(mark + TEXT.encode(order), FILE).text == TEXT


def test_rare_characters_need_gb18030_and_get_it() -> None:
    text = "名称,地址\n㐂店𠮷,某路\n" * 3
    assert decode(text.encode("gb18030"), FILE).text == text


def test_a_short_gbk_text_is_not_taken_for_utf8() -> None:
    assert decode("联通".encode("gbk"), FILE).text == "联通"


@given(st.text(alphabet="名称地址烟酒店甲乙丙丁某路号一二三abc,1\n", min_size=1))
def test_what_is_utf8_is_read_as_utf8(text: str) -> None:
    assert decode(text.encode(), FILE).text == text


def test_western_text_is_refused_rather_than_read_as_rare_hanzi() -> None:
    data = "name,city\nCafé,São Paulo\nBäckerei,Köln\n".encode("cp1252")
    with pytest.raises(SourceError, match="neither UTF-8 nor GBK") as caught:
        decode(data, FILE)
    assert "cp1252" in caught.value.remedy
    assert decode(data, FILE, "cp1252").text.splitlines()[1] == "Café,São Paulo"


def test_big5_is_refused_and_can_be_named() -> None:
    data = "名稱,地址\n臺北便利商店,忠孝東路\n學校,羅斯福路\n".encode("big5")
    with pytest.raises(SourceError, match="neither UTF-8 nor GBK"):
        decode(data, FILE)
    assert "臺北便利商店" in decode(data, FILE, "big5").text


def test_a_few_damaged_bytes_are_marked_not_dropped() -> None:
    data = bytearray((TEXT * 20).encode())
    data[data.index("乙".encode())] = 0xFF
    decoded = decode(bytes(data), FILE)
    assert decoded.encoding == "utf-8"
    assert "\ufffd" in decoded.text
    assert "damaged" in decoded.notes[0]


def test_a_declared_encoding_is_obeyed_strictly() -> None:
    with pytest.raises(SourceError, match="is not utf-8") as caught:
        decode(b"name\nok\n" + "名称".encode("gbk"), FILE, "utf-8")
    assert caught.value.row == 3


@pytest.mark.parametrize("name", ["no-such", "hex", "zlib"])
def test_an_unknown_encoding_is_an_error_with_a_remedy(name: str) -> None:
    with pytest.raises(SourceError, match="no text encoding"):
        decode(b"abc", FILE, name)


def test_zero_bytes_are_removed_and_said() -> None:
    decoded = decode("名称,地址\n甲\0店,某路\n乙店,某路2号,某某镇\n".encode(), FILE)
    assert "甲店" in decoded.text
    assert "zero bytes" in decoded.notes[0]


def test_utf16_cut_in_the_middle_of_a_character() -> None:
    decoded = decode((TEXT * 5).encode("utf-16")[:-1], FILE)
    assert decoded.text.startswith(TEXT)
    assert decoded.notes
