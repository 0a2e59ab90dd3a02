"""How an identity provider's claims become rights here (`data/oidc.toml`), and its client's secret."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from layers.errors import PolicyError, RuleError
from office.actors import ROLES
from office.doors.accounts import ADMINISTRATORS, checked_grants
from office.doors.keys import refuse_open_to_others
from office.scope import Grant

FILE = Path(__file__).resolve().parent.parent.parent / "data" / "oidc.toml"
NAMED, SECRET, SECRET_FILE = "YICHA_OIDC_FILE", "YICHA_OIDC_SECRET", "YICHA_OIDC_SECRET_FILE"
_ENTRIES = {"issuer": str, "client_id": str, "name": str, "scopes": list, "second_factor": list,
            "claims": dict, "roles": dict}  # fmt: skip
_LOOPBACK = ("localhost", "127.0.0.1", "::1")


@dataclass(frozen=True, slots=True)
class ProviderRules:
    """What the file says; `secret` is never printed."""

    issuer: str
    client_id: str
    name: str
    scopes: tuple[str, ...]
    second_factor: tuple[str, ...]
    claims: Mapping[str, str]
    roles: Mapping[str, tuple[str, ...]]
    secret: str = field(default="", repr=False)

    def grants(self, claims: Mapping[str, Any]) -> tuple[Grant, ...]:
        """The rights that an ID token's claims give; `PolicyError` where they give none."""
        told = set(_texts(_inside(claims, self.claims["roles"])))
        held = [role for role in ROLES if told.intersection(self.roles.get(role, ()))]
        if not held:
            raise PolicyError("the provider names no role of this program · 统一身份平台未授予本系统角色",
                              field="provider", remedy="have a role given to you there")  # fmt: skip
        where = self.claims.get("areas", "")
        if not where:
            return checked_grants(Grant(role) for role in held)
        areas = _texts(_inside(claims, where))
        if not areas and not set(held) <= set(ADMINISTRATORS):
            raise PolicyError("the provider names no area · 统一身份平台未授予管辖范围", field="provider",
                              remedy="have an administrative code given to you there")  # fmt: skip
        return checked_grants(
            Grant(role, area) for role in held for area in ([None] if role in ADMINISTRATORS else areas)
        )  # fmt: skip

    def refuse_one_factor(self, claims: Mapping[str, Any]) -> None:
        """`PolicyError` where the provider asked for less than it has to."""
        if self.second_factor and not set(self.second_factor) & set(_texts(claims.get("amr"))):
            raise PolicyError("signed in there with one factor only · 统一身份登录未使用第二因素", field="provider",
                              remedy="sign in there with a second factor")  # fmt: skip

    def person(self, claims: Mapping[str, Any]) -> str:
        """The name the token gives."""
        found = _texts(_inside(claims, self.claims["name"])) or _texts(claims.get("sub"))
        return found[0] if found else ""


def load_provider(path: Path | None = None) -> ProviderRules | None:
    """What a file says, with the secret from the environment; None while there is no provider.

    `RuleError` names the entry that is wrong, `StoreError` a file of secrets that others may read.
    """
    file = path or Path(os.environ.get(NAMED) or FILE)
    try:
        told = tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise _wrong(f"it cannot be read: {error}", "issuer", file) from error
    for name, kind in _ENTRIES.items():
        if not isinstance(told.get(name), kind):
            raise _wrong("it is missing or of the wrong kind", name, file)
    if not told["issuer"]:
        return None
    where = urlsplit(told["issuer"])
    if where.scheme != "https" and where.hostname not in _LOOPBACK:
        raise _wrong("the provider is asked over https only", "issuer", file)
    unknown = set(told["roles"]) - set(ROLES[:-1])
    if unknown or not {"name", "roles"} <= set(told["claims"]):
        raise _wrong(f"{', '.join(unknown) or 'name and roles are needed'}", "roles", file)
    return ProviderRules(
        told["issuer"].rstrip("/"), told["client_id"], told["name"], tuple(told["scopes"]),
        tuple(told["second_factor"]), told["claims"],
        {role: tuple(_texts(values)) for role, values in told["roles"].items()}, _secret(),
    )  # fmt: skip


def _secret() -> str:
    named = os.environ.get(SECRET_FILE)
    if not named:
        return os.environ.get(SECRET, "")
    try:
        refuse_open_to_others(Path(named))
        return Path(named).read_text(encoding="utf-8").strip()
    except OSError as error:
        raise _wrong(f"the client's secret cannot be read: {error.strerror}", SECRET_FILE, Path(named)) from error  # fmt: skip


def _inside(claims: Mapping[str, Any], path: str) -> object:
    """What lies under a dotted path; a claim may also be called by the whole path (`https://…/roles`)."""
    if path in claims:
        return claims[path]
    found: object = claims
    for name in path.split("."):
        found = found.get(name) if isinstance(found, Mapping) else None
    return found


def _texts(value: object) -> list[str]:
    if isinstance(value, str):
        return [value] if value.strip() else []
    return [one for one in value if isinstance(one, str)] if isinstance(value, list) else []


def _wrong(problem: str, entry: str, file: Path) -> RuleError:
    return RuleError(problem, file=file, field=entry, remedy="see data/oidc.toml as it came")
