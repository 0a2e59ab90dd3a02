"""The office's signing key: Ed25519, in a file of its own that only its owner may read."""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    KeySerializationEncryption,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

from layers.errors import YichaError

ENVIRONMENT = "YICHA_SIGNING_KEY"
PASSWORD = "YICHA_SIGNING_PASSWORD"  # noqa: S105 - the name of the variable


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A key that signs bundles and packages for other offices; `public` is the raw public key (32 bytes)."""

    _private: Ed25519PrivateKey

    @property
    def public(self) -> bytes:
        """The raw public key: what others need to check a signature."""
        return self._private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)

    def sign(self, message: bytes) -> bytes:
        """The signature, 64 bytes; the same message gives the same signature."""
        return self._private.sign(message)


def new_key(path: Path, password: str | None = None) -> SigningKey:
    """Make a key and write it (PEM, PKCS#8) so that only its owner may read it.

    Raises `YichaError` where the file is there already: a key is never overwritten.
    """
    key = Ed25519PrivateKey.generate()
    how: KeySerializationEncryption = (
        BestAvailableEncryption(password.encode()) if password else NoEncryption()
    )
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise YichaError("there is a file already where the key should go", file=path,
                         remedy="choose another name; keep old keys to verify old bundles") from None  # fmt: skip
    with os.fdopen(handle, "wb") as stream:
        stream.write(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, how))
    return SigningKey(key)


def read_key(path: Path, password: str | None = None) -> SigningKey:
    """The key in a PEM file. Raises `YichaError` where it cannot be read, is of another kind, or
    others may read it too.
    """
    try:
        if os.name == "posix" and stat.S_IMODE(path.stat().st_mode) & 0o077:
            raise YichaError("others may read the signing key", file=path,
                             remedy=f"run: chmod 600 {path.name}; if it lay open, make a new one")  # fmt: skip
        key = load_pem_private_key(path.read_bytes(), password.encode() if password else None)
    except (OSError, ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise YichaError(f"the signing key cannot be read: {error}", file=path, field=ENVIRONMENT,
                         remedy="give the PEM file of an Ed25519 key and its password, or make one: "
                                "`python -m evidence key --out FILE`") from error  # fmt: skip
    if not isinstance(key, Ed25519PrivateKey):
        raise YichaError("the signing key is not Ed25519", file=path,
                         remedy="make one: `python -m evidence key --out FILE`")  # fmt: skip
    return SigningKey(key)
