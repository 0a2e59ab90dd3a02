"""The layer files of a folder, every version kept: a new one is put up whole, the last can be undone.

    <folder>/NAME.parquet                    what the checks read
    <folder>/versions/NAME/0001.parquet      every version, byte for byte as it stood
    <folder>/versions/NAME/0001.json         its record; 0001.report.json: every rejected row
    <folder>/sources/SHA256/…                the originals

Which version stands is told by the hash of the file that is read, so a kill at any moment leaves the
old layer or the new one and a history that says which. A number is taken by making its file, so
of two people who import at once one is told.
"""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from layers.atomic import write_text, written_whole
from layers.errors import LayerError
from layers.layer import MATCHES, Layer, read_layer
from layers.provenance import sha256_of
from layers.shelf.records import BROUGHT_BACK, FOUND, IMPORTED, UNDONE, Version, version_from_dict

VERSIONS, SOURCES = "versions", "sources"
_NAME = re.compile(r"[a-z][a-z0-9_-]{0,79}")
_DRAWN = "drawn-"


class Shelf:
    """The layer files of one folder; opening it reads nothing."""

    def __init__(self, folder: str | Path) -> None:
        self.folder = Path(folder)
        self._known: dict[Path, tuple[tuple[int, int], str]] = {}

    def file(self, name: str) -> Path:
        """What the checks read; raises `LayerError` for a name that is none of a layer file."""
        return self.folder / f"{checked_name(name)}.parquet"

    def names(self) -> tuple[str, ...]:
        """The layer files that stand, without their suffix."""
        files = sorted(self.folder.glob("*.parquet"))
        return tuple(file.stem for file in files if MATCHES not in _metadata(file))

    def recorded(self) -> tuple[str, ...]:
        """The layer files that have versions, also those that do not stand any more."""
        return tuple(sorted(one.name for one in (self.folder / VERSIONS).glob("*") if _NAME.fullmatch(one.name)))  # fmt: skip

    def versions(self, name: str) -> tuple[Version, ...]:
        """Every version of a layer file, the oldest first."""
        found = [_read(file) for file in sorted(self._place(name).glob("[0-9]*.json"))
                 if not file.stem.endswith(".report")]  # fmt: skip
        return tuple(one for one in found if one is not None)

    def hash(self, name: str) -> str | None:
        """SHA-256 of the file that stands; `None` where none does."""
        file = self.file(name)
        try:
            seen = file.stat()
        except OSError:
            return None
        key = (seen.st_size, seen.st_mtime_ns)
        if self._known.get(file, (None, ""))[0] != key:
            self._known[file] = (key, sha256_of(file))
        return self._known[file][1]

    def standing(self, name: str) -> Version | None:
        """The record of what stands; `None` where nothing does, or nobody recorded it."""
        now = self.hash(name)
        same = [one for one in self.versions(name) if one.layer_sha256 == now]
        return next((one for one in reversed(same) if not one.undone), same[-1] if same else None)

    def report(self, name: str, number: int) -> dict[str, Any] | None:
        """The import report of a version with every rejected row, or `None`."""
        return _json(self._place(name) / f"{number:04d}.report.json")

    def read(self, name: str, number: int) -> Layer:
        """The layer as it was in a version."""
        return read_layer(self._place(name) / f"{number:04d}.parquet")

    def original(self, sha256: str) -> Path | None:
        """The kept original with this hash, byte for byte; `None` where it is not here (or was altered)."""
        folder = self.folder / SOURCES / sha256
        if not re.fullmatch(r"[0-9a-f]{64}", sha256) or not folder.is_dir():
            return None
        return next((one for one in sorted(folder.iterdir()) if sha256_of(one) == sha256), None)

    def free_name(self, theme: str) -> str:
        """A name for one more file of a theme."""
        stem = theme.replace("/", "_")
        taken = {*self.names(), *(path.name for path in (self.folder / VERSIONS).glob("*"))}
        names = (stem, *(f"{stem}-{n}" for n in range(2, 10_000)))
        return next(name for name in names if name not in taken)

    def put(
        self, name: str, layer: Path, told: Mapping[str, Any], *, by: str, at: str,
        expected: str | None = None,
    ) -> Version:  # fmt: skip
        """Keep the layer file `layer` as the newest version and let it stand.

        `told` holds the other fields of `Version`, and `report`; `expected` is the hash of
        the file somebody saw standing ("" for none): `LayerError` where that is not so any more.
        """
        may_put(name)
        self._still(name, expected)
        before = self._keep_what_stands(name)
        number, slot = self._slot(name)
        with written_whole(slot.with_suffix(".parquet")) as partial:
            shutil.copyfile(layer, partial)
        fields = {key: value for key, value in told.items() if key != "report"}
        made = Version(number, before, IMPORTED, at, by, layer_sha256=sha256_of(layer), **fields)
        if told.get("report") is not None:
            report = json.dumps(told["report"], ensure_ascii=False, default=str)
            write_text(slot.with_name(f"{number:04d}.report.json"), report + "\n")
        self._write(name, made)
        self._stand(name, number)
        return made

    def undo(self, name: str, *, by: str, at: str, why: str = "", expected: str | None = None) -> Version | None:  # fmt: skip
        """Take the standing version back; the one before stands again, or nothing does.

        Returns what stands then. Raises `LayerError` where no version is recorded, or the file is
        not the `expected` one any more.
        """
        self._still(name, expected)
        now = self.standing(name)
        if now is None or now.kind == FOUND:
            raise LayerError(
                f"nothing of {name} can be undone: no import of it is recorded here", field="name",
                remedy="see `python -m layers history` for the layers that have versions",
            )  # fmt: skip
        self._stand(name, now.before)
        self._write(name, now.after(UNDONE, by=by, at=at, why=why))
        return self.standing(name)

    def take_down(self, name: str, *, by: str, at: str, why: str = "") -> None:
        """Let nothing stand; what stood is kept as a version and can be brought back by its number."""
        number = self._keep_what_stands(name)
        self._stand(name, 0)
        for version in self.versions(name):
            if version.number == number:
                self._write(name, version.after(UNDONE, by=by, at=at, why=why, to=0))

    def bring_back(self, name: str, number: int, *, by: str, at: str, why: str = "") -> Version:
        """Let the version `number` stand again; raises `LayerError` where it is not kept."""
        found = next((one for one in self.versions(name) if one.number == number), None)
        if found is None or not (self._place(name) / f"{number:04d}.parquet").is_file():
            raise LayerError(f"there is no version {number} of {name}", field="to",
                             remedy="see `python -m layers history`")  # fmt: skip
        self._keep_what_stands(name)
        self._stand(name, number)
        back = found.after(BROUGHT_BACK, by=by, at=at, why=why)
        self._write(name, back)
        return back

    def _still(self, name: str, expected: str | None) -> None:
        if expected is not None and (self.hash(name) or "") != expected:
            raise LayerError("somebody has imported or undone meanwhile", field="name",
                             remedy="load the page again and look at what stands now")  # fmt: skip

    def _keep_what_stands(self, name: str) -> int:
        """The number of what stands; a file that nobody recorded becomes a version first. 0: none."""
        now, file = self.standing(name), self.file(name)
        if now is not None or not file.is_file():
            return now.number if now else 0
        layer = read_layer(file)
        number, slot = self._slot(name)
        with written_whole(slot.with_suffix(".parquet")) as partial:
            shutil.copyfile(file, partial)
        lain = datetime.fromtimestamp(file.stat().st_mtime, UTC).isoformat(timespec="seconds")
        sources = tuple(dict.fromkeys(one.sha256 for one in layer.provenance))
        self._write(name, Version(number, 0, FOUND, lain, "", layer.theme.name, len(layer), sha256_of(file),
                                  _joined([one.file for one in layer.provenance]), sources,
                                  _joined([one.datum for one in layer.provenance])))  # fmt: skip
        return number

    def _slot(self, name: str) -> tuple[int, Path]:
        """A number of one's own, and its record (still empty)."""
        place = self._place(name)
        place.mkdir(parents=True, exist_ok=True)
        taken = [int(file.name[:4]) for file in place.glob("[0-9][0-9][0-9][0-9].*")]
        slot = place / f"{max(taken, default=0) + 1:04d}.json"
        try:
            slot.touch(exist_ok=False)
        except FileExistsError:
            raise LayerError("somebody imports the same layer at this moment", field="name",
                             remedy="wait until it is done, then look at what stands") from None  # fmt: skip
        return int(slot.name[:4]), slot

    def _stand(self, name: str, number: int) -> None:
        """Let a version be what is read; 0 takes the layer away."""
        if number == 0:
            self.file(name).unlink(missing_ok=True)
            return
        with written_whole(self.file(name)) as partial:
            shutil.copyfile(self._place(name) / f"{number:04d}.parquet", partial)

    def _write(self, name: str, version: Version) -> None:
        text = json.dumps(version.as_dict(), ensure_ascii=False, indent=1, default=str)
        write_text(self._place(name) / f"{version.number:04d}.json", text + "\n")

    def _place(self, name: str) -> Path:
        return self.folder / VERSIONS / checked_name(name)


def checked_name(name: str) -> str:
    """The name itself; raises `LayerError` where it is no plain name of a layer file."""
    if not _NAME.fullmatch(name):
        raise LayerError("this is no name of a layer file", field="name",
                         remedy="use small letters, digits, - and _, beginning with a letter")  # fmt: skip
    return name


def may_put(name: str) -> None:
    """Raise `LayerError` for a layer that people draw: it has versions of its own."""
    if name.startswith(_DRAWN):
        raise LayerError("this layer is drawn, not imported", field="name",
                         remedy="change it on the page of drawing")  # fmt: skip


def _joined(words: Sequence[str]) -> str:
    return ", ".join(dict.fromkeys(word for word in words if word))


def _metadata(file: Path) -> Mapping[bytes, bytes]:
    try:
        return pq.read_schema(file).metadata or {}
    except (OSError, ValueError):
        return {}


def _read(file: Path) -> Version | None:
    """A record; `None` for one that was never finished."""
    told = _json(file)
    try:
        return None if told is None else version_from_dict(told)
    except (TypeError, KeyError):
        return None


def _json(file: Path) -> dict[str, Any] | None:
    try:
        found = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return found if isinstance(found, dict) else None
