"""Which column of the file holds which field: a proposal, settled by what the user says."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from layers.cleaning.text import normalise_header
from layers.errors import ColumnError
from layers.importing.headers import datum_in_header, score
from layers.themes import Theme

PLACE_FIELDS = ("lon", "lat", "location")
EXTRA_FIELDS = (*PLACE_FIELDS, "geocode_level", "typecode")
"""Fields a file may bring for any theme; they are read at import and not all carried on."""

_ENOUGH, _EXACT, _TIE = 0.5, 0.8, 0.02
_EITHER_WILL_DO = frozenset(
    {"id", "address", "category", "admin_code", "class", "duties", "level", "business_status", "bridge",
     "geocode_level", "school_code", "trading"}
)  # fmt: skip
"""Fields no verdict hangs on: of several columns that fit as well the leftmost is taken."""


class SeveralColumnsError(ColumnError):
    """Two columns fit a field equally well, and somebody has to say which; `headers` names them."""

    headers: tuple[str, ...] = ()


@dataclass(frozen=True)
class ColumnMap:
    """The settled mapping.

    `columns`: field → header; `guessed`: the fields whose header only holds a known word;
    `datum`: what the headers of the coordinates themselves declare, if anything.
    """

    columns: Mapping[str, str]
    guessed: tuple[str, ...] = ()
    datum: str | None = None
    choices: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Field → further headers that would have fitted as well (fields no verdict hangs on)."""


def fields_of(theme: Theme) -> tuple[str, ...]:
    """The fields a file may bring for a theme: its columns and the ways to write a place."""
    own = [column.name for column in theme.all_columns if column.name != "source_row"]
    return (*own, *(name for name in EXTRA_FIELDS if name not in own))


def settle_columns(
    frame: pd.DataFrame,
    theme: Theme,
    told: Mapping[str, str] | None = None,
    *,
    propose: bool = True,
    placed_by_geometry: bool = False,
    barred: Iterable[str] = (),
    file: Path | None = None,
) -> ColumnMap:
    """The mapping of fields to headers.

    Parameters
    ----------
    told : field → header as the user says; an empty header leaves the field out.
    propose : whether fields the user did not name are proposed by their header words.
    placed_by_geometry : the file has geometries, so coordinate columns are not looked for.
    barred : headers that may not be proposed (personal data).

    Raises `ColumnError` for a field or header that does not exist, and where two columns fit a
    field equally well, naming them and the option that decides.
    """
    chosen = _checked(frame, theme, told or {}, file)
    if not propose:
        named = {name: header for name, header in chosen.items() if header}
        return ColumnMap(named, datum=_declared(named))
    wanted = [name for name in fields_of(theme) if name not in chosen]
    if placed_by_geometry or {"lon", "lat"} & chosen.keys() or "location" in chosen:
        open_places = {"lon", "lat"} - chosen.keys() if {"lon", "lat"} & chosen.keys() else set()
        wanted = [name for name in wanted if name not in PLACE_FIELDS or name in open_places]
    taken = {header for header in chosen.values() if header} | set(barred)
    free = [str(header) for header in frame.columns if header not in taken]
    proposed, choices = _propose(frame, wanted, free, file)
    columns = {name: header for name, header in {**chosen, **proposed}.items() if header}
    columns = _one_way_to_a_place(columns, chosen)
    guessed = tuple(n for n in proposed if n in columns and score(proposed[n], n) < _EXACT)
    return ColumnMap(_fall_back(columns, chosen), guessed, _declared(columns), choices)


def _checked(
    frame: pd.DataFrame, theme: Theme, told: Mapping[str, str], file: Path | None
) -> dict[str, str]:
    known = fields_of(theme)
    by_plain = {normalise_header(str(header)): str(header) for header in reversed(frame.columns)}
    chosen: dict[str, str] = {}
    for name, header in told.items():
        if name not in known:
            raise ColumnError(
                f"theme {theme.name} has no field {name!r}",
                remedy=f"use one of {', '.join(known)}", file=file, field=name,
            )  # fmt: skip
        found = header if header in frame.columns else by_plain.get(normalise_header(header))
        if header and found is None:
            raise ColumnError(
                f"the file has no column {header!r}",
                remedy=f"use one of: {_list(frame.columns)}", file=file, field=name,
            )  # fmt: skip
        chosen[name] = found or ""
    return chosen


def _propose(
    frame: pd.DataFrame, wanted: list[str], free: list[str], file: Path | None
) -> tuple[dict[str, str], dict[str, tuple[str, ...]]]:
    """Best pairs first; a header serves one field."""
    scored = sorted(
        ((score(header, name), name, header) for name in wanted for header in free),
        key=lambda entry: -entry[0],
    )
    proposed: dict[str, str] = {}
    choices: dict[str, tuple[str, ...]] = {}
    for mark, name, header in scored:
        if mark < _ENOUGH or name in proposed or header in proposed.values():
            continue
        equal = [h for m, n, h in scored if n == name and abs(m - mark) < _TIE
                 and h not in proposed.values()]  # fmt: skip
        rivals = [h for h in equal if h != header and not _same(frame, header, h)
                  and not _claimed(h, name, mark, scored)]  # fmt: skip
        if rivals and name not in _EITHER_WILL_DO:
            raise _ambiguous(name, [header, *rivals], file)
        proposed[name] = header
        if rivals:
            choices[name] = tuple(rivals)
    return proposed, choices


def _claimed(header: str, name: str, mark: float, scored: list[tuple[float, str, str]]) -> bool:
    """Whether another field has a better claim to the header, so that it is no rival here."""
    return any(n != name and h == header and m > mark + _TIE for m, n, h in scored)


def _same(frame: pd.DataFrame, one: str, other: str) -> bool:
    return bool((frame[one].fillna("") == frame[other].fillna("")).all())


def _ambiguous(name: str, headers: list[str], file: Path | None) -> SeveralColumnsError:
    error = SeveralColumnsError(
        f"several columns could be {name}: {_list(headers)}",
        remedy=f"say which with --set {name}={headers[0]} (or --set {name}= for none)",
        file=file, field=name,
    )  # fmt: skip
    error.headers = tuple(headers)
    return error


def _one_way_to_a_place(columns: dict[str, str], chosen: Mapping[str, str]) -> dict[str, str]:
    """Two columns or one, not both; half a pair is none unless the user named it."""
    pair = {"lon", "lat"} <= columns.keys()
    if pair and "location" in columns and "location" not in chosen:
        return {name: header for name, header in columns.items() if name != "location"}
    if not pair and not {"lon", "lat"} & chosen.keys():
        return {name: header for name, header in columns.items() if name not in ("lon", "lat")}
    return columns


def _fall_back(columns: dict[str, str], chosen: Mapping[str, str]) -> dict[str, str]:
    """A business without a shop name of its own goes by its registered name."""
    if "name" not in columns and "name" not in chosen and "registered_name" in columns:
        return {**columns, "name": columns["registered_name"]}
    return columns


def _declared(columns: Mapping[str, str]) -> str | None:
    found = {datum_in_header(columns[name]) for name in PLACE_FIELDS if name in columns} - {None}
    return found.pop() if len(found) == 1 else None


def _list(headers: Iterable[str]) -> str:
    names = [str(header) for header in headers]
    return ", ".join(names[:40]) + (" …" if len(names) > 40 else "")
