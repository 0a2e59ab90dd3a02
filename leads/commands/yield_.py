"""What became of every check's findings: leads, cases, rectified, and why the others were none."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

from checks import Text
from leads.rating import rate
from leads.yields import Yield, reason_words, yields
from office.shell_words import add_actor, add_language, add_store, at_work, language_of, utc_text

_COLUMNS = (
    ("findings", Text("结果", "findings")), ("leads", Text("线索", "leads")),
    ("cases", Text("立案", "cases")), ("rectified", Text("整改", "rectified")),
    ("transferred", Text("移送", "transferred")), ("not_filed", Text("不立案", "not filed")),
    ("dismissed", Text("排除", "dismissed")), ("right", Text("属实比例", "right")),
)  # fmt: skip


def add(parser: argparse.ArgumentParser) -> None:
    """The arguments of the command."""
    parser.add_argument("--rate", action="store_true", help="also rate every lead again by it")
    parser.add_argument("--json", action="store_true", help="print the table as JSON")
    add_store(parser)
    add_actor(parser)
    add_language(parser)


def run(arguments: argparse.Namespace) -> int:
    """Print the table."""
    at = utc_text(datetime.now(UTC))
    lang = language_of(arguments)
    with at_work(arguments, at, create=True) as (database, actor, _):
        found = yields(database, actor=actor)
        rated = rate(database, actor=actor) if arguments.rate else None
    if arguments.json:
        print(json.dumps([one.as_dict() for one in found], ensure_ascii=False, indent=1))
        return 0
    print("\n".join(_lines(found, lang)))
    if rated is not None:
        print(("{n} 条线索得分有变化", "{n} leads got another score")[lang == "en"].format(n=rated))
    return 0


def _lines(found: Sequence[Yield], lang: str) -> Iterator[str]:
    words = reason_words()
    width = max((len(one.check) for one in found), default=10)
    yield " ".join([" " * width, *(f"{text.of(lang):>10}" for _, text in _COLUMNS)])
    for one in found:
        values = one.as_dict() | {"right": f"{one.right:.0%}" if one.decided else "-"}
        yield " ".join([one.check.ljust(width), *(f"{values[name]!s:>10}" for name, _ in _COLUMNS)])
        for code, count in one.reasons.items():
            yield f"{' ' * width}   {words[code].of(lang) if code in words else code}: {count}"
