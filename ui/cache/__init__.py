"""What is slow is made once per state of the data folder."""

from ui.cache.arriving import incoming, jobs, outbox, staging
from ui.cache.imagery import alignment, holdings, imagery_ages, known_alignment, queue, shot
from ui.cache.leads import (
    filling,
    has_leads,
    lead_counts,
    lead_extent,
    lead_marks,
    lead_store,
    store_address,
)
from ui.cache.place import (
    features,
    held_layers,
    is_large,
    item_alone,
    packs,
    packs_changed,
    paged_findings,
    paged_layer,
    results,
    shelf,
    tiles,
    workplace,
)
from ui.cache.warm import warm_up

__all__ = [
    "alignment",
    "features",
    "filling",
    "has_leads",
    "held_layers",
    "holdings",
    "imagery_ages",
    "incoming",
    "is_large",
    "item_alone",
    "jobs",
    "known_alignment",
    "lead_counts",
    "lead_extent",
    "lead_marks",
    "lead_store",
    "outbox",
    "packs",
    "packs_changed",
    "paged_findings",
    "paged_layer",
    "queue",
    "results",
    "shelf",
    "shot",
    "staging",
    "store_address",
    "tiles",
    "warm_up",
    "workplace",
]
