"""What a register check is told: the records that a check's file fills in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

import geopandas as gpd
import numpy as np
import pandas as pd

from checks._records import Verdict
from checks._text import Text
from layers import LayerSet

Frame: TypeAlias = gpd.GeoDataFrame
"""Rows of a layer."""
Mask: TypeAlias = np.ndarray
"""(n,) true or false by row."""


@dataclass(frozen=True)
class Links:
    """Links of subjects and register rows, side by side.

    `site` and `register` are the rows of both layers (their own columns), `table` what the
    matching says (`zone`, `score`, `reasons`, `metres`, `state` …), all with the same index.
    """

    site: pd.DataFrame
    register: pd.DataFrame
    table: pd.DataFrame
    on_date: str

    def stated(self, column: str) -> pd.Series:
        """A column of the register rows; without values where the register has none."""
        if column in self.register:
            return self.register[column]
        return pd.Series(None, index=self.register.index, dtype=object)


@dataclass(frozen=True, slots=True)
class Fault:
    """What may be wrong with a register row in force: its class, its words and its test.

    `test` gives a mask over the links; where it holds the row does not excuse the subject.
    """

    licence_class: str
    says: Text
    test: Callable[[Links], Mask]
    verdict: Verdict = "inside"


@dataclass(frozen=True, slots=True)
class Exempt:
    """Subjects of whom the law asks nothing here, and why; they are `outside`, `not_needed`."""

    says: Text
    test: Callable[[Frame], Mask]


@dataclass(frozen=True, slots=True)
class Note:
    """A reason added to the findings of the subjects for which `test` holds."""

    says: Text
    test: Callable[[Frame], Mask]


@dataclass(frozen=True, slots=True)
class Register:
    """One register that a subject must stand in.

    `what` names the licence. `compared` lists what the licence and the site must agree in
    (`name`, `address`): otherwise the class is `mismatch`. `told` names columns of the register
    that are shown with its row beside those every licence has.
    """

    theme: str
    what: Text
    faults: tuple[Fault, ...] = ()
    compared: tuple[str, ...] = ("name", "address")
    told: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Licensing:
    """What a register check looks at: themes of subjects, registers, exemptions and notes.

    `facts(layers, frame, on_date)` adds columns of facts for the reported subjects (same index).
    """

    themes: tuple[str, ...]
    registers: tuple[Register, ...]
    exempt: tuple[Exempt, ...] = ()
    notes: tuple[Note, ...] = ()
    facts: Callable[[LayerSet, Frame, str], pd.DataFrame] | None = None
