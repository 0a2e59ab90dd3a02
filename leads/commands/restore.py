"""Read a backup, or the SQLite file of an older store, into an empty store: all of it or nothing.

`--store` names the new store: a file that is not there yet, or an empty PostgreSQL database. So a
store moves from SQLite to PostGIS.
"""

from __future__ import annotations

import argparse
from datetime import UTC, datetime
from pathlib import Path

from office.restore import restore
from office.shell_words import (
    add_actor,
    add_language,
    add_store,
    language_of,
    named_actor,
    opened_store,
    utc_text,
)

_WORDS = {
    "done": ("已恢复 {leads} 条线索、{events} 个事件至 {store}", "{leads} leads and {events} events restored into {store}"),
    "again": ("所有会话已终止，系统令牌已吊销须重新签发，账户已停用：运行 `python -m office first-admin` 后逐一启用",
              "sessions ended, tokens revoked, accounts disabled: `python -m office first-admin`, then enable them"),
    "whole": ("历史完整", "its history is whole"),
    "wrong": ("历史有 {found} 处问题，详见 `python -m leads verify`",
              "its history has {found} problems, see `python -m leads verify`"),
}  # fmt: skip


def add(parser: argparse.ArgumentParser) -> None:
    """The arguments of the command."""
    parser.add_argument("file", type=Path, metavar="FILE", help="backup, or SQLite file of a store")
    add_store(parser)
    add_actor(parser, "system_admin")
    parser.add_argument("--as-it-is", action="store_true",
                        help="restore a history that does not verify")  # fmt: skip
    parser.add_argument("--accounts-stay", action="store_true",
                        help="moving a store: leave accounts enabled (else all are disabled, because what "
                             "was taken back since the backup must not come back)")  # fmt: skip
    add_language(parser)


def run(arguments: argparse.Namespace) -> int:
    """Restore it and say what it holds."""
    at = utc_text(datetime.now(UTC))
    with opened_store(arguments, create=True) as database:  # empty: nobody can sign in yet
        done = restore(arguments.file, database, actor=named_actor(arguments), at=at,
                       as_it_is=arguments.as_it_is, accounts_stay=arguments.accounts_stay)  # fmt: skip
    english = language_of(arguments) == "en"
    print(_WORDS["done"][english].format(leads=done.rows["lead"], events=done.rows["event"],
                                         store=database.shown))  # fmt: skip
    if done.rows["account"] and not arguments.accounts_stay:
        print(_WORDS["again"][english])
    told = "whole" if done.verification.ok else "wrong"
    print(_WORDS[told][english].format(found=done.verification.found))
    return 0
