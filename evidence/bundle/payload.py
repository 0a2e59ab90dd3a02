"""What goes into a bundle for one lead, and the originals its pictures come from."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import Any

import geopandas as gpd
import shapely
from shapely.geometry import mapping

from evidence.bundle.stored_zip import Entry
from evidence.collection import collection_of
from evidence.dossier import Dossier, Picture
from evidence.redaction.release import Release
from imagery.store import Store
from office import Database

_AROUND_DEG = 0.003
"""About 300 m: the extract a reader needs to follow the measurement."""


def lead_files(dossier: Dossier) -> Iterator[Entry]:
    """Finding, lead, rule, history, deadlines, pictures and the rows of every layer near the place."""
    folder = f"data/leads/{dossier.number}"
    finding = dossier.finding
    yield Entry(f"{folder}/finding.geojson", as_json(_feature(dossier)))
    yield Entry(f"{folder}/lead.json", as_json({
        "number": dossier.number, "id": dossier.lead_id, "state": dossier.state,
        "case": dossier.case_number, "made_at": dossier.made_at, "generated": dossier.generated,
        "redacted": dossier.redacted,
        "people": [{"duty": one.duty, "name": one.name} for one in dossier.people],
    }))  # fmt: skip
    yield Entry(f"{folder}/rule.json", as_json({
        "rule": finding.get("rule_text"), "basis": (finding.get("facts") or {}).get("basis"),
        "on_date": finding["on_date"],
    }))  # fmt: skip
    yield Entry(f"{folder}/sources.json", as_json(list(dossier.sources)))
    yield Entry(f"{folder}/history.json", as_json([dict(event) for event in dossier.history]))
    yield Entry(f"{folder}/deadlines.json", as_json([dict(one) for one in dossier.deadlines]))
    yield Entry(f"{folder}/software.json", as_json({
        "software": dossier.software, "settings_sha256": dossier.settings_sha256}))  # fmt: skip
    photos = [one for one in dossier.pictures if one.visit is not None]
    for picture in dossier.pictures:
        name = f"photo-{photos.index(picture) + 1}" if picture in photos else picture.role
        yield Entry(f"{folder}/pictures/{name}.{picture.suffix}", picture.data)
    if photos:
        yield Entry(f"{folder}/photos.json", as_json([_photo(one) for one in photos]))
    yield from _extracts(dossier, folder)


def scene_files(store: Store, scenes: Sequence[str]) -> Iterator[Entry]:
    """The originals of the scenes byte for byte, and their collection records."""
    for scene in scenes:
        original = store.original(scene)
        yield Entry(f"data/originals/{original.name}", original)
        record = store.record_path(scene)
        if record.is_file():
            yield Entry(f"data/records/{record.name}", record)


def scenes_of(dossiers: Iterable[Dossier]) -> list[str]:
    """The scenes the dossiers' pictures come from, each once, in order."""
    return sorted({one.scene_id for dossier in dossiers for one in dossier.pictures if one.scene_id})  # fmt: skip


def record_files(db: Database, store: Store, scenes: Sequence[str]) -> Iterator[Entry]:
    """The collection records as they stand: every field, who said it, what is blank, the hand-overs."""
    for scene in scenes:
        record = collection_of(db, store, scene)
        yield Entry(f"data/records/{scene}.form.json", as_json(record.as_dict()))


def release_files(found: Sequence[Release]) -> Iterator[Entry]:
    """Of a redacted copy: by whom each picture was covered and approved."""
    if found:
        yield Entry("data/redaction.json", as_json([one.as_dict() for one in found]))


def _photo(picture: Picture) -> dict[str, Any]:
    """What is known of a photo, with the hash of the original it is a copy of."""
    assert picture.visit is not None
    told = {name: None if value == math.inf else value for name, value in asdict(picture.visit).items()}  # fmt: skip
    return {"original_sha256": picture.sha256, "scene": picture.scene_id, "taken": picture.taken, **told}  # fmt: skip


def _feature(dossier: Dossier) -> dict[str, Any]:
    shape = None if dossier.line is None else mapping(dossier.line)
    return {"type": "Feature", "geometry": shape, "properties": dict(dossier.finding)}


def _extracts(dossier: Dossier, folder: str) -> Iterator[Entry]:
    place = dossier.subject if dossier.subject is not None else dossier.line
    if place is None or place.is_empty:
        return
    west, south, east, north = place.bounds
    window = shapely.box(
        west - _AROUND_DEG, south - _AROUND_DEG, east + _AROUND_DEG, north + _AROUND_DEG
    )
    for theme, rows in sorted(dossier.context.items()):
        near = rows.iloc[sorted(rows.sindex.query(window))]
        if not near.empty:
            yield Entry(f"{folder}/extract/{theme.replace('/', '_')}.geojson", _rows(near))


def _rows(rows: gpd.GeoDataFrame) -> bytes:
    columns = [name for name in rows.columns if name != "geometry"]
    features = [
        {"type": "Feature", "geometry": mapping(shape), "properties": _values(columns, values)}
        for shape, values in zip(rows.geometry, rows[columns].itertuples(index=False), strict=True)
    ]
    return as_json({"type": "FeatureCollection", "features": features})


def _values(columns: Sequence[str], values: Sequence[Any]) -> Mapping[str, Any]:
    return {name: None if _missing(value) else _plain(value)
            for name, value in zip(columns, values, strict=True)}  # fmt: skip


def _missing(value: Any) -> bool:  # noqa: ANN401 - a cell
    return value is None or (isinstance(value, float) and math.isnan(value))


def _plain(value: Any) -> Any:  # noqa: ANN401 - a cell
    return value.item() if hasattr(value, "item") else value


def as_json(value: Any) -> bytes:  # noqa: ANN401 - JSON is anything
    """JSON as it lies in a bundle: UTF-8, sorted, one member a line."""
    return (
        json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True, default=str) + "\n"
    ).encode("utf-8")
