"""Make the first administrator: prints a one-time code, or with --name takes it and makes the account.

The account keeps people and rights (security_admin). With --name the code and a password are asked
for; then set up its second factor: `python -m office account second-factor --by NAME`.
"""

from __future__ import annotations

import argparse
from datetime import UTC, datetime

from office.doors.first_admin import first_administrator, first_code
from office.doors.rules import load_doors
from office.shell_words import (
    Secrets,
    add_language,
    add_secrets,
    add_store,
    english,
    opened_store,
    utc_text,
)

_CODE = (
    "首任安全管理员的一次性代码（{hours} 小时内有效，仅显示一次）：{code}",
    "one-time code of the first administrator (holds {hours} h, shown once): {code}",
)
_MADE = (
    "已建立安全管理员 {name}，请绑定第二因素",
    "{name} keeps people and rights; set up a second factor",
)


def add(parser: argparse.ArgumentParser) -> None:
    """The arguments of the command."""
    parser.add_argument("--name", help="take the code and make this account")
    add_store(parser)
    add_language(parser)
    add_secrets(parser)


def run(arguments: argparse.Namespace) -> int:
    """Print a code, or take it."""
    at, rules, en = utc_text(datetime.now(UTC)), load_doors(), english(arguments)
    with opened_store(arguments, create=True) as database:
        if arguments.name is None:
            code = first_code(database, at=at, rules=rules)
            print(_CODE[en].format(hours=rules.password_first_code_hours, code=code))
            return 0
        secrets = Secrets(arguments.secrets)
        code, password = secrets.ask("一次性代码 / code"), secrets.ask("新口令 / new password")
        made = first_administrator(database, code, arguments.name, password, at=at, rules=rules)
    print(_MADE[en].format(name=made.name))
    return 0
