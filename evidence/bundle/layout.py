"""The layout of a bundle (BagIt 1.0, RFC 8493) and what its signature is made over."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable

from evidence.bundle.stored_zip import Measured

BAGIT = ("bagit.txt", b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n")
MANIFEST, TAGS = "manifest-sha256.txt", "tagmanifest-sha256.txt"
SIGNATURE, STAMP = "signature.txt", "timestamp.tsr"
CHAIN = "data/chain.json"
_LINE = re.compile(r"([0-9a-f]{64})  (.+)")


def manifest(files: Iterable[tuple[str, Measured]]) -> bytes:
    """A manifest: one line a file, hash and path, by path."""
    lines = sorted((name, one.sha256) for name, one in files)
    return "".join(f"{digest}  {name}\n" for name, digest in lines).encode("utf-8")


def read_manifest(data: bytes) -> dict[str, str]:
    """Path -> hash; `ValueError` names a line that is none."""
    listed: dict[str, str] = {}
    for number, line in enumerate(data.decode("utf-8").splitlines(), 1):
        match = _LINE.fullmatch(line)
        if match is None or match[2] in listed:
            raise ValueError(f"line {number} of a manifest was altered")
        listed[match[2]] = match[1]
    return listed


def signed_message(tags: bytes, stamp: bytes) -> bytes:
    """What is signed: the hashes of the tag manifest and of the time stamp (of nothing without one)."""
    of_tags, of_stamp = hashlib.sha256(tags).hexdigest(), hashlib.sha256(stamp).hexdigest()
    return f"yicha-bundle-1\n{of_tags}\n{of_stamp}\n".encode()
