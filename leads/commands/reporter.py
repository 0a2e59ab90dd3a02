"""Who reported a lead or a case: see that something is kept (masked), seal it, open one field for a reason.

python -m leads reporter YC-2026-000012 --by NAME
python -m leads reporter YC-2026-000012 --by NAME --keep name --keep phone
python -m leads reporter YC-2026-000012 --by NAME --open phone --reason "答复举报人"

What is sealed is asked for, or read from --secrets after password and code; it never stands in the
command line.
"""

from __future__ import annotations

import argparse
from datetime import UTC, datetime

from leads.reporter import FIELDS, keep_reporter, open_reporter, reporter_of
from office.doors.keys import load_keys
from office.shell_words import add_actor, add_language, add_store, at_work, language_of, utc_text

_NONE = ("未保存举报人信息", "nothing is kept about a reporter")


def add(parser: argparse.ArgumentParser) -> None:
    """The arguments of the command."""
    parser.add_argument("lead", help="id or number of a lead, or id of a case")
    acts = parser.add_mutually_exclusive_group()
    acts.add_argument("--keep", action="append", default=[], choices=list(FIELDS),
                      help="seal this, several times for several; it is asked for")  # fmt: skip
    acts.add_argument("--open", choices=list(FIELDS), help="print this; needs --reason")
    parser.add_argument("--reason", default="", metavar="TEXT", help="what it is needed for")
    add_store(parser)
    add_actor(parser)
    add_language(parser)


def run(arguments: argparse.Namespace) -> int:
    """Do it; print what may be shown, or the value that was opened."""
    at, lang = utc_text(datetime.now(UTC)), language_of(arguments)
    with at_work(arguments, at) as (db, actor, secrets):
        if arguments.open:
            print(open_reporter(db, arguments.lead, arguments.open, reason=arguments.reason,
                                keys=load_keys(arguments.keys), actor=actor, at=at))  # fmt: skip
            return 0
        if arguments.keep:
            values = {name: secrets.ask(FIELDS[name].words.of(lang)) for name in arguments.keep}
            found = keep_reporter(db, arguments.lead, values, keys=load_keys(arguments.keys),
                                  actor=actor, at=at)  # fmt: skip
        else:
            found = reporter_of(db, arguments.lead, actor=actor)
    for one in found:
        print(f"{FIELDS[one.field].words.of(lang)}\t{one.mask}\t{one.at}\t{one.by}")
    if not found:
        print(_NONE[lang == "en"])
    return 0
