"""What exports and previews leave for the person who asked, for a while; bundles on their way to be verified.

<data>/evidence/out/<box>/about.json   whose, about which leads, since when
<data>/evidence/out/<box>/…            the files
<data>/evidence/in/<upload>/…          a bundle that was dropped, until it is verified (`ui.scenes.incoming`)
"""

from __future__ import annotations

import json
import re
import secrets
import shutil
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path

from layers.atomic import write_text

LASTS = timedelta(hours=24)
ABOUT = "about.json"
_BOX = re.compile(r"[0-9a-f]{32}")
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,120}")


@dataclass(frozen=True, slots=True)
class About:
    """Whose box it is, by which right over which leads, and since when (ISO with offset)."""

    actor: str
    operation: str
    leads: tuple[str, ...]
    made: str


@dataclass(frozen=True, slots=True)
class Outbox:
    """The boxes of one data folder."""

    root: Path

    @staticmethod
    def new() -> str:
        """A name nobody guesses."""
        return secrets.token_hex(16)

    def put(self, box: str, about: About) -> Path:
        """Open a box; its folder."""
        folder = self.folder(box)
        folder.mkdir(parents=True, exist_ok=True)
        write_text(folder / ABOUT, json.dumps(asdict(about), ensure_ascii=False) + "\n")
        return folder

    def folder(self, box: str) -> Path:
        """The folder of a box; `ValueError` for what is no name of one."""
        if not _BOX.fullmatch(box):
            raise ValueError("no box")
        return self.root / "out" / box

    def file(self, box: str, name: str) -> tuple[About, Path] | None:
        """A file of a box with what the box says; `None` where there is none."""
        if not _BOX.fullmatch(box) or not _NAME.fullmatch(name) or name == ABOUT:
            return None
        about, path = _read(self.folder(box)), self.folder(box) / name
        return None if about is None or not path.is_file() else (about, path)

    def sweep(self, now: datetime) -> int:
        """Remove what is older than it lasts; how many."""
        swept = 0
        inner = self.root / "out"
        boxes = (
            [one for one in inner.iterdir() if _BOX.fullmatch(one.name)] if inner.is_dir() else []
        )
        for folder in boxes:
            since = datetime.fromtimestamp(folder.stat().st_mtime, now.tzinfo)
            if now - since > LASTS:
                shutil.rmtree(folder, ignore_errors=True)
                swept += 1
        return swept


def outbox_of(data: Path) -> Outbox:
    """The boxes of a data folder."""
    return Outbox(data / "evidence")


def is_over(about: About, now: datetime) -> bool:
    """Whether the box may no longer be opened."""
    return now - datetime.fromisoformat(about.made) > LASTS


def _read(folder: Path) -> About | None:
    try:
        told = json.loads((folder / ABOUT).read_text(encoding="utf-8"))
        return About(
            str(told["actor"]), str(told["operation"]), tuple(told["leads"]), str(told["made"])
        )
    except (OSError, ValueError, KeyError, TypeError):
        return None
