"""A page cut into tags and text in one pass, in time that grows with its length only.

The parser of the standard library takes quadratic time over unclosed comments, which a hostile
page can have by the thousand; exports need no more than tags, text and two attributes.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from layers.sources.bounded import CellBudget

_TAG = re.compile(r"(/?)([A-Za-z][\w:]*)")
_SPAN = re.compile(r"(row|col)span\s*=\s*[\"']?\s*(\d{1,6})", re.IGNORECASE)
_MOST_SPAN = 1_000
_LONGEST_TAG = 10_000
_SILENT = frozenset({"script", "style", "head", "title"})
_SPACES = frozenset({"br", "p", "div", "li"})


@dataclass(frozen=True, slots=True)
class Tag:
    """A start or end tag; `down` and `right` are its row and column span."""

    name: str
    closing: bool = False
    down: int = 1
    right: int = 1


@dataclass
class HtmlTable:
    """The cells of one table as placed by their spans; `merges` counts from 1."""

    rows: list[list[str]] = field(default_factory=list)
    merges: list[tuple[int, int, int, int]] = field(default_factory=list)
    reserved: dict[int, int] = field(default_factory=dict)

    def start_row(self) -> None:
        """Begin a row; columns reserved by a row span stay so for one row less."""
        self.reserved = {column: rows - 1 for column, rows in self.reserved.items() if rows > 1}
        self.rows.append([])

    def add(self, text: str, tag: Tag, budget: CellBudget) -> None:
        """Place a cell in the next free column of the current row."""
        if not self.rows:
            self.start_row()
        row = self.rows[-1]
        before = len(row)
        while len(row) in self.reserved:
            row.append("")
        number, column = len(self.rows), len(row) + 1
        row.extend([text] + [""] * (tag.right - 1))
        budget.spend(len(row) - before, number)
        if tag.down > 1:
            self.merges.append((number, column, number + tag.down - 1, column + tag.right - 1))
            budget.spend(tag.right, number)
            self.reserved |= dict.fromkeys(range(column - 1, column - 1 + tag.right), tag.down)


def tables_of(text: str, budget: CellBudget) -> list[HtmlTable]:
    """All tables of a page in the order in which they begin; inner ones are tables of their own."""
    tables: list[HtmlTable] = []
    opened: list[_Open] = []
    silent = ""
    for item in _items(_without_comments(text)):
        if silent:
            silent = "" if isinstance(item, Tag) and item == Tag(silent, closing=True) else silent
        elif isinstance(item, str):
            if opened and opened[-1].cell is not None:
                opened[-1].parts.append(item)
        elif item.name in _SILENT and not item.closing:
            silent = item.name
        elif item.name == "table" and not item.closing:
            tables.append(HtmlTable())
            opened.append(_Open(tables[-1]))
        elif opened:
            _inside(opened, item, budget)
    for table in reversed(opened):
        table.end_cell(budget)
    return tables


@dataclass
class _Open:
    """A table that is being read, and its cell that is not closed yet."""

    table: HtmlTable
    cell: Tag | None = None
    parts: list[str] = field(default_factory=list)

    def end_cell(self, budget: CellBudget) -> None:
        if self.cell is not None:
            self.table.add(" ".join("".join(self.parts).split()), self.cell, budget)
        self.cell, self.parts = None, []


def _inside(opened: list[_Open], tag: Tag, budget: CellBudget) -> None:
    """A tag inside a table."""
    current = opened[-1]
    if tag.name in _SPACES:
        current.parts.append(" ")
    elif tag.name in ("td", "th", "tr", "table"):
        current.end_cell(budget)
        if tag.name == "table":
            opened.pop()
        elif tag.name == "tr" and not tag.closing:
            current.table.start_row()
        elif not tag.closing:
            current.cell = tag


def _without_comments(text: str) -> str:
    """The page without comments; an unclosed one reaches to the end."""
    kept, at = [], 0
    while (start := text.find("<!--", at)) >= 0:
        kept.append(text[at:start])
        end = text.find("-->", start + 4)
        if end < 0:
            return "".join(kept)
        at = end + 3
    return "".join([*kept, text[at:]])


def _items(text: str) -> Iterator[Tag | str]:
    """Tags and the unescaped texts between them."""
    first, *pieces = text.split("<")
    if first:
        yield html.unescape(first)
    for piece in pieces:
        head, end, rest = piece.partition(">")
        found = _TAG.match(head)
        if found and end:
            yield _tag(found, head[:_LONGEST_TAG])
        elif not (end and head[:1] in "!?/"):
            rest = "<" + piece
        if rest:
            yield html.unescape(rest)


def _tag(found: re.Match[str], head: str) -> Tag:
    name, closing = found[2].lower(), bool(found[1])
    if closing or name not in ("td", "th"):
        return Tag(name, closing)
    spans = {kind.lower(): min(max(int(n), 1), _MOST_SPAN) for kind, n in _SPAN.findall(head)}
    return Tag(name, closing, spans.get("row", 1), spans.get("col", 1))
