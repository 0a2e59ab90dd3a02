"""Originals under the names they had, side by side again, so that a reader finds them together."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from imagery.ingest.gather import Handed
from imagery.store.files import link_or_copy, protect
from imagery.store.layout import FOLDER_SUFFIX, shown_name
from imagery.store.originals import SHA256, Keeper, Kept


@dataclass(frozen=True, slots=True)
class Received:
    """What was handed in, now in the store: `kept` the original (of a folder: the list of its
    files), `beside` its sidecars and `files` the folder's files, each with the name it had.
    """

    kept: Kept
    beside: tuple[tuple[str, Kept], ...] = ()
    files: tuple[tuple[str, Kept], ...] = ()

    @property
    def hashes(self) -> tuple[str, ...]:
        """SHA-256 of everything that was kept."""
        return tuple(kept.sha256 for _name, kept in (("", self.kept), *self.beside, *self.files))


def receive(keeper: Keeper, handed: Handed) -> Received:
    """Keep every file of what was handed in, byte for byte, before anything else happens."""
    if not handed.is_folder:
        beside = tuple((path.name, keeper.keep(path)) for path in handed.sidecars)
        return Received(keeper.keep(handed.path), beside)
    files = tuple((path.relative_to(handed.path).as_posix(), keeper.keep(path))
                  for path in handed.files)  # fmt: skip
    entries = [{"path": shown_name(name), "size": kept.size, "sha256": kept.sha256}
               for name, kept in files]  # fmt: skip
    text = json.dumps({"type": "folder", "files": entries}, ensure_ascii=False, indent=1) + "\n"
    kept = keeper.keep_text(text, FOLDER_SUFFIX, shown_name(handed.path.absolute().name))
    return Received(kept, (), files)


def stage(received: Received, room: Path, name: str) -> Path:
    """Lay the originals out below `room` as they were handed in; the path to read.

    `name` is the name of the file or folder as received.
    """
    if not received.files:
        for beside, kept in received.beside:
            link_or_copy(kept.path, room / beside)
        link_or_copy(received.kept.path, room / name)
        return room / name
    for inside, kept in received.files:
        link_or_copy(kept.path, room / name / inside)
    return room / name


def with_sidecars(
    received: Received, document: Mapping[str, Any], known: Mapping[str, Path]
) -> Received:
    """The same, with the sidecars it had in the store where none came this time."""
    if received.beside or received.files:
        return received
    assets = {asset["title"]: asset for asset in document["assets"].values()}
    beside = tuple(
        (name, Kept(path, name, assets[name]["file:size"], assets[name]["yicha:changed_ns"],
                    {SHA256: path.name.partition(".")[0]}, new=False))
        for name, path in known.items()
    )  # fmt: skip
    return replace(received, beside=beside)


def release(received: Received) -> None:
    """Mark originals read-only again after their staged names were removed.

    Only Windows needs it: there the mark has to come off before any name of a file is removed.
    """
    if os.name == "nt":
        for _name, kept in (("", received.kept), *received.beside, *received.files):
            protect(kept.path)
