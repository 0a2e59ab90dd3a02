"""Versions of drawn layers in a layer folder: every saving is kept, the last one can be undone.

`drawn-<theme>.parquet` is what the checks read. Beside it `versions/drawn-<theme>/0001.parquet`
and so on hold every saving; one that was undone is called `0001.undone.parquet`. A number is
taken by making its file, so of two people who save at once one is told.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from layers import Layer, read_layer
from layers.atomic import written_whole
from layers.errors import ImageryError

_UNDONE = ".undone"


@dataclass(frozen=True, slots=True)
class Version:
    """One saving: its number (0 = none yet) and its layer."""

    number: int
    layer: Layer | None


class Drawings:
    """The drawn layers of a layer folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def file(self, theme: str) -> Path:
        """What the checks read; missing while nothing is drawn."""
        return self._folder / f"drawn-{theme}.parquet"

    def standing(self, theme: str) -> Version:
        """The version that stands."""
        kept = [file for file in self._versions(theme) if not _undone(file) and file.stat().st_size]  # fmt: skip
        if not kept:
            return Version(0, None)
        return Version(_number(kept[-1]), read_layer(kept[-1]))

    def save(self, layer: Layer, after: int) -> Version:
        """Keep a layer as the version after the one numbered `after`, and let it stand.

        Raises `ImageryError` where somebody has saved or undone meanwhile.
        """
        theme = layer.theme.name
        if self.standing(theme).number != after:
            raise _meanwhile()
        number = max((_number(file) for file in self._versions(theme)), default=0) + 1
        target = self._place(theme) / f"{number:04d}.parquet"
        target.parent.mkdir(parents=True, exist_ok=True)
        try:
            target.touch(exist_ok=False)
        except FileExistsError:
            raise _meanwhile() from None
        layer.write(target)
        self._stand(theme, layer)
        return Version(number, layer)

    def undo(self, theme: str, number: int) -> Version:
        """Take the version `number` back; the one before stands again.

        Raises `ImageryError` where it is not the last any more, or there is none.
        """
        now = self.standing(theme)
        if now.number != number or number == 0:
            raise _meanwhile()
        file = self._place(theme) / f"{number:04d}.parquet"
        file.rename(file.with_name(f"{number:04d}{_UNDONE}.parquet"))
        before = self.standing(theme)
        self._stand(theme, before.layer)
        return before

    def _stand(self, theme: str, layer: Layer | None) -> None:
        """Let the checks read this; a layer without rows is none."""
        if layer is None or not len(layer):
            self.file(theme).unlink(missing_ok=True)
            return
        with written_whole(self.file(theme)) as partial:
            layer.write(partial)

    def _place(self, theme: str) -> Path:
        return self._folder / "versions" / f"drawn-{theme}"

    def _versions(self, theme: str) -> list[Path]:
        """All files of versions, by number."""
        return sorted(self._place(theme).glob("[0-9]*.parquet"), key=_number)


def _number(file: Path) -> int:
    return int(file.name.partition(".")[0])


def _undone(file: Path) -> bool:
    return file.stem.endswith(_UNDONE)


def _meanwhile() -> ImageryError:
    return ImageryError("somebody has saved or undone meanwhile",
                        remedy="load the page again, then draw on what stands now")  # fmt: skip
