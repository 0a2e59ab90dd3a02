"""The ingest report as text for people, in Chinese or English."""

from __future__ import annotations

from collections.abc import Iterator

from imagery.ingest.report import FileRow, IngestReport
from layers.problems import in_language, text_in_language

_WORDS = {
    "title": ("影像入库报告", "Imagery ingest report"),
    "accepted": ("收入", "accepted"),
    "restated": ("已更新", "renewed"),
    "duplicate": ("已有", "known already"),
    "refused": ("拒收", "refused"),
    "stopped": ("未处理", "not reached"),
    "aside": ("不是影像，未处理", "no imagery, left alone"),
    "remedy": ("办法", "remedy"),
    "scenes": ("场景", "scenes"),
    "more": ("等 {n} 个", "… {n} in all"),
    "same": ("即", "is"),
    "cancelled": ("已按要求停止：再次运行即可继续。", "Stopped as asked: run it again to go on."),
    "member": ("其中的文件未收入", "member not taken"),
    "warning": ("注意", "warning"),
    "note": ("说明", "note"),
}
_SHOWN = 6


def report_text(report: IngestReport, lang: str) -> str:
    """The whole report: totals, then every file, then what was left alone."""
    counts = ", ".join(f"{_say(name, lang)} {n}" for name, n in report.counts.items() if n)
    lines = [f"{_say('title', lang)} ({report.received}): {counts or 0}"]
    for row in report.rows:
        lines += _row(row, lang)
    if report.aside:
        shown = _several(report.aside, lang)
        lines.append(f"{_say('aside', lang)} ({len(report.aside)}): {shown}")
    if report.cancelled:
        lines.append(_say("cancelled", lang))
    return "\n".join(lines)


def _row(row: FileRow, lang: str) -> Iterator[str]:
    known = f" {_say('same', lang)} {_several(row.duplicate_of, lang)}" if row.duplicate_of else ""
    new = f" → {_several(row.scenes, lang)}" if row.scenes else ""
    yield f"[{_say(row.status, lang)}] {row.file}{new}{known}"
    if row.reason:
        reason, remedy = in_language(row.reason, row.remedy, lang)
        yield f"    {reason}"
        yield f"    {_say('remedy', lang)}: {remedy}"
    for member, text in row.members_refused[:_SHOWN]:
        yield f"    {_say('member', lang)}: {member}: {text_in_language(text, lang)}"
    if len(row.members_refused) > _SHOWN:
        yield "    " + _say("more", lang).format(n=len(row.members_refused))
    for remark in row.remarks:
        words = remark.zh if lang == "zh" else remark.en
        yield f"    {_say(remark.level, lang)}: {words}"


def _several(names: tuple[str, ...], lang: str) -> str:
    shown = ", ".join(names[:_SHOWN])
    return shown if len(names) <= _SHOWN else f"{shown} {_say('more', lang).format(n=len(names))}"


def _say(key: str, lang: str) -> str:
    zh, en = _WORDS[key]
    return zh if lang == "zh" else en
