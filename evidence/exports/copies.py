"""What the commands that write copies share: leads gathered, masked where asked, marked, told in the ledger."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from datetime import datetime

from evidence.dossier import Dossier
from evidence.masking import GRID_M
from evidence.outgoing import write_copy_of
from evidence.shell_words import add_leads, add_purpose, ground_of, order_of
from office.shell_words import at_work, utc_text


def add_copies(parser: argparse.ArgumentParser) -> None:
    """Leads, purpose, and whether the copy is masked."""
    add_leads(parser)
    add_purpose(parser)
    parser.add_argument("--share", action="store_true",
                        help="a masked copy: names and codes of traders hidden, points on a grid")  # fmt: skip
    parser.add_argument("--grid", type=float, default=GRID_M, metavar="M",
                        help=f"cell of that grid in metres (usually {GRID_M:g})")  # fmt: skip


def write_copy(
    arguments: argparse.Namespace, now: datetime, what: str, make: Callable[[Sequence[Dossier], str], bytes],
    *, pictures: bool = False,
) -> None:  # fmt: skip
    """Gather, mask, let `make(dossiers, watermark)` give the bytes, write them through the ledger.

    `pictures` says whether the copy shows any.
    """
    with at_work(arguments, utc_text(now), create=True) as (db, actor, _):
        # kind and form only name files that are named already
        order, ground = (
            order_of(arguments, "map", arguments.leads),
            ground_of(arguments, db, actor, now),
        )
        write_copy_of(
            order, ground, arguments.out, what, make, pictures=pictures, grid_m=arguments.grid
        )
    print(f"→ {arguments.out}")
