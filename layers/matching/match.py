"""`match`: a register laid beside what is on site."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from layers.layer import Layer
from layers.matching.candidates import Candidates, candidates
from layers.matching.decisions import Decisions
from layers.matching.facts import Facts, facts_of, pair_fingerprints
from layers.matching.features import Compared, compare
from layers.matching.matches import LINK_COLUMNS, Matches
from layers.matching.model import Model, read_model
from layers.matching.reasons import reason_codes
from layers.matching.settings import DEFAULT, ZONES, Settings
from layers.matching.verdicts import Verdicts, verdicts_on, with_decided
from layers.matching.zones import DIFFERENT, Zoned, zones_of


def match(
    register: Layer,
    site: Layer,
    *,
    decisions: Decisions | None = None,
    settings: Settings = DEFAULT,
    model: Model | None = None,
) -> Matches:
    """Links between the rows of a register and the rows on site.

    Parameters
    ----------
    register, site : layers of any theme; `name`, `registered_name`, `address`, `admin_code`,
        `credit_code`, `licence_no` and the place are compared where they are there.
    decisions : what people decided before; honoured while the facts are those they saw.
    settings : reach and zones.
    model : coefficients of the score; those of the project unless given.

    Returns
    -------
    Matches, in an order that does not depend on the order of the rows given.
    """
    theirs, ours = facts_of(register, site)
    decided = decisions or Decisions()
    pairs = with_decided(candidates(theirs, ours, settings), theirs, ours, decided)
    compared = compare(theirs, ours, pairs)
    verdicts = verdicts_on(decided, theirs, ours, pairs, compared.metres)
    zoned = zones_of(theirs, ours, pairs, compared,
                      model=model or read_model(), verdicts=verdicts, settings=settings)  # fmt: skip
    told = (zoned.zone != DIFFERENT) | (zoned.score >= settings.told_from) | verdicts.any
    links = _links(theirs, ours, pairs.take(told), compared=compared.take(told),
                   zoned=zoned.take(told), verdicts=verdicts.take(told))  # fmt: skip
    linked = zoned.zone != DIFFERENT
    alone = [
        tuple(np.sort(np.delete(facts.ids, rows[linked])).tolist())
        for facts, rows in ((theirs, pairs.register), (ours, pairs.site))
    ]
    return Matches(links, alone[0], alone[1])


def _links(
    theirs: Facts,
    ours: Facts,
    pairs: Candidates,
    *,
    compared: Compared,
    zoned: Zoned,
    verdicts: Verdicts,
) -> pd.DataFrame:
    """One row per pair with the columns of `Matches.links`, by id."""
    extra = {"several_fit": zoned.rival, "taken": zoned.taken, "decided": verdicts.holds,
             "facts_changed": verdicts.stale}  # fmt: skip
    asked = (zoned.zone != DIFFERENT) | verdicts.any
    prints = np.full(len(asked), None, dtype=object)
    prints[asked] = pair_fingerprints(
        theirs.prints[pairs.register[asked]], ours.prints[pairs.site[asked]]
    )
    order = np.lexsort((_rank(theirs.ids)[pairs.register], _rank(ours.ids)[pairs.site]))
    links = pd.DataFrame(
        {
            "register_id": theirs.ids[pairs.register],
            "site_id": ours.ids[pairs.site],
            "score": zoned.score,
            "zone": np.array(ZONES, dtype=object)[zoned.zone],
            "reasons": reason_codes(compared, extra),
            "metres": compared.metres,
            "decided_by": verdicts.who,
            "decided_why": verdicts.why,
            "fingerprint": prints,
        },
        columns=list(LINK_COLUMNS),
    )
    return links.iloc[order].reset_index(drop=True)


def _rank(ids: np.ndarray) -> np.ndarray:
    """(n,) place of every id in their order."""
    rank = np.empty(len(ids), dtype=np.int64)
    rank[pc.array_sort_indices(pa.array(ids, pa.string())).to_numpy()] = np.arange(len(ids))
    return rank
