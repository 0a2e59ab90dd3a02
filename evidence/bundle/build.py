"""Packs chosen leads into one sealed file: what was received, what was found, what was decided."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from evidence.bundle.layout import (
    BAGIT,
    CHAIN,
    MANIFEST,
    SIGNATURE,
    STAMP,
    TAGS,
    manifest,
    signed_message,
)
from evidence.bundle.payload import as_json, lead_files, scene_files
from evidence.bundle.stored_zip import Entry, Measured, measure, write_stored
from evidence.dossier import Dossier
from evidence.sheet.render import make_sheet
from evidence.words import Lang
from imagery.store import Store
from layers.atomic import written_whole
from layers.errors import Cancelled
from layers.provenance import sha256_of
from office.signing_keys import SigningKey

_VERIFIER = Path(__file__).with_name("verify_bundle.py")
_README = Path(__file__).with_name("README.txt")

Stamp = Callable[[bytes], bytes]
"""Asks a time-stamp authority: the tag manifest in, the token over its SHA-256 (RFC 3161, DER) out."""


@dataclass(frozen=True, slots=True)
class BundleReport:
    """What was written: the file, its hash, how many files of what size, who signed (public key, hex)."""

    path: Path
    sha256: str
    files: int
    bytes: int
    signed_by: str | None
    timestamp: bool


def build_bundle(
    dossiers: Iterable[Dossier],
    out: Path,
    *,
    chain: Mapping[str, Any],
    root: str | None = None,
    imagery: Store | None = None,
    lang: Lang = "zh",
    info: Sequence[tuple[str, str]] = (),
    key: SigningKey | None = None,
    stamp: Stamp | None = None,
    more: Iterable[Entry] = (),
    progress: Callable[[int], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> BundleReport:
    """Write the bundle, atomically; the same arguments give the same bytes (but for a time stamp).

    `root` is the folder inside the zip (the name of the file otherwise).
    `chain`: `events` of the leads and `links` of the chain up to its head. `info`: further lines of
    `bag-info.txt` (reason, recipient, signer); `more`: further files of the payload. Raises `Cancelled`, and `ValueError` where an original
    changes while it is being packed.
    """
    payload: list[Measured] = [measure(one) for one in (Entry(CHAIN, as_json(chain)), *more)]
    kept: list[Dossier] = []
    scenes: set[str] = set()
    for number, dossier in enumerate(dossiers):
        if cancelled is not None and cancelled():
            raise Cancelled
        payload += [measure(one) for one in lead_files(dossier)]
        scenes |= {picture.scene_id for picture in dossier.pictures if picture.scene_id}
        kept.append(dossier)
        if progress is not None:
            progress(number + 1)
    if imagery is not None:
        payload += [measure(one) for one in _once(scene_files(imagery, sorted(scenes)))]
    package = measure(Entry("", manifest((one.entry.name, one) for one in payload))).sha256
    payload += [_sheet(dossier, package, lang) for dossier in kept]
    facts = [("Yicha-Package-SHA256", package), *info]
    tags, token = _tags(payload, facts, key, stamp)
    files = [*tags, *sorted(payload, key=lambda one: one.entry.name)]
    _pack(out, files, root or out.stem)
    size = sum(one.size for one in payload)
    return BundleReport(
        out, sha256_of(out), len(payload), size, key.public.hex() if key else None, token
    )


def _sheet(dossier: Dossier, package: str, lang: Lang) -> Measured:
    pdf = make_sheet(replace(dossier, package_sha256=package), lang=lang)
    return measure(Entry(f"data/leads/{dossier.number}/sheet.pdf", pdf))


def _once(entries: Iterable[Entry]) -> Iterable[Entry]:
    seen: set[str] = set()
    for one in entries:
        if one.name not in seen:
            seen.add(one.name)
            yield one


def _tags(
    payload: Sequence[Measured],
    info: Sequence[tuple[str, str]],
    key: SigningKey | None,
    stamp: Stamp | None,
) -> tuple[list[Measured], bool]:
    """The files about the files, signature last; whether there is a time stamp."""
    size = sum(one.size for one in payload)
    lines = [*info, ("Payload-Oxum", f"{size}.{len(payload)}")]
    tags = [measure(Entry(name, data)) for name, data in (
        BAGIT, ("bag-info.txt", "".join(f"{n}: {_one_line(v)}\n" for n, v in lines).encode("utf-8")),
        (MANIFEST, manifest((one.entry.name, one) for one in payload)),
        ("verify_bundle.py", _VERIFIER.read_bytes()), ("README.txt", _README.read_bytes()),
    )]  # fmt: skip
    listed = manifest((one.entry.name, one) for one in tags)
    loose = [(TAGS, listed)]
    token = stamp(listed) if stamp is not None else b""
    if token:
        loose.append((STAMP, token))
    if key is not None:
        signature = key.sign(signed_message(listed, token))
        loose.append((SIGNATURE, f"ed25519 {key.public.hex()} {signature.hex()}\n".encode()))
    return [*tags, *(measure(Entry(name, data)) for name, data in loose)], bool(token)


def _pack(out: Path, files: Sequence[Measured], root: str) -> None:
    under = [
        replace(one, entry=replace(one.entry, name=f"{root}/{one.entry.name}")) for one in files
    ]
    with written_whole(out) as beside, beside.open("wb") as stream:
        write_stored(stream, under)


def _one_line(value: str) -> str:
    return " ".join(value.split())
