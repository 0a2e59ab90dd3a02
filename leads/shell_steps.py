"""What the commands that change one lead share: the day, the version seen, the fields entered."""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from datetime import datetime, timedelta, timezone

from layers.errors import LeadError

CHINA = timezone(timedelta(hours=8))
"""Days are China's days; there is no summer time."""


def add_change(parser: argparse.ArgumentParser) -> None:
    """The day it happened, and the version of the lead that was seen."""
    parser.add_argument(
        "--on", metavar="DAY", help="the day it happened (YYYY-MM-DD; usually today)"
    )
    parser.add_argument("--version", type=int, metavar="N",
                        help="the version you saw: refused where somebody changed it since")  # fmt: skip


def day_of(arguments: argparse.Namespace, moment: datetime) -> str:
    """The day asked for, else China's day of the moment handed in."""
    return str(arguments.on or moment.astimezone(CHINA).date().isoformat())


def entered(pairs: Iterable[str]) -> dict[str, str]:
    """`name=value` pairs as a mapping; raises `LeadError` for anything else or a name twice."""
    found: dict[str, str] = {}
    for pair in pairs:
        name, sign, value = pair.partition("=")
        if not sign or not name or name in found:
            raise LeadError(f"{pair!r} is not name=value", field="--set",
                            remedy="write --set served_on=2026-07-01, every name once")  # fmt: skip
        found[name] = value
    return found
