"""A Word draft of a document of the case: transfer letter, inspection record, look-back form."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from evidence.documents import KINDS, make_document
from evidence.dossier import Dossier
from evidence.exports.copies import add_copies, write_copy
from layers.errors import YichaError


def add(parser: argparse.ArgumentParser) -> None:
    """Lead, kind of document, file."""
    add_copies(parser)
    parser.add_argument("--kind", choices=KINDS, required=True, help="which document (in Chinese)")
    parser.add_argument("--out", type=Path, required=True, help="the .docx to write")


def run(arguments: argparse.Namespace) -> int:
    """Write the draft of the one lead named."""
    if len(arguments.leads) != 1:
        raise YichaError(f"{len(arguments.leads)} leads are named; a document is about one", field="lead",
                         remedy="name one lead, and run it for each")  # fmt: skip

    def make(dossiers: Sequence[Dossier], watermark: str) -> bytes:
        return make_document(arguments.kind, dossiers[0], watermark=watermark)

    write_copy(arguments, datetime.now(UTC), f"document:{arguments.kind}", make, pictures=True)
    return 0
