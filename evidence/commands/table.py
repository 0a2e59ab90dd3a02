"""Leads as a table other programs read: CSV, Excel, GeoJSON, GeoPackage, KML, KMZ, shapefile."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from evidence.dossier import Dossier
from evidence.exports import SUFFIXES, write_table
from evidence.exports.copies import add_copies, write_copy


def add(parser: argparse.ArgumentParser) -> None:
    """Leads and file."""
    add_copies(parser)
    parser.add_argument("--out", type=Path, required=True,
                        help=f"the file to write; its ending is the format: {' '.join(SUFFIXES)}")  # fmt: skip


def run(arguments: argparse.Namespace) -> int:
    """Write the table; prints what the format could not hold."""

    def make(dossiers: Sequence[Dossier], watermark: str) -> bytes:
        made = write_table(dossiers, arguments.out, lang=arguments.lang, watermark=watermark)
        print("\n".join(made.notes), end="\n" if made.notes else "")
        return made.data

    write_copy(arguments, datetime.now(UTC), "table", make)
    return 0
