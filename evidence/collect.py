"""From the store to dossiers: one lead after the other, so that an atlas needs no more memory than a sheet."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, replace
from typing import Any

from shapely.geometry import shape

from evidence.dossier import Dossier, Person
from evidence.gather import dossier_of
from evidence.photos import photo_pictures, photos_of
from imagery.store import Store
from imagery.view import TileReader
from layers import LayerSet
from leads.store import Card, card
from office import Actor, Database


def collect(
    db: Database,
    leads: Sequence[str],
    layers: LayerSet,
    *,
    actor: Actor,
    at: str,
    imagery: Store | None = None,
    people: Sequence[Person] = (),
) -> Iterator[Dossier]:
    """The dossiers of leads (ids or numbers), in their order.

    `at` is ISO with zone: when it is made. Raises `LeadError` for a lead there is not and
    `PolicyError` where the person may not read leads.
    """
    reader = TileReader(imagery) if imagery is not None else None
    try:
        for lead in leads:
            yield _dossier(
                card(db, lead, actor=actor), layers, imagery, reader, at=at, people=people
            )
    finally:
        if reader is not None:
            reader.close()


def _dossier(
    one: Card, layers: LayerSet, imagery: Store | None, reader: TileReader | None, **more: Any  # noqa: ANN401
) -> Dossier:  # fmt: skip
    finding = {name: value for name, value in one.finding.items() if name != "geometry"}
    drawn = one.finding.get("geometry")
    run = one.runs[one.lead["last_run"]]
    finding.setdefault("layers", run.get("layers") or [])
    made = dossier_of(
        finding, None if drawn is None else shape(drawn), layers, imagery=imagery, reader=reader,
        number=str(one.lead["number"]), lead_id=str(one.lead["id"]), made_at=more["at"],
        people=more["people"], state=str(one.lead["state"]),
        case_number=str((one.case or {}).get("id") or ""),
        settings_sha256=str(run.get("rules_sha256") or ""),
        history=[asdict(event) for event in one.history], deadlines=list(one.deadlines),
    )  # fmt: skip
    if imagery is None:
        return made
    place = made.subject if made.subject is not None else made.line
    u_m = float((finding.get("subject") or {}).get("u_source_m") or 0.0)
    photos = photo_pictures(photos_of(one.history, imagery), imagery, place, u_m)
    return replace(made, pictures=(*made.pictures, *photos))
