"""Where the header of a printed table is, how many rows it has and what its columns are called."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

from layers.sources.header_words import header_hits, is_header_word
from layers.sources.raw import unique_names

_LOOK_AT = 60
_LEAST_HITS = 3
"""One header word in three cells makes a row the header whatever stands above it."""
_DATA = re.compile(
    r"[+-]?[\d.,]+(e[+-]?\d+)?%?|\d{2,4}[-./年]\d{1,2}.*|(?=.*\d)[0-9A-Z]{15,20}|.*\d{7,}.*|\{.*|\[.*",
    re.IGNORECASE | re.DOTALL,
)
_LONGEST_NAME = 100


@dataclass(frozen=True, slots=True)
class Header:
    """Rows `first` to `last` (indices into the grid) head the columns called `names`.

    `hits` counts known header words; `generated` means that the file has no header and
    `last` is one above the first record.
    """

    first: int
    last: int
    names: tuple[str, ...]
    hits: int
    generated: bool = False


def find_header(cells: list[list[str]]) -> Header | None:
    """The header of a grid; `None` when there is no text at all.

    The row with most known header words wins; without any, the first row that is as wide
    as the table and does not look like data.
    """
    rows = [n for n in range(min(len(cells), 4 * _LOOK_AT)) if any(cells[n])][:_LOOK_AT]
    if not rows:
        return None
    width = _usual_width([cells[n] for n in rows])
    wide = [n for n in rows if _filled(cells[n]) >= max(1, width / 2)]
    best = max(wide, key=lambda n: (_hits(cells[n]), -n))
    hits = _hits(cells[best])
    if hits * _LEAST_HITS < _filled(cells[best]):
        best = wide[0]
        if _looks_like_data(cells[best]):
            return _no_header(cells, best)
    first, last = _expand(cells, best)
    return Header(first, last, _names(cells[first : last + 1]), hits)


def header_at(cells: list[list[str]], row: int) -> Header | None:
    """The header that the user says: the row with index `row`, or none at all where it is -1."""
    if row < 0:
        first = next((n for n, one in enumerate(cells) if any(one)), None)
        return None if first is None else _no_header(cells, first)
    return Header(row, row, _names(cells[row : row + 1]), _hits(cells[row]))


def column_names(names: list[str], places: list[int], notes: list[str]) -> list[str]:
    """Names made unique: an empty one becomes "column 3", a repeated one gets " (2)"."""
    repeated = sorted(name for name, count in Counter(filter(None, names)).items() if count > 1)
    if repeated:
        notes.append(f"column names that repeat got a number: {', '.join(repeated)[:200]}")
    named = [name or f"column {place + 1}" for name, place in zip(names, places, strict=True)]
    return unique_names(named)


def _filled(row: list[str]) -> int:
    return sum(1 for cell in row if cell)


def _distinct(row: list[str]) -> set[str]:
    return {cell for cell in row if cell}


def _hits(row: list[str]) -> int:
    return header_hits(_distinct(row))


def _usual_width(rows: list[list[str]]) -> int:
    widths = sorted(_filled(row) for row in rows)
    return widths[len(widths) * 3 // 4]


def _looks_like_data(row: list[str]) -> bool:
    filled = [cell for cell in row if cell]
    data = sum(1 for cell in filled if _DATA.fullmatch(cell) or len(cell) > _LONGEST_NAME)
    return data > 0 and data * 4 >= len(filled)


def _no_header(cells: list[list[str]], first: int) -> Header:
    width = max(len(row) for row in cells[first : first + _LOOK_AT])
    return Header(first, first - 1, ("",) * width, 0, generated=True)


def _expand(cells: list[list[str]], row: int) -> tuple[int, int]:
    """The header row with a second one above or below that belongs to it."""
    if row > 0 and _is_upper(cells[row - 1], cells[row]):
        return row - 1, row
    if row + 1 < len(cells) and _is_lower(cells[row], cells[row + 1]):
        return row, row + 1
    return row, row


def _is_upper(upper: list[str], lower: list[str]) -> bool:
    """Whether `upper` groups the columns of `lower`: it fills all gaps or repeats names."""
    if len(_distinct(upper)) < 2 or any(_DATA.fullmatch(cell) or ":" in cell or "\uff1a" in cell
                                       for cell in upper if cell):  # fmt: skip
        return False
    pairs = _pairs(upper, lower)
    gaps = [up for up, low in pairs if not low]
    same = sum(1 for up, low in pairs if up and up == low)
    return same > 0 or (bool(gaps) and all(gaps))


def _is_lower(upper: list[str], lower: list[str]) -> bool:
    """Whether `lower` names the parts of columns that `upper` left open or spread."""
    filled = [cell for cell in lower if cell]
    if not filled or not any(map(is_header_word, filled)) or any(map(_DATA.fullmatch, filled)):
        return False
    pairs = _pairs(upper, lower)
    alone = [up for up, low in pairs if up and not low]
    opened = [low for up, low in pairs if low and not up]
    same = sum(1 for up, low in pairs if up and up == low)
    return same > 0 or (bool(opened) and bool(alone))


def _pairs(upper: list[str], lower: list[str]) -> list[tuple[str, str]]:
    width = max(len(upper), len(lower))
    padded = [row + [""] * (width - len(row)) for row in (upper, lower)]
    return list(zip(*padded, strict=True))


def _names(rows: list[list[str]]) -> tuple[str, ...]:
    """Column names: the parts of a two-row header joined with "/", empty tail cut off."""
    if len(rows) == 1:
        parts = [(cell, "") for cell in rows[0]]
    else:
        upper = _spread(*rows)
        parts = _pairs(upper, rows[1])
    names = ["/".join(dict.fromkeys(filter(None, pair))) for pair in parts]
    names = [re.sub(r"\s*[\r\n]+\s*", "", name).strip()[:_LONGEST_NAME] for name in names]
    while names and not names[-1]:
        names.pop()
    return tuple(names)


def _spread(upper: list[str], lower: list[str]) -> list[str]:
    """A group name spread over the columns to its right that only the lower row names."""
    spread: list[str] = []
    for up, low in _pairs(upper, lower):
        follows = not up and low and spread
        spread.append(spread[-1] if follows else up)
    return spread
