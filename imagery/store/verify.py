"""Verification: every original is still the bytes that came in, and everything belongs."""

from __future__ import annotations

import contextlib
import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from imagery.store.layout import (
    CANDIDATES,
    DERIVED,
    FOLDER_SUFFIX,
    ITEMS,
    ORIGINALS,
    RECORDS,
    REFUSED,
    VIEWS,
)
from imagery.store.originals import originals
from imagery.store.records import read_record
from layers.errors import Cancelled, ImageryError

_BLOCK = 4 << 20
_WORDS = {
    "changed": ("原件的字节与入库时不同", "the original's bytes are not those that came in"),
    "missing": ("原件不在", "the original is missing"),
    "unnamed": ("尚无条目提到这个原件（入库中断？再次入库即可）", "no item names this original yet (was an ingest stopped? run it again)"),
    "foreign": ("此文件不是由本库写入的", "this file was not written by the store"),
    "item": ("条目损坏，无法读取", "the item is damaged and cannot be read"),
    "record": ("采集记录缺失或事后被改动", "the record is missing or was altered later"),
    "view": ("显示副本缺失（可重做）", "the view copy is missing (it can be made again)"),
    "candidates": ("候选图斑缺失或事后被改动", "candidates of the queue are missing or were altered later"),
    "derived": ("派生文件缺失", "a derived file is missing"),
}  # fmt: skip

_MENDABLE = {"unnamed", "view"}
"""An original without an item is left by an ingest that was stopped; running it again takes it in."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is not as it was: `code`, the file inside the store, and words for people."""

    code: str
    file: str
    zh: str
    en: str

    @property
    def serious(self) -> bool:
        """Whether evidence is touched; the rest can be made again or was never taken in."""
        return self.code not in _MENDABLE


@dataclass(frozen=True, slots=True)
class Verification:
    """What was looked at (`files`, `bytes`, `scenes`) and what is wrong."""

    files: int
    bytes: int
    scenes: int
    problems: tuple[Problem, ...]

    @property
    def good(self) -> bool:
        """Whether all evidence is as it was."""
        return not any(problem.serious for problem in self.problems)

    def as_dict(self) -> dict[str, Any]:
        """For machines; plain JSON types."""
        return {**asdict(self), "good": self.good}


def verify_store(
    root: Path,
    progress: Callable[[int, int, str], None] | None,
    cancelled: Callable[[], bool] | None,
) -> Verification:
    """Hash every original of the store at `root`; see `Store.verify`."""
    found = list(originals(root))
    total, done = sum(size for _path, size in found), 0
    problems: list[Problem] = []
    whole: set[str] = set()
    for path, size in found:
        if cancelled is not None and cancelled():
            raise Cancelled
        name = path.name.partition(".")[0]
        if not _is_hash(name):
            problems.append(_problem("foreign", path))
        elif _sha256(path) != name:
            problems.append(_problem("changed", path))
        whole.add(name)
        done += size
        if progress is not None:
            progress(done, total, path.name)
    items = list(_items(root))
    for path, document in items:
        problems += _item_problems(root, path, document, whole)
    named = {name for path, document in items for name in _originals_of(path, document or {})}
    named |= _refused(root)
    problems += [_problem("unnamed", path) for path, _size in found
                 if _is_hash(stem := path.name.partition(".")[0]) and stem not in named]  # fmt: skip
    problems += _queue_problems(root)
    return Verification(len(found), total, len(items), tuple(problems))


def _item_problems(
    root: Path, path: Path, document: Mapping[str, Any] | None, whole: set[str]
) -> Iterator[Problem]:
    if document is None:
        yield _problem("item", path)
        return
    try:
        read_record(root / RECORDS / f"{path.stem}.jsonl")
    except ImageryError:
        yield _problem("record", root / RECORDS / f"{path.stem}.jsonl")
    for key, asset in document["assets"].items():
        target = path.parent / asset["href"]
        if ORIGINALS in target.parts:
            if target.name.partition(".")[0] not in whole:
                yield _problem("missing", target)
            yield from (_problem("missing", root / ORIGINALS / name[:2] / name)
                        for name in _listed(target) if name not in whole)  # fmt: skip
        elif key == "view" and not (root / VIEWS / target.name).is_file():
            yield _problem("view", root / VIEWS / target.name)
        elif DERIVED in target.parts and not target.is_file():
            yield _problem("derived", target)


def _queue_problems(root: Path) -> Iterator[Problem]:
    """Runs of the queue: what was seen is as its commit point says, what was said follows its chain."""
    for run in sorted((root / CANDIDATES).glob("*/run.json")):
        layer, said = run.parent / "candidates.parquet", run.parent / "decisions.jsonl"
        try:
            told = json.loads(run.read_text(encoding="utf-8"))["sha256"]
            good = layer.is_file() and _sha256(layer) == told
        except (OSError, ValueError, KeyError, TypeError):
            good = False
        if not good:
            yield _problem("candidates", layer)
        try:
            bound = read_record(said)[0].get("sha256") == told if good else True
        except (ImageryError, IndexError):
            bound = False
        if not bound:
            yield _problem("record", said)


def _items(root: Path) -> Iterator[tuple[Path, dict[str, Any] | None]]:
    for path in sorted((root / ITEMS).glob("*.json")):
        try:
            document = json.loads(path.read_text(encoding="utf-8"))
            yield path, document if "assets" in document else None
        except (ValueError, TypeError):
            yield path, None


def _originals_of(path: Path, document: Mapping[str, Any]) -> Iterator[str]:
    """Hashes an item names: its assets' and, for a folder, those of the files in its list."""
    for asset in document.get("assets", {}).values():
        yield Path(asset["href"]).name.partition(".")[0]
        yield from (name.partition(".")[0] for name in _listed(path.parent / asset["href"]))


def _listed(listing: Path) -> tuple[str, ...]:
    """Hashes of the files of a folder that is kept as a list; nothing for any other original."""
    if not listing.name.endswith(FOLDER_SUFFIX) or not listing.is_file():
        return ()
    try:
        entries = json.loads(listing.read_text(encoding="utf-8"))["files"]
        return tuple(str(entry["sha256"]) for entry in entries)
    except (ValueError, KeyError, TypeError):  # its hash has told already
        return ()


def _refused(root: Path) -> set[str]:
    """Hashes of originals that are kept although nothing could be made of them."""
    found: set[str] = set()
    for path in (root / REFUSED).glob("*.jsonl"):
        for line in path.read_text(encoding="utf-8", errors="replace").splitlines():
            with contextlib.suppress(ValueError, AttributeError, TypeError):  # torn on a full disk
                found.update(json.loads(line).get("originals", ()))
    return found


def _is_hash(name: str) -> bool:
    return len(name) == 64 and set(name) <= set("0123456789abcdef")


def _sha256(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while block := stream.read(_BLOCK):
            digest.update(block)
    return digest.hexdigest()


def _problem(code: str, path: Path) -> Problem:
    zh, en = _WORDS[code]
    parts = path.parts
    name = "/".join(parts[-3:] if ORIGINALS in parts[-3:] or DERIVED in parts[-3:] else parts[-2:])
    return Problem(code, name, zh, en)
