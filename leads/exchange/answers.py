"""What the receiving office says of a package, once and for good: accepted, refused or recalled."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_

from layers.errors import LeadError
from leads.exchange.offices import Offices
from leads.exchange.signed import (
    ANSWER,
    CALLED,
    RECALL,
    SMALL,
    Signed,
    need_signature,
    read_paper,
    refuse,
    sign,
)
from office.exchange_tables import TRANSFER

ACCEPTED, REFUSED, RECALLED = "accepted", "refused", "recalled"
VERDICTS = (ACCEPTED, REFUSED, RECALLED)
OFFERED, RECALLING = "offered", "recalling"
"""At the sender, until there is an answer."""
OUT, IN = "out", "in"
LONGEST = 4000
"""Characters of a reason."""
HASH_DIGITS = 64


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer that was checked; `lead` is the receiver's id and number of an accepted lead."""

    paper: Signed
    transfer: str
    sender: str
    verdict: str
    reason: str
    at: str
    lead: Mapping[str, Any] | None


def is_transfer(direction: str, transfer: str) -> ColumnElement[bool]:
    """The row of one hand-over."""
    return and_(TRANSFER.c.direction == direction, TRANSFER.c.id == transfer)


def read_ours(signed: Signed, kind: str, offices: Offices, most: int = SMALL) -> dict[str, Any]:
    """What a paper of this kind says, where it is meant for us and signed by the partner it names."""
    said = read_paper(signed, kind, most)
    if said.get("to") != offices.id:
        raise LeadError(f"the {CALLED[kind]} is meant for {str(said.get('to'))[:80]}", field="to",
                        remedy=f"this is {offices.id}; give it to the office it names")  # fmt: skip
    need_signature(signed, offices.partner(str(said.get("from"))).key, kind)
    return said


def make_answer(
    transfer: str, to: str, verdict: str, *, offices: Offices, reason: str, by: str, at: str,
    lead: Mapping[str, Any] | None = None, head: Mapping[str, Any] | None = None,
) -> Signed:  # fmt: skip
    """The receiver's word on a package; `head` is that of its history, with this in it."""
    body = {"from": offices.id, "to": to, "transfer": transfer, "verdict": verdict, "reason": reason,
            "by": by, "at": at, "lead": lead, "head": head}  # fmt: skip
    return sign(ANSWER, body, offices.key)


def read_answer(signed: Signed, offices: Offices) -> Answer:
    """Check an answer to one of our packages; `LeadError` says what is wrong."""
    said = read_ours(signed, ANSWER, offices)
    lead = said.get("lead")
    texts = [said.get(name) for name in ("transfer", "verdict", "reason", "at")]
    known = all(isinstance(one, str) and len(one) <= LONGEST for one in texts)
    if not known or said["verdict"] not in VERDICTS or not (lead is None or isinstance(lead, dict)):
        refuse("says nothing this program knows", ANSWER)
    return Answer(signed, said["transfer"], said["from"], said["verdict"], said["reason"], said["at"],
                  lead)  # fmt: skip


def make_recall(
    transfer: str, to: str, *, offices: Offices, reason: str, by: str, at: str
) -> Signed:
    """The sender's wish to have a package back."""
    body = {
        "from": offices.id,
        "to": to,
        "transfer": transfer,
        "reason": reason,
        "by": by,
        "at": at,
    }
    return sign(RECALL, body, offices.key)


def read_recall(signed: Signed, offices: Offices) -> tuple[str, str, str]:
    """Check such a wish: the package, the office that sent it, why. `LeadError` says what is wrong."""
    said = read_ours(signed, RECALL, offices)
    transfer, sender, reason = (said.get(name) for name in ("transfer", "from", "reason"))
    if not (isinstance(transfer, str) and isinstance(sender, str) and isinstance(reason, str)
            and len(transfer) == HASH_DIGITS):  # fmt: skip
        refuse("names no package", RECALL)
    return transfer, sender, reason
