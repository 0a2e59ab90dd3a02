"""The segment of the history that a bundle carries: the leads' own events, and the chain they hang in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from office import Database, events
from office.history import links

MOST_LINKS = 100_000
"""From the first event of the leads on; a longer chain is carried from there as far as this."""


def chain_of(db: Database, leads: Sequence[str]) -> dict[str, Any]:
    """`events` of the leads in full, `links` (number and hashes, no words) from the first of them on."""
    with db.read() as connection:
        own = [event for lead in leads for event in events(connection, lead)]
        own.sort(key=lambda event: event.seq)
        chained = links(connection, own[0].seq, MOST_LINKS) if own else []
    return {"events": [asdict(event) for event in own], "links": chained}
