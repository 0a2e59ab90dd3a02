"""Decisions laid on the pairs of a run: which hold, which were about other facts."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from layers.matching.candidates import Candidates
from layers.matching.decisions import Decision, Decisions
from layers.matching.facts import Facts, pair_fingerprints
from layers.matching.text import distinct

_MOVED_AGAIN_M = 100.0
"""A pair whose distance has changed by more than this is asked again."""


@dataclass(frozen=True)
class Verdicts:
    """Of every pair: whether a decision `holds`, is `stale` (the facts have changed since), says
    `same`; `who` gave it and `why` (missing unless it holds).
    """

    holds: np.ndarray
    stale: np.ndarray
    same: np.ndarray
    who: np.ndarray
    why: np.ndarray

    @property
    def any(self) -> np.ndarray:
        """Pairs that somebody decided on at any time."""
        found: np.ndarray = self.holds | self.stale
        return found

    def take(self, rows: np.ndarray) -> Verdicts:
        """The chosen pairs, by number or mask."""
        return Verdicts(
            self.holds[rows], self.stale[rows], self.same[rows], self.who[rows], self.why[rows]
        )


def with_decided(pairs: Candidates, theirs: Facts, ours: Facts, decisions: Decisions) -> Candidates:
    """The candidates and the pairs people decided on, whatever else would have found them."""
    known = _rows(decisions, theirs, ours)
    if not known:
        return pairs
    size = max(len(theirs), 1)
    more = np.array([site * size + register for _, register, site in known], dtype=np.int64)
    key = np.concatenate([pairs.site * size + pairs.register, more])
    site, register = np.divmod(distinct(key), size)
    return Candidates(register, site)


def verdicts_on(
    decisions: Decisions, theirs: Facts, ours: Facts, pairs: Candidates, metres: np.ndarray
) -> Verdicts:
    """What people decided about the pairs, which must hold all that were decided on."""
    count = len(pairs.site)
    flags = [np.zeros(count, dtype=bool) for _ in range(3)]
    words = [np.full(count, None, dtype=object) for _ in range(2)]
    known = _rows(decisions, theirs, ours)
    if known:
        size = max(len(theirs), 1)
        keys = pairs.site * size + pairs.register
        prints = theirs.prints, ours.prints
        for decision, register, site in known:
            n = int(np.searchsorted(keys, site * size + register))
            seen = pair_fingerprints(prints[0][[register]], prints[1][[site]])[0]
            holds = decision.fingerprint == seen and not _moved(decision, float(metres[n]))
            flags[0][n], flags[1][n] = holds, not holds
            flags[2][n] = holds and decision.verdict == "same"
            words[0][n], words[1][n] = (decision.who, decision.why) if holds else (None, None)
    return Verdicts(*flags, *words)


def _rows(decisions: Decisions, theirs: Facts, ours: Facts) -> list[tuple[Decision, int, int]]:
    """The holding decisions whose two rows are there, with their positions."""
    if not len(decisions):
        return []
    rows = [{key: n for n, key in enumerate(facts.ids)} for facts in (theirs, ours)]
    return [
        (entry, rows[0][entry.register_id], rows[1][entry.site_id])
        for entry in decisions.holding
        if entry.register_id in rows[0] and entry.site_id in rows[1]
    ]


def _moved(decision: Decision, metres: float) -> bool:
    if decision.metres is None or np.isnan(metres):
        return (decision.metres is None) != bool(np.isnan(metres))
    return abs(decision.metres - metres) > _MOVED_AGAIN_M
