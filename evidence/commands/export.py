"""A sealed bundle of leads: originals, findings, history, law and sheets, verifiable offline."""

from __future__ import annotations

import argparse
import os
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from evidence.bundle import SigningKey
from evidence.bundle.build import Stamp
from evidence.means import STAMP, key_of, stamp_of
from evidence.outgoing import write_bundle
from evidence.shell_words import add_leads, add_purpose, add_share, ground_of, order_of
from office.shell_words import at_work, utc_text
from office.signing_keys import ENVIRONMENT


def add(parser: argparse.ArgumentParser) -> None:
    """Leads, key, file."""
    add_leads(parser)
    add_purpose(parser)
    add_share(parser)
    parser.add_argument("--key", type=Path, help=f"PEM file of the signing key; else {ENVIRONMENT}")
    parser.add_argument("--incomplete", action="store_true", help="export although collection records have "
                        "blank fields; sheet and bag-info.txt name them")  # fmt: skip
    parser.add_argument("--stamp", metavar="URL", nargs="?", const="", help="ask this time-stamp authority "
                        f"(RFC 3161), without URL that of {STAMP}")  # fmt: skip
    parser.add_argument("--out", type=Path, required=True, help="the zip to write")


def run(arguments: argparse.Namespace) -> int:
    """Write the bundle."""
    now = datetime.now(UTC)
    with at_work(arguments, utc_text(now), create=True) as (db, actor, _):
        order, key = order_of(arguments, "bundle", arguments.leads), _key(arguments)
        ground = replace(ground_of(arguments, db, actor, now), key=key,
                         stamp=_stamp(arguments))  # fmt: skip
        report = write_bundle(order, ground, arguments.out)
    print(
        f"→ {arguments.out}: {report.files} files, {report.bytes:,} bytes, SHA-256 {report.sha256}"
    )
    print(
        f"  signed by {report.signed_by}"
        if report.signed_by
        else "  not signed 未签名: no key was given"
    )
    print(
        "  time stamp 时间戳: "
        + ("present 有" if report.timestamp else "none was asked for 未请求；不能证明何时已存在")
    )
    return 0


def _key(arguments: argparse.Namespace) -> SigningKey | None:
    named = {ENVIRONMENT: str(arguments.key)} if arguments.key else {}
    return key_of({**os.environ, **named})


def _stamp(arguments: argparse.Namespace) -> Stamp | None:
    named = {STAMP: arguments.stamp} if arguments.stamp else {}
    return None if arguments.stamp is None else stamp_of({**os.environ, **named})
