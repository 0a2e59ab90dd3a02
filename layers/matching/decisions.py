"""What people decided about pairs: kept in a file, honoured by later runs, asked again on change.

A decision belongs to a register row, a row on site and a fingerprint of the facts that were
compared. When a name, an address or a code of either changes, or the two have moved against
each other, the decision is not applied and the pair is asked again; nothing is deleted.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from dataclasses import astuple, dataclass, fields
from datetime import date
from pathlib import Path

from layers.atomic import written_whole
from layers.errors import SourceError
from layers.safe_csv import csv_text, plain_cell

FILE_NAME = "decisions.csv"
VERDICTS = ("same", "different")


@dataclass(frozen=True, slots=True)
class Decision:
    """One person's word on one pair.

    `when` is an ISO date that the caller gives; `metres` what lay between the two then
    (missing without places).
    """

    register_id: str
    site_id: str
    verdict: str
    who: str
    when: str
    why: str
    fingerprint: str
    metres: float | None = None

    def __post_init__(self) -> None:
        if self.verdict not in VERDICTS:
            raise SourceError(
                f"a decision is one of {', '.join(VERDICTS)}, not {self.verdict!r}",
                remedy="write same (同) or different (否)",
                field="verdict",
            )
        if not self.who.strip():
            raise SourceError(
                "nobody stands for this decision", remedy="say who decided", field="who"
            )
        _check_date(self.when)


class Decisions:
    """Decisions by pair; of several on one pair the last given holds."""

    def __init__(self, entries: Iterable[Decision] = ()) -> None:
        self._entries = tuple(entries)
        self._last = {(entry.register_id, entry.site_id): entry for entry in self._entries}

    def __iter__(self) -> Iterator[Decision]:
        return iter(self._entries)

    def __len__(self) -> int:
        return len(self._entries)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Decisions) and self._entries == other._entries

    def __hash__(self) -> int:
        return hash(self._entries)

    def of(self, register_id: str, site_id: str) -> Decision | None:
        """The decision that holds for a pair, whatever its facts were."""
        return self._last.get((register_id, site_id))

    @property
    def holding(self) -> tuple[Decision, ...]:
        """The last decision of every pair."""
        return tuple(self._last.values())

    def with_more(self, entries: Iterable[Decision]) -> Decisions:
        """These decisions and later ones; the earlier ones stay as history."""
        return Decisions((*self._entries, *entries))

    @classmethod
    def read(cls, place: str | Path) -> Decisions:
        """Decisions in a file, or in `decisions.csv` of a folder; none where there is no file."""
        path = _file(place)
        if not path.exists():
            return cls()
        try:
            with path.open(encoding="utf-8-sig", newline="") as stream:
                rows = list(csv.DictReader(stream, strict=True))
        except (OSError, UnicodeDecodeError, csv.Error) as error:
            raise SourceError(
                f"the decisions cannot be read ({type(error).__name__})",
                remedy="save the file as CSV in UTF-8",
                file=path,
            ) from error
        return cls(_decision(row, path, number) for number, row in enumerate(rows, 2))

    def write(self, place: str | Path) -> Path:
        """Write atomically, every cell safe to open in a spreadsheet; returns the path."""
        path = _file(place)
        text = csv_text([field.name for field in fields(Decision)], map(astuple, self._entries))
        with written_whole(path) as partial:
            partial.write_text(text, encoding="utf-8-sig", newline="")
        return path


def _file(place: str | Path) -> Path:
    path = Path(place)
    return path / FILE_NAME if path.is_dir() else path


def _decision(row: dict[str, str], path: Path, number: int) -> Decision:
    try:
        values = {field.name: plain_cell(row[field.name]) for field in fields(Decision)}
        metres = values.pop("metres")
        return Decision(**values, metres=float(metres) if metres else None)
    except (KeyError, ValueError) as error:
        raise SourceError(
            f"this is no decision ({error})",
            remedy="keep the columns as they were written and numbers as numbers",
            file=path,
            row=number,
        ) from error
    except SourceError as error:
        raise SourceError(
            error.problem, remedy=error.remedy, file=path, row=number, field=error.field
        ) from error


def _check_date(text: str) -> None:
    try:
        date.fromisoformat(text)
    except ValueError:
        raise SourceError(
            f"{text!r} is no date", remedy="write it as YYYY-MM-DD", field="when"
        ) from None
