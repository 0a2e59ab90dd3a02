"""The account of a take-in for people: every file, why one was refused, and what to do about it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from layers.problems import in_language, text_in_language
from ui.texts import Texts

Row = Mapping[str, Any]
GLYPHS = {"accepted": "✓", "restated": "↻", "duplicate": "＝", "refused": "✕", "stopped": "…"}
_ORDER = ("refused", "stopped", "accepted", "restated", "duplicate")
_MEMBERS = 8


def ordered(report: Mapping[str, Any]) -> list[Row]:
    """The rows, what needs a person first."""
    return sorted(report["rows"], key=lambda row: (_ORDER.index(row["status"]), row["file"]))


def totals(report: Mapping[str, Any], words: Texts) -> str:
    """How many of each, e.g. `accepted 3 · refused 1`."""
    counts = [f"{words.word('upload.status', name)} {report['counts'][name]}"
              for name in _ORDER[2:] + _ORDER[:2] if report["counts"][name]]  # fmt: skip
    return " · ".join(counts) or words("upload.no_imagery")


def scenes_of(row: Row) -> Sequence[str]:
    """The scenes a file became, or was already."""
    return tuple(row["scenes"]) or tuple(row["duplicate_of"])


def made(report: Mapping[str, Any]) -> list[str]:
    """The scenes a take-in made, in the order of its rows."""
    return list(dict.fromkeys(scene for row in ordered(report) for scene in scenes_of(row)))


def row_html(row: Row, words: Texts) -> str:
    """One file: what became of it, reason, remedy, remarks. All text escaped."""
    status = row["status"]
    lines = [*_refusal(row, words), *_members(row, words)]
    lines += [_line("warning" if one["level"] == "warning" else "note", one[words.lang], words)
              for one in row["remarks"]]  # fmt: skip
    several = f' · {escape(words("upload.scenes", n=len(row["scenes"])))}' if len(row["scenes"]) > 1 else ""  # fmt: skip
    return (
        f'<div class="y-file y-{status}"><span class="y-mark" aria-hidden="true">{GLYPHS[status]}</span>'
        f'<div><b>{escape(row["file"])}</b> <span class="y-quiet">{escape(words.word("upload.status", status))}{several}</span>'
        f'{"".join(lines)}</div></div>'
    )  # fmt: skip


def aside_html(report: Mapping[str, Any], words: Texts) -> str:
    """Files that are no imagery, by name."""
    names = report["aside"]
    if not names:
        return ""
    shown = escape("、".join(names[:20])) + (" …" if len(names) > 20 else "")
    return f'<p class="y-quiet">{escape(words("upload.aside", n=len(names)))}{shown}</p>'


def _refusal(row: Row, words: Texts) -> list[str]:
    if not row["reason"]:
        return []
    reason, remedy = in_language(row["reason"], row["remedy"], words.lang)
    kept = [_line("note", words("upload.kept_original"), words)] if row["originals"] else []
    return [_line("reason", reason, words), _line("remedy", remedy, words), *kept]


def _members(row: Row, words: Texts) -> list[str]:
    members = row["members_refused"]
    lines = [
        _line("member", f"{name}: {text_in_language(text, words.lang)}", words)
        for name, text in members[:_MEMBERS]
    ]
    if len(members) > _MEMBERS:
        lines.append(_line("member", f"… {len(members)}", words))
    return lines


def _line(kind: str, text: str, words: Texts) -> str:
    label = words.word("upload.line", kind)
    return f'<p class="y-line y-line-{kind}"><label>{escape(label)}</label>{escape(text)}</p>'
