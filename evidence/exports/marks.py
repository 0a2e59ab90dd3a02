"""What every copy says of itself: case material, no survey, masked, made up; who took it out and when."""

from __future__ import annotations

from evidence.dossier import Dossier
from evidence.ledger import Purpose
from evidence.words import Words, moment


def notices(dossier: Dossier, words: Words) -> list[str]:
    """The markings of one dossier, the most telling first."""
    said = [("sheet.redacted", dossier.redacted), ("sheet.generated", dossier.generated),
            ("sheet.marking", True), ("sheet.reference", True)]  # fmt: skip
    told = [words(name) for name, holds in said if holds]
    grid = dossier.finding.get("grid_m")
    return told if grid is None else [*told, words("copy.grid", grid=f"{grid:g}")]


def watermark(words: Words, *, user: str, at: str, purpose: Purpose) -> str:
    """Who took the copy out, when, for whom, until when."""
    told = words("copy.watermark", user=user, at=moment(at), recipient=purpose.recipient)
    return f"{told} {words('copy.until', day=purpose.until)}" if purpose.until else told
