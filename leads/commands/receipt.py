"""Do what the receipt of another office says: its leads are closed here, or given back to us."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime
from pathlib import Path

from leads.exchange.carrier import read_papers
from leads.exchange.listing import STATES
from leads.exchange.offices import load_offices
from leads.exchange.sending import settle
from leads.exchange.shell import add_offices
from leads.exchange.signed import ANSWER
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
    parser.add_argument("file", type=Path, metavar="FILE", help="the receipt that came back")
    add_offices(parser)
    add_store(parser)
    add_actor(parser)
    add_language(parser)


def run(arguments: argparse.Namespace) -> int:
    """Settle every package it answers; the same receipt again changes nothing."""
    offices = load_offices(arguments.offices)
    at, lang = utc_text(datetime.now(UTC)), language_of(arguments)
    papers = read_papers(arguments.file, ANSWER, offices.rules)
    with at_work(arguments, at) as (database, actor, _):
        for paper in papers:
            one = settle(database, paper, offices=offices, actor=actor, at=at)
            print(f"{one.transfer[:16]} {STATES[one.verdict].of(lang)} {one.reason}".rstrip())
    return 0
