"""Links of subjects and the rows of one register, and what is wrong with each of them.

The matching says which row may be whose; here every link gets the row's state on the day and
the first of the faults that apply. Columns from end to end, no row by row.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from checks._registers.spec import Links, Register
from checks._registers.words import ADDRESS_OFF, NAME_OFF, SHARED
from checks._text import Text
from layers import Layer
from layers.matching import DEFAULT, Decisions, match, state_on
from layers.matching.addresses import address_parts, join_keys
from layers.matching.in_force import NOT_IN_FORCE
from layers.matching.names import name_parts
from layers.matching.text import plain_texts

LINK_COLUMNS = ("subject", "register", "zone", "score", "reasons", "metres", "decided_by",
                "decided_why", "state", "ended", "fault_class", "fault_verdict", "faults",
                "coded", "sharers", "sure")  # fmt: skip
"""One row per link: positions in both frames, what the matching says, the row's state on the day,
whether it has ended, the class and verdict of the first fault (`""`: none), all faults' words,
whether a number or code agrees, how many traders show the row's number, and whether the link
needs no person: the zone `same`, or a
licence number shown at the very door it was issued for."""


@dataclass(frozen=True)
class _Flaw:
    licence_class: str
    says: Text
    mask: np.ndarray
    verdict: np.ndarray


def links_of(
    subjects: Layer, asked: Register, register: Layer, decisions: Decisions, on_date: str
) -> pd.DataFrame:
    """Every link of `subjects` in the zones `same` and `ask`, with `LINK_COLUMNS`."""
    found = match(register, subjects, decisions=decisions).zone("same", "ask")
    found = found.reset_index(drop=True)
    subject = pd.Index(subjects.frame["id"]).get_indexer(found["site_id"])
    row = pd.Index(register.frame["id"]).get_indexer(found["register_id"])
    state = state_on(register.frame, on_date).to_numpy()[row]
    table = found.assign(subject=subject, register=row, state=state,
                         ended=np.isin(state.astype(str), list(NOT_IN_FORCE)))  # fmt: skip
    table["coded"] = said(table["reasons"], "licence_equal", "credit_equal")
    own_door = said(table["reasons"], "house_equal", "door_equal")
    own_door &= said(table["reasons"], "licence_equal") & table["decided_by"].isna().to_numpy()
    table["sure"] = (table["zone"] == "same").to_numpy(bool) | own_door
    links = Links(
        site=pd.DataFrame(subjects.frame.iloc[subject]).reset_index(drop=True),
        register=pd.DataFrame(register.frame.iloc[row]).reset_index(drop=True),
        table=table, on_date=on_date,
    )  # fmt: skip
    table["sharers"] = _sharers(links)
    return _with_faults(table, list(_flaws(links, asked)))[list(LINK_COLUMNS)]


def said(reasons: pd.Series, *codes: str) -> np.ndarray:
    """(n,) whether the reasons of a link hold one of `codes`; few patterns, each looked at once."""
    number, patterns = pd.factorize(reasons)
    hits = np.array([not set(codes).isdisjoint(one) for one in patterns], dtype=bool)
    return hits[number] if len(number) else np.zeros(0, dtype=bool)


def _flaws(links: Links, asked: Register) -> Iterator[_Flaw]:
    """What is wrong with the links, in the order in which it names the class."""
    table = links.table
    address = _address_off(links) if "address" in asked.compared else np.zeros(len(table), bool)
    name = said(table["reasons"], "name_differs") & ("name" in asked.compared)
    others = (table["sharers"].to_numpy(int) > 1) & (
        ~said(table["reasons"], "name_equal") | _address_off(links)
    )
    certain = np.full(len(table), "inside", dtype=object)
    yield _Flaw("shared_licence", SHARED, others, certain)
    for fault in asked.faults:
        verdict = np.full(len(table), fault.verdict, dtype=object)
        yield _Flaw(fault.licence_class, fault.says, np.asarray(fault.test(links), bool), verdict)
    doubt = np.where(table["coded"].to_numpy(bool), "inside", "borderline").astype(object)
    yield _Flaw("mismatch", ADDRESS_OFF, address, doubt)
    yield _Flaw("mismatch", NAME_OFF, name, doubt)


def _address_off(links: Links) -> np.ndarray:
    """Licensed elsewhere: another road or number and not the same place, or far beyond the errors."""
    table = links.table
    written = said(table["reasons"], "road_differs", "number_differs")
    error = [pd.to_numeric(side["u_source_m"], errors="coerce").fillna(0.0).to_numpy(float)
             for side in (links.site, links.register)]  # fmt: skip
    away = table["metres"].to_numpy(float) - np.hypot(*error) > DEFAULT.moved_m
    agrees = said(table["reasons"], "house_equal", "door_equal")
    return (written & ~said(table["reasons"], "near")) | (away & ~agrees)


def _sharers(links: Links) -> np.ndarray:
    """(n,) how many different traders show the licence number of the link's register row.

    Traders differ by name or by house; one shop listed on two platforms is one.
    """
    count = np.zeros(len(links.table), dtype=int)
    shown = np.flatnonzero(said(links.table["reasons"], "licence_equal"))
    row = links.table["register"].to_numpy(int)[shown]
    several = pd.Series(row).duplicated(keep=False).to_numpy()
    shown, row = shown[several], row[several]
    if not len(shown):
        return count
    site = links.site.iloc[shown]
    parts = address_parts(site["address"])
    table = pd.DataFrame({
        "row": row, "core": name_parts(plain_texts(site["name"])).core,
        "house": join_keys(parts.road, parts.number, parts.sub),
    }).replace("", None)  # fmt: skip
    by_row = table.groupby("row")[["core", "house"]].nunique().max(axis=1)
    count[shown] = by_row.reindex(row).to_numpy(int)
    return count


def _with_faults(table: pd.DataFrame, flaws: list[_Flaw]) -> pd.DataFrame:
    """Class and verdict of the first fault, words of all: few patterns, each made once."""
    masks = [flaw.mask for flaw in flaws]
    bits = sum((mask.astype(np.int64) << n for n, mask in enumerate(masks)), np.int64(0))
    patterns, where = np.unique(np.broadcast_to(bits, len(table)), return_inverse=True)
    words = np.empty(len(patterns), dtype=object)
    for n, pattern in enumerate(patterns):
        words[n] = tuple(flaw.says for k, flaw in enumerate(flaws) if pattern >> k & 1)
    return table.assign(
        fault_class=np.select(masks, [flaw.licence_class for flaw in flaws], default=""),
        fault_verdict=np.select(masks, [flaw.verdict for flaw in flaws], default=""),
        faults=words[where],
    )
