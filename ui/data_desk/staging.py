"""Tables on their way in: the bytes as they came, what was tried out with them, until they are put up.

<data>/uploads/tables/<id>/about.json      the name it goes by, who brought it when
<data>/uploads/tables/<id>/content.csv     the bytes; the name of the file is never a path
<data>/uploads/tables/<id>/ready.parquet   what the last dry run made, ready.json its record
"""

from __future__ import annotations

import json
import re
import secrets
import shutil
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from layers.atomic import write_text, written_whole
from layers.errors import SourceError
from ui.scenes.names import clean_name

DAYS = 7.0
"""How long a table that nobody put up may lie here."""
SUFFIXES = ("csv", "tsv", "txt", "gz", "xlsx", "xlsm", "xls", "html", "htm", "json", "geojson", "gpkg",
            "zip", "kml", "kmz", "parquet", "dxf")  # fmt: skip
_ID = re.compile(r"[0-9a-f]{32}")
_ABOUT, _READY = "about.json", "ready.json"


@dataclass(frozen=True, slots=True)
class Staged:
    """One table: its id, the name it goes by, who brought it when (ISO), where its bytes lie."""

    id: str
    name: str
    by: str
    at: str
    path: Path

    @property
    def layer(self) -> Path:
        """Where the dry run leaves its layer."""
        return self.path.parent / "ready.parquet"

    def ready(self) -> dict[str, Any] | None:
        """The record of the last dry run, or `None`."""
        try:
            found = json.loads((self.path.parent / _READY).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return None
        return found if isinstance(found, dict) else None

    def keep_ready(self, told: dict[str, Any]) -> None:
        """Keep the record of a dry run."""
        text = json.dumps(told, ensure_ascii=False, default=str)
        write_text(self.path.parent / _READY, text + "\n")


@dataclass(frozen=True, slots=True)
class Staging:
    """The tables below one folder."""

    root: Path

    def begin(self, name: str, *, by: str, at: str) -> Staged:
        """A place for a table whose bytes are put there next; raises `SourceError` for a name that is refused."""
        shown = clean_name(name)
        suffix = shown.rpartition(".")[2].lower()
        if suffix not in SUFFIXES:
            raise SourceError("this is no kind of table that is read here", file=shown,
                              remedy=f"bring one of: {', '.join(SUFFIXES)}")  # fmt: skip
        made = self._staged(secrets.token_hex(16), shown, by, at)
        about = {key: value for key, value in asdict(made).items() if key in ("name", "by", "at")}
        write_text(made.path.parent / _ABOUT, json.dumps(about, ensure_ascii=False) + "\n")
        return made

    def keep(self, name: str, content: Path, *, by: str, at: str) -> Staged:
        """Keep a copy of a file as a table; see `begin`."""
        made = self.begin(name, by=by, at=at)
        with written_whole(made.path) as partial:
            shutil.copyfile(content, partial)
        return made

    def get(self, staged_id: str | None) -> Staged | None:
        """The table with this id; `None` where it is not here (any more)."""
        if not staged_id or not _ID.fullmatch(staged_id):
            return None
        try:
            told = json.loads((self.root / staged_id / _ABOUT).read_text(encoding="utf-8"))
            found = self._staged(staged_id, str(told["name"]), str(told["by"]), str(told["at"]))
        except (OSError, ValueError, KeyError, TypeError):
            return None
        return found if found.path.is_file() else None

    def discard(self, staged_id: str) -> None:
        """Remove a table and what was tried out with it."""
        if _ID.fullmatch(staged_id):
            shutil.rmtree(self.root / staged_id, ignore_errors=True)

    def sweep(self, now: float) -> None:
        """Remove tables that nobody touched for `DAYS`; `now` in seconds."""
        for one in self.root.iterdir() if self.root.is_dir() else ():
            if _ID.fullmatch(one.name) and now - one.stat().st_mtime > DAYS * 86_400:
                shutil.rmtree(one, ignore_errors=True)

    def _staged(self, staged_id: str, shown: str, by: str, at: str) -> Staged:
        parts = shown.lower().split(".")
        suffix = parts[-1] if parts[-1] != "gz" or len(parts) < 3 else f"{parts[-2][:8]}.gz"
        safe = re.sub(r"[^a-z0-9.]", "", suffix)
        return Staged(staged_id, shown, by, at, self.root / staged_id / f"content.{safe}")
