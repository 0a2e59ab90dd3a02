"""A sealed bundle of leads: originals, findings, history, law and sheets, verifiable offline."""

from __future__ import annotations

import argparse
import os
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from evidence.bundle import SigningKey, build_bundle, read_key
from evidence.bundle.chain import chain_of
from evidence.bundle.payload import record_files, scenes_of
from evidence.collect import collect
from evidence.collection import Field, demand_complete
from evidence.ledger import export_file
from evidence.redaction.areas import subject_of
from evidence.shell_words import (
    add_leads,
    add_purpose,
    add_share,
    blank_records,
    imagery_of,
    layers_of,
    leaving,
    mark_of,
    people_of,
    purpose_of,
)
from evidence.signing import authority
from leads.shell_words import at_work, utc_text
from office import Database
from office.signing_keys import ENVIRONMENT, PASSWORD


def add(parser: argparse.ArgumentParser) -> None:
    """Leads, key, file."""
    add_leads(parser)
    add_purpose(parser)
    add_share(parser)
    parser.add_argument("--key", type=Path, help=f"PEM file of the signing key; else {ENVIRONMENT}")
    parser.add_argument("--incomplete", action="store_true", help="export although collection records have "
                        "blank fields; sheet and bag-info.txt name them")  # fmt: skip
    parser.add_argument("--stamp", metavar="URL", help="ask this time-stamp authority (RFC 3161)")
    parser.add_argument("--out", type=Path, required=True, help="the zip to write")


def run(arguments: argparse.Namespace) -> int:
    """Write the bundle."""
    now = datetime.now(UTC)
    at = utc_text(now)
    with at_work(arguments, at, create=True) as (db, actor, _):
        purpose, key = purpose_of(arguments), _key(arguments)
        imagery, made = imagery_of(arguments), now.astimezone().isoformat(timespec="seconds")
        full = list(collect(db, arguments.leads, layers_of(arguments), actor=actor, imagery=imagery, at=made,
                            people=people_of(arguments, actor.name)))  # fmt: skip
        blank = {} if arguments.share else blank_records(db, imagery, full)
        if not arguments.incomplete:
            demand_complete(blank)
        dossiers, ids = (
            list(leaving(full, arguments, db, actor, made)),
            [one.lead_id for one in full],
        )
        scenes = [] if imagery is None or arguments.share else scenes_of(full)
        info = [("Bagging-Date", now.date().isoformat()), ("Contact-Name", actor.name),
                ("External-Description", purpose.reason), ("Yicha-Recipient", purpose.recipient),
                ("Yicha-Keep-Until", purpose.until or "-"), ("Yicha-Watermark", mark_of(arguments, actor, made)),
                ("Yicha-Redacted-Copy", "yes" if arguments.share else "no"), *_blank_lines(blank)]  # fmt: skip
        with export_file(db, arguments.out, what="bundle", leads=ids, actor=actor, purpose=purpose,
                         at=at, shared=arguments.share) as file:  # fmt: skip
            report = build_bundle(dossiers, file, root=arguments.out.stem, chain=_chain(arguments, db, ids, scenes),
                                  imagery=None if arguments.share else imagery, lang=arguments.lang, info=info,
                                  key=key, more=record_files(db, imagery, scenes) if imagery is not None else (),
                                  stamp=authority(arguments.stamp) if arguments.stamp else None)  # fmt: skip
    print(
        f"→ {arguments.out}: {report.files} files, {report.bytes:,} bytes, SHA-256 {report.sha256}"
    )
    print(
        f"  signed by {report.signed_by}" if report.signed_by else "  not signed: no key was given"
    )
    return 0


def _chain(
    arguments: argparse.Namespace, db: Database, ids: list[str], scenes: list[str]
) -> dict[str, Any]:
    """The history that goes along; in a redacted copy its hashes only, no words."""
    chain = chain_of(db, [*ids, *(subject_of(one) for one in scenes)])
    return {**chain, "events": []} if arguments.share else chain


def _blank_lines(blank: Mapping[str, Sequence[Field]]) -> list[tuple[str, str]]:
    return [("Yicha-Incomplete-Record", f"{scene}: {', '.join(one.name for one in fields)}")
            for scene, fields in blank.items()]  # fmt: skip


def _key(arguments: argparse.Namespace) -> SigningKey | None:
    path = arguments.key or os.environ.get(ENVIRONMENT)
    return read_key(Path(path), os.environ.get(PASSWORD)) if path else None
