"""The report speaks to people in both languages, whatever was wrong."""

from __future__ import annotations

import pytest

from imagery.ingest.report import FileRow, IngestReport, merged
from imagery.scene import Remark
from layers.problems import in_language
from tests.imagery.ingest.made import RECEIVED

NOTED = Remark("n", "说明一", "note one", "note")
WARNED = Remark("w", "注意一", "warning one")


@pytest.mark.parametrize(
    ("reason", "remedy", "expected"),
    [
        ("the file is empty", "copy it (请从存储卡重新复制)", ("文件是空的", "请从存储卡重新复制")),
        ("the file is empty", "copy it", ("文件是空的", "请从存储卡或硬盘重新复制，或重新导出，并核对文件大小")),
        ("the archive has 9 members, more than 5", "x",
         ("压缩包内文件过多（9 个，上限 5 个）", "请分成几个压缩包")),
        ("the archive unpacks to far more than its size", "x",
         ("压缩包解压后体积异常（疑似解压炸弹）", "请勿使用，请对方重新打包")),
        ("quite unheard of", "do it", ("quite unheard of", "do it")),
    ],
)  # fmt: skip
def test_reasons_in_chinese(reason: str, remedy: str, expected: tuple[str, str]) -> None:
    assert in_language(reason, remedy, "zh") == expected
    assert in_language(reason, remedy, "en") == (reason, remedy.partition(" (")[0])


def _report() -> IngestReport:
    rows = (
        FileRow("a.tif", "accepted", 10, "ab" * 32, ("ab" * 8,), remarks=merged((NOTED, WARNED, NOTED))),
        FileRow("b.tif", "duplicate", 10, "ab" * 32, duplicate_of=("ab" * 8,)),
        FileRow("c.tif", "refused", 0, reason="the file is empty", remedy="copy it"),
        FileRow("d.zip", "refused", 9, scenes=tuple(f"s{n}" for n in range(9)), reason="some of its "
                "files could not be taken in", remedy="mend these",
                members_refused=tuple((f"m{n}.tif", "bad") for n in range(8))),
        FileRow("e.tif", "stopped"),
    )  # fmt: skip
    return IngestReport(RECEIVED, rows, tuple(f"{n}.txt" for n in range(9)), cancelled=True)


def test_the_whole_report_in_english() -> None:
    text = _report().text("en")
    assert text.splitlines()[0].endswith("accepted 1, known already 1, refused 2, not reached 1")
    assert "[accepted] a.tif → abababababababab" in text
    assert text.index("warning: warning one") < text.index("note: note one")
    assert text.count("note one") == 1
    assert "[known already] b.tif is abababababababab" in text
    assert "    the file is empty\n    remedy: copy it" in text
    assert "s5 … 9 in all" in text
    assert "member not taken: m5.tif: bad\n    … 8 in all" in text
    assert "no imagery, left alone (9): 0.txt" in text
    assert text.endswith("run it again to go on.")


def test_the_whole_report_in_chinese() -> None:
    text = _report().text("zh")
    assert text.splitlines()[0].endswith("收入 1, 已有 1, 拒收 2, 未处理 1")
    assert "文件是空的" in text
    assert "注意: 注意一" in text
    assert "其中部分文件未能收入" in text


def test_counts_are_those_of_the_rows() -> None:
    report = _report()
    assert report.counts == {
        "accepted": 1,
        "restated": 0,
        "duplicate": 1,
        "refused": 2,
        "stopped": 1,
    }
    assert [row.file for row in report.refused] == ["c.tif", "d.zip"]
    assert report.as_dict()["rows"][2]["reason"] == "the file is empty"
