"""The evidence sheet of one lead as PDF."""

from __future__ import annotations

import argparse
import os
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from evidence.ledger import export_file
from evidence.means import CERTIFICATE, PASSWORD
from evidence.outgoing import gathered, going_out, signed
from evidence.redaction.sharing import shown
from evidence.sheet.render import LAYOUTS, make_sheet
from evidence.shell_words import add_leads, add_purpose, add_share, ground_of, order_of
from evidence.signing import signer_from_file
from office.shell_words import at_work, utc_text


def add(parser: argparse.ArgumentParser) -> None:
    """Lead, paper, file."""
    add_leads(parser)
    add_purpose(parser)
    add_share(parser)
    parser.add_argument("--paper", choices=list(LAYOUTS), default="A4")
    parser.add_argument("--sign", type=Path, metavar="P12", default=os.environ.get(CERTIFICATE),
                        help=f"sign with this certificate (PKCS#12), else {CERTIFICATE}; its password in {PASSWORD}")  # fmt: skip
    parser.add_argument("--out", type=Path, required=True, help="the PDF to write")


def run(arguments: argparse.Namespace) -> int:
    """Make the sheet (of the first lead named)."""
    now = datetime.now(UTC)
    at = utc_text(now)
    with at_work(arguments, at, create=True) as (db, actor, _):
        order, ground = (
            order_of(arguments, "sheet", arguments.leads[:1]),
            ground_of(arguments, db, actor, now),
        )
        dossier = next(going_out(gathered(order, ground), order, ground))
        pictures = [shown(one) for one in dossier.pictures]
        with export_file(db, arguments.out, what="sheet", leads=[dossier.lead_id], actor=actor,
                         purpose=order.purpose, at=at, shared=order.shared, pictures=lambda: pictures) as file:  # fmt: skip
            pdf = make_sheet(dossier, lang=arguments.lang, paper=arguments.paper)
            if arguments.sign:
                ground = replace(
                    ground, signer=signer_from_file(arguments.sign, os.environ.get(PASSWORD, ""))
                )
            file.write_bytes(signed(pdf, ground, order.purpose))
    print(f"→ {arguments.out}{'' if arguments.sign else ' (not signed 未签名)'}")
    return 0
