"""XML of others: entities, depth, number and size are refused, plain XML is read."""

from __future__ import annotations

from pathlib import Path

import pytest

from imagery.guard import Limits
from imagery.guard.xml import parse_xml, parse_xml_text
from layers.errors import ImageryError

HERE = Path("MTD.xml")


def test_plain_xml() -> None:
    assert parse_xml_text("<a><b>六枝</b></a>".encode(), HERE).findtext("b") == "六枝"


@pytest.mark.parametrize(
    "data",
    [
        b"", b"<a>", b"<a></b>", b"hello", b"\xff\xfe\x00", b"<a>" * 500 + b"</a>" * 500,
        b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', b'<!DOCTYPE a SYSTEM "http://127.0.0.1/x.dtd"><a/>',
        b'<!DOCTYPE a [<!ENTITY % b SYSTEM "file:///etc/passwd"> %b;]><a/>',
        b'<?xml version="1.0" encoding="nonsense"?><a/>', b"<a>" + b"<b/>" * 2000 + b"</a>", b"<a>" + b"x" * 200_000 + b"</a>",
        b'<!DOCTYPE a [<!ENTITY b0 "x">' + b"".join(b'<!ENTITY b%d "&b%d;&b%d;">' % (n + 1, n, n) for n in range(30)) + b"]><a>&b30;</a>",
    ],
)  # fmt: skip
def test_hostile_or_damaged_xml(data: bytes) -> None:
    with pytest.raises(ImageryError) as caught:
        parse_xml_text(data, HERE, Limits(max_xml_elements=1000, max_xml_bytes=100_000))
    assert caught.value.remedy


def test_a_missing_file(tmp_path: Path) -> None:
    with pytest.raises(ImageryError, match="opened"):
        parse_xml(tmp_path / "a.xml")
