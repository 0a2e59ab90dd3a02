"""Write a hand-over sheet of chosen leads for a receiver: Excel or CSV, in the receiver's columns.

Forms are kept in data/agencies/handover.toml. Every hand-over is told in the leads' history.
"""

from __future__ import annotations

import argparse
from datetime import UTC, datetime
from pathlib import Path

from leads.views.handover import hand_over
from office.shell_words import (
    add_actor,
    add_language,
    add_store,
    at_work,
    language_of,
    utc_text,
)


def add(parser: argparse.ArgumentParser) -> None:
    """The arguments of the command."""
    parser.add_argument("lead", nargs="+", help="ids or numbers")
    parser.add_argument("--out", type=Path, required=True, metavar="FILE", help=".xlsx or .csv")
    parser.add_argument("--to", required=True, metavar="NAME", help="who receives it")
    parser.add_argument("--reason", required=True, metavar="TEXT", help="why it is handed over")
    parser.add_argument(
        "--form", default="standard", help="which columns (data/agencies/handover.toml)"
    )
    add_store(parser)
    add_actor(parser)
    add_language(parser)


def run(arguments: argparse.Namespace) -> int:
    """Write the sheet."""
    at = utc_text(datetime.now(UTC))
    with at_work(arguments, at) as (database, actor, _):
        done = hand_over(
            database, arguments.lead, arguments.out, form=arguments.form, receiver=arguments.to,
            reason=arguments.reason, actor=actor, at=at,
            lang=language_of(arguments),
        )  # fmt: skip
    print(f"{done.path} · {done.leads} · SHA-256 {done.sha256}")
    return 0
