"""What a page was refused by the policy, told in the history like a refusal of an own address."""

from __future__ import annotations

from layers.errors import PolicyError, YichaError
from office import Actor
from office.policy import require
from ui.doors import place as doors
from ui.doors.telling import told
from ui.person import person


def refusal_told(error: YichaError | None) -> None:
    """Tell the history where the policy withheld something from a page; other errors are not told."""
    who = person() if isinstance(error, PolicyError) else None
    if isinstance(error, PolicyError) and who is not None:
        told(doors.desk(), who, error)


def must(operation: str) -> Actor:
    """Who acts on this page; raises `PolicyError` where nobody does any more, or not with this right.

    A callback asks anew: the right may have gone since the page was drawn.
    """
    who = person()
    if who is None:
        raise PolicyError("nobody is signed in any more · 登录已失效", field=operation,
                          remedy="sign in again (请重新登录)")  # fmt: skip
    require(who, operation)
    return who


def missing(who: Actor, operation: str) -> PolicyError | None:
    """The refusal of a page that asks for this right; `None` for who has it."""
    try:
        require(who, operation)
    except PolicyError as error:
        return error
    return None
