"""The error family of the whole project: every message names the place and the remedy.

A caller catches `YichaError` and shows `str(error)`; nothing else is needed to act on it.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any


class YichaError(Exception):
    """Something the user can mend.

    Parameters
    ----------
    problem : what is wrong, in one sentence without a trailing full stop.
    remedy : what the user can do about it.
    file, row, field : where it is wrong; `row` counts as the file's own reader
        shows it (a header in line 1 makes the first record row 2).
    """

    def __init__(
        self,
        problem: str,
        *,
        remedy: str,
        file: str | Path | None = None,
        row: int | None = None,
        field: str | None = None,
    ) -> None:
        self.problem = problem
        self.remedy = remedy
        self.file = None if file is None else str(file)
        self.row = row
        self.field = field
        super().__init__(str(self))

    def __reduce__(self) -> tuple[object, ...]:
        """So that an error raised in another process arrives as what it is."""
        told = {name: getattr(self, name) for name in ("remedy", "file", "row", "field")}
        return _again, (type(self), self.problem, told)

    def __str__(self) -> str:
        where = [self.file] if self.file else []
        where += [f"row {self.row}"] if self.row is not None else []
        where += [f"field {self.field}"] if self.field else []
        prefix = f"{', '.join(where)}: " if where else ""
        return f"{prefix}{self.problem}. Remedy: {self.remedy}"


def _again(kind: type[YichaError], problem: str, told: dict[str, Any]) -> YichaError:
    return kind(problem, **told)


class SourceError(YichaError):
    """A file cannot be read: missing, damaged, hostile or of an unknown kind."""


class ColumnError(YichaError):
    """A column is missing, ambiguous or holds what its theme does not allow."""


class DatumError(YichaError):
    """A datum is unknown, undeclared or cannot be converted without parameters."""


class CRSMismatchError(DatumError):
    """Two layers of different coordinate reference systems were about to be mixed."""


class LayerError(YichaError):
    """A layer does not hold what its theme promises, or a layer folder lacks one."""


class NetworkError(YichaError):
    """A walking network is missing, damaged or empty."""


class RuleError(YichaError):
    """A rule pack or a check's manifest is wrong; `field` names the key."""


class AssetError(YichaError):
    """A web asset of the offline map is missing or would be fetched from outside."""


class ImageryError(YichaError):
    """A file of imagery is damaged, hostile, unplaced or not fit for what was asked."""


class StoreError(YichaError):
    """The store of leads cannot be opened, was altered, or its address is not understood."""


class LeadError(YichaError):
    """What was asked of a lead is not possible: unknown, a step not allowed, a field missing."""


class MailError(YichaError):
    """The mail server cannot be reached, or will not take what it is given; nothing was sent."""


class PolicyError(YichaError):
    """The person may not do it; the message says which right is missing."""


class ConflictError(LeadError):
    """Somebody else changed the lead meanwhile; the message says what changed."""


class Cancelled(Exception):  # noqa: N818 - a wish of the user, not an error
    """The user cancelled a long run. Not an error: nothing needs to be mended."""
