"""The small picture of a finding: a line in metres with the error band and the limit on it."""

from __future__ import annotations

from html import escape
from typing import Protocol

from ui.texts import Texts
from ui.words import metres


class Measured(Protocol):
    """What the picture needs: metres, with the band around them, and what is said of them."""

    @property
    def measured(self) -> float | None:
        """The value, in metres."""

    @property
    def measured_low(self) -> float | None:
        """The least it may be."""

    @property
    def measured_high(self) -> float | None:
        """The most it may be."""

    @property
    def limit(self) -> float | None:
        """The limit, in metres."""

    @property
    def verdict(self) -> str:
        """What is said of it."""


_ROOM = 1.18
"""The line is this much longer than the farthest thing on it."""


def picture(finding: Measured, texts: Texts) -> str:
    """The picture as HTML, or nothing where no distance was measured."""
    if finding.measured is None:
        return ""
    low = finding.measured_low if finding.measured_low is not None else finding.measured
    high = finding.measured_high if finding.measured_high is not None else finding.measured
    length = max(high, finding.limit or 0.0, 1.0) * _ROOM
    limit = "" if finding.limit is None else _limit(finding.limit, length, texts)
    described = escape(texts("card.band", low=f"{low:.0f}", high=f"{high:.0f}"))
    return (
        f'<div class="y-scale" role="img" aria-label="{described}" title="{described}">'
        f'<div class="y-axis"></div>{limit}'
        f'<div class="y-band {finding.verdict}" style="left:{low / length:.2%};'
        f'width:{(high - low) / length:.2%}"></div>'
        f'<div class="y-at {finding.verdict}" style="left:{finding.measured / length:.2%}"></div>'
        f'<span class="y-zero">0</span><span class="y-end">{described}</span></div>'
    )


def _limit(limit: float, length: float, texts: Texts) -> str:
    return (
        f'<div class="y-within" style="width:{limit / length:.2%}"></div>'
        f'<div class="y-limit" style="left:{limit / length:.2%}"><span>{escape(metres(limit, texts, digits=None))}</span></div>'
    )
