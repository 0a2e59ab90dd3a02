"""The rows of an import that are not as they came, as a table for Excel: why, and what to do.

Rejected rows, fields emptied in rows that were kept, rows without a place, rows that are not of the
theme. Values are masked as in the report; no cell runs as a formula.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from layers.importing.reasons import reason
from layers.safe_csv import csv_text

_HEAD = {"zh": ("行号", "处理", "字段", "原值（已隐去个人信息）", "原因", "处理建议"),
         "en": ("row", "outcome", "field", "value (masked)", "reason", "remedy")}  # fmt: skip
_WORDS = {
    "rejected": ("拒收", "rejected"), "fields": ("字段已清空", "field emptied"),
    "unplaced_rows": ("未定位", "without a place"), "set_aside": ("另列", "set aside"),
}  # fmt: skip
MARK = "\ufeff"
"""What tells a spreadsheet that the text is UTF-8."""


def rejected_csv(report: Mapping[str, Any], lang: str) -> str:
    """The table as CSV; `report` is what `ImportReport.as_dict` gave."""
    at = 0 if lang == "zh" else 1
    rows = sorted(
        [*_single(report, at, lang), *_by_reason(report, at, lang)],
        key=lambda row: int(str(row[0])),
    )
    return MARK + csv_text(_HEAD["zh" if at == 0 else "en"], rows)


def _single(report: Mapping[str, Any], at: int, lang: str) -> Iterator[tuple[object, ...]]:
    for kind in ("rejected", "fields"):
        for one in report[kind]:
            told = reason(str(one["code"]))
            own = one["code"] == "source"  # the words of the reader itself
            why = one["reason"] if own else told.text(lang)
            yield (one["row"], _WORDS[kind][at], one["field"], one["value_masked"], why,
                   one["remedy"] if own else told.remedy(lang))  # fmt: skip


def _by_reason(report: Mapping[str, Any], at: int, lang: str) -> Iterator[tuple[object, ...]]:
    for kind in ("unplaced_rows", "set_aside"):
        groups: Mapping[str, Sequence[int]] = report[kind]
        for code, numbers in groups.items():
            told = reason(code)
            yield from (
                (n, _WORDS[kind][at], "", "", told.text(lang), told.remedy(lang)) for n in numbers
            )
