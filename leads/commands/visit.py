"""Record a visit to a lead's place, as the phone keeps it (JSON, data/words/visit.toml)."""

from __future__ import annotations

import argparse
import json
import sys
from datetime import UTC, datetime
from pathlib import Path

from layers.errors import LeadError
from leads.field.visits import record_visit
from leads.shell_steps import CHINA
from office.shell_words import add_actor, add_store, at_work, utc_text


def add(parser: argparse.ArgumentParser) -> None:
    """The arguments of the command."""
    parser.add_argument("lead", help="id or number")
    parser.add_argument("file", help="the visit as JSON; - reads the input")
    add_store(parser)
    add_actor(parser, "field")


def run(arguments: argparse.Namespace) -> int:
    """Record it; a visit that is known already changes nothing."""
    told, now = _read(arguments.file), datetime.now(UTC)
    at, day = utc_text(now), now.astimezone(CHINA).date().isoformat()
    with at_work(arguments, at) as (database, actor, _):
        done = record_visit(database, arguments.lead, told, actor=actor, at=at, on_date=day)
    print(json.dumps(done.as_dict(), ensure_ascii=False, indent=1))
    return 0


def _read(name: str) -> dict[str, object]:
    try:
        text = sys.stdin.read() if name == "-" else Path(name).read_text(encoding="utf-8")
        told = json.loads(text)
    except (OSError, ValueError) as error:
        raise LeadError(f"the visit cannot be read: {error}", file=name, remedy="give a JSON file") from None  # fmt: skip
    if not isinstance(told, dict):
        raise LeadError("a visit is a JSON object", file=name, remedy="see data/words/visit.toml")
    return told
