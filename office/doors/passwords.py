"""Passwords: kept as Argon2id, never as themselves; which ones are too weak; secrets to hand out."""

from __future__ import annotations

import hashlib
import secrets
import unicodedata
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from layers.errors import PolicyError
from office.doors.rules import DoorRules

_MOST = 256
_ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"
_LEAST_KINDS, _LEAST_DIFFERENT, _LONG = 3, 6, 20


@cache
def _hasher(rules: DoorRules) -> PasswordHasher:
    return PasswordHasher(rules.argon2_time, rules.argon2_memory_kib, rules.argon2_lanes)


@cache
def _nobodys(rules: DoorRules) -> str:
    return _hasher(rules).hash(secrets.token_urlsafe(32))


def hashed(password: str, rules: DoorRules) -> str:
    """What recognises the password: Argon2id with its salt and parameters."""
    return _hasher(rules).hash(_plain(password))


def fits(password: str, stored: str | None, rules: DoorRules) -> bool:
    """Whether it is the password. Takes as long where there is none, so that nobody learns it."""
    try:
        good = _hasher(rules).verify(stored or _nobodys(rules), _plain(password)[:_MOST])
    except (VerificationError, InvalidHashError):
        return False
    return good and stored is not None and len(_plain(password)) <= _MOST


def outdated(stored: str, rules: DoorRules) -> bool:
    """Whether it was hashed with other parameters than today's."""
    return _hasher(rules).check_needs_rehash(stored)


def refuse_weak(password: str, name: str, rules: DoorRules) -> None:
    """`PolicyError` saying what a password lacks."""
    plain = _plain(password)
    lacks = []
    if not rules.password_least <= len(plain) <= _MOST:
        lacks.append(
            f"{rules.password_least} to {_MOST} characters · 长度 {rules.password_least} 至 {_MOST}"
        )
    if len(set(plain)) < _LEAST_DIFFERENT:
        lacks.append(
            f"{_LEAST_DIFFERENT} different characters · 至少 {_LEAST_DIFFERENT} 个不同字符"
        )
    if len(plain) < _LONG and _kinds(plain) < _LEAST_KINDS:
        lacks.append(f"three of small, capital, digit, sign, or {_LONG} characters · "
                     f"大小写、数字、符号至少三类，或不少于 {_LONG} 个字符")  # fmt: skip
    if _plain(name).casefold() in plain.casefold():
        lacks.append("not the name in it · 不得包含姓名")
    if lacks:
        raise PolicyError("the password is too weak · 口令过弱", field="password",
                          remedy="it needs " + "; ".join(lacks))  # fmt: skip


def _kinds(plain: str) -> int:
    return sum((any(c.islower() for c in plain), any(c.isupper() for c in plain),
                any(c.isdigit() for c in plain), any(not c.isalnum() for c in plain)))  # fmt: skip


def given_password() -> str:
    """One to hand over, to be changed at once: four groups of five, about 99 bits."""
    return "-".join("".join(secrets.choice(_ALPHABET) for _ in range(5)) for _ in range(4))


def new_token() -> str:
    """A secret of 256 bits."""
    return secrets.token_urlsafe(32)


def recognised_by(token: str) -> str:
    """The hash by which the store knows a token; it needs no salt, its tokens are random."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text)
