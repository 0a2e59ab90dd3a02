"""A sealed bundle of leads: originals, findings, history, law and sheets, verifiable offline."""

from __future__ import annotations

import argparse
import os
from datetime import UTC, datetime
from pathlib import Path

from evidence.bundle import SigningKey, build_bundle, read_key
from evidence.bundle.chain import chain_of
from evidence.bundle.keys import ENVIRONMENT
from evidence.collect import collect
from evidence.ledger import export_file
from evidence.shell_words import (
    add_leads,
    add_purpose,
    imagery_of,
    layers_of,
    people_of,
    purpose_of,
)
from evidence.signing import authority
from leads.shell_words import actor_of, open_store, utc_text

PASSWORD = "YICHA_SIGNING_PASSWORD"  # noqa: S105 - the name of the variable


def add(parser: argparse.ArgumentParser) -> None:
    """Leads, key, file."""
    add_leads(parser)
    add_purpose(parser)
    parser.add_argument("--key", type=Path, help=f"PEM file of the signing key; else {ENVIRONMENT}")
    parser.add_argument("--stamp", metavar="URL", help="ask this time-stamp authority (RFC 3161)")
    parser.add_argument("--out", type=Path, required=True, help="the zip to write")


def run(arguments: argparse.Namespace) -> int:
    """Write the bundle."""
    db, actor, now = open_store(arguments), actor_of(arguments), datetime.now(UTC)
    purpose, key = purpose_of(arguments), _key(arguments)
    imagery = imagery_of(arguments)
    dossiers = list(collect(db, arguments.leads, layers_of(arguments), actor=actor, imagery=imagery,
                            at=now.astimezone().isoformat(timespec="seconds"),
                            people=people_of(arguments, actor.name)))  # fmt: skip
    ids = [one.lead_id for one in dossiers]
    info = [("Bagging-Date", now.date().isoformat()), ("Contact-Name", actor.name),
            ("External-Description", purpose.reason), ("Yicha-Recipient", purpose.recipient)]  # fmt: skip
    with export_file(db, arguments.out, what="bundle", leads=ids, actor=actor, purpose=purpose,
                     at=utc_text(now)) as file:  # fmt: skip
        report = build_bundle(dossiers, file, root=arguments.out.stem, chain=chain_of(db, ids), imagery=imagery,
                              lang=arguments.lang, info=info, key=key,
                              stamp=authority(arguments.stamp) if arguments.stamp else None)  # fmt: skip
    print(
        f"→ {arguments.out}: {report.files} files, {report.bytes:,} bytes, SHA-256 {report.sha256}"
    )
    print(
        f"  signed by {report.signed_by}" if report.signed_by else "  not signed: no key was given"
    )
    return 0


def _key(arguments: argparse.Namespace) -> SigningKey | None:
    path = arguments.key or os.environ.get(ENVIRONMENT)
    return read_key(Path(path), os.environ.get(PASSWORD)) if path else None
