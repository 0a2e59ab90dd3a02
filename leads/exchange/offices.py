"""What the administrator's file says of this office and its partners: names, keys, areas, addresses."""

from __future__ import annotations

import hashlib
import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from checks import Text
from layers.errors import LeadError
from leads.states import AWAY, STATE_WORDS
from office.doors.keys import refuse_open_to_others
from office.scope import area_stem
from office.signing_keys import PASSWORD, SigningKey, read_key

ENVIRONMENT = "YICHA_OFFICES"
RULES = Path(__file__).resolve().parent.parent.parent / "data" / "exchange" / "rules.toml"
EXAMPLE = RULES.with_name("offices.example.toml")
_MIB = 1 << 20


@dataclass(frozen=True, slots=True)
class Rules:
    """From which state a lead is sent and in which it arrives; how large what comes may be (bytes)."""

    arrives: Mapping[str, str]
    package: int
    attachments: int
    packages: int

    @property
    def file(self) -> int:
        """Bytes of one file of packages that comes over the network."""
        return self.package + self.attachments


@dataclass(frozen=True, slots=True)
class Partner:
    """Another office: `key` its raw public key; without `url` what goes there goes by disk."""

    id: str
    words: Text
    key: bytes
    areas: tuple[str, ...]
    url: str = ""
    token: Path | None = None
    ca: Path | None = None

    @property
    def fingerprint(self) -> str:
        """Its key, short enough to be compared by telephone."""
        return fingerprint(self.key)


@dataclass(frozen=True, slots=True)
class Offices:
    """Our office (`id`, names, signing key, areas, folder of attachments, table of agencies) and
    those it hands leads over to.
    """

    id: str
    words: Text
    key: SigningKey = field(repr=False)
    areas: tuple[str, ...]
    attachments: Path
    agencies: str
    partners: Mapping[str, Partner]
    rules: Rules

    def partner(self, name: str) -> Partner:
        """The partner of this id; `LeadError` naming those there are."""
        found = self.partners.get(name)
        if found is None:
            raise LeadError(f"{name[:80]!r} is no office we hand leads over to or take them from", field="office",
                            remedy=f"known: {', '.join(self.partners) or 'none'}; "
                                   "the administrator adds one with its public key")  # fmt: skip
        return found


def fingerprint(key: bytes) -> str:
    """The first 20 digits of a key's SHA-256, in fours."""
    digits = hashlib.sha256(key).hexdigest()[:20]
    return " ".join(digits[n : n + 4] for n in range(0, len(digits), 4))


@cache
def load_rules(file: Path = RULES) -> Rules:
    """The rules of hand-over; `LeadError` names what is wrong."""
    try:
        table = tomllib.loads(file.read_text(encoding="utf-8"))
        arrives, limits = dict(table["arrives"]), table["limits"]
        wrong = sorted({*arrives, *arrives.values()} - (STATE_WORDS.keys() - AWAY))
        if wrong:
            raise ValueError(f"{wrong[0]} is no state")
        return Rules(arrives, int(limits["package_mib"]) * _MIB, int(limits["attachments_mib"]) * _MIB,
                     int(limits["packages"]))  # fmt: skip
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise LeadError(f"the rules of hand-over cannot be read ({error})", file=file,
                        remedy="put the file back as it came, or mend it") from error  # fmt: skip


def load_offices(path: str | Path | None = None, rules: Rules | None = None) -> Offices:
    """The offices of a file (else of `YICHA_OFFICES`); `LeadError` names what is wrong in it."""
    named = path or os.environ.get(ENVIRONMENT)
    if not named:
        raise LeadError("no file of offices is named", field=ENVIRONMENT,
                        remedy=f"copy {EXAMPLE.name} of data/exchange, fill it in and set {ENVIRONMENT}")  # fmt: skip
    file = Path(named)
    try:
        table = tomllib.loads(file.read_text(encoding="utf-8"))
        own = table["own"]
        partners = [_partner(one, file.parent) for one in table.get("partners", [])]
        found = Offices(
            _id(own["id"]), Text(str(own["zh"]), str(own["en"])),
            read_key(file.parent / str(own["key"]), os.environ.get(PASSWORD)), _areas(own),
            file.parent / str(own.get("attachments", "attachments")), str(own.get("agencies", "")),
            {one.id: one for one in partners}, rules or load_rules(),
        )  # fmt: skip
    except KeyError as error:
        raise LeadError(f"the file of offices does not say {error}", file=file,
                        remedy=f"see {EXAMPLE.name} for every key") from error  # fmt: skip
    except (OSError, ValueError, TypeError, AttributeError) as error:
        raise LeadError(f"the file of offices cannot be read ({error})", file=file,
                        remedy=f"write it as {EXAMPLE.name} is written") from error  # fmt: skip
    if len(found.partners) < len(partners) or found.id in found.partners:
        raise LeadError("an office stands twice in the file of offices", file=file, field="id",
                        remedy="give every office an id of its own")  # fmt: skip
    return found


def token_of(partner: Partner) -> str:
    """The token a partner issued for us; `LeadError` where its file is missing."""
    if partner.token is None:
        return ""
    try:
        refuse_open_to_others(partner.token)
        return partner.token.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise LeadError(f"the token for {partner.id} cannot be read: {error}", file=partner.token,
                        remedy="put the token the office issued into this file, chmod 600") from error  # fmt: skip


def _partner(one: Mapping[str, Any], folder: Path) -> Partner:
    key = bytes.fromhex(str(one["key"]))
    if len(key) != 32 or not any(key):
        raise ValueError(f"the key of {one['id']} is no Ed25519 public key")
    paths = [folder / str(one[name]) if one.get(name) else None for name in ("token", "ca")]
    return Partner(_id(one["id"]), Text(str(one["zh"]), str(one["en"])), key, _areas(one),
                   str(one.get("url", "")).rstrip("/"), *paths)  # fmt: skip


def _areas(one: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(area_stem(str(area)) for area in one.get("areas", []))


def _id(value: object) -> str:
    if not isinstance(value, str) or not 0 < len(value) <= 80 or not value.isprintable():
        raise ValueError(f"{value!r} is no id of an office")
    return value
