"""What a finding relies on, with everything the sources said of themselves when it was found.

A finding names its layers by hash only; the run it came with has them spelled out once.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, select

from layers.shelf import stale_sources
from office.schema import RUN

Known = Mapping[tuple[str, str], Mapping[str, Any]]
"""Theme and hash → the layer as the run told of it."""


def layers_of_runs(connection: Connection, runs: Iterable[str]) -> Known:
    """The layers of some runs."""
    query = select(RUN.c.layers).where(RUN.c.id.in_(sorted(set(runs))))
    told = (one for text in connection.scalars(query) for one in json.loads(text))
    return {(str(one["theme"]), str(one.get("sha256"))): one for one in told}


def relied_on(finding: Mapping[str, Any], known: Known) -> tuple[Mapping[str, Any], ...]:
    """The layers of a finding with their sources; those no run tells of as the finding names them."""
    return tuple(known.get((str(one["theme"]), str(one.get("sha256"))), one) for one in finding.get("layers") or ())  # fmt: skip


def stale_texts(layers: Sequence[Mapping[str, Any]], on_date: str, lang: str) -> list[str]:
    """A sentence for every source that was out of date on the day of the finding, or bore no date."""
    return [f"{age.theme}: {age.text(lang)}" for age in stale_sources(layers, on_date)]
