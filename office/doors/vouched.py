"""People for whom an identity provider vouches: its ID token weighed, an account kept up by it.

Whose account it is says issuer and subject, never the name: somebody called like an account that is
kept here does not get it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from sqlalchemy import Connection

from layers.errors import PolicyError
from office.actors import MACHINE
from office.database import Database
from office.doors.accounts import (
    ACTIVE,
    Account,
    account_by_id,
    account_of,
    change_account,
    checked_name,
    has_account,
    write_grants,
)
from office.doors.people import insert_account, told
from office.doors.provider_rules import ProviderRules
from office.doors.rules import DoorRules, moment
from office.doors.sessions import begin, end_presented, stage_of
from office.doors.sign_in import SignedIn
from office.history import NewEvent, append
from office.scope import Grant

ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "EdDSA"]
"""Signatures with a public key only: no token without one, none made with a shared secret."""


def weighed_token(
    token: str, key_set: Mapping[str, Any], *, nonce: str, at: str, provider: ProviderRules,
    rules: DoorRules,
) -> Mapping[str, Any]:  # fmt: skip
    """The claims of an ID token; `PolicyError` where it is not this provider's, for us, for now."""
    checks = jwt.JWTClaimsRegistry(
        now=int(moment(at).timestamp()), leeway=rules.session_skew_s,
        iss={"essential": True, "value": provider.issuer},
        aud={"essential": True, "value": provider.client_id},
        exp={"essential": True}, iat={"essential": True}, sub={"essential": True},
        nonce={"essential": True, "value": nonce},
    )  # fmt: skip
    try:
        claims = jwt.decode(token, KeySet.import_key_set(dict(key_set)), ALGORITHMS).claims  # type: ignore[arg-type]
        checks.validate(claims)
    except (JoseError, ValueError, KeyError, TypeError) as error:
        raise _refusal(f"its token is not right ({type(error).__name__})") from error
    several = isinstance(claims["aud"], list) and len(claims["aud"]) > 1
    if claims.get("azp", "" if several else provider.client_id) != provider.client_id:
        raise _refusal("its token is for another program")
    provider.refuse_one_factor(claims)
    return claims


def sign_in_vouched(
    db: Database, claims: Mapping[str, Any], *, provider: ProviderRules, at: str, rules: DoorRules,
    source: str, token: str = "",
) -> SignedIn:  # fmt: skip
    """Let in whom the weighed claims name: the account is made or brought up to them first.

    `PolicyError` (field `provider`) where they give no rights, (`sign_in`) where it is disabled.
    """
    grants, name = provider.grants(claims), checked_name(provider.person(claims))
    subject = str(claims["sub"])
    one = _Person(account_id_of(provider.issuer, subject), name, subject, grants)
    with db.write() as connection:
        account = _kept_up(connection, one, at)
        if account.state != ACTIVE:
            raise PolicyError("the account is disabled · 账户已停用", field="sign_in",
                              remedy="ask the security administrator")  # fmt: skip
        if token:
            end_presented(connection, token, at, "signed in anew")
        fresh, session = begin(connection, account, at=at, rules=rules, source=source)
        body = {"session": session, "source": source, "provider": provider.issuer}
        append(
            connection, [NewEvent("door.signed_in", account.id, body)], actor=account.actor, at=at
        )
    return SignedIn(fresh, session, stage_of(account, rules))


def account_id_of(issuer: str, subject: str) -> str:
    """The id of the account of a provider's subject."""
    told = f"{issuer}\n{subject}"
    return f"O{hashlib.sha256(told.encode()).hexdigest()[:24]}"


@dataclass(frozen=True, slots=True)
class _Person:
    account: str
    name: str
    subject: str
    grants: tuple[Grant, ...]


def _kept_up(connection: Connection, one: _Person, at: str) -> Account:
    """The account with exactly these rights; what changed is told to the history."""
    if not has_account(connection, one.account):
        taken = account_of(connection, one.name) is not None
        name = checked_name(f"{one.name[:30]} {one.subject[:20]}") if taken else one.name
        account = insert_account(connection, name, one.grants, password=None, given=False, at=at,
                                 account_id=one.account)  # fmt: skip
        append(connection, [told("person.added", account)], actor=MACHINE, at=at)
        return account
    account = account_by_id(connection, one.account)
    if {grant.text() for grant in account.grants} == {grant.text() for grant in one.grants}:
        return account
    write_grants(connection, one.account, one.grants)
    change_account(connection, account)
    account = account_by_id(connection, one.account)
    append(connection, [told("person.roles", account)], actor=MACHINE, at=at)
    return account


def _refusal(problem: str) -> PolicyError:
    return PolicyError(f"the provider is not believed: {problem} · 统一身份平台的凭证无效",
                       field="provider", remedy="sign in again; if it stays so, check the clock and data/oidc.toml")  # fmt: skip
