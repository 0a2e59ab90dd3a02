"""Files of local law and local offices, kept by people: rule packs and lists of agencies.

A new text takes the place of the one before whole or not at all, only where nothing is wrong with it
and nobody else changed the file meanwhile; the version before stays in `earlier/` beside it, and the
history tells who took in what.
"""

from __future__ import annotations

import hashlib
import re
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from checks import RulePack, catalogue, pack_faults
from layers.atomic import written_whole
from layers.errors import ConflictError, RuleError
from office._agencies_file import read_agencies
from office.actors import Actor
from office.agencies import FOLDER as AGENCIES_FOLDER
from office.agencies import AgencyTable, load_agencies
from office.database import Database
from office.history import NewEvent, append
from office.policy import require

RULES, AGENCIES = "rules", "agencies"
_RULES_FOLDER = Path(__file__).resolve().parent.parent / "data" / "rules"
FOLDERS = {RULES: _RULES_FOLDER, AGENCIES: AGENCIES_FOLDER}
_RIGHTS = {RULES: "rule.manage", AGENCIES: "agency.manage"}
_EVENTS = {RULES: "office.rules_taken", AGENCIES: "office.agencies_taken"}
_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,60}")
_SHARED = ("duties", "handover")
"""Files of the folder of agencies that are no place's list."""
MOST_BYTES = 2_000_000
_EARLIER = "earlier"


@dataclass(frozen=True, slots=True)
class Weighed:
    """A text that was read: what it makes (nothing where something is wrong), and what is wrong."""

    made: RulePack | AgencyTable | None
    faults: tuple[RuleError, ...]

    @property
    def place(self) -> str:
        """The place it is about; empty where it is wrong."""
        return self.made.place if self.made else ""


@dataclass(frozen=True, slots=True)
class Version:
    """A version that was replaced: when (UTC), its hash, its file."""

    at: str
    sha256: str
    path: Path


@dataclass(frozen=True, slots=True)
class Taken:
    """What was taken in: its place, its hash, and that of the version before (none: it is new)."""

    place: str
    sha256: str
    before: str | None


def weigh(kind: str, raw: bytes, *, folder: Path | None = None) -> Weighed:
    """Read a text of one kind and say everything that is wrong with it; nothing is written."""
    if len(raw) > MOST_BYTES:
        return Weighed(None, (RuleError(f"the file is larger than {MOST_BYTES} bytes", field="file",
                                        remedy="a list of one place is far smaller"),))  # fmt: skip
    made, faults = _READERS[kind](raw, folder or FOLDERS[kind])
    if made is not None and not _NAME.fullmatch(made.place):
        fault = RuleError(f"{made.place!r} cannot be a file's name", field="place",
                          remedy="small letters, digits and hyphens, such as hefei")  # fmt: skip
        return Weighed(None, (fault,))
    return Weighed(made, faults)


def take(
    db: Database, kind: str, raw: bytes, *, actor: Actor, at: str, before: str | None,
    folder: Path | None = None,
) -> Taken:  # fmt: skip
    """Put a text in the place of the one in force. `before`: hash of the version it was made from
    (`None`: there was none). `RuleError` for the first fault, `ConflictError` where another version
    lies there, `PolicyError` where the person may not.
    """
    require(actor, _RIGHTS[kind])
    root = folder or FOLDERS[kind]
    weighed = weigh(kind, raw, folder=root)
    if weighed.made is None:
        raise weighed.faults[0]
    target = root / f"{weighed.place}.toml"
    digest = hashlib.sha256(raw).hexdigest()
    with written_whole(target) as partial:  # the history tells before the file has its name
        partial.write_bytes(raw)
        with db.write() as connection:
            old = target.read_bytes() if target.is_file() else None
            lies = hashlib.sha256(old).hexdigest() if old is not None else None
            if lies != before:
                raise ConflictError(f"{target.name} was changed meanwhile", field="file", file=target,
                                    remedy="look at the version that lies there now, then repeat")  # fmt: skip
            if old is not None and lies is not None:
                _keep(old, _earlier(root, weighed.place) / f"{_stamp(at)}-{lies[:12]}.toml")
            body: dict[str, Any] = {"place": weighed.place, "sha256": digest, "before": lies}
            append(connection, [NewEvent(_EVENTS[kind], weighed.place, body)], actor=actor, at=at)
    if kind == AGENCIES:
        load_agencies.cache_clear()
    return Taken(weighed.place, digest, lies)


def versions(kind: str, place: str, *, folder: Path | None = None) -> tuple[Version, ...]:
    """Versions that were replaced, the latest first."""
    found = []
    for file in _earlier(folder or FOLDERS[kind], place).glob("*.toml"):
        stamp = file.stem.split("-")[0]
        digest = hashlib.sha256(file.read_bytes()).hexdigest()
        found.append(Version(_time(stamp), digest, file))
    return tuple(sorted(found, key=lambda one: (one.at, one.path.name), reverse=True))


def places(kind: str, *, folder: Path | None = None) -> dict[str, Weighed]:
    """Every file of a kind by its name, also the ones that something is wrong with."""
    root = folder or FOLDERS[kind]
    files = [file for file in sorted(root.glob("*.toml")) if file.stem not in _SHARED]
    return {file.stem: weigh(kind, file.read_bytes(), folder=root) for file in files}


def text_of(kind: str, place: str, *, folder: Path | None = None) -> bytes:
    """The text in force; empty where there is none."""
    file = (folder or FOLDERS[kind]) / f"{place}.toml"
    return file.read_bytes() if _NAME.fullmatch(place) and file.is_file() else b""


def gaps(table: AgencyTable) -> Iterator[tuple[str, str]]:
    """What a list of agencies leaves open, in Chinese and English: it is right, and not complete."""
    known = catalogue()
    there = {one.kind for one in table.agencies}
    levels = {one.level for one in table.procuratorates}
    for kind in sorted({duty.kind for duty in table.duties} - there):
        words = table.kinds[kind]
        yield f"没有“{words.zh}”：有职责而无机关", f"no {words.en}: duties without an office"
    for one in table.agencies:
        if one.level not in levels:
            yield (
                f"{one.words.zh}：没有同级人民检察院",
                f"{one.words.en}: no procuratorate of its level",
            )
    for check in sorted({check for duty in table.duties for check in duty.checks} - set(known)):
        yield f"职责提到不存在的模型 {check}", f"a duty names {check}, which is no check"
    loose = sum(not duty.verified for duty in table.duties)
    if loose:
        yield f"{loose} 条职责未核对原文", f"{loose} duties whose text was not read"


def _rules(raw: bytes, folder: Path) -> tuple[RulePack | None, tuple[RuleError, ...]]:
    return pack_faults(raw, folder / "new.toml")


def _agencies(raw: bytes, folder: Path) -> tuple[AgencyTable | None, tuple[RuleError, ...]]:
    with tempfile.TemporaryDirectory() as scratch:
        file = Path(scratch) / "new.toml"
        file.write_bytes(raw)
        try:
            return read_agencies(file, folder), ()
        except RuleError as error:
            return None, (error,)
        except (TypeError, AttributeError, KeyError, ValueError) as error:
            return None, (RuleError(f"the table does not have the form of one ({error})", field="file",
                                    remedy="compare with data/agencies/demo.toml"),)  # fmt: skip


_READERS: dict[str, Callable[[bytes, Path], tuple[Any, tuple[RuleError, ...]]]] = {
    RULES: _rules,
    AGENCIES: _agencies,
}


def _earlier(folder: Path, place: str) -> Path:
    return folder / _EARLIER / place


def _keep(raw: bytes, path: Path) -> None:
    with written_whole(path) as partial:
        partial.write_bytes(raw)


def _stamp(at: str) -> str:
    """`2026-06-30T08:00:00Z` as a file's name can hold it."""
    return re.sub(r"[^0-9TZ]", "", at)


def _time(stamp: str) -> str:
    found = re.fullmatch(r"(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z", stamp)
    return "{}-{}-{}T{}:{}:{}Z".format(*found.groups()) if found else stamp
