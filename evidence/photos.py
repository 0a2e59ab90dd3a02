"""Photos that field staff took on visits: which there are, and which of them stand on a lead's sheet.

Somebody chooses them, and that is an event of the lead; the original in the imagery store stays as it came.
"""

from __future__ import annotations

import io
import json
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import shapely
from PIL import Image, ImageOps
from shapely.geometry.base import BaseGeometry

from evidence.dossier import Picture, Visit
from evidence.redaction.scenes import picture_file
from imagery.catalogue.index import footprints
from imagery.store import Store
from layers.errors import LeadError
from layers.layer import WGS84
from layers.measures import nearest_within
from leads.field.visits import VISITED
from leads.scope import weigh_all
from office import Actor, Database, Event, NewEvent, append, events

CHOSEN, OPERATION = "evidence.photos_chosen", "evidence.share"
MOST = 12
_PIXELS, _QUALITY = 1600, 88
_REACH_M = 5000.0


@dataclass(frozen=True, slots=True)
class Photo:
    """A photo that a visit names: as the phone told of it (`told`), by whom, and whether it stands on the sheet.

    `scene` is empty where the imagery store does not hold it yet.
    """

    sha256: str
    scene: str
    by: str
    told: Mapping[str, Any]
    chosen: bool

    @property
    def at(self) -> str:
        """When it was taken; of one chosen among the phone's files when that was changed last (ISO with zone)."""
        return str(self.told["captured" if self.told["source"] == "camera" else "modified"])


def photos_of(history: Iterable[Event], store: Store | None) -> list[Photo]:
    """The photos of a lead's visits by its history, in the order they were taken."""
    found: dict[str, tuple[str, Mapping[str, Any]]] = {}
    chosen: set[str] = set()
    for event in history:
        if event.kind == VISITED:
            found |= {one["sha256"]: (event.actor, one) for one in json.loads(event.body)["photos"]}
        elif event.kind == CHOSEN:
            chosen = set(json.loads(event.body)["photos"])
    scenes = {} if store is None or not found else _scenes(store, found)
    made = [Photo(digest, scenes.get(digest, ""), by, told, digest in chosen)
            for digest, (by, told) in found.items()]  # fmt: skip
    return sorted(made, key=lambda one: one.at)


def choose_photos(db: Database, lead: str, photos: Sequence[str], *, actor: Actor, at: str) -> None:
    """Say which photos (SHA-256) stand on the sheet of a lead (by id) from now on; none takes all off.

    `LeadError` where no visit of the lead names one, or there are more than `MOST`; `PolicyError`.
    """
    with db.write() as connection:
        weigh_all(connection, actor, OPERATION, [lead])
        known = {one.sha256 for one in photos_of(events(connection, lead), None)}
        strange = [one for one in photos if one not in known]
        if strange or len(photos) > MOST:
            raise LeadError(f"no visit names the photo {strange[0][:16]}" if strange else f"{len(photos)} photos are too many",
                            field="photos", remedy=f"choose up to {MOST} of `python -m evidence photos`")  # fmt: skip
        body = {"photos": list(dict.fromkeys(photos))}
        append(connection, [NewEvent(CHOSEN, lead, body)], actor=actor, at=at)


def photo_pictures(
    photos: Iterable[Photo], store: Store, subject: BaseGeometry | None, u_m: float
) -> list[Picture]:
    """Those that are chosen and here as pictures of a sheet; `u_m` is the error of the subject's place (WGS 84)."""
    return [_picture(one, store, subject, u_m) for one in photos if one.chosen and one.scene]


def _scenes(store: Store, photos: Mapping[str, Any]) -> dict[str, str]:
    table = footprints(store)
    table = table[table["kind"].isin(("photo", "picture")) & table["sha256"].isin(list(photos))]
    return dict(zip(table["sha256"], table["id"], strict=True))


def _picture(photo: Photo, store: Store, subject: BaseGeometry | None, u_m: float) -> Picture:
    with picture_file(store, photo.scene) as file, Image.open(file) as opened:
        upright = ImageOps.exif_transpose(opened)
        size = upright.size
        upright.thumbnail((_PIXELS, _PIXELS))
        out = io.BytesIO()
        Image.fromarray(np.asarray(upright.convert("RGB"))).save(
            out, "JPEG", quality=_QUALITY
        )  # pixels alone
    facts = store.document(photo.scene)["properties"]
    return Picture(
        role="photo", data=out.getvalue(), scene_id=photo.scene, taken=photo.at, sensor="", gsd_m=None, bounds=None,
        licence="", sha256=photo.sha256, visit=_visit(photo, size, facts, subject, u_m),
    )  # fmt: skip


def _visit(
    photo: Photo, size: tuple[int, int], facts: Mapping[str, Any], subject: BaseGeometry | None, u_m: float
) -> Visit:  # fmt: skip
    """The phone's fix counts for a photo of its camera, else what the file says of itself.

    The direction is the file's alone: a phone's heading is that of the walk, not of the lens.
    """
    by_file = facts.get("yicha:camera") or {}
    picked = photo.told["source"] != "camera"
    fix = (None if picked else photo.told["position"]) or {**by_file, "accuracy_m": facts.get("yicha:u_m")}  # fmt: skip
    lon, lat, accuracy = fix.get("lon"), fix.get("lat"), fix.get("accuracy_m")
    away = (
        None
        if lon is None or lat is None or subject is None or subject.is_empty
        else _away(lon, lat, subject)
    )
    return Visit(
        photo.by, picked, str(photo.told.get("caption") or ""), size, lon, lat, accuracy, by_file.get("yaw"), away,
        beyond=away is not None and accuracy is not None and away > accuracy + u_m,
    )  # fmt: skip


def _away(lon: float, lat: float, subject: BaseGeometry) -> float:
    """Metres to the subject; `inf` beyond `_REACH_M`."""
    here = gpd.GeoSeries([shapely.Point(lon, lat)], crs=WGS84)
    found = nearest_within(here, gpd.GeoSeries([subject], crs=WGS84), _REACH_M).metres
    return float(found[0]) if len(found) else math.inf
