"""Pairs that a person must decide, as a table for Excel, and back: `match-review MATCHES.parquet --out review.xlsx`.

`match-review MATCHES.parquet --take review.xlsx --who NAME --on DATE --decisions FILE` keeps what
was written into the column `decision` (same/同, different/否; empty is not decided). `.csv` works, too.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import pandas as pd

from layers.errors import SourceError
from layers.matching import Decision, Decisions, Matches, read_matches
from layers.matching.review import read_review, write_review

_WORDS = {
    **dict.fromkeys(("same", "同", "是", "同一", "同一户", "y", "yes"), "same"),
    **dict.fromkeys(("different", "否", "不是", "不同", "n", "no"), "different"),
}


def add(parser: argparse.ArgumentParser) -> None:
    """The arguments of the command."""
    parser.add_argument("matches", type=Path, metavar="MATCHES", help="file that `match` wrote")
    parser.add_argument(
        "--out", type=Path, metavar="FILE", help="write the pairs to decide, as .xlsx or .csv"
    )
    parser.add_argument("--take", type=Path, metavar="FILE", help="read the filled-in table")
    parser.add_argument("--who", metavar="NAME", help="who decided (with --take)")
    parser.add_argument("--on", metavar="DATE", help="when it was decided (with --take)")
    parser.add_argument("--decisions", type=Path, metavar="FILE",
                        help="file of decisions to add to, or a layer folder (with --take)")  # fmt: skip


def run(arguments: argparse.Namespace) -> int:
    """Write the table to decide, or take a filled-in one."""
    matches = read_matches(arguments.matches)
    if arguments.take is None:
        if arguments.out is None:
            raise SourceError("there is nothing to do", remedy="give --out FILE or --take FILE")
        asked = matches.zone("ask")
        write_review(asked, arguments.out)
        sys.stdout.write(f"{len(asked)} pairs to decide: {arguments.out}\n")
        return 0
    missing = [name for name in ("who", "on", "decisions") if getattr(arguments, name) is None]
    if missing:
        raise SourceError(
            f"--{missing[0]} is missing", remedy="say who decided, when, and where to keep it"
        )
    taken = take_review(arguments.take, matches, arguments.who, arguments.on)
    Decisions.read(arguments.decisions).with_more(taken).write(arguments.decisions)
    left = len(matches.zone("ask")) - len(taken)
    sys.stdout.write(
        f"{len(taken)} decisions kept: {arguments.decisions}; {max(left, 0)} not decided yet\n"
    )
    return 0


def take_review(path: Path, matches: Matches, who: str, when: str) -> list[Decision]:
    """Decisions in a filled-in table; raises `SourceError` naming the row that cannot be taken."""
    links = matches.links.set_index(["register_id", "site_id"])[["fingerprint", "metres"]]
    known = {key: (row[0], row[1]) for key, row in zip(links.index, links.to_numpy(), strict=True)}
    found = []
    for number, row in enumerate(read_review(path), 2):
        word = row["decision"].strip().lower()
        if not word:
            continue
        pair = row["register_id"], row["site_id"]
        if word not in _WORDS:
            raise SourceError(f"{word!r} is no decision", remedy="write same (同) or different (否)",
                              file=path, row=number, field="decision")  # fmt: skip
        if pair not in known or known[pair][0] != row["fingerprint"]:
            raise SourceError("this pair is not in the matches, or its facts have changed since",
                              remedy="write the table anew with --out and decide again",
                              file=path, row=number)  # fmt: skip
        metres = float(known[pair][1])
        found.append(Decision(*pair, _WORDS[word], who, when, row.get("why", "").strip(),
                              known[pair][0], None if pd.isna(metres) else round(metres, 1)))  # fmt: skip
    return found
