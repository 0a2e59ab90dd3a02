"""The account of an import: every row of the file is out, rejected or set aside."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from layers.importing.intake import Intake
from layers.importing.placing import Placed
from layers.importing.report import SOURCE, ImportReport, Note, RejectedRow, rejected_row
from layers.importing.values import Values
from layers.sources import RawTable


def account_of(
    intake: Intake,
    aside: pd.Series,
    rejected: pd.Series | None = None,
    *,
    placed: Placed | None = None,
    values: Values | None = None,
    notes: tuple[Note, ...] = (),
    refused: bool = False,
) -> ImportReport:
    """The account of every row; `rejected` holds the reason codes of the rows placed."""
    table, rows = intake.table, intake.rows
    report = ImportReport(
        file=table.path.name, theme=intake.theme.name, sha256=table.sha256, rows_in=len(table),
        set_aside=_by_reason(aside, rows), mapping=dict(intake.columns.columns),
        dropped_columns=_dropped(intake), personal_columns=dict(intake.privacy.personal),
        masked_columns=tuple(intake.privacy.personal) if intake.privacy.masking else (),
        format=table.format, encoding=table.encoding, sheet=table.sheet,
        notes=(*_source_notes(intake), *notes), refused=refused,
    )  # fmt: skip
    if rejected is None or placed is None or values is None:
        return report
    out = rejected[rejected.isna()].index
    problem = placed.places.problem
    return replace(
        report,
        rows_out=len(out), datum=placed.label,
        rejected=_rejections(intake, rejected.dropna(), placed.places.shown),
        fields=(*_reader_problems(table), *values.problems(rows.loc[out])),
        unplaced_rows=_by_reason(problem.loc[out], rows), mended=values.mended(out),
        notes=(*report.notes, *placed.notes, *_masked_note(values, out)),
    )  # fmt: skip


def _rejections(intake: Intake, codes: pd.Series, shown: pd.Series) -> tuple[RejectedRow, ...]:
    where = _place_header(intake)
    parts = zip(intake.rows.loc[codes.index], shown.loc[codes.index], codes, strict=True)
    return tuple(rejected_row(row, "name" if code == "empty_row" else where, value, code)
                 for row, value, code in parts)  # fmt: skip


def _by_reason(codes: pd.Series, rows: pd.Series) -> dict[str, tuple[int, ...]]:
    """Reason code → row numbers of the file, most frequent reason first."""
    found = codes.dropna()
    return {str(code): tuple(int(n) for n in rows.loc[found.index[found == code]])
            for code in found.value_counts().index}  # fmt: skip


def _dropped(intake: Intake) -> tuple[str, ...]:
    kept = {*intake.columns.columns.values(), *intake.carried_on}
    kept |= set(intake.privacy.personal) if intake.privacy.masking else set()
    kept |= {str(intake.manifest.datum_column)}
    return tuple(str(h) for h in intake.frame.columns if h not in kept)


def _place_header(intake: Intake) -> str:
    headers = [intake.columns.columns.get(name) for name in ("lon", "lat", "location")]
    return ", ".join(header for header in headers if header) or "geometry"


def _source_notes(intake: Intake) -> list[Note]:
    columns = intake.columns
    notes = [Note("source", detail=sentence) for sentence in intake.table.notes]
    if columns.guessed:
        pairs = ", ".join(f"{name} ← {columns.columns[name]}" for name in columns.guessed)
        notes.append(Note("guessed", detail=pairs))
    if columns.choices:
        pairs = "; ".join(f"{name}: {', '.join(h)}" for name, h in columns.choices.items())
        notes.append(Note("also_fit", detail=pairs))
    return notes


def _reader_problems(table: RawTable) -> list[RejectedRow]:
    return [RejectedRow(int(p.row), p.field or "", "", SOURCE, p.reason, p.remedy)
            for p in table.problems]  # fmt: skip


def _masked_note(values: Values, index: pd.Index) -> list[Note]:
    count = int(values.masked.reindex(index).sum())
    return [Note("texts_masked", count)] * bool(count)
