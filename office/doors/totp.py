"""Time-based one-time passwords (RFC 6238): the second factor."""

from __future__ import annotations

import base64
import hmac
import secrets
from urllib.parse import quote

from office.doors.rules import moment

PERIOD_S = 30
DIGITS = 6
_WINDOW = 1
"""Steps before and after that count: clocks of phones differ."""


def new_secret() -> str:
    """A secret of 160 bits in Base32, as authenticator programs take it."""
    return base64.b32encode(secrets.token_bytes(20)).decode("ascii")


def step_of(at: str) -> int:
    """The number of the time step a moment lies in."""
    return int(moment(at).timestamp()) // PERIOD_S


def code_of(secret: str, step: int, *, digits: int = DIGITS, digest: str = "sha1") -> str:
    """The code of a time step (RFC 4226, section 5.3)."""
    mac = hmac.digest(base64.b32decode(secret), step.to_bytes(8, "big"), digest)
    start = mac[-1] & 15
    number = int.from_bytes(mac[start : start + 4], "big") & 0x7FFFFFFF
    return f"{number % 10**digits:0{digits}}"


def matching_step(secret: str, code: str, at: str, *, after: int) -> int | None:
    """The step whose code it is, later than step `after` (the last one taken); None where none is.

    So no code is taken twice, and none older than one already taken.
    """
    told = "".join(code.split()).encode("utf-8", "surrogatepass")
    now = step_of(at)
    fitting = [step for step in range(now - _WINDOW, now + _WINDOW + 1)
               if hmac.compare_digest(code_of(secret, step).encode(), told)]  # fmt: skip
    return next((step for step in fitting if step > after), None)


def uri(secret: str, name: str, issuer: str = "Yicha") -> str:
    """The address an authenticator program reads from a QR code."""
    return (f"otpauth://totp/{quote(issuer)}:{quote(name)}?secret={secret}&issuer={quote(issuer)}"
            f"&digits={DIGITS}&period={PERIOD_S}")  # fmt: skip
