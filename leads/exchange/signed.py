"""Signed papers between offices: canonical JSON, an Ed25519 signature, and who it is from and for.

Every paper names its kind, its sender and its receiver under the signature, so that none can be
passed off as another kind, nor handed on to another office. What does not read back to the very same
bytes is refused, so there is only one reading of a paper.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NoReturn

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from layers.errors import LeadError
from office.canonical import canonical, sha256
from office.signing_keys import SigningKey

VERSION = 1
PACKAGE, ANSWER, RECALL = "yicha-transfer", "yicha-transfer-answer", "yicha-transfer-recall"
SMALL = 1 << 16
"""Bytes of an answer or of a call back."""
CALLED = {PACKAGE: "package", ANSWER: "answer", RECALL: "call back"}
"""The kinds in sentences about them."""
_SIGNATURE_DIGITS = 128


@dataclass(frozen=True, slots=True)
class Signed:
    """A paper: its text and the signature over it (hex)."""

    text: str
    signature: str

    @property
    def id(self) -> str:
        """SHA-256 of the text: the name of what it says."""
        return sha256(self.text)

    def as_dict(self) -> dict[str, Any]:
        """As it goes over the wire beside others."""
        return {"paper": json.loads(self.text), "signature": self.signature}


def sign(kind: str, body: Mapping[str, Any], key: SigningKey) -> Signed:
    """A paper of this kind; `body` names at least `from` and `to`."""
    text = canonical({**body, "format": kind, "version": VERSION})
    return Signed(text, key.sign(_message(text)).hex())


def read_paper(signed: Signed, kind: str, most: int = SMALL) -> dict[str, Any]:
    """What a paper says, its signature not looked at yet; `LeadError` where it is none of this kind."""
    if len(signed.text) > most:
        refuse("is larger than any", kind)
    try:
        said = json.loads(signed.text, parse_constant=_no_number)
        same = canonical(said) == signed.text
    except (ValueError, RecursionError) as error:
        raise _refused("is no JSON that can be read", kind) from error
    named = isinstance(said, dict) and isinstance(said.get("format"), str)
    if not (same and named) or "\x00" in "".join(_texts(said)):
        refuse("is not written as this program writes it", kind)
    if (said.get("format"), said.get("version")) != (kind, VERSION):
        refuse(f"is of kind {str(said.get('format'))[:40]} {str(said.get('version'))[:8]}", kind)
    return said


def need_signature(signed: Signed, key: bytes, kind: str) -> None:
    """`LeadError` where the signature is not that of the holder of this public key."""
    try:
        raw = bytes.fromhex(signed.signature) if len(signed.signature) == _SIGNATURE_DIGITS else b""
        Ed25519PublicKey.from_public_bytes(key).verify(raw, _message(signed.text))
    except (InvalidSignature, ValueError, UnicodeEncodeError) as error:
        raise LeadError(f"the signature of the {CALLED[kind]} is not the office's, or it was altered",
                        field="signature", remedy="ask the office to hand it over anew; compare its public key "
                        "by telephone (`python -m leads transfers --public-keys`)") from error  # fmt: skip


def signed_of(told: object, kind: str) -> Signed:
    """A paper out of what `as_dict` wrote."""
    if not isinstance(told, dict) or set(told) != {"paper", "signature"}:
        refuse("has not the two parts of a signed paper", kind)
    if not isinstance(told["signature"], str) or not isinstance(told["paper"], dict):
        refuse("has parts of another kind", kind)
    try:
        return Signed(canonical(told["paper"]), told["signature"])
    except (ValueError, RecursionError) as error:
        raise _refused("is no JSON that can be read", kind) from error


def refuse(what: str, kind: str) -> NoReturn:
    """`LeadError`: the paper … ; nothing was changed."""
    raise _refused(what, kind)


def _refused(what: str, kind: str) -> LeadError:
    return LeadError(f"the {CALLED[kind]} {what}", field="package",
                     remedy="nothing was changed; ask the office to hand it over anew")  # fmt: skip


def _message(text: str) -> bytes:
    return b"yicha exchange\n" + text.encode("utf-8")


def _no_number(name: str) -> NoReturn:
    raise ValueError(f"{name} is no number of JSON")


def _texts(value: object) -> Iterator[str]:
    """Every text in it; PostgreSQL keeps no NUL in any."""
    left = [value]
    while left:
        one = left.pop()
        if isinstance(one, str):
            yield one
        elif isinstance(one, dict):
            left += [*one, *one.values()]
        elif isinstance(one, list):
            left += one
