"""Between password and code: a sealed ticket, so that no page has to keep the password.

It names the account, what recognised its password and until when it holds, and is bound to the
browser it was given to. It opens nothing by itself: each code shown with it is a counted attempt.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Row

from layers.errors import PolicyError, StoreError
from office.doors.keys import Keys, opened, seal
from office.doors.passwords import recognised_by
from office.doors.rules import later

HOLDS_S = 300


class CodeNeededError(PolicyError):
    """Name and password are right, a code is needed; `ticket` stands for the password meanwhile."""

    ticket: str = ""


def ticket_for(keys: Keys, row: Row[Any], bound: str, at: str) -> str:
    """The ticket of somebody who showed the right password at `at`."""
    text = f"{row.id} {later(at, HOLDS_S)} {recognised_by(str(row.password))}"
    return seal(keys, text, _about(bound))


def ticket_fits(keys: Keys, ticket: str, row: Row[Any], bound: str, at: str) -> bool:
    """Whether it is this account's, for this browser, in time, and the password is the same."""
    try:
        account, until, known = opened(keys, ticket, _about(bound)).split(" ")
    except (StoreError, ValueError):
        return False
    return account == row.id and at < until and known == recognised_by(str(row.password))


def _about(bound: str) -> str:
    return f"sign-in half way {bound}"
