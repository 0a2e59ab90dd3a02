"""Talking to the identity provider: where to send the browser, and what its code is exchanged for.

Only where an office named one in `data/oidc.toml`, and only to the addresses the provider itself names.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from authlib.common.errors import AuthlibBaseError  # type: ignore[import-untyped]
from authlib.common.security import generate_token  # type: ignore[import-untyped]
from authlib.integrations.requests_client import OAuth2Session  # type: ignore[import-untyped]

from layers.errors import PolicyError
from office.doors.provider_rules import ProviderRules

WAIT_S, KNOWN_S = 10.0, 300.0
_WELL_KNOWN = "/.well-known/openid-configuration"


@dataclass(frozen=True, slots=True)
class Journey:
    """What is remembered while the browser is with the provider."""

    state: str
    nonce: str
    verifier: str
    next: str


@dataclass(slots=True)
class Provider:
    """The provider of these rules; what it says about itself is asked anew after five minutes."""

    rules: ProviderRules
    tick: Callable[[], float] = time.monotonic
    _known: dict[str, tuple[float, Mapping[str, Any]]] = field(default_factory=dict)

    def way_there(self, back: str, next_path: str) -> tuple[str, Journey]:
        """The address to send the browser to, and what to remember."""
        nonce, verifier = generate_token(32), generate_token(64)
        address, state = self._session(back).create_authorization_url(
            self._about()["authorization_endpoint"], code_verifier=verifier, nonce=nonce
        )
        return str(address), Journey(str(state), nonce, verifier, next_path)

    def token(self, back: str, code: str, journey: Journey) -> str:
        """The ID token that the code is exchanged for; `PolicyError` where the provider refuses."""

        def ask() -> Mapping[str, Any]:
            session = self._session(back)
            return session.fetch_token(
                self._about()["token_endpoint"], code=code, code_verifier=journey.verifier, timeout=WAIT_S
            )  # fmt: skip

        found = _told(ask).get("id_token")
        if not isinstance(found, str):
            raise _refusal("it gave no ID token")
        return found

    def keys(self, *, anew: bool = False) -> Mapping[str, Any]:
        """The keys it signs with."""
        return self._get(self._about()["jwks_uri"], anew=anew)

    def _about(self) -> Mapping[str, Any]:
        about = self._get(self.rules.issuer + _WELL_KNOWN)
        needed = ("authorization_endpoint", "token_endpoint", "jwks_uri")
        if str(about.get("issuer", "")).rstrip("/") != self.rules.issuer or not all(
            _is_safe(about.get(name), self.rules.issuer) for name in needed
        ):
            raise _refusal("it does not describe itself as the one that is named")
        return about

    def _get(self, address: str, *, anew: bool = False) -> Mapping[str, Any]:
        known = self._known.get(address)
        if known is not None and not anew and self.tick() - known[0] < KNOWN_S:
            return known[1]

        def ask() -> Mapping[str, Any]:
            answer = self._session("").get(address, withhold_token=True, timeout=WAIT_S, allow_redirects=False)  # fmt: skip
            answer.raise_for_status()
            return answer.json()

        found = _told(ask)
        if not isinstance(found, Mapping):
            raise _refusal("its description is none")
        self._known[address] = (self.tick(), found)
        return found

    def _session(self, back: str) -> OAuth2Session:
        rules = self.rules
        method = "client_secret_basic" if rules.secret else "none"
        return OAuth2Session(rules.client_id, rules.secret or None, token_endpoint_auth_method=method,
                             scope=" ".join(rules.scopes), redirect_uri=back, code_challenge_method="S256")  # fmt: skip


def _is_safe(address: object, issuer: str) -> bool:
    """Whether an address the provider names is asked as safely as itself."""
    return isinstance(address, str) and urlsplit(address).scheme in {
        "https",
        urlsplit(issuer).scheme,
    }


def _told(ask: Callable[[], Mapping[str, Any]]) -> Mapping[str, Any]:
    try:
        return ask()
    except (AuthlibBaseError, OSError, ValueError, KeyError) as error:
        raise _refusal(f"it does not answer as it should ({type(error).__name__})") from error


def _refusal(problem: str) -> PolicyError:
    return PolicyError(f"the provider of identities: {problem} · 统一身份平台未正常应答", field="provider",
                       remedy="try again; see data/oidc.toml and the provider's own log")  # fmt: skip
