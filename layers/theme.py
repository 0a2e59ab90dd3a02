"""What a theme is: a name, the columns it brings and the shapes it may have."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from layers.errors import LayerError

Kind = Literal["text", "code", "date", "number", "flag"]
Shape = Literal["point", "line", "polygon"]


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a theme.

    `kind`: `text`; `code` (text whose zeros and letters matter); `date` (ISO text
    `YYYY-MM-DD`, open-ended = `9999-12-31`); `number`; `flag` (`True`/`False`/missing).
    """

    name: str
    zh: str
    en: str
    kind: Kind = "text"
    required: bool = False
    unit: str | None = None
    values: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Theme:
    """What a layer is about.

    `shapes` lists the geometry families allowed. `placed=False` marks a register whose
    rows may lack a position: they are kept, counted as unplaced, and never read as clear.
    `derived` marks what the program itself makes: no source is imported as such a theme.
    """

    name: str
    zh: str
    en: str
    shapes: tuple[Shape, ...]
    columns: tuple[Column, ...] = ()
    placed: bool = True
    derived: bool = False

    def column(self, name: str) -> Column:
        """The column called `name`; raises `LayerError` when the theme has none."""
        for column in self.all_columns:
            if column.name == name:
                return column
        known = ", ".join(column.name for column in self.all_columns)
        raise LayerError(
            f"theme {self.name} has no column {name}", remedy=f"use one of {known}", field=name
        )

    @property
    def all_columns(self) -> tuple[Column, ...]:
        """The common columns, then the theme's own."""
        return COMMON + self.columns


COMMON = (
    Column("id", "编号", "id", "code", required=True),
    Column("name", "名称", "name"),
    Column("address", "地址", "address"),
    Column("admin_code", "行政区划代码", "administrative code", "code"),
    Column("source_row", "原表行号", "row in the source", "number"),
    Column("u_source_m", "位置误差", "position error", "number", unit="m"),
)
