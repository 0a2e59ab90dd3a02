"""What an ingest did with every file: taken, known already, refused with reason and remedy."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from imagery.scene import Remark

Status = Literal["accepted", "restated", "duplicate", "refused", "stopped"]
"""`restated` = known bytes, but this time more was said about them, and the item was renewed;
`stopped` = not reached, or not finished, before the user cancelled."""


@dataclass(frozen=True, slots=True)
class FileRow:
    """One file (or folder that is one scene).

    `scenes` are the ids it became, `duplicate_of` those it already was. A refusal has `reason`
    and `remedy`; a file of which only some members were taken is refused too, and has `scenes`.
    `remarks` are those of its scenes, each once; `originals` the hashes of all that was kept,
    which it is even where nothing could be made of it.
    """

    file: str
    status: Status
    size: int = 0
    sha256: str | None = None
    scenes: tuple[str, ...] = ()
    duplicate_of: tuple[str, ...] = ()
    reason: str = ""
    remedy: str = ""
    members_refused: tuple[tuple[str, str], ...] = ()
    remarks: tuple[Remark, ...] = ()
    originals: tuple[str, ...] = ()


@dataclass(frozen=True)
class IngestReport:
    """The account of one ingest: a row per file, and names of files that are no imagery."""

    received: str
    rows: tuple[FileRow, ...]
    aside: tuple[str, ...] = ()
    cancelled: bool = False
    counts: dict[str, int] = field(init=False)

    def __post_init__(self) -> None:
        names = ("accepted", "restated", "duplicate", "refused", "stopped")
        counts = {name: sum(row.status == name for row in self.rows) for name in names}
        object.__setattr__(self, "counts", counts)

    @property
    def refused(self) -> tuple[FileRow, ...]:
        """The rows of files that did not come in, or not wholly."""
        return tuple(row for row in self.rows if row.status == "refused")

    @property
    def scenes(self) -> tuple[str, ...]:
        """Ids of the scenes that are new or renewed."""
        return tuple(scene for row in self.rows for scene in row.scenes)

    def text(self, lang: str = "en") -> str:
        """The report for people, Chinese (`zh`) or English (`en`)."""
        from imagery.ingest.report_text import report_text

        return report_text(self, lang)

    def as_dict(self) -> dict[str, Any]:
        """The report for machines; plain JSON types."""
        return asdict(self)


def merged(remarks: Sequence[Remark]) -> tuple[Remark, ...]:
    """Each remark once, warnings first."""
    once = dict.fromkeys(remarks)
    return tuple(sorted(once, key=lambda remark: remark.level != "warning"))
