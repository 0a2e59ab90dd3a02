"""A scene as a STAC item: where, when, how well, from which bytes, by whose hand."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from rasterio.crs import CRS
from shapely.geometry import Point, mapping
from shapely.geometry.base import BaseGeometry

from imagery.catalogue.times import time_span, utc_of
from imagery.scene import Band, Placement, Remark, Scene
from imagery.store.layout import ORIGINALS, VIEWS
from imagery.store.originals import Kept
from imagery.view.facts import ViewFacts
from layers.datum.ground import ground_crs

_EXTENSIONS = "https://stac-extensions.github.io/"
FILE = f"{_EXTENSIONS}file/v2.1.0/schema.json"
PROJECTION = f"{_EXTENSIONS}projection/v2.0.0/schema.json"
EO = f"{_EXTENSIONS}eo/v2.0.0/schema.json"
RASTER = f"{_EXTENSIONS}raster/v2.0.0/schema.json"
COG = "image/tiff; application=geotiff; profile=cloud-optimized"
_TYPES = {"GTiff": "image/tiff; application=geotiff", "JPEG": "image/jpeg", "PNG": "image/png",
          "JP2OpenJPEG": "image/jp2", "MBTiles": "application/vnd.sqlite3", "HEIF": "image/heic"}  # fmt: skip
_MULTIHASH_SHA256 = "1220"
"""Multihash prefix of a SHA-256 of 32 bytes, as the file extension of STAC wants it."""


@dataclass(frozen=True)
class Intake:
    """How a scene came in: its original with the files beside it, and what people said.

    `siblings` counts the scenes of the original; `collector` and `second` are names, `received`
    an ISO time with offset; `stated` the fields of `imagery.scene.Stated` that were given;
    `purpose` why it was collected.
    """

    kept: Kept
    sidecars: Sequence[Kept] = ()
    siblings: int = 1
    received: str = ""
    collector: str | None = None
    second: str | None = None
    stated: Mapping[str, Any] = field(default_factory=dict)
    software: str = ""
    generated: bool = False
    purpose: str | None = None


def item_document(
    scene_id: str,
    scene: Scene,
    intake: Intake,
    remarks: Sequence[Remark],
    lineage: Sequence[Mapping[str, Any]],
    *,
    view: ViewFacts | None,
) -> dict[str, Any]:
    """The STAC item of a scene as plain JSON types; links are relative to the items' folder."""
    ground = _ground(scene)
    geometry = None if ground is None else mapping(ground)
    document: dict[str, Any] = {
        "type": "Feature", "stac_version": "1.1.0", "id": scene_id,
        "stac_extensions": _extensions(scene), "geometry": geometry,
        "properties": _properties(scene, intake, remarks, lineage),
        "links": [{"rel": rel, "href": "../catalog.json", "type": "application/json"}
                  for rel in ("root", "parent")],
        "assets": _assets(scene_id, scene, intake, view),
    }  # fmt: skip
    if ground is not None:
        document["bbox"] = list(ground.bounds)
    plain: dict[str, Any] = json.loads(json.dumps(document, ensure_ascii=False, default=str))
    return plain


def _ground(scene: Scene) -> BaseGeometry | None:
    """The footprint; of a photo without one the point where the camera stood."""
    if scene.footprint is not None and not scene.footprint.is_empty:
        return scene.footprint
    return None if scene.camera is None else Point(scene.camera.lon, scene.camera.lat)


def _extensions(scene: Scene) -> list[str]:
    found = [FILE]
    found += [PROJECTION] if scene.placement else []
    found += [EO] if any(band.common for band in scene.bands) else []
    found += [RASTER] if any(band.scale != 1 or band.offset for band in scene.bands) else []
    return found


def _properties(
    scene: Scene, intake: Intake, remarks: Sequence[Remark], lineage: Sequence[Mapping[str, Any]]
) -> dict[str, Any]:
    taken, placement = scene.taken, scene.placement
    table: dict[str, Any] = {
        **time_span(taken, intake.received), "created": utc_of(intake.received),
        "title": scene.member or intake.kept.name, "gsd": scene.gsd_m,
        "yicha:kind": scene.kind, "yicha:driver": scene.format,
        "yicha:placed_by": placement.by if placement else None,
        "yicha:u_m": placement.u_m if placement else None,
        "yicha:known_by": placement.known_by if placement else None,
        "yicha:geometry": "footprint" if scene.footprint is not None
        else "camera" if scene.camera else None,
        "yicha:taken_utc": taken.utc, "yicha:taken_local": taken.local, "yicha:zone": taken.zone,
        "yicha:taken_how": taken.how, "yicha:sha256": intake.kept.sha256,
        "yicha:member": scene.member, "yicha:siblings": intake.siblings,
        "yicha:mask": scene.mask, "yicha:remarks": [asdict(remark) for remark in remarks],
        "yicha:lineage": list(lineage), "yicha:collector": intake.collector,
        "yicha:second": intake.second, "yicha:generated": intake.generated,
        "yicha:stated": dict(intake.stated), "yicha:camera": asdict(scene.camera)
        if scene.camera else None, "yicha:facts": dict(scene.facts),
        **_sensor(scene), **_projection(placement, scene.width, scene.height),
    }  # fmt: skip
    keep_null = {"datetime", "proj:code", "yicha:placed_by", "yicha:u_m", "yicha:taken_local"}
    return {key: value for key, value in table.items()
            if key in keep_null or value not in (None, {}, [])}  # fmt: skip


def _sensor(scene: Scene) -> dict[str, Any]:
    sensor = scene.sensor
    if sensor is None:
        return {}
    names = [name for name in (sensor.make, sensor.model) if name]
    return {"platform": sensor.platform, "instruments": [" ".join(names)] if names else [],
            "yicha:sensor": asdict(sensor)}  # fmt: skip


def _projection(placement: Placement | None, width: int, height: int) -> dict[str, Any]:
    if placement is None:
        return {}
    epsg = ground_crs(placement.crs).epsg
    return {
        "proj:code": None if epsg is None else f"EPSG:{epsg}",
        "proj:wkt2": CRS.from_user_input(placement.crs).to_wkt(version="WKT2_2019"),
        "proj:transform": list(placement.transform),
        "proj:shape": [height, width],
    }


def _assets(scene_id: str, scene: Scene, intake: Intake, view: ViewFacts | None) -> dict[str, Any]:
    kept = intake.kept
    whole = scene.member is None and not scene.members
    assets = {"original": {
        **_file(kept), "roles": ["data", "original"],
        **({"type": _TYPES[scene.format]} if whole and scene.format in _TYPES else {}),
        "bands": [_band(band) for band in scene.bands]}}  # fmt: skip
    if view is not None:
        assets["view"] = {
            "href": f"../{VIEWS}/{scene_id}.tif", "type": COG, "roles": ["visual", "overview"],
            "title": "view copy, derived, not evidence 显示副本（派生，非证据）",
            "file:size": view.bytes, "file:checksum": _MULTIHASH_SHA256 + view.sha256,
            "yicha:view": {k: v for k, v in view.as_dict().items() if k != "lineage"}}  # fmt: skip
    for number, sidecar in enumerate(intake.sidecars, 1):
        assets[f"sidecar-{number}"] = {**_file(sidecar), "roles": ["metadata"]}
    return assets


def _file(kept: Kept) -> dict[str, Any]:
    others = {name: value for name, value in kept.hashes.items() if name != "sha256"}
    return {
        "href": f"../{ORIGINALS}/{kept.sha256[:2]}/{kept.path.name}", "title": kept.name,
        "file:size": kept.size, "file:checksum": _MULTIHASH_SHA256 + kept.sha256,
        "yicha:changed_ns": kept.mtime_ns, **({"yicha:hashes": others} if others else {}),
    }  # fmt: skip


def _band(band: Band) -> dict[str, Any]:
    table = {"name": band.name, "data_type": band.dtype, "eo:common_name": band.common,
             "nodata": _nodata(band.nodata),
             "raster:scale": None if band.scale == 1 else band.scale,
             "raster:offset": band.offset or None}  # fmt: skip
    return {key: value for key, value in table.items() if value is not None}


def _nodata(value: float | None) -> float | str | None:
    """JSON has no not-a-number; STAC writes it as text."""
    if value is None or value - value == 0:
        return value
    return "nan" if value != value else ("inf" if value > 0 else "-inf")  # noqa: PLR0124
