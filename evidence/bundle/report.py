"""The full report of a bundle: every file, signature, time stamp and history, also of one that was altered.

`verify_bundle` decides whether a bundle is intact and stops where its container is not; this says
what is still to be seen in it. Nothing is unpacked; a hostile file costs no more than its own size.
"""

from __future__ import annotations

import hashlib
import json
import struct
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Literal

from evidence.bundle.layout import CHAIN, MANIFEST, SIGNATURE, STAMP, TAGS, read_manifest
from evidence.bundle.verify import (
    chain_problems,
    read_small,
    signature_of,
    stamped,
    verify_bundle,
)
from layers.errors import Cancelled

if TYPE_CHECKING:
    from evidence.bundle.stamps import Trusted

FileState = Literal["same", "altered", "added", "missing"]
MOST_FILES = 100_000
_BLOCK, _HEAD, _NAMES = 1 << 20, 30, 26
_BROKEN = (zipfile.BadZipFile, RuntimeError, ValueError, LookupError, EOFError, struct.error, TypeError,
           AttributeError, NotImplementedError)  # fmt: skip
_LOOSE = frozenset({TAGS, SIGNATURE, STAMP})


def report_of(
    path: Path, *, expected_key: str | None = None, told: Callable[[int, int], None] = lambda *_: None,
    stopped: Callable[[], bool] = lambda: False, trusted: Trusted = (),
) -> dict[str, Any]:  # fmt: skip
    """What there is to say about the bundle, as plain JSON types.

    `intact` and `problems` as `verify_bundle` says; `files`: name, size and state of each (none where
    the container cannot be read); `signature`: its key and whether it fits; `stamp`: what the time stamp is
    worth to who trusts the certificates `trusted`, in words; `chain`, `info`.
    `told(bytes, of)` as it is read; raises `Cancelled` when asked to stop, `OSError`.
    """
    size = path.stat().st_size
    seen = _seen(path, lambda done: told(done, 2 * size), stopped, trusted)
    told(size, 2 * size)
    check = verify_bundle(path, expected_key=expected_key)
    told(2 * size, 2 * size)
    return {"intact": check.intact, "problems": list(check.problems), "size": size,
            "expected": expected_key or "", **seen}  # fmt: skip


def _seen(
    path: Path, told: Callable[[int], None], stopped: Callable[[], bool], trusted: Trusted
) -> dict[str, Any]:
    found: dict[str, Any] = {"files": [], "signature": {"state": "unknown", "key": ""},
                             "stamp": {"state": "unknown"}, "chain": None, "info": []}  # fmt: skip
    try:
        with path.open("rb") as stream, zipfile.ZipFile(stream) as archive:
            if len(archive.infolist()) > MOST_FILES:
                raise ValueError("too many files")
            hashes, sizes, root = _hashes(stream, archive, told, stopped)
            read = _reader(archive, root)
            found["files"] = _files(hashes, sizes, read)
            found["info"] = _info(read)
            found["stamp"] = _stamp(hashes, read, trusted)
            found["signature"] = _signature(hashes, read)
            found["chain"] = _chain(hashes, read)
    except _BROKEN:
        pass  # what was found until then is told; why it ends there says `verify_bundle`
    return found


def _hashes(
    stream: IO[bytes], archive: zipfile.ZipFile, told: Callable[[int], None], stopped: Callable[[], bool]
) -> tuple[dict[str, str], dict[str, int], str]:  # fmt: skip
    """SHA-256 and size of every stored file by its name below the root, read where its header says it lies."""
    hashes, sizes, root, done = {}, {}, "", 0
    most = Path(stream.name).stat().st_size
    for info in archive.infolist():
        root, _, name = info.filename.partition("/")
        stream.seek(info.header_offset + _NAMES)
        start = info.header_offset + _HEAD + sum(struct.unpack("<HH", stream.read(4)))
        stream.seek(start)
        digest, left = hashlib.sha256(), info.compress_size
        done += left
        if done > most:
            raise ValueError("the files overlap")
        while left and (block := stream.read(min(_BLOCK, left))):
            if stopped():
                raise Cancelled
            digest.update(block)
            left -= len(block)
        hashes[name], sizes[name] = digest.hexdigest(), info.compress_size
        told(done)
    return hashes, sizes, root


def _reader(archive: zipfile.ZipFile, root: str) -> Callable[[str], bytes]:
    def read(name: str) -> bytes:
        return read_small(archive, f"{root}/{name}")

    return read


def _files(
    hashes: Mapping[str, str], sizes: Mapping[str, int], read: Callable[[str], bytes]
) -> list[dict[str, Any]]:
    """Every file with its state by the two manifests; what was altered comes first."""
    listed = {**_listed(MANIFEST, read), **_listed(TAGS, read)}
    made = []
    for name in sorted(hashes.keys() | listed.keys()):
        state: FileState = "same"
        if name not in hashes:
            state = "missing"
        elif name not in listed:
            state = "same" if name in _LOOSE else "added"
        elif listed[name] != hashes[name]:
            state = "altered"
        made.append({"name": name, "size": sizes.get(name, 0), "state": state})
    return sorted(made, key=lambda one: one["state"] == "same")


def _listed(name: str, read: Callable[[str], bytes]) -> dict[str, str]:
    """A manifest's lines; of one that cannot be read none."""
    try:
        return read_manifest(read(name))
    except _BROKEN:
        return {}


def _info(read: Callable[[str], bytes]) -> list[list[str]]:
    """The lines of `bag-info.txt`: what the bundle says of itself."""
    try:
        lines = read("bag-info.txt").decode("utf-8", "replace").splitlines()[:100]
    except _BROKEN:
        return []
    return [[part[:2000].strip() for part in line.split(":", 1)] for line in lines if ":" in line]


def _stamp(
    hashes: Mapping[str, str], read: Callable[[str], bytes], trusted: Trusted
) -> dict[str, str]:
    """`state` (`none`, or that of `Stamped`), and the sentence in both languages."""
    found = stamped(read(STAMP) if STAMP in hashes else b"", read(TAGS), trusted)
    return {"state": "none"} if found is None else {"state": found.state, **found.says.as_dict()}


def _signature(hashes: Mapping[str, str], read: Callable[[str], bytes]) -> dict[str, str]:
    if SIGNATURE not in hashes:
        return {"state": "none", "key": ""}
    stamp = read(STAMP) if STAMP in hashes else b""
    key, problems = signature_of(read(SIGNATURE), read(TAGS), stamp)
    return {"state": "bad" if problems or not key else "good", "key": key or ""}


def _chain(hashes: Mapping[str, str], read: Callable[[str], bytes]) -> dict[str, Any] | None:
    """How many events and links the history has, and what does not fit; `None` where there is none."""
    if CHAIN not in hashes:
        return None
    chain = json.loads(read(CHAIN))
    return {"events": len(chain["events"]), "links": len(chain["links"]), "problems": chain_problems(chain)}  # fmt: skip
