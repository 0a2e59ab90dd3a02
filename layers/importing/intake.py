"""A file with its settings settled: what every later step of an import looks at."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from layers.errors import LayerError
from layers.importing.columns import ColumnMap, settle_columns
from layers.importing.manifest import Manifest
from layers.importing.policy import Privacy, privacy_of
from layers.sources import RawTable
from layers.themes import Theme, is_record, theme


@dataclass(frozen=True)
class Intake:
    """The file, its cells with personal columns masked, and how it is to be read."""

    table: RawTable
    frame: pd.DataFrame
    theme: Theme
    manifest: Manifest
    columns: ColumnMap
    privacy: Privacy

    @property
    def rows(self) -> pd.Series:
        """Row numbers of the file, by index."""
        return pd.Series(self.table.rows, index=self.frame.index)

    @property
    def carried_on(self) -> tuple[str, ...]:
        """Columns kept beyond those of the theme: of an open table all that are not personal.

        One that was taken for a common column stays under its own header too: models name headers.
        """
        if not is_record(self.theme.name):
            return self.manifest.keep_columns
        return tuple(str(h) for h in self.frame.columns if h not in self.privacy.personal)


def take_in(table: RawTable, manifest: Manifest) -> Intake:
    """Settle theme, privacy and columns.

    Raises `ColumnError` where the columns cannot be settled, `LayerError` for a derived theme.
    """
    about = theme(manifest.theme or "")
    if about.derived:
        raise LayerError(
            f"layers of theme {about.name} are made by the program, not imported",
            remedy="choose the theme of what the file lists", file=table.path, field="theme",
        )  # fmt: skip
    privacy = privacy_of(table, manifest)
    columns = settle_columns(
        table.frame, about, manifest.columns, propose=not manifest.complete,
        placed_by_geometry=table.geometry is not None, barred=privacy.barred, file=table.path,
    )  # fmt: skip
    privacy.check([*columns.columns.values(), *manifest.keep_columns], table.path)
    return Intake(table, privacy.masked(table.frame), about, manifest, columns, privacy)
