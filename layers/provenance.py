"""Where a layer came from, written once at import and carried by every finding."""

from __future__ import annotations

import hashlib
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

_BLOCK = 1 << 20


@dataclass(frozen=True, slots=True)
class Provenance:
    """One source of a layer.

    `retrieved` and `state_of` are ISO dates (when the file was obtained, what day the
    data describe); `sha256` is the hash of the original file, byte for byte; `datum` is
    the datum as received (the layer itself is WGS 84); `transform` says in words what
    was applied; `u_source_m` is the typical position error of the source in metres.
    """

    source: str
    file: str
    sha256: str
    datum: str
    transform: str
    rows_in: int
    rows_out: int
    licence: str = "unknown"
    owner: str = "unknown"
    retrieved: str | None = None
    state_of: str | None = None
    u_source_m: float | None = None
    generated: bool = False
    """True for data the project made up itself (the demo county)."""

    def as_dict(self) -> dict[str, Any]:
        """The fields by name, as written into a file's metadata."""
        return asdict(self)


def sha256_of(path: str | Path) -> str:
    """SHA-256 of a file in hexadecimal, read in blocks so that size does not matter."""
    digest = hashlib.sha256()
    with Path(path).open("rb") as stream:
        while block := stream.read(_BLOCK):
            digest.update(block)
    return digest.hexdigest()
