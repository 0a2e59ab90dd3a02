"""Known weaknesses of the pinned libraries, from a copy of the OSV database: no network is asked.

The database is the file `all.zip` of OSV's export for PyPI (one JSON file per advisory, schema
https://ossf.github.io/osv-schema/), brought onto the machine like everything else.
"""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from packaging.version import InvalidVersion, Version

from layers.errors import AssetError
from offline.libraries import Library, canonical

_MOST_BYTES = 4_000_000
"""No advisory is that long."""


@dataclass(frozen=True, slots=True)
class Weakness:
    """An advisory that concerns an installed version."""

    library: Library
    id: str
    aliases: tuple[str, ...]
    summary: str
    fixed_in: tuple[str, ...]


def audit(installed: Sequence[Library], database: Path) -> list[Weakness]:
    """The advisories that concern what is installed, by library; `AssetError` for no such database."""
    by_name = {one.name: one for one in installed}
    found: list[Weakness] = []
    for advisory in _advisories(database):
        if advisory.get("withdrawn"):
            continue
        for affected in advisory.get("affected", ()):
            told = affected.get("package", {})
            library = by_name.get(canonical(str(told.get("name", ""))))
            if told.get("ecosystem") == "PyPI" and library and _concerns(affected, library.version):
                found.append(_weakness(library, advisory, affected))
                break
    return sorted(found, key=lambda one: (one.library.name, one.id))


def _advisories(database: Path) -> Iterator[dict[str, Any]]:
    try:
        with zipfile.ZipFile(database) as source:
            names = [one for one in source.infolist() if one.filename.endswith(".json")]
            if not names:
                raise AssetError("there is no advisory in it", file=database,
                                 remedy="take OSV's all.zip for PyPI")  # fmt: skip
            for one in names:
                if one.file_size <= _MOST_BYTES:
                    yield json.loads(source.read(one))
    except (OSError, ValueError, zipfile.BadZipFile) as error:
        raise AssetError(f"the database cannot be read: {error}", file=database,
                         remedy="copy OSV's all.zip for PyPI again") from error  # fmt: skip


def _concerns(affected: Mapping[str, Any], version: str) -> bool:
    if version in affected.get("versions", ()):
        return True
    spans = (one["events"] for one in affected.get("ranges", ()) if one.get("type") == "ECOSYSTEM")
    return any(_within(events, version) for events in spans)


def _within(events: Sequence[Mapping[str, str]], version: str) -> bool:
    """Whether the version lies between an `introduced` and its `fixed` (or `last_affected`)."""
    here, hit = Version(version), False
    for event in events:
        try:
            ((kind, told),) = event.items()
            at = Version("0") if told == "0" else Version(told)
        except (ValueError, InvalidVersion):
            continue
        if kind == "introduced" and here >= at:
            hit = True
        elif (kind == "fixed" and here >= at) or (kind == "last_affected" and here > at):
            hit = False
    return hit


def _weakness(
    library: Library, advisory: Mapping[str, Any], affected: Mapping[str, Any]
) -> Weakness:
    fixed = {event["fixed"] for one in affected.get("ranges", ()) if one.get("type") == "ECOSYSTEM"
             for event in one.get("events", ()) if "fixed" in event}  # fmt: skip
    return Weakness(library, str(advisory["id"]), tuple(advisory.get("aliases", ())),
                    str(advisory.get("summary", "")), tuple(sorted(fixed)))  # fmt: skip
