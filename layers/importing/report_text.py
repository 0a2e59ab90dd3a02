"""The import report as text for people, in Chinese or English."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from layers.cleaning.privacy import KINDS
from layers.importing.reasons import reason
from layers.importing.report import ImportReport, RejectedRow
from layers.themes import theme as theme_called

_WORDS: Mapping[str, tuple[str, str]] = {
    "title": ("导入报告", "Import report"),
    "file": ("文件", "file"),
    "theme": ("主题", "theme"),
    "read": ("读取", "read as"),
    "datum": ("坐标系", "datum"),
    "rows": ("行数", "rows"),
    "in": ("读入", "in"),
    "out": ("导入", "imported"),
    "unplaced": ("其中未定位", "of these without a position"),
    "rejected": ("拒收", "rejected"),
    "aside": ("另列", "set aside"),
    "columns": ("列对应", "columns"),
    "privacy": ("个人信息", "personal data"),
    "dropped": ("已删除", "dropped"),
    "masked": ("已隐去", "masked"),
    "left": ("未导入的列", "columns not carried on"),
    "mended": ("已更正", "mended"),
    "fields": ("已清空的字段（行保留）", "fields emptied (rows kept)"),
    "notes": ("说明", "notes"),
    "more": ("……另有 {n} 条，见 --report", "… {n} more, see --report"),
    "refused": ("没有可导入的行：未写出任何文件", "no row is left: nothing was written"),
    "rowlist": ("行", "rows"),
}
_SHOWN_ROWS = 8


def report_text(report: ImportReport, lang: str, examples: int) -> str:
    """The report as lines; at most `examples` rows are shown of each kind."""
    lines = [*_head(report, lang), *_rows(report, lang, examples), *_columns(report, lang)]
    lines += _counted("mended", _mended(report, lang), lang)
    lines += _examples("fields", report.fields, lang, examples)
    lines += _counted("notes", [note.text(lang) for note in report.notes], lang)
    if report.refused:
        lines.append(_say("refused", lang))
    return "\n".join(lines)


def _say(key: str, lang: str) -> str:
    zh, en = _WORDS[key]
    return zh if lang == "zh" else en


def _head(report: ImportReport, lang: str) -> Iterator[str]:
    theme = theme_called(report.theme)
    read = ", ".join(filter(None, (report.format, report.encoding, report.sheet)))
    yield f"{_say('title', lang)}"
    yield f"  {_say('file', lang)}: {report.file}  (SHA-256 {report.sha256[:16]}…)"
    yield f"  {_say('theme', lang)}: {theme.zh if lang == 'zh' else theme.en} ({theme.name})"
    yield f"  {_say('read', lang)}: {read}"
    yield f"  {_say('datum', lang)}: {report.datum}"


def _rows(report: ImportReport, lang: str, examples: int) -> Iterator[str]:
    yield (
        f"  {_say('rows', lang)}: {_say('in', lang)} {report.rows_in} = "
        f"{_say('out', lang)} {report.rows_out} + {_say('rejected', lang)} "
        f"{len(report.rejected)} + {_say('aside', lang)} {report.aside}"
    )
    yield from _by_reason("unplaced", report.unplaced, report.unplaced_rows, lang)
    yield from _by_reason("aside", report.aside, report.set_aside, lang)
    yield from _examples("rejected", report.rejected, lang, examples)


def _by_reason(key: str, total: int, rows: Mapping[str, Sequence[int]], lang: str) -> Iterator[str]:
    if not total:
        return
    yield f"  {_say(key, lang)}: {total}"
    for code, numbers in rows.items():
        told, remedy = reason(code).text(lang), reason(code).remedy(lang)
        shown = ", ".join(map(str, numbers[:_SHOWN_ROWS])) + (
            " …" if len(numbers) > _SHOWN_ROWS else ""
        )
        yield f"    {len(numbers)} × {told} ({_say('rowlist', lang)} {shown}){'; ' + remedy if remedy else ''}"


def _columns(report: ImportReport, lang: str) -> Iterator[str]:
    pairs = ", ".join(f"{name} ← {header}" for name, header in report.mapping.items())
    yield f"  {_say('columns', lang)}: {pairs}"
    if report.personal_columns:
        masked = [h for h in report.personal_columns if h in report.masked_columns]
        dropped = [h for h in report.personal_columns if h not in report.masked_columns]
        parts = [f"{_say(key, lang)} {', '.join(_personal(report, names, lang))}"
                 for key, names in (("dropped", dropped), ("masked", masked)) if names]  # fmt: skip
        yield f"  {_say('privacy', lang)}: {'; '.join(parts)}"
    left = [h for h in report.dropped_columns if h not in report.personal_columns]
    if left:
        yield f"  {_say('left', lang)}: {', '.join(left)}"


def _personal(report: ImportReport, headers: Iterable[str], lang: str) -> Iterator[str]:
    for header in headers:
        zh, en = KINDS[report.personal_columns[header]]
        yield f"{header} ({zh if lang == 'zh' else en})"


def _mended(report: ImportReport, lang: str) -> Iterator[str]:
    for key, count in report.mended.items():
        name, _, code = key.partition(": ")
        yield f"{count} × {name}: {reason(code).text(lang)}"


def _counted(key: str, sentences: Iterable[str], lang: str) -> Iterator[str]:
    told = list(sentences)
    if told:
        yield f"  {_say(key, lang)}:"
        yield from (f"    {sentence}" for sentence in told)


def _examples(key: str, rows: Sequence[RejectedRow], lang: str, examples: int) -> Iterator[str]:
    if not rows:
        return
    yield f"  {_say(key, lang)}: {len(rows)}"
    yield from (f"    {row.text(lang)}" for row in rows[:examples])
    if len(rows) > examples:
        yield "    " + _say("more", lang).format(n=len(rows) - examples)
