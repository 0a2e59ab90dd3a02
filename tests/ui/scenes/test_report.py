"""The report speaks the reader's language, names the remedy, and shows names as text only."""

from __future__ import annotations

import pytest

from imagery.ingest.report import FileRow, IngestReport
from imagery.scene import Remark
from ui.scenes.report import GLYPHS, aside_html, ordered, row_html, scenes_of, totals
from ui.texts import LANGUAGES, texts

REPORT = IngestReport(
    "2026-06-30T12:00:00+08:00",
    (
        FileRow("b.tif", "accepted", 5, "aa", ("s1", "s2"), remarks=(Remark("c", "注意时钟", "mind the clock"),)),
        FileRow("<img src=x>.tif", "refused", 5, "bb", reason="the file is empty", remedy="copy it again (请重新复制)",
                originals=("bb",)),
        FileRow("c.tif", "duplicate", 5, "cc", duplicate_of=("s3",)),
        FileRow("z.zip", "refused", reason="some of its files could not be taken in", remedy="mend these",
                members_refused=tuple((f"m{n}", "why") for n in range(20))),
        FileRow("d.tif", "stopped"),
    ),
    aside=tuple(f"notes{n}.txt" for n in range(30)),
).as_dict()  # fmt: skip


def row(name: str) -> dict[str, object]:
    return next(one for one in REPORT["rows"] if name in one["file"])


def test_what_needs_a_person_comes_first() -> None:
    assert [one["status"] for one in ordered(REPORT)] == [
        "refused",
        "refused",
        "stopped",
        "accepted",
        "duplicate",
    ]


def test_totals_in_both_languages() -> None:
    assert totals(REPORT, texts("zh")) == "收入 1 · 已有 1 · 拒收 2 · 未处理 1"
    assert totals(REPORT, texts("en")) == "accepted 1 · known already 1 · refused 2 · not reached 1"


def test_a_refusal_has_reason_and_remedy_in_words() -> None:
    zh, en = (row_html(row("img"), texts(lang)) for lang in ("zh", "en"))
    assert "文件是空的" in zh
    assert "请重新复制" in zh
    assert "原件已逐字节保存" in zh
    assert "the file is empty" in en
    assert "copy it again" in en
    assert "复制" not in en


def test_a_name_is_text() -> None:
    assert "<img" not in row_html(row("img"), texts("zh"))
    assert "&lt;img" in row_html(row("img"), texts("zh"))


def test_remarks_and_members_are_told() -> None:
    assert "注意时钟" in row_html(row("b.tif"), texts("zh"))
    assert "2 scenes" in row_html(row("b.tif"), texts("en"))
    assert "mind the clock" in row_html(row("b.tif"), texts("en"))
    assert "m7: why" in row_html(row("z.zip"), texts("en"))
    assert "… 20" in row_html(row("z.zip"), texts("en"))


def test_what_was_left_out_is_named() -> None:
    assert "notes0.txt" in aside_html(REPORT, texts("en"))
    assert "30" in aside_html(REPORT, texts("zh"))
    assert aside_html({"aside": ()}, texts("zh")) == ""


def test_the_scenes_of_a_file_that_was_there_already() -> None:
    assert scenes_of(row("c.tif")) == ("s3",)
    assert scenes_of(row("b.tif")) == ("s1", "s2")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_state_has_a_word(lang: str) -> None:
    known = texts(lang).entries
    assert {f"upload.status.{name}" for name in GLYPHS} <= set(known)
    states = ("queued", "running", "stopping", "done", "stopped", "failed")
    assert {f"upload.state.{name}" for name in states} <= set(known)
