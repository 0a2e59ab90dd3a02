"""Cells as text: what spreadsheets put around a value is taken off, nothing else."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from layers.sources.raw import RowProblem

_CODE = re.compile(r"[0-9A-Za-z][0-9A-Za-z\-]{3,}$")
_AS_TEXT = re.compile(r'="(.*)"$')
_FORMULA = re.compile(r"=.+|(@|[+\-](?!\d)).*[|(!]", re.DOTALL)
_MARKS = frozenset("'=+-@\u2018\u2019")
_INVISIBLE = "\ufeff\u200b\u200c\u200d"


@dataclass
class Cleaner:
    """Cleans cells and remembers what it did, for the notes of the table."""

    quoted: int = 0
    formulas: list[int] = field(default_factory=list)

    def row(self, cells: list[str], number: int) -> list[str]:
        """The cells of one row without surrounding spaces, tabs and spreadsheet marks."""
        clean = [cell.strip() for cell in cells]
        for n, cell in enumerate(clean):
            if cell and (cell[0] in _MARKS or cell[-1] in "'\u2019" or cell[0] in _INVISIBLE):
                clean[n] = self._marked(cell.strip(_INVISIBLE), number)
        return clean

    def _marked(self, cell: str, number: int) -> str:
        as_text = _AS_TEXT.fullmatch(cell)
        if as_text:
            self.quoted += 1
            return as_text[1].replace('""', '"').strip()
        bare = cell.strip("'\u2018\u2019").strip()
        if bare != cell and _CODE.fullmatch(bare) and any(c.isdigit() for c in bare):
            self.quoted += 1
            return bare
        if _FORMULA.match(cell):
            self.formulas.append(number)
        return cell

    def notes(self) -> list[str]:
        """One sentence for each kind of mark that was found."""
        found = []
        if self.quoted:
            found.append(f'{self.quoted} cells had a text mark (\' or ="…") that was taken off')
        if self.formulas:
            rows = listed(self.formulas)
            found.append(
                f"cells that spreadsheets would run as formulas, kept as text: rows {rows}"
            )
        return found


def listed(numbers: list[int], limit: int = 10) -> str:
    """Row numbers for a sentence: the first few, then how many more."""
    shown = ", ".join(str(number) for number in numbers[:limit])
    return shown if len(numbers) <= limit else f"{shown} and {len(numbers) - limit} more"


def lost_digits(row: int, column: str) -> RowProblem:
    """The problem of a code that a spreadsheet took for a number and rounded."""
    return RowProblem(
        row, "the cell is a number of more digits than spreadsheets keep (15): the last are wrong",
        "format the column as text before exporting; this value cannot be matched", column,
    )  # fmt: skip


def damaged_text(row: int, column: str) -> RowProblem:
    """The problem of a cell with characters that could not be decoded."""
    return RowProblem(
        row, "the cell holds characters that could not be read",
        "look the value up in the original and correct it, or name the encoding", column,
    )  # fmt: skip
