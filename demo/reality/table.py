"""One raw table as an office or a platform hands it over: text in GBK or UTF-8, or a workbook."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from demo.workbook import Merged, write_workbook

Row = Sequence[str]
_WIDE = str.maketrans("0123456789()-", "０１２３４５６７８９（）－")


@dataclass(frozen=True)
class Table:
    """A file of the folder of sources, and how a user would import it.

    `file` ends in `.xlsx` for a workbook, else it is text in `encoding`; `title` stands above
    the header, `foot` below the rows; `settings` are those of the import manifest.
    """

    file: str
    theme: str
    header: Row
    rows: tuple[Row, ...]
    title: tuple[str, ...] = ()
    foot: Row = ()
    encoding: str = "gbk"
    settings: Mapping[str, object] = field(default_factory=dict)

    @property
    def layer(self) -> str:
        """The name of the layer file."""
        return Path(self.file).stem


def write_tables(folder: Path, tables: Sequence[Table]) -> None:
    """Write every table into `folder`; the bytes depend on the tables alone."""
    for table in tables:
        foot = [table.foot] if table.foot else []
        lines: list[Row] = [*((text,) for text in table.title), table.header, *table.rows, *foot]
        if table.file.endswith(".xlsx"):
            wide = len(table.header)
            merged = [Merged(n, 1, n, wide) for n in range(1, len(table.title) + 1)]
            cells = [[cell or None for cell in line] for line in lines]
            write_workbook(folder / table.file, "Sheet1", cells, merged)
        else:
            text = io.StringIO(newline="")
            csv.writer(text, lineterminator="\r\n").writerows(lines)
            (folder / table.file).write_bytes(text.getvalue().encode(table.encoding))


def typed(text: str, random: Random) -> str:
    """A cell as a clerk may have typed it: full-width signs, a blank behind; the same content."""
    draw = random.random()
    if draw < 0.1:
        return text.translate(_WIDE)
    return text + "　" if draw < 0.18 else text


def quoted(code: str, random: Random) -> str:
    """A code, now and then with the apostrophe that keeps a spreadsheet from counting with it."""
    return "'" + code if code and random.random() < 0.2 else code
