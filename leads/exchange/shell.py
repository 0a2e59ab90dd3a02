"""What the commands of hand-over share: the file of offices, and what came of going on."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from leads.exchange.going_on import Gone
from leads.exchange.listing import STATES
from leads.exchange.offices import ENVIRONMENT


def add_offices(parser: argparse.ArgumentParser) -> None:
    """The file with this office and its partners."""
    parser.add_argument("--offices", type=Path, metavar="FILE",
                        help=f"file of offices and keys; else {ENVIRONMENT}")  # fmt: skip


def print_gone(gone: Gone, lang: str) -> int:
    """Say what came of it; 1 where something stood in the way."""
    for transfer, verdict in gone.verdicts.items():
        print(f"{transfer[:16]} {STATES[verdict].of(lang)}")
    for office, error in gone.problems:
        print(f"{office}: {error}", file=sys.stderr)
    return 1 if gone.problems else 0
