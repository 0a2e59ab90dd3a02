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
of `Exempt` and `Note` get the subjects' frame. `CHECK.needs` is the first theme and the register
without which nothing is said; further themes, registers and layers that only add facts stand in
`CHECK.uses`. Where one of those registers is missing, nobody is called in order.

Verdicts: any sure link in force without a fault → `outside` (`in_force`); a link that a person
must confirm (`ask`) → `borderline`, never more; a sure link (zone `same`, or the licence number
shown at the very door it was issued for) with a fault, or to a licence that
had ended on the day → `inside` (the fault's or the state's class); no link → `inside` (`none`);
too little to look it up by → undecided. Classes: `checks.REGISTER_CLASSES`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pandas as pd

from checks._gaps import missing_data
from checks._records import Check, Finding, Undecided
from checks._refs import layer_refs
from checks._registers.build import build
from checks._registers.judge import judge
from checks._registers.links import links_of
from checks._registers.seen import Seen
from checks._registers.spec import Exempt, Licensing, Register
from checks._registers.words import ADD_FACTS, NO_REGISTER, NOT_TRADING
from layers import Layer, LayerSet
from layers.licence_keys import code_keys, credit_keys


def look_in_registers(
    check: Check,
    licensing: Licensing,
    layers: LayerSet,
    on_date: str,
    *,
    all_subjects: bool = False,
) -> Iterator[Finding | Undecided]:
    """Findings of one register check, one per subject: the register it stands worst in.

    Yields an `Undecided` for data that are missing and for subjects that nothing tells apart.
    """
    gaps = list(missing_data(check, layers, on_date))
    if gaps:
        yield from gaps
        return
    there = tuple(one for one in licensing.registers if len(layers.get(one.theme, ())))
    missing = tuple(one for one in licensing.registers if one not in there)
    for one in missing:
        yield Undecided(check.id, "register_missing", NO_REGISTER.fill(what=one.what), ADD_FACTS,
                        on_date, theme=one.theme)  # fmt: skip
    refs = layer_refs(layers, check.themes)
    for theme in licensing.themes:
        if len(layers.get(theme, ())):
            seen = _seen(layers[theme], licensing, there, layers, on_date)
            yield from build(check, replace(seen, refs=refs, missing=missing), all_subjects)


def _seen(
    subjects: Layer,
    licensing: Licensing,
    registers: tuple[Register, ...],
    layers: LayerSet,
    on_date: str,
) -> Seen:
    """Every subject of one theme against every register there is."""
    exemptions = (_CLOSED, *licensing.exempt)
    exempt = _first(exemptions, subjects)
    asked = np.flatnonzero(exempt < 0)
    mine = replace(subjects, frame=subjects.frame.iloc[asked].reset_index(drop=True))
    too_little = _too_little(mine)
    links, outcomes = [], []
    for one in registers:
        table = links_of(mine, one, layers[one.theme], layers.decisions, on_date)
        rows = layers[one.theme].frame.iloc[table["register"].to_numpy(int)]
        newest = _column(rows, "valid_to").fillna("").astype(str).to_numpy()
        links.append(table)
        outcomes.append(judge(table.assign(newest=newest), len(mine), too_little))
    return Seen(
        subjects=subjects, asked=asked, exempt=exempt, exemptions=exemptions, licensing=licensing, registers=registers,
        links=tuple(links), outcomes=tuple(outcomes), layers=layers, on_date=on_date,
    )  # fmt: skip


_CLOSED = Exempt(NOT_TRADING, lambda frame: _column(frame, "trading").eq(False).to_numpy(bool))


def _first(exemptions: tuple[Exempt, ...], subjects: Layer) -> np.ndarray:
    """(n,) number of the first exemption of every subject, -1 where there is none."""
    masks = [np.asarray(one.test(subjects.frame), dtype=bool) for one in exemptions]
    return np.select(masks, range(len(masks)), default=-1)


def _too_little(subjects: Layer) -> np.ndarray:
    """Subjects whose absence from a register means nothing: no code, and no name or no place."""
    frame = subjects.frame
    coded = code_keys(_column(frame, "licence_no")).notna()
    coded |= credit_keys(_column(frame, "credit_code")).notna()
    named = code_keys(frame["name"]).notna()
    somewhere = code_keys(frame["address"]).notna() | (
        frame.geometry.notna() & ~frame.geometry.is_empty
    )
    return (~coded & ~(named & somewhere)).to_numpy(bool)


def _column(frame: pd.DataFrame, name: str) -> pd.Series:
    """A column, or one without values where the theme has none."""
    return frame[name] if name in frame else pd.Series(None, index=frame.index, dtype=object)
