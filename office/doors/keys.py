"""Keys outside the store: a file only its owner may read, and what is sealed under them.

AES-256-GCM with a fresh nonce each time; what the value is about goes in as associated data, so a
sealed value moved to another row does not open. The last key of the file seals, every one opens.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import os
import secrets
import stat
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from layers.errors import StoreError

ENVIRONMENT = "YICHA_KEY_FILE"
_NONCE, _KEY = 12, 32


@dataclass(frozen=True, slots=True)
class Keys:
    """The keys by their names; `newest` seals. Never printed."""

    newest: str
    by_id: Mapping[str, bytes] = field(repr=False)


def key_file(path: str | Path | None = None) -> Path:
    """The file that is meant: named, else by the environment; `StoreError` without either."""
    named = path or os.environ.get(ENVIRONMENT)
    if not named:
        raise StoreError("no file of keys is named", field=ENVIRONMENT,
                         remedy=f"run `python -m office key new FILE`, keep the file away from the "
                                f"store, and set {ENVIRONMENT}")  # fmt: skip
    return Path(named)


def load_keys(path: str | Path | None = None) -> Keys:
    """The keys of a file; `StoreError` where it is missing, open to others, or holds no keys."""
    file = key_file(path)
    try:
        refuse_open_to_others(file)
        lines = file.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise StoreError(f"the file of keys cannot be read: {error}", file=file,
                         remedy="name the right file, or bring it back from where it is kept") from error  # fmt: skip
    found: dict[str, bytes] = {}
    for number, line in enumerate(lines, 1):
        if line.strip() and not line.startswith("#"):
            name, _, text = line.partition(" ")
            found[name] = _key(text, file, number)
    if not found:
        raise StoreError("the file holds no key", file=file,
                         remedy="run `python -m office key new FILE`")  # fmt: skip
    return Keys(next(reversed(found)), found)


def refuse_open_to_others(file: Path) -> None:
    """`StoreError` where others than its owner may read a file of secrets (not told on Windows)."""
    if os.name == "posix" and stat.S_IMODE(file.stat().st_mode) & 0o077:
        raise StoreError("others may read this file of secrets", file=file,
                         remedy=f"take their right away: chmod 600 {file.name}")  # fmt: skip


def add_key(path: Path) -> str:
    """Add a fresh key to the file (made where it is missing, for its owner alone); its name."""
    known = load_keys(path).by_id if path.exists() else {}
    name = next(n for n in (f"k{secrets.token_hex(4)}" for _ in range(9)) if n not in known)
    text = base64.b64encode(secrets.token_bytes(_KEY)).decode("ascii")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            file.write(f"{name} {text}\n")
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise StoreError(f"the file of keys cannot be written: {error.strerror}", file=path,
                         remedy="name a file in a folder where you may write") from error  # fmt: skip
    return name


def seal(keys: Keys, text: str, about: str) -> str:
    """The text sealed under the newest key, bound to what it is about."""
    nonce = secrets.token_bytes(_NONCE)
    sealed = AESGCM(keys.by_id[keys.newest]).encrypt(
        nonce, text.encode("utf-8"), about.encode("utf-8")
    )
    return f"{keys.newest}.{base64.b64encode(nonce + sealed).decode('ascii')}"


def opened(keys: Keys, sealed: str, about: str) -> str:
    """The text again; `StoreError` where its key is missing or it was altered or moved."""
    name, _, text = sealed.partition(".")
    key = keys.by_id.get(name)
    if key is None:
        raise StoreError(f"the key {name} it was sealed under is not in the file of keys", field=about,
                         remedy="bring the key back into the file: without it nothing opens it")  # fmt: skip
    try:
        raw = base64.b64decode(text, validate=True)
        return (
            AESGCM(key).decrypt(raw[:_NONCE], raw[_NONCE:], about.encode("utf-8")).decode("utf-8")
        )
    except (InvalidTag, ValueError, binascii.Error) as error:
        raise StoreError("a sealed value was altered or moved", field=about,
                         remedy="restore it from a backup; see the history for who wrote last") from error  # fmt: skip


def signed(keys: Keys, token: str) -> str:
    """The token with a signature, as a cookie holds it."""
    return f"{token}.{_mac(keys.by_id[keys.newest], token)}"


def signed_token(keys: Keys, cookie: str) -> str | None:
    """The token of a cookie; None where the signature is not ours."""
    token, _, mac = cookie.rpartition(".")
    told = mac.encode("utf-8", "surrogatepass")
    good = [hmac.compare_digest(_mac(key, token).encode(), told) for key in keys.by_id.values()]
    return token if token and any(good) else None


def _mac(key: bytes, token: str) -> str:
    own = hmac.digest(key, b"yicha cookie", "sha256")
    return hmac.digest(own, token.encode("utf-8", "surrogatepass"), "sha256").hex()


def _key(text: str, file: Path, line: int) -> bytes:
    try:
        key = base64.b64decode(text.strip(), validate=True)
    except binascii.Error:
        key = b""
    if len(key) != _KEY:
        raise StoreError("this line is no key", file=file, row=line,
                         remedy="bring the file back as `key new` wrote it")  # fmt: skip
    return key
