"""The privacy policy applied to one file: which columns are personal, and what becomes of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from layers.cleaning.privacy import KINDS, mask_column, mask_texts, personal_columns
from layers.cleaning.text import clean_text
from layers.errors import ColumnError
from layers.importing.manifest import Manifest
from layers.sources import RawTable

_PREFIX = "source_"


@dataclass(frozen=True)
class Privacy:
    """Personal columns (header → kind) of a file and what the policy does with them."""

    personal: Mapping[str, str]
    masking: bool

    @property
    def barred(self) -> tuple[str, ...]:
        """Headers that no field may be read from unless the user says so."""
        return tuple(self.personal)

    def check(self, headers: Iterable[str], file: Path) -> None:
        """Raise `ColumnError` when a column the user asked for is personal and gets dropped."""
        for header in headers:
            if header in self.personal and not self.masking:
                zh, en = KINDS[self.personal[header]]
                raise ColumnError(
                    f"the column {header!r} holds personal data ({en}, {zh}), which are dropped",
                    remedy="choose another column, or --personal mask, or, if it only looks so, "
                    f"--not-personal {header}",
                    file=file, field=header,
                )  # fmt: skip

    def masked(self, frame: pd.DataFrame) -> pd.DataFrame:
        """The frame with personal columns masked; under `drop` nobody reads them."""
        if not (self.masking and self.personal):
            return frame
        return frame.assign(**{h: mask_column(frame[h], kind) for h, kind in self.personal.items()})

    def carried(
        self, frame: pd.DataFrame, wanted: Iterable[str], taken: Iterable[str]
    ) -> pd.DataFrame:
        """Columns carried on beyond those of the theme: those wanted, and the masked ones.

        Personal numbers inside their texts are masked; a header that is a column of the layer
        already (`taken`) gets `source_` in front.
        """
        headers = dict.fromkeys([*wanted, *(self.personal if self.masking else ())])
        used = {*taken, "geometry"}
        carried = pd.DataFrame(index=frame.index)
        for header in headers:
            cells = frame[header]
            values = cells if header in self.personal else mask_texts(clean_text(cells))[0]
            carried[_PREFIX + header if header in used else header] = values
        return carried


def privacy_of(table: RawTable, manifest: Manifest) -> Privacy:
    """Look through a file for personal columns; raises `ColumnError` for columns it has not."""
    for header in (*manifest.not_personal, *manifest.keep_columns):
        if header not in table.frame.columns:
            raise ColumnError(
                f"the file has no column {header!r}",
                remedy=f"use one of {', '.join(map(str, table.frame.columns[:40]))}",
                file=table.path, field=header,
            )  # fmt: skip
    found = personal_columns(table.frame)
    personal = {h: kind for h, kind in found.items() if h not in manifest.not_personal}
    return Privacy(personal, masking=manifest.personal == "mask")
