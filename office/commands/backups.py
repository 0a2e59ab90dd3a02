"""The folder of backups: make one, list them, try one by restoring it into a scratch store.

`--folder` names it; else YICHA_BACKUPS, else backups/ below YICHA_DATA or the working folder.
"""

from __future__ import annotations

import argparse
import os
from datetime import UTC, datetime
from pathlib import Path

from office.backups import backup_folder, kept_backups, make_backup, try_backup
from office.shell_words import add_actor, add_language, add_store, at_work, english, utc_text

_MADE = ("已备份至 {file}", "backed up to {file}")
_TRIED = ("可以恢复：{leads} 条线索、{events} 个事件，历史完整", "it restores: {leads} leads, {events} events, its history is whole")  # fmt: skip


def add(parser: argparse.ArgumentParser) -> None:
    """The arguments of the command."""
    parser.add_argument("what", choices=["make", "list", "try"])
    parser.add_argument("name", nargs="?", default="", metavar="FILE", help="which one to try")
    parser.add_argument("--folder", type=Path, metavar="FOLDER", help="where backups lie")
    add_store(parser)
    add_actor(parser, "system_admin")
    add_language(parser)


def run(arguments: argparse.Namespace) -> int:
    """Do it and say what came of it."""
    at, en = utc_text(datetime.now(UTC)), english(arguments)
    folder: Path = arguments.folder or backup_folder(Path(os.environ.get("YICHA_DATA") or "data"))
    with at_work(arguments, at) as (database, actor, _):
        if arguments.what == "make":
            print(_MADE[en].format(file=make_backup(database, folder, actor=actor, at=at).path))
        elif arguments.what == "try":
            done = try_backup(database, folder, arguments.name, actor=actor, at=at)
            print(_TRIED[en].format(leads=done.rows["lead"], events=done.verification.events))
        else:
            for one in kept_backups(folder, actor=actor):
                print(f"{one.path.name}\t{one.at}\t{one.by}\t{one.leads}\t{one.events}\t{one.bytes}\t{one.problem}")  # fmt: skip
    return 0
