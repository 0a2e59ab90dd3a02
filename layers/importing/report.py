"""What an import did with every row: nothing is lost without being named and counted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from layers.cleaning.privacy import mask_text
from layers.cleaning.text import normalise
from layers.importing.precision import POSITION_KINDS
from layers.importing.reasons import NOTES, reason

_LONGEST_VALUE = 60
SOURCE = "source"
"""Code of what the reader of the file said itself; its words stand in `reason` and `remedy`."""


@dataclass(frozen=True, slots=True)
class RejectedRow:
    """A row (or one field of a row that was kept) that could not be used.

    `row` as the file's own reader shows it; `value_masked` never shows personal numbers;
    `code` is the key of the reason, `reason` and `remedy` its English text.
    """

    row: int
    field: str
    value_masked: str
    code: str
    reason: str
    remedy: str

    def text(self, lang: str) -> str:
        """One line for people."""
        told = reason(self.code)
        if self.code == SOURCE:
            return f"row {self.row}, {self.field}: {self.reason}. {self.remedy}"
        if lang == "zh":
            return (
                f"第 {self.row} 行 {self.field} “{self.value_masked}”：{told.zh}。{told.remedy_zh}"
            )
        return f"row {self.row}, {self.field} {self.value_masked!r}: {told.en}. {told.remedy_en}"


def rejected_row(row: int, name: str, value: object, code: str) -> RejectedRow:
    """A rejection with the value shortened and masked and the reason's texts filled in."""
    shown = "" if value is None else mask_text(normalise(str(value)[:4096]))
    if len(shown) > _LONGEST_VALUE:
        shown = shown[: _LONGEST_VALUE - 1] + "…"
    told = reason(code)
    return RejectedRow(int(row), name, shown, code, told.en, told.remedy_en)


@dataclass(frozen=True, slots=True)
class Note:
    """Something a person should know: a key of `NOTES` with what fills its text."""

    code: str
    count: int = 0
    detail: str = ""

    def text(self, lang: str) -> str:
        """One sentence."""
        zh, en = NOTES[self.code]
        detail = self.detail
        if self.code == "position_kind":
            detail = POSITION_KINDS[detail].text(lang)
        return (zh if lang == "zh" else en).format(count=self.count, detail=detail)


@dataclass(frozen=True)
class ImportReport:
    """The account of an import: `rows_in == rows_out + len(rejected) + rows set aside`.

    Attributes
    ----------
    rejected : rows that could not be used. fields : fields emptied in rows that were kept.
    set_aside : reason code → row numbers of rows that are not of the theme.
    unplaced_rows : reason code → row numbers of rows kept without a position.
    mended : "field: reason" → how many values were mended on the way.
    mapping : field → header. dropped_columns : columns not carried on; personal ones are also
    in `personal_columns` (header → kind), with `masked_columns` for those kept masked.
    refused : no row was left, so there is no layer.
    """

    file: str
    theme: str
    sha256: str
    rows_in: int
    rows_out: int = 0
    rejected: tuple[RejectedRow, ...] = ()
    fields: tuple[RejectedRow, ...] = ()
    set_aside: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    unplaced_rows: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    mended: Mapping[str, int] = field(default_factory=dict)
    mapping: Mapping[str, str] = field(default_factory=dict)
    dropped_columns: tuple[str, ...] = ()
    masked_columns: tuple[str, ...] = ()
    personal_columns: Mapping[str, str] = field(default_factory=dict)
    format: str = ""
    encoding: str | None = None
    sheet: str | None = None
    datum: str = ""
    notes: tuple[Note, ...] = ()
    refused: bool = False

    @property
    def unplaced(self) -> int:
        """Rows kept without a position."""
        return sum(len(rows) for rows in self.unplaced_rows.values())

    @property
    def aside(self) -> int:
        """Rows set aside, whatever the reason."""
        return sum(len(rows) for rows in self.set_aside.values())

    @property
    def balanced(self) -> bool:
        """Whether every row of the file is accounted for exactly once."""
        return self.rows_in == self.rows_out + len(self.rejected) + self.aside

    def text(self, lang: str = "en", *, examples: int = 5) -> str:
        """The report for people, Chinese (`zh`) or English (`en`)."""
        from layers.importing.report_text import report_text

        return report_text(self, lang, examples)

    def as_dict(self) -> dict[str, Any]:
        """The report for machines, with every rejected row; plain JSON types."""
        table = asdict(self)
        for name in ("set_aside", "unplaced_rows"):
            table[name] = {code: list(rows) for code, rows in getattr(self, name).items()}
        table["notes"] = [{**asdict(n), "zh": n.text("zh"), "en": n.text("en")} for n in self.notes]
        for name in ("rejected", "fields"):
            table[name] = [
                {**asdict(r), "zh": reason(r.code).zh, "remedy_zh": reason(r.code).remedy_zh}
                for r in getattr(self, name)
            ]
        return {**table, "unplaced": self.unplaced, "balanced": self.balanced}


def report_from_dict(table: Mapping[str, Any]) -> ImportReport:
    """The report that `as_dict` wrote; raises `KeyError` or `TypeError` for anything else."""
    plain = {k: v for k, v in table.items() if k not in ("unplaced", "balanced")}
    for name in ("set_aside", "unplaced_rows"):
        plain[name] = {code: tuple(rows) for code, rows in plain[name].items()}
    for name in ("rejected", "fields"):
        plain[name] = tuple(_row(entry) for entry in plain[name])
    plain["notes"] = tuple(Note(n["code"], n["count"], n["detail"]) for n in plain["notes"])
    for name in ("dropped_columns", "masked_columns"):
        plain[name] = tuple(plain[name])
    return ImportReport(**plain)


def _row(entry: Mapping[str, Any]) -> RejectedRow:
    names = ("row", "field", "value_masked", "code", "reason", "remedy")
    return RejectedRow(**{name: entry[name] for name in names})
