"""The second verifier: other libraries, the same questions as the script inside the bundle.

Reads the container with `zipfile`, writes it anew in the one form there is and compares every
byte; checks the signature with `cryptography`. Both verifiers must say the same.
"""

from __future__ import annotations

import hashlib
import itertools
import json
import struct
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from evidence.bundle.layout import (
    BAGIT,
    CHAIN,
    MANIFEST,
    SIGNATURE,
    STAMP,
    TAGS,
    read_manifest,
    signed_message,
)
from evidence.bundle.stored_zip import Entry, Measured, central_header, end_records, local_header
from office.history import Event

if TYPE_CHECKING:
    from evidence.bundle.stamps import Stamped, Trusted

_BLOCK = 1 << 20
_SMALL = 1 << 26
"""Manifests, signatures and histories are held in memory up to this, as by the script in the bundle."""
_LOOSE = frozenset({TAGS, SIGNATURE, STAMP})


@dataclass(frozen=True, slots=True)
class Check:
    """What a verification found; `problems` name what was altered, `signed_by` is a public key (hex).

    `stamped` says what the time stamp is worth, `None` where there is none: a bundle may be intact and
    its time stamp not to be believed.
    """

    problems: tuple[str, ...]
    files: int = 0
    signed_by: str | None = None
    stamped: Stamped | None = None

    @property
    def intact(self) -> bool:
        """Whether nothing was altered."""
        return not self.problems


def verify_bundle(path: Path, *, expected_key: str | None = None, trusted: Trusted = ()) -> Check:
    """Verify a bundle, its time stamp by the `trusted` certificates; a file that is none counts as altered.

    Raises `OSError` where it cannot be read.
    """
    try:
        with path.open("rb") as stream, zipfile.ZipFile(stream) as archive:
            return _verify(stream, archive, expected_key, trusted)
    except (
        zipfile.BadZipFile,
        RuntimeError,
        ValueError,
        LookupError,
        EOFError,
        struct.error,
    ) as error:
        # `zipfile` takes a flipped flag for encryption, another method, a file of another size
        return Check((f"the container was altered: {error}",))


def _verify(
    stream: IO[bytes], archive: zipfile.ZipFile, expected_key: str | None, trusted: Trusted
) -> Check:
    found = [_measured(archive, info) for info in archive.infolist()]
    _same_container(stream, found)
    roots = {one.entry.name.split("/", 1)[0] for one in found}
    names = {one.entry.name.split("/", 1)[-1]: one for one in found}
    if len(roots) != 1 or len(names) != len(found):
        return Check(("the files do not lie in one folder, or one stands there twice",))
    root = roots.pop()
    lacking = [name for name in (BAGIT[0], "bag-info.txt", MANIFEST, TAGS) if name not in names]
    if lacking:
        return Check(tuple(f"{name} is missing" for name in lacking))

    def read(name: str) -> bytes:
        return read_small(archive, f"{root}/{name}")

    problems = [] if read(BAGIT[0]) == BAGIT[1] else ["bagit.txt was altered"]
    listed = read_manifest(read(MANIFEST))
    hashes = {name: one.sha256 for name, one in names.items()}
    problems += _differences({n: h for n, h in hashes.items() if n.startswith("data/")}, listed)
    problems += _differences({n: h for n, h in hashes.items()
                              if not n.startswith("data/") and n not in _LOOSE}, read_manifest(read(TAGS)))  # fmt: skip
    stamp = read(STAMP) if STAMP in names else b""
    if stamp and hashlib.sha256(read(TAGS)).digest() not in stamp:
        problems.append("the time stamp speaks of another manifest")
    signed_by, more = signature_of(
        read(SIGNATURE) if SIGNATURE in names else None, read(TAGS), stamp
    )
    problems += more
    if expected_key and signed_by != expected_key.lower():
        problems.append(f"signed by another key: {signed_by}")
    if CHAIN in names:
        problems += chain_problems(json.loads(read(CHAIN)))
    return Check(tuple(problems), len(listed), signed_by, stamped(stamp, read(TAGS), trusted))


def stamped(token: bytes, manifest: bytes, trusted: Trusted) -> Stamped | None:
    """What the time stamp over a tag manifest is worth; `None` where there is no token."""
    if not token:
        return None
    from evidence.bundle.stamps import check_stamp  # loads the library for signatures

    return check_stamp(token, manifest, trusted)


def read_small(archive: zipfile.ZipFile, name: str) -> bytes:
    """A file of the bundle in memory; `ValueError` where it is too large for that."""
    if archive.getinfo(name).file_size > _SMALL:
        raise ValueError(f"{name} is too large")
    return archive.read(name)


def _measured(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Measured:
    if info.compress_type != zipfile.ZIP_STORED or ".." in info.filename.split("/"):
        raise ValueError(f"{info.filename} is not stored as our bundles store it")
    digest, size, crc = hashlib.sha256(), 0, 0
    with archive.open(info) as stream:
        while block := stream.read(_BLOCK):
            digest.update(block)
            size, crc = size + len(block), zlib.crc32(block, crc)
    return Measured(Entry(info.filename, b""), size, crc, digest.hexdigest())


def _same_container(stream: IO[bytes], found: list[Measured]) -> None:
    """Every byte outside the files' own must be the one our writer would have written."""
    at, directory = 0, b""
    for one in found:
        head = local_header(one)
        _expect(stream, at, head)
        directory += central_header(one, at)
        at += len(head) + one.size
    _expect(stream, at, directory + end_records(len(found), at, len(directory)))
    if stream.read(1):
        raise ValueError("something was added after its end")


def _expect(stream: IO[bytes], at: int, expected: bytes) -> None:
    stream.seek(at)
    if stream.read(len(expected)) != expected:
        raise ValueError(f"a byte between {at} and {at + len(expected)} is not ours")


def _differences(found: Mapping[str, str], listed: Mapping[str, str]) -> list[str]:
    said = {
        **dict.fromkeys(found.keys() - listed.keys(), "was added or renamed"),
        **dict.fromkeys(listed.keys() - found.keys(), "was removed or renamed"),
        **{
            name: "was altered"
            for name in found.keys() & listed.keys()
            if found[name] != listed[name]
        },
    }
    return [f"{name} {what}" for name, what in sorted(said.items())]


def signature_of(text: bytes | None, tags: bytes, stamp: bytes) -> tuple[str | None, list[str]]:
    """Who signed (public key, hex), and what is wrong with the signature."""
    if text is None:
        return None, []
    parts = text.decode("ascii").split(" ")
    if len(parts) != 3 or parts[0] != "ed25519" or text != text.lower() or not text.endswith(b"\n"):
        return None, ["signature.txt was altered"]
    try:
        key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(parts[1]))
        key.verify(bytes.fromhex(parts[2]), signed_message(tags, stamp))
    except (InvalidSignature, ValueError):
        return None, [
            "the signature does not fit: the manifest, the signature or the time stamp was altered"
        ]
    return parts[1], []


def chain_problems(chain: Mapping[str, Any]) -> list[str]:
    """What does not fit in the history that goes along."""
    events = [Event(**one) for one in chain["events"]]
    problems = [
        f"event {one.seq} of the history was altered" for one in events if one.digest() != one.hash
    ]
    hashes = {one.seq: one.hash for one in events}
    links = chain["links"]
    for before, after in itertools.pairwise(links):
        if (after["seq"], after["previous"]) != (before["seq"] + 1, before["hash"]):
            problems.append(f"the history is broken after event {before['seq']}")
    return problems + [f"event {one['seq']} is not the one in the chain" for one in links
                       if hashes.get(one["seq"], one["hash"]) != one["hash"]]  # fmt: skip
