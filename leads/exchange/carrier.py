"""The file in which packages travel, by disk or over the network: a zip of stored entries.

`transfer.json` names the packages; `packages/ID.json` holds each with its signature, `attachments/HASH`
the files. Nothing is compressed, so nothing can swell; every entry is measured before it is read.
"""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from layers.atomic import written_whole
from layers.errors import LeadError
from leads.exchange.attachments import Attachment, lies_there, take
from leads.exchange.offices import Offices, Rules
from leads.exchange.signed import CALLED, PACKAGE, RECALL, SMALL, VERSION, Signed, signed_of
from office.canonical import canonical

_LIST = "transfer.json"
_STAMP = (1980, 1, 1, 0, 0, 0)
_BROKEN = (
    OSError,
    EOFError,
    zipfile.BadZipFile,
    NotImplementedError,
    RuntimeError,
    ValueError,
    KeyError,
)
_SPARE = 4096
"""Bytes of a package's file beside its text: the signature and what holds the two together."""


def write_carrier(
    out: Path, packages: Iterable[Signed], attachments: Iterable[Attachment], folder: Path
) -> Path:
    """Write packages and their attachments to a file, whole or not at all."""
    papers = {one.id: one for one in packages}
    files = {one.sha256: one for one in attachments}
    with written_whole(out) as beside, zipfile.ZipFile(beside, "w") as archive:
        _put(
            archive,
            _LIST,
            canonical({"format": PACKAGE, "version": VERSION, "packages": sorted(papers)}),
        )
        for name, paper in sorted(papers.items()):
            _put(archive, f"packages/{name}.json", canonical(paper.as_dict()))
        for digest, one in sorted(files.items()):
            if not lies_there(one, folder):
                raise LeadError(f"the attachment {one.name} is gone from {folder}", field="attachments",
                                remedy="bring the folder of attachments back, or call the lead back")  # fmt: skip
            entry = zipfile.ZipInfo(f"attachments/{digest}", _STAMP)
            entry.file_size = one.bytes
            with archive.open(entry, "w") as target, one.at(folder).open("rb") as source:
                while block := source.read(1 << 20):
                    target.write(block)
    return out


@contextmanager
def opened_carrier(path: Path, rules: Rules) -> Iterator[Carrier]:
    """A file of packages, its form checked; `LeadError` for anything else."""
    try:
        archive = zipfile.ZipFile(path)
    except _BROKEN as error:
        raise _refused(f"this is no file of packages ({error})", path) from error
    with archive:
        yield Carrier(archive, path, rules)


class Carrier:
    """A file of packages, opened."""

    def __init__(self, archive: zipfile.ZipFile, path: Path, rules: Rules) -> None:
        self._archive, self._path, self._rules = archive, path, rules
        infos = archive.infolist()
        entries = {one.filename: one for one in infos}
        files = sum(one.file_size for one in infos if one.filename.startswith("attachments/"))
        fit = all(one.compress_type == zipfile.ZIP_STORED and one.compress_size == one.file_size
                  and not one.flag_bits & 1 for one in infos)  # fmt: skip
        if not fit or len(entries) < len(infos) or len(infos) > 3 * rules.packages + 1:
            raise _refused("the file is not written as this program writes it", path)
        if files > rules.attachments:
            raise _refused("the attachments are larger than this office takes", path)
        self._entries = entries
        self.ids = self._listed()

    def _listed(self) -> tuple[str, ...]:
        try:
            told = json.loads(self._read(_LIST, SMALL * 2))
            ids = tuple(told["packages"])
            if (told["format"], told["version"]) != (PACKAGE, VERSION) or len(
                ids
            ) > self._rules.packages:
                raise ValueError("another kind, or too many packages")
            if not all(f"packages/{one}.json" in self._entries for one in ids):
                raise ValueError("a package is missing")
        except (*_BROKEN, TypeError, RecursionError) as error:
            raise _refused(f"the list of packages cannot be read ({error})", self._path) from error
        return ids

    def package(self, name: str) -> Signed:
        """A package by its id."""
        try:
            told = json.loads(self._read(f"packages/{name}.json", self._rules.package + _SPARE))
        except (*_BROKEN, RecursionError) as error:
            raise _refused(f"package {name[:16]} cannot be read ({error})", self._path) from error
        found = signed_of(told, PACKAGE)
        if found.id != name:
            raise _refused(f"package {name[:16]} is not what its name says", self._path)
        return found

    def keep(self, attachments: Iterable[Attachment], folder: Path) -> None:
        """Put the attachments of a package into the folder; one that is missing is told later."""
        for one in attachments:
            entry = self._entries.get(f"attachments/{one.sha256}")
            if entry is None or entry.file_size != one.bytes:
                continue
            try:
                with self._archive.open(entry) as stream:
                    take(stream, one, folder)
            except (EOFError, zipfile.BadZipFile, NotImplementedError, RuntimeError) as error:
                raise _refused(f"the attachment {one.name} cannot be read", self._path) from error

    def _read(self, name: str, most: int) -> bytes:
        entry = self._entries[name]
        if entry.file_size > most:
            raise ValueError(f"{name[:80]} is larger than any")
        with self._stream(entry) as stream:
            return stream.read(most + 1)

    def _stream(self, entry: zipfile.ZipInfo) -> IO[bytes]:
        return self._archive.open(entry)


def write_papers(out: Path, kind: str, papers: Iterable[Signed], offices: Offices) -> Path:
    """Write answers or wishes to have packages back to a file."""
    told = {"format": f"{kind}s", "version": VERSION, "from": offices.id,
            "papers": [one.as_dict() for one in papers]}  # fmt: skip
    with written_whole(out) as beside:
        beside.write_text(canonical(told), encoding="utf-8")
    return out


def read_papers(path: Path, kind: str, rules: Rules) -> list[Signed]:
    """Read such a file again."""
    try:
        if path.stat().st_size > SMALL * rules.packages:
            raise ValueError("it is larger than any")
        return papers_of(path.read_bytes(), kind)
    except (OSError, ValueError) as error:
        raise _refused(f"this is no file of {CALLED[kind]}s ({str(error)[:120]})", path) from error


def papers_of(raw: bytes, kind: str) -> list[Signed]:
    """The papers such a file holds; `ValueError` where it is another one."""
    try:
        told = json.loads(raw)
        if told["format"] != f"{kind}s" or not isinstance(told["papers"], list):
            raise ValueError("another kind of file")
        return [signed_of(one, kind) for one in told["papers"]]
    except (KeyError, TypeError, RecursionError) as error:
        raise ValueError(f"not written as this program writes it: {error!r}") from error


def is_recall(path: Path) -> bool:
    """Whether a file holds wishes to have packages back, not packages."""
    try:
        with path.open("rb") as file:
            return RECALL.encode() in file.read(4096) and not zipfile.is_zipfile(path)
    except OSError as error:
        raise _refused(f"the file cannot be read: {error.strerror}", path) from error


def _put(archive: zipfile.ZipFile, name: str, text: str) -> None:
    archive.writestr(zipfile.ZipInfo(name, _STAMP), text)


def _refused(problem: str, path: Path) -> LeadError:
    return LeadError(
        problem, file=path, remedy="nothing was changed; ask the office to hand it over anew"
    )
