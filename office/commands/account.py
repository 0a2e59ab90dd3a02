"""Your own account: change the password, set up a second factor and confirm it.

`password` asks for the password in force, then for the new one. `second-factor` shows the secret for
an authenticator program, `confirm` asks for its first code and puts it in force; both need the file
of keys.
"""

from __future__ import annotations

import argparse
from datetime import UTC, datetime

from office.doors.keys import load_keys
from office.doors.own_account import change_password, confirm_second_factor, start_second_factor
from office.doors.rules import load_doors
from office.doors.sessions import sign_out
from office.shell_words import (
    Secrets,
    add_language,
    add_person,
    add_store,
    come_in,
    english,
    opened_store,
    utc_text,
)

_CHANGED = ("口令已修改", "the password is changed")
_SECRET = (
    "在验证器中输入（仅显示一次），再运行 confirm：{secret}\n{uri}",
    "for the authenticator (shown once), then run confirm: {secret}\n{uri}",
)
_BOUND = ("第二因素已启用", "the second factor is in force")


def add(parser: argparse.ArgumentParser) -> None:
    """The arguments of the command."""
    parser.add_argument("what", choices=["password", "second-factor", "confirm"])
    add_store(parser)
    add_language(parser)
    add_person(parser)


def run(arguments: argparse.Namespace) -> int:
    """Do it, and end the session."""
    rules, en, secrets = load_doors(), english(arguments), Secrets(arguments.secrets)
    with opened_store(arguments) as database:
        at = utc_text(datetime.now(UTC))
        token = come_in(arguments, database, secrets, at).token
        try:
            if arguments.what == "password":
                old, new = (
                    secrets.ask("原口令 / old password"),
                    secrets.ask("新口令 / new password"),
                )
                token = change_password(database, token, old, new, at=at, rules=rules)
                print(_CHANGED[en])
                return 0
            keys = load_keys(arguments.keys)
            if arguments.what == "second-factor":
                secret, uri = start_second_factor(database, token, keys=keys, at=at, rules=rules)
                print(_SECRET[en].format(secret=secret, uri=uri))
                return 0
            code = secrets.ask("动态验证码 / code")
            token = confirm_second_factor(database, token, code, keys=keys, at=at, rules=rules)
            print(_BOUND[en])
        finally:
            sign_out(database, token, at=at)
    return 0
