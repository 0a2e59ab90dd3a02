"""The photos of a lead's visits: which there are, and which of them stand on its sheet."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime
from pathlib import Path

from evidence.glyphs import printable
from evidence.photos import choose_photos, photos_of
from evidence.words import moment
from imagery.store import Store
from leads.store import card
from office.shell_words import add_actor, add_store, at_work, utc_text


def add(parser: argparse.ArgumentParser) -> None:
    """Lead, photos."""
    parser.add_argument("lead", metavar="LEAD", help="id or number of a lead")
    add_store(parser)
    parser.add_argument("--imagery", type=Path, help="imagery store, which holds the originals")
    parser.add_argument("--choose", nargs="*", metavar="SHA256", help="these (their first digits will do) stand on the sheet, "
                        "no others; none named: none")  # fmt: skip
    add_actor(parser, "reviewer")


def run(arguments: argparse.Namespace) -> int:
    """Choose where asked to, then one line for each photo."""
    at = utc_text(datetime.now(UTC))
    imagery = Store.open(arguments.imagery, create=False) if arguments.imagery else None
    with at_work(arguments, at, create=True) as (db, actor, _):
        one = card(db, arguments.lead, actor=actor)
        if arguments.choose is not None:
            known = [photo.sha256 for photo in photos_of(one.history, None)]
            named = [digest for told in arguments.choose
                     for digest in [full for full in known if full.startswith(told)] or [told]]  # fmt: skip
            choose_photos(db, str(one.lead["id"]), named, actor=actor, at=at)
            one = card(db, arguments.lead, actor=actor)
    for photo in photos_of(one.history, imagery):
        print(f"{'✓' if photo.chosen else '·'} {photo.sha256}\t{moment(photo.at)}\t{printable(photo.by)}\t"
              f"{photo.scene or 'not in the imagery store 未入库'}\t{printable(str(photo.told.get('caption') or ''))}")  # fmt: skip
    return 0
