"""Pairs that a person must decide, as a table for Excel, and back: `match-review MATCHES.parquet --out review.csv`.

`match-review MATCHES.parquet --take review.csv --who NAME --on DATE --decisions FILE` keeps what
was written into the column `decision` (same/同, different/否; empty is not decided).
"""

from __future__ import annotations

import argparse
import csv
import io
import sys
from pathlib import Path

import pandas as pd

from layers.atomic import write_text
from layers.errors import SourceError
from layers.matching import Decision, Decisions, Matches, read_matches, reason_text
from layers.safe_csv import csv_text, plain_cell

_COLUMNS = ("register_id", "site_id", "register_name", "site_name", "register_address", "site_address",
            "metres", "score", "reasons_zh", "reasons_en", "fingerprint", "decision", "why")  # fmt: skip
_WORDS = {
    **dict.fromkeys(("same", "同", "是", "同一", "同一户", "y", "yes"), "same"),
    **dict.fromkeys(("different", "否", "不是", "不同", "n", "no"), "different"),
}


def add(parser: argparse.ArgumentParser) -> None:
    """The arguments of the command."""
    parser.add_argument("matches", type=Path, metavar="MATCHES", help="file that `match` wrote")
    parser.add_argument(
        "--out", type=Path, metavar="FILE", help="write the pairs to decide, as CSV"
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
        write_text(arguments.out, "\ufeff" + review_text(asked))
        sys.stdout.write(f"{len(asked)} pairs to decide: {arguments.out}\n")
        return 0
    missing = [name for name in ("who", "on", "decisions") if getattr(arguments, name) is None]
    if missing:
        raise SourceError(
            f"--{missing[0]} is missing", remedy="say who decided, when, and where to keep it"
        )
    taken = take_review(arguments.take, matches, arguments.who, arguments.on)
    Decisions.read(arguments.decisions).with_more(taken).write(arguments.decisions)
    sys.stdout.write(f"{len(taken)} decisions kept: {arguments.decisions}\n")
    return 0


def review_text(links: pd.DataFrame) -> str:
    """The pairs as CSV text, the surest first; no cell can run as a formula."""
    ordered = links.sort_values(["score", "register_id", "site_id"], ascending=[False, True, True])
    table = ordered.assign(
        metres=ordered["metres"].map(lambda m: "" if pd.isna(m) else str(round(m))),
        score=ordered["score"].round(3),
        reasons_zh=ordered["reasons"].map(reason_text),
        reasons_en=ordered["reasons"].map(lambda codes: reason_text(codes, "en")),
        decision="",
        why="",
    ).reindex(columns=list(_COLUMNS))
    table = table.astype(object).where(table.notna(), None)
    return csv_text(_COLUMNS, table.itertuples(index=False))


def take_review(path: Path, matches: Matches, who: str, when: str) -> list[Decision]:
    """Decisions in a filled-in table; raises `SourceError` naming the row that cannot be taken."""
    links = matches.links.set_index(["register_id", "site_id"])[["fingerprint", "metres"]]
    known = {key: (row[0], row[1]) for key, row in zip(links.index, links.to_numpy(), strict=True)}
    found = []
    for number, row in enumerate(_table(path), 2):
        word = plain_cell(row["decision"]).strip().lower()
        if not word:
            continue
        pair = plain_cell(row["register_id"]), plain_cell(row["site_id"])
        if word not in _WORDS:
            raise SourceError(f"{word!r} is no decision", remedy="write same (同) or different (否)",
                              file=path, row=number, field="decision")  # fmt: skip
        if pair not in known or known[pair][0] != plain_cell(row["fingerprint"]):
            raise SourceError("this pair is not in the matches, or its facts have changed since",
                              remedy="write the table anew with --out and decide again",
                              file=path, row=number)  # fmt: skip
        metres = float(known[pair][1])
        found.append(Decision(*pair, _WORDS[word], who, when, plain_cell(row.get("why")).strip(),
                              known[pair][0], None if pd.isna(metres) else round(metres, 1)))  # fmt: skip
    return found


def _table(path: Path) -> list[dict[str, str]]:
    """Rows of the table; Excel in China saves CSV in GBK unless told otherwise."""
    need = {"register_id", "site_id", "fingerprint", "decision"}
    try:
        content = path.read_bytes()
        text = content.decode("utf-8-sig")
    except FileNotFoundError:
        raise SourceError("the file does not exist", remedy="check the path", file=path) from None
    except UnicodeDecodeError:
        text = content.decode("gb18030", errors="replace")
    delimiter = "\t" if "\t" in text.split("\n", 1)[0] else ","
    rows = list(csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter))
    if rows and not need <= set(rows[0]):
        raise SourceError(f"columns are missing: {', '.join(sorted(need - set(rows[0])))}",
                          remedy="keep the columns of the table as they were written", file=path)  # fmt: skip
    return rows
