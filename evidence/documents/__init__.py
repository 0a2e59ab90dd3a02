"""The documents of a case as Word drafts, filled from the dossier; what a person decides stays blank.

No number of a document, no date of service, no signature and no reason is ever written by the program.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Literal

from evidence.documents import inspection, look_back, transfer
from evidence.documents.draft import Draft
from evidence.documents.parts import WORDS
from evidence.dossier import Dossier
from evidence.exports.marks import notices

Kind = Literal["transfer", "inspection", "look-back"]
_WRITERS: Mapping[Kind, tuple[str, Callable[[Draft, Dossier], None]]] = {
    "transfer": (transfer.TITLE, transfer.write),
    "inspection": (inspection.TITLE, inspection.write),
    "look-back": (look_back.TITLE, look_back.write),
}
KINDS: tuple[Kind, ...] = tuple(_WRITERS)


def make_document(kind: Kind, dossier: Dossier, *, watermark: str = "") -> bytes:
    """The draft as .docx, in Chinese, to be edited; the same dossier gives the same bytes."""
    title, write = _WRITERS[kind]
    draft = Draft(title, notices=notices(dossier, WORDS), watermark=watermark, made_at=dossier.made_at)  # fmt: skip
    write(draft, dossier)
    return draft.data()


__all__ = ["KINDS", "Kind", "make_document"]
