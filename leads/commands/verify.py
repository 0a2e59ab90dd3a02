"""Read the whole history again: is any event altered, removed, swapped, cut off or added past it.

The exit code is 1 where something is wrong. `--anchor FILE` checks the history against heads
noted before outside the store, and `--note` adds today's head to that file: keep it where
whoever keeps the store cannot write, or print it.
"""

from __future__ import annotations

import argparse
import json
from datetime import UTC, datetime
from pathlib import Path

from layers.errors import StoreError
from office.anchor import Anchor, note_anchor
from office.policy import require
from office.shell_words import (
    add_actor,
    add_language,
    add_store,
    at_work,
    language_of,
    utc_text,
)
from office.verify import Verification, verify

_WORDS = {
    "good": ("历史完整：{events} 个事件，末位 {head}", "the history is whole: {events} events, head {head}"),
    "bad": ("历史有 {found} 处问题（共 {events} 个事件）：", "{found} problems in a history of {events} events:"),
    "more": ("……另有 {more} 处", "… and {more} more"),
    "noted": ("已记入锚文件 {file}", "noted in the anchor file {file}"),
}  # fmt: skip


def add(parser: argparse.ArgumentParser) -> None:
    """The arguments of the command."""
    add_store(parser)
    add_actor(parser, "machine")
    parser.add_argument("--anchor", type=Path, metavar="FILE", help="heads noted outside the store")
    parser.add_argument("--note", action="store_true", help="add today's head to the anchor file")
    parser.add_argument("--json", action="store_true", help="print the result as JSON")
    add_language(parser)


def run(arguments: argparse.Namespace) -> int:
    """Read everything and say what is wrong."""
    anchor: Path | None = arguments.anchor
    if arguments.note and anchor is None:
        raise StoreError("there is no file to note the head in", field="--note",
                         remedy="name one: --anchor FILE")  # fmt: skip
    at = utc_text(datetime.now(UTC))
    known = anchor if anchor and (anchor.exists() or not arguments.note) else None
    with at_work(arguments, at) as (database, actor, _):
        require(actor, "history.verify")
        result = verify(database, anchors=known)
    _print(result, arguments)
    if result.ok and arguments.note and anchor is not None and result.events:
        note_anchor(anchor, Anchor(result.head_seq, result.head, at))
        _say(arguments, "noted", file=anchor)
    return 0 if result.ok else 1


def _print(result: Verification, arguments: argparse.Namespace) -> None:
    if arguments.json:
        problems = [{"seq": p.seq, "zh": p.zh, "en": p.en} for p in result.problems]
        told = {"ok": result.ok, "events": result.events, "head_seq": result.head_seq,
                "head": result.head, "found": result.found, "problems": problems}  # fmt: skip
        print(json.dumps(told, ensure_ascii=False, indent=1))
        return
    _say(arguments, "good" if result.ok else "bad", events=result.events, head=result.head,
         found=result.found)  # fmt: skip
    english = language_of(arguments) == "en"
    for problem in result.problems:
        print(f"  {problem.en if english else problem.zh}")
    if result.found > len(result.problems):
        _say(arguments, "more", more=result.found - len(result.problems))


def _say(arguments: argparse.Namespace, word: str, **values: object) -> None:
    if not (arguments.json and word == "noted"):
        print(_WORDS[word][language_of(arguments) == "en"].format(**values))
