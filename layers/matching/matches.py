"""The result of a matching: links between rows, never merged rows."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from layers.atomic import written_whole
from layers.errors import LayerError
from layers.layer import MATCHES
from layers.matching.settings import ZONES

LINK_COLUMNS = (
    "register_id", "site_id", "score", "zone", "reasons", "metres", "decided_by", "decided_why",
    "fingerprint",
)  # fmt: skip


@dataclass(frozen=True)
class Matches:
    """Links between a register and what is on site.

    `links` has one row per pair that was looked at: `register_id`, `site_id`, `score` (calibrated
    probability, 0..1), `zone` (`same`, `ask`, `different`), `reasons` (tuple of codes), `metres`
    (geodesic; NaN without places), `decided_by`, `decided_why` (missing unless a person decided)
    and `fingerprint` of the compared facts (where a person may decide). A row may stand in several links. `register_ids` and
    `site_ids` are those with no link in `same` or `ask`.
    """

    links: pd.DataFrame
    register_ids: tuple[str, ...]
    site_ids: tuple[str, ...]

    def counts(self) -> dict[str, int]:
        """Links by zone, and the rows of either side that have none in `same` or `ask`."""
        zones = self.links["zone"].value_counts()
        found = {zone: int(zones.get(zone, 0)) for zone in ZONES}
        return found | {"register_alone": len(self.register_ids), "site_alone": len(self.site_ids)}

    def zone(self, *zones: str) -> pd.DataFrame:
        """The links in the zones named."""
        return self.links[self.links["zone"].isin(zones)]

    def write(self, path: str | Path) -> Path:
        """Write as Parquet, atomically; returns the path."""
        frame = self.links.assign(reasons=self.links["reasons"].map(";".join))
        table = pa.Table.from_pandas(frame, preserve_index=False)
        alone = {"register_ids": self.register_ids, "site_ids": self.site_ids}
        said = {**(table.schema.metadata or {}), MATCHES: json.dumps(alone).encode()}
        with written_whole(path) as partial:
            pq.write_table(table.replace_schema_metadata(said), partial)
        return Path(path)


def read_matches(path: str | Path) -> Matches:
    """Matches written by `Matches.write`; raises `LayerError` for any other file."""
    source = Path(path)
    try:
        table = pq.read_table(source)
        alone = json.loads(table.schema.metadata[MATCHES])
        links = table.to_pandas()
        split = [tuple(filter(None, text.split(";"))) for text in links["reasons"]]
        links["reasons"] = pd.Series(split, index=links.index, dtype=object)
        return Matches(links, tuple(alone["register_ids"]), tuple(alone["site_ids"]))
    except FileNotFoundError:
        raise LayerError("the file does not exist", remedy="check the path", file=source) from None
    except (OSError, ValueError, KeyError, TypeError, pa.ArrowException) as error:
        raise LayerError(
            f"this is no file of matches ({type(error).__name__})",
            remedy="make one with `python -m layers match REGISTER SITE --out FILE`",
            file=source,
        ) from error


def best_links(matches: Matches, zones: Sequence[str] = ("same",)) -> pd.DataFrame:
    """The best link of every row on site in the zones named, indexed by `site_id`.

    `count` says how many register rows are linked to it there; a person's word comes before
    any score, and of equal scores the first register id is taken.
    """
    links = matches.zone(*zones)
    rank = links.assign(
        _decided=links["decided_by"].notna(), _zone=links["zone"].map(list(ZONES).index)
    )
    rank = rank.sort_values(
        ["site_id", "_zone", "_decided", "score", "register_id"],
        ascending=[True, True, False, False, True],
        kind="stable",
    )
    best = rank.drop_duplicates("site_id").set_index("site_id").drop(columns=["_decided", "_zone"])
    count = links.groupby("site_id").size()
    return best.assign(count=count.reindex(best.index).to_numpy(dtype=np.int64))
