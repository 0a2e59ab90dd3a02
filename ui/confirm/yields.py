"""What became of each detector's candidates, as a table."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from imagery.detectors import catalogue
from imagery.queue import Yield, all_reasons
from ui.confirm.fits import title_of
from ui.texts import Texts

_COLUMNS = ("detector", "runs", "candidates", "yes", "no", "unsure", "open", "share", "refusals")
_REASONS = 3
"""Reasons named, the most frequent first."""


def yield_table(found: Sequence[Yield], words: Texts) -> str:
    """The table as HTML; all text escaped."""
    if not found:
        return f'<p class="y-quiet">{escape(words("confirm.yield_none"))}</p>'
    head = "".join(f"<th>{escape(words(f'confirm.yield.{name}'))}</th>" for name in _COLUMNS)
    rows = "".join(_row(one, words) for one in found)
    note = f'<p class="y-quiet">{escape(words("confirm.yield_note"))}</p>'
    return f'<div class="y-scroll"><table class="y-table y-yield"><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>{note}'


def _row(one: Yield, words: Texts) -> str:
    entry = catalogue().get(one.detector.split(" ")[0])
    title = title_of(entry.detector, words.lang) if entry else words("confirm.drawn")
    name = f'{escape(title)}<br><small class="y-quiet">{escape(one.detector)}</small>'
    counts = "".join(f"<td>{n}</td>" for n in (one.runs, one.candidates, one.yes, one.no, one.unsure, one.open))  # fmt: skip
    return f"<tr><td>{name}</td>{counts}<td>{escape(_share(one, words))}</td><td>{escape(_refusals(one, words))}</td></tr>"


def _share(one: Yield, words: Texts) -> str:
    """Share of yes among what was decided, with its 95 % interval."""
    if one.share_yes is None or one.share_low is None or one.share_high is None:
        return "—"
    return words("confirm.share", value=f"{100 * one.share_yes:.0f}",
                 low=f"{100 * one.share_low:.0f}", high=f"{100 * one.share_high:.0f}")  # fmt: skip


def _refusals(one: Yield, words: Texts) -> str:
    known = all_reasons()
    parts = []
    for code, count in list(one.refusals.items())[:_REASONS]:
        reason = known.get(code)
        name = words("confirm.no_reason") if reason is None else reason.zh if words.lang == "zh" else reason.en  # fmt: skip
        parts.append(f"{name} {count}")
    return "; ".join(parts)
