"""One interactive map of the leads in one HTML file that opens from a disk without any network."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from evidence.dossier import Dossier
from evidence.exports import html_map
from evidence.exports.copies import add_copies, write_copy


def add(parser: argparse.ArgumentParser) -> None:
    """Leads and file."""
    add_copies(parser)
    parser.add_argument("--out", type=Path, required=True, help="the HTML file to write")


def run(arguments: argparse.Namespace) -> int:
    """Write the page."""

    def make(dossiers: Sequence[Dossier], watermark: str) -> bytes:
        return html_map(dossiers, lang=arguments.lang, watermark=watermark)

    write_copy(arguments, datetime.now(UTC), "html", make)
    return 0
