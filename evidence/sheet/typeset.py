"""Typst sets what lies in a folder; nothing outside the folder and the fonts is read."""

from __future__ import annotations

from pathlib import Path

import typst

from evidence.glyphs import FONTS
from layers.errors import YichaError


def typeset(file: Path) -> bytes:
    """The PDF of a Typst file, PDF/A-3a declared. Raises `YichaError` where it cannot be set.

    Typst keeps what it has set for the next time: a process that sets ever new sheets grows, so an
    atlas sets every part in a process of its own.
    """
    try:
        made = typst.compile(str(file), root=str(file.parent), font_paths=[str(FONTS)],
                             ignore_system_fonts=True, pdf_standards=["a-3a"])  # fmt: skip
    except typst.TypstError as error:
        raise _not_set(error) from error
    assert isinstance(made, bytes)  # one output, not one per page
    return made


def page_pictures(file: Path, ppi: float) -> list[bytes]:
    """The pages of the same file as PNG, `ppi` pixels an inch, for the screen."""
    try:
        made = typst.compile(str(file), root=str(file.parent), font_paths=[str(FONTS)],
                             ignore_system_fonts=True, format="png", ppi=ppi)  # fmt: skip
    except typst.TypstError as error:
        raise _not_set(error) from error
    return [made] if isinstance(made, bytes) else list(made)


def _not_set(error: typst.TypstError) -> YichaError:
    return YichaError(f"the sheet could not be set: {error}", field="sheet",
                      remedy="report it with the lead's number; the data are untouched")  # fmt: skip
