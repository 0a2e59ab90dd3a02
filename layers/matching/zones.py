"""From score to zone: what is sure, what a person is asked, what is not worth asking."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from layers.matching.candidates import Candidates
from layers.matching.facts import Facts
from layers.matching.features import Compared
from layers.matching.model import Model, probability
from layers.matching.names import name_ids
from layers.matching.settings import Settings
from layers.matching.verdicts import Verdicts

SAME, ASK, DIFFERENT = range(3)
"""Positions of the zones in `settings.ZONES`."""
_OWN_NAME = 0.3
"""Likeness of the names proper from which on they may be one name."""
_CLEARLY = 3.0
"""Log-odds by which the better of two rows must be ahead to be taken without asking."""


@dataclass(frozen=True)
class Zoned:
    """Of every pair: its `zone` (number), `score` (0..1), and two reasons for being moved:
    `rival` (another row fits as well), `taken` (one of the two has a better partner).
    """

    zone: np.ndarray
    score: np.ndarray
    rival: np.ndarray
    taken: np.ndarray

    def take(self, rows: np.ndarray) -> Zoned:
        """The chosen pairs, by number or mask."""
        return Zoned(self.zone[rows], self.score[rows], self.rival[rows], self.taken[rows])


def zones_of(
    theirs: Facts,
    ours: Facts,
    pairs: Candidates,
    compared: Compared,
    *,
    model: Model,
    verdicts: Verdicts,
    settings: Settings,
) -> Zoned:
    """Zones by score, then by the few rules that no score should override, then by people."""
    odds = model.log_odds(compared)
    score = probability(odds)
    zone = np.where(score >= settings.same_from, SAME,
                    np.where(score >= settings.ask_from, ASK, DIFFERENT))  # fmt: skip
    zone[(zone == DIFFERENT) & _coded(compared)] = ASK
    zone[(zone == ASK) & _certain(compared)] = SAME
    zone[(zone == SAME) & (_contradicted(compared) | _named_apart(compared))] = ASK
    zone[verdicts.stale] = ASK
    zone[verdicts.holds] = np.where(verdicts.same, SAME, DIFFERENT)[verdicts.holds]
    free = ~verdicts.any
    branch = compared["branch_equal"] - compared["branch_differs"]  # 2053 is no rival of 2054
    ahead = np.where(verdicts.holds, np.inf, odds + _CLEARLY * branch)
    rival = _rivals(theirs, ours, pairs, zone, ahead) & free
    zone[rival & (zone == SAME)] = ASK
    taken = (zone == ASK) & _taken(pairs, compared, zone) & free
    zone[taken] = DIFFERENT
    return Zoned(zone, score, rival, taken)


def _contradicted(compared: Compared) -> np.ndarray:
    """Another credit code (or number) is written: the shop may have changed hands."""
    found: np.ndarray = (compared["credit_differs"] > 0) & (compared["licence_equal"] == 0)
    return found


def _named_apart(compared: Compared) -> np.ndarray:
    """Both are named, and the names have nothing but the trade in common: a successor, perhaps."""
    own = np.maximum(compared["core_alike"], compared["core_within"])
    found: np.ndarray = (compared["core_equal"] == 0) & (own < _OWN_NAME)
    return found & (compared["name_missing"] == 0) & ~_coded(compared)


def _coded(compared: Compared) -> np.ndarray:
    """A valid code is shared: never told apart without a person."""
    found: np.ndarray = (compared["credit_equal"] > 0) | (compared["licence_equal"] > 0)
    return found


def _certain(compared: Compared) -> np.ndarray:
    """Code and name agree and no branch differs: one holder wherever it stands by now."""
    found: np.ndarray = (
        _coded(compared) & (compared["core_equal"] > 0) & (compared["branch_differs"] == 0)
    )
    return found


def _taken(pairs: Candidates, compared: Compared, zone: np.ndarray) -> np.ndarray:
    """Pairs not worth asking, since one of the two has its partner already.

    That is so for the other branch of a chain (something tells that the two stand at different
    places), and for a neighbour behind the same door (another name, while one of the two has
    a partner of its own name). A shared code is asked in any case.
    """
    same = zone == SAME
    named = same & (compared["core_equal"] > 0)
    apart = ("number_differs", "road_differs", "branch_differs")
    told = np.any([compared[name] > 0 for name in apart], axis=0) | (compared["far"] > 0.4)
    elsewhere = told & (compared["house_equal"] == 0) & (compared["near"] < 0.3)
    stranger = (compared["core_equal"] == 0) & (compared["name_missing"] == 0)
    stranger &= np.maximum(compared["core_alike"], compared["name_alike"]) < 0.5
    found: np.ndarray = (elsewhere & _in_hand(pairs, same)) | (stranger & _in_hand(pairs, named))
    return found & ~_coded(compared)


def _in_hand(pairs: Candidates, chosen: np.ndarray) -> np.ndarray:
    """Pairs one of whose rows stands in a chosen pair."""
    found: np.ndarray = np.isin(pairs.site, pairs.site[chosen]) | np.isin(
        pairs.register, pairs.register[chosen]
    )
    return found


def _rivals(
    theirs: Facts, ours: Facts, pairs: Candidates, zone: np.ndarray, odds: np.ndarray
) -> np.ndarray:
    """Links in `same` beside which another row, of somebody else, fits about as well or better."""
    rival = np.zeros(len(zone), dtype=bool)
    same = np.flatnonzero(zone == SAME)
    for row, other, facts in (
        (pairs.site, pairs.register, theirs), (pairs.register, pairs.site, ours),
    ):  # fmt: skip
        holder = _holders(facts)
        rival[same] |= _beaten(row[same], holder[other[same]], odds[same])
    return rival


def _holders(facts: Facts) -> np.ndarray:
    """(n,) one number for rows with the same name, branch and number: old and new licence of one."""
    name = facts.names[0]
    address = facts.address
    parts = (name.core, name.branch, address.road, address.number, address.sub)
    found = np.zeros(len(facts), dtype=np.int64)
    for part in parts:
        ids = name_ids([part])[0] + 1
        found = pd.factorize(found * (ids.max(initial=0) + 1) + ids)[0]
    return found


def _beaten(row: np.ndarray, holder: np.ndarray, odds: np.ndarray) -> np.ndarray:
    """Links whose row has a link to another holder that is not clearly worse."""
    table = pd.DataFrame({"row": row, "holder": holder, "odds": odds})
    best = table.groupby(["row", "holder"])["odds"].max().reset_index()
    best = best.sort_values(["row", "odds"], ascending=[True, False], kind="stable")
    first = best.drop_duplicates("row")
    second = best[best["row"].duplicated()].drop_duplicates("row").set_index("row")["odds"]
    lead = first.set_index("row")
    winner = table["row"].map(lead["holder"]).to_numpy() == table["holder"].to_numpy()
    ahead = table["row"].map(lead["odds"]) - table["row"].map(second).fillna(-np.inf)
    return ~winner | (ahead.to_numpy() < _CLEARLY)
