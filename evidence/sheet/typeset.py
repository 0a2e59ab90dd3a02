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
        raise YichaError(f"the sheet could not be set: {error}", field="sheet",
                         remedy="report it with the lead's number; the data are untouched") from error  # fmt: skip
    assert isinstance(made, bytes)  # one output, not one per page
    return made
