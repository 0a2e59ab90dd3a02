"""The register family: what is on site laid beside the register it must stand in.

A register check in full (law, pitfalls and texts go into `CHECK`)::

    STALL = Licensing(
        themes=("meat_stall",),
        registers=(
            Register(
                "site_certificate", Text("动物检疫合格证明", "quarantine certificate"),
                faults=(Fault("item_missing", Text("证明不是检疫证明", "another certificate"),
                              lambda links: ~has_word(links.register["certificate"], ("检疫",))),),
            ),
        ),
        exempt=(Exempt(Text("不经营鲜肉", "sells no fresh meat"), sells_no_meat),),
        notes=(Note(Text("校园食堂供货商", "supplies a school"), supplies_a_school),),
    )

    def find(layers, limits, on_date, *, all_subjects=False):
        return look_in_registers(CHECK, STALL, layers, on_date, all_subjects=all_subjects)

`Fault.test` gets `Links` (rows of site and register side by side) and gives a mask; the tests
of `Exempt` and `Note` get the subjects' frame. `CHECK.needs` is the first theme and the first
register; further themes and registers, and layers that only add facts, stand in `CHECK.uses`.

Verdicts: any sure link in force without a fault → `outside` (`in_force`); a link that a person
must confirm (`ask`) → `borderline`, never more; a sure link with a fault, or to a licence that
had ended on the day → `inside` (the fault's or the state's class); no link → `inside` (`none`);
too little to look it up by → undecided. Classes: `checks.REGISTER_CLASSES`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd

from checks._records import Check, Finding, Undecided, Verdict
from checks._text import Text
from layers import LayerSet

FrameTest = Callable[[gpd.GeoDataFrame], np.ndarray]


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


@dataclass(frozen=True, slots=True)
class Fault:
    """What may be wrong with a register row in force: its class, its words and its test.

    `test` gives a mask over the links; where it holds the row does not excuse the subject.
    """

    licence_class: str
    says: Text
    test: Callable[[Links], np.ndarray]
    verdict: Verdict = "inside"


@dataclass(frozen=True, slots=True)
class Exempt:
    """Subjects of whom the law asks nothing here, and why; they are `outside`, `not_needed`."""

    says: Text
    test: FrameTest


@dataclass(frozen=True, slots=True)
class Note:
    """A reason added to the findings of the subjects for which `test` holds."""

    says: Text
    test: FrameTest


@dataclass(frozen=True, slots=True)
class Register:
    """One register that a subject must stand in.

    `what` names the licence. `compared` lists what the licence and the site must agree in
    (`name`, `address`): otherwise the class is `mismatch`. Where an `optional` register is
    missing, subjects that are in order elsewhere stay undecided.
    """

    theme: str
    what: Text
    faults: tuple[Fault, ...] = ()
    compared: tuple[str, ...] = ("name", "address")
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Licensing:
    """What a register check looks at: themes of subjects, registers, exemptions and notes.

    `facts(layers, frame)` adds columns of facts for the reported subjects (same index).
    """

    themes: tuple[str, ...]
    registers: tuple[Register, ...]
    exempt: tuple[Exempt, ...] = ()
    notes: tuple[Note, ...] = ()
    facts: Callable[[LayerSet, gpd.GeoDataFrame], pd.DataFrame] | None = None


def look_in_registers(
    check: Check,
    licensing: Licensing,
    layers: LayerSet,
    on_date: str,
    *,
    all_subjects: bool = False,
) -> Iterator[Finding | Undecided]:
    """Findings of one register check, one per subject: the requirement that is worst met.

    Yields an `Undecided` for data that are missing and for subjects that nothing tells apart.
    """
    raise NotImplementedError
