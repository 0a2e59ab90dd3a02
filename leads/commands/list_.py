"""List leads, the highest score first; `--ids` prints bare ids for other commands."""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from checks import catalogue
from layers.errors import LeadError
from leads.runs.report import CHANGE_WORDS
from leads.states import STATE_WORDS
from leads.store import SORTS, Box, Filter, Page, lead_ids, list_leads
from office.shell_words import add_actor, add_language, add_store, at_work, language_of, utc_text


def add(parser: argparse.ArgumentParser) -> None:
    """The arguments of the command."""
    many = {"action": "append", "default": [], "metavar": "ID"}
    parser.add_argument("--check", **many, help="only of this check (several times for several)")  # type: ignore[arg-type]
    parser.add_argument(
        "--state", action="append", default=[], choices=list(STATE_WORDS), help="only in this state"
    )
    parser.add_argument(
        "--verdict", action="append", default=[], metavar="VERDICT", help="inside, borderline, …"
    )
    parser.add_argument("--change", action="append", default=[], choices=["new", "changed", "unchanged",
                        "vanished", "back"], help="what the last run changed")  # fmt: skip
    parser.add_argument(
        "--run", dest="run_id", metavar="RUN", help="only leads that this run changed"
    )
    parser.add_argument("--gone", action="store_true", help="only leads that are no longer found")
    parser.add_argument(
        "--asked-again", action="store_true", help="only leads laid aside whose facts changed"
    )
    parser.add_argument(
        "--admin", metavar="CODE", help="administrative code, or the beginning of one"
    )
    parser.add_argument("--agency", metavar="ID", help="only for this agency")
    parser.add_argument("--assignee", metavar="NAME", help="only of this person; '' for nobody's")
    parser.add_argument("--case", metavar="CASE", help="only of this case")
    parser.add_argument("--score", type=float, metavar="POINTS", help="with at least this score")
    parser.add_argument("--due", metavar="DAY", help="with something due until this day")
    parser.add_argument(
        "--words", default="", metavar="TEXT", help="in number, name, address or codes"
    )
    parser.add_argument("--box", metavar="W,S,E,N", help="only in this window (degrees)")
    parser.add_argument("--merged", action="store_true", help="also those merged into others")
    parser.add_argument(
        "--sort", choices=list(SORTS), default="score", help="what to sort by (score)"
    )
    parser.add_argument("--ascending", action="store_true", help="the smallest first")
    parser.add_argument("--limit", type=int, default=50, metavar="N", help="at most so many (50)")
    parser.add_argument("--offset", type=int, default=0, metavar="N", help="leave out the first N")
    parser.add_argument(
        "--ids", action="store_true", help="print only the ids, of all that are meant"
    )
    parser.add_argument("--json", action="store_true", help="print the rows as JSON")
    add_store(parser)
    add_actor(parser)
    add_language(parser)


def run(arguments: argparse.Namespace) -> int:
    """Print the list."""
    at = utc_text(datetime.now(UTC))
    where = _filter(arguments)
    with at_work(arguments, at, create=True) as (database, actor, _):
        if arguments.ids:
            print("".join(f"{one}\n" for one in lead_ids(database, where, actor=actor)), end="")
            return 0
        page = list_leads(database, where, actor=actor, sort=arguments.sort, ascending=arguments.ascending,
                          limit=max(arguments.limit, 0), offset=max(arguments.offset, 0))  # fmt: skip
    if arguments.json:
        print(json.dumps({"total": page.total, "leads": page.rows}, ensure_ascii=False, indent=1))
    else:
        _print(page, language_of(arguments))
    return 0


def _filter(arguments: argparse.Namespace) -> Filter:
    return Filter(
        checks=arguments.check, states=arguments.state, verdicts=arguments.verdict,
        changes=arguments.change, presence="vanished" if arguments.gone else None,
        admin_code=arguments.admin, agency=arguments.agency, assignee=arguments.assignee,
        case_id=arguments.case, run_id=arguments.run_id,
        asked_again=True if arguments.asked_again else None, score_from=arguments.score,
        due_until=arguments.due, words=arguments.words,
        box=_box(arguments.box) if arguments.box else None, with_merged=arguments.merged,
    )  # fmt: skip


def _box(text: str) -> Box:
    try:
        west, south, east, north = (float(side) for side in text.split(","))
    except ValueError as error:
        raise LeadError(f"{text!r} is no window", field="--box",
                        remedy="give west,south,east,north in degrees") from error  # fmt: skip
    return west, south, east, north


def _print(page: Page, lang: str) -> None:
    titles = {entry.check.id: entry.check.title.of(lang) for entry in catalogue().values()}
    for row in page.rows:
        print(_line(row, titles, lang))
    told = ("共 {total} 条，列出 {shown} 条", "{shown} of {total} leads")[lang == "en"]
    print(told.format(total=page.total, shown=len(page.rows)))


def _line(row: Mapping[str, Any], titles: Mapping[str, str], lang: str) -> str:
    state = STATE_WORDS[row["state"]].of(lang) if row["state"] in STATE_WORDS else row["state"]
    change = CHANGE_WORDS["asked_again" if row["asked_again"] else row["change"]].of(lang)
    parts = [row["number"], f"{row['score']:5.1f}", titles.get(row["check_id"], row["check_id"]),
             row["subject_name"] or row["subject_theme"] or "", row["address"] or "", state, change,
             row["id"]]  # fmt: skip
    return "  ".join(str(part) for part in parts if part)
