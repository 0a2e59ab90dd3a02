"""Somebody's inbox: what is new, changed, due or alarming, unread first told; `--read` marks it read."""

from __future__ import annotations

import argparse
import json
import os
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from checks import Text
from leads.messages.inbox import Inbox, Message, mark_read, messages
from leads.messages.notices import KIND_WORDS
from leads.shell_steps import CHINA
from office.shell_words import (
    WHO,
    add_actor,
    add_language,
    add_store,
    at_work,
    language_of,
    utc_text,
)

_NONE = Text("没有未读消息", "nothing unread")
_COUNT = Text(
    "未读 {unread} 条，列出 {shown} 条，共 {total} 条", "{unread} unread, {shown} of {total} shown"
)
_MORE = Text("另有 {count} 条", "and {count} more")


def add(parser: argparse.ArgumentParser) -> None:
    """The arguments of the command."""
    parser.add_argument("--for", dest="person", required=True, metavar="NAME", help="whose inbox")
    parser.add_argument("--all", action="store_true", help="also what was read")
    parser.add_argument(
        "--read", action="store_true", help="mark what is shown as read (one's own)"
    )
    parser.add_argument("--limit", type=int, default=50, metavar="N", help="at most so many (50)")
    parser.add_argument("--offset", type=int, default=0, metavar="N", help="leave out the first N")
    parser.add_argument("--json", action="store_true", help="print the messages as JSON")
    add_store(parser)
    add_actor(parser)
    add_language(parser)


def run(arguments: argparse.Namespace) -> int:
    """Print it; where nobody is named as acting, the person whose inbox it is looks."""
    at = utc_text(datetime.now(UTC))
    arguments.by = arguments.by or os.environ.get(WHO) or arguments.person
    lang = language_of(arguments)
    with at_work(arguments, at) as (database, actor, _):
        page = messages(database, arguments.person, actor=actor, unread_only=not arguments.all,
                        limit=max(arguments.limit, 0), offset=max(arguments.offset, 0))  # fmt: skip
        if arguments.read:
            mark_read(database, [one.id for one in page.messages], actor=actor, at=at)
    if arguments.json:
        rows = [_plain(one) for one in page.messages]
        print(
            json.dumps(
                {"total": page.total, "unread": page.unread, "messages": rows},
                ensure_ascii=False,
                indent=1,
            )
        )
    else:
        print("\n".join(_lines(page, lang)))
    return 0


def _lines(page: Inbox, lang: str) -> Iterator[str]:
    if not page.messages:
        yield _NONE.of(lang)
        return
    for one in page.messages:
        mark = "!" if one.urgent else " "
        at = datetime.fromisoformat(one.at).astimezone(CHINA)
        yield f"{mark} {at:%Y-%m-%d %H:%M}  {one.title.of(lang)}"
        for line in one.lines:
            parts = (line.number, line.name, line.words.of(lang).strip())
            yield "    " + " ".join(part for part in parts if part)
        if one.more:
            yield f"    {_MORE.fill(count=one.more).of(lang)}"
    yield _COUNT.fill(unread=page.unread, shown=len(page.messages), total=page.total).of(lang)


def _plain(one: Message) -> dict[str, Any]:
    return {"id": one.id, "at": one.at, "kind": one.kind, "kind_words": KIND_WORDS[one.kind].as_dict() if one.kind in KIND_WORDS else {},
            "subject": one.subject, "title": one.title.as_dict(), "urgent": one.urgent, "more": one.more,
            "lines": [{"lead": line.lead_id, "number": line.number, "name": line.name, "words": line.words.as_dict()}
                      for line in one.lines],
            "read_at": one.read_at, "mailed_at": one.mailed_at}  # fmt: skip
