"""A JPEG as a photo: where its camera stood and what it shows, by `imagery.photos`."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from imagery.formats.raster import Raster, bands, raster_remarks, shared_facts
from imagery.formats.remarks import remark
from imagery.formats.sidecars import Item
from imagery.formats.when import stated_time, taken_of
from imagery.photos import PhotoFacts, footprint, photo_placement, read_photo
from imagery.scene import Camera, Remark, Scene, Sensor, Stated, Taken


def photo_facts(path: Path) -> PhotoFacts:
    """What the photo's EXIF and XMP say."""
    return read_photo(path)


def as_photo(raster: Raster, item: Item, stated: Stated, facts: PhotoFacts) -> Scene | None:
    """The scene of a photo, or None where the JPEG comes from no camera that says so."""
    from_camera = facts.camera is not None or facts.sensor.make or facts.sensor.model
    if not from_camera and stated.kind != "photo":
        return None
    camera = _with_stated_height(facts.camera, stated)
    taken, remarks = _taken(raster, item, stated, facts)
    remarks = [*raster_remarks(raster), *remarks]
    seen = None if camera is None else footprint(camera, raster.width, raster.height)
    placement = None if camera is None else photo_placement(camera, raster.width, raster.height)
    if seen is not None and facts.sensor.platform == "phone" and seen.outline is None:
        remarks.append(remark("phone_photo"))  # what a drone would lack says nothing here
    elif seen is not None:
        remarks += seen.remarks
    if placement is not None and stated.u_m is not None:
        placement = replace(placement, u_m=stated.u_m, known_by="stated")
    outline = None if seen is None else seen.outline
    more = {"cone": seen.cone.wkt} if seen is not None and seen.cone is not None else {}
    parts = {} if seen is None else {"u_parts": dict(seen.parts)}
    return Scene(
        kind="photo", source=raster.path, driver=raster.driver, width=raster.width,
        height=raster.height, bands=bands(raster), mask=raster.mask, placement=placement,
        footprint=outline, gsd_m=None if seen is None else seen.gsd_m, taken=taken,
        sensor=_sensor(facts.sensor, stated), camera=camera, member=item.member,
        remarks=tuple(remarks),
        facts={**shared_facts(raster), **facts.facts, **more, **parts, "footprint_of": "camera"},
    )  # fmt: skip


def _sensor(found: Sensor, stated: Stated) -> Sensor:
    if found.platform == "unknown" and stated.platform is not None:
        return replace(found, platform=stated.platform)
    return found


def _with_stated_height(camera: Camera | None, stated: Stated) -> Camera | None:
    if camera is None or camera.height_m is not None or stated.height_m is None:
        return camera
    return replace(camera, height_m=stated.height_m, height_of="stated")


def _taken(
    raster: Raster, item: Item, stated: Stated, facts: PhotoFacts
) -> tuple[Taken, list[Remark]]:
    """The camera's time; a stated zone places it, and what is stated stands in for a missing one."""
    if facts.taken.how == "missing":
        tags = {k: v for k, v in raster.facts["tags"].items() if not k.upper().startswith("EXIF")}
        found, notes = taken_of(tags, item.name, stated, item.label)
        kept = [note for note in facts.remarks if note.code != "time_missing"]
        return found, [*kept, *notes]
    stated_time(stated, item.label)
    return with_zone(facts.taken, stated.zone), list(facts.remarks)


def with_zone(taken: Taken, zone: str | None) -> Taken:
    """A local time without offset placed by `zone` (`+08:00`)."""
    if taken.utc is not None or taken.local is None or zone is None or len(taken.local) <= 10:
        return taken
    away = datetime.fromisoformat(f"2000-01-01T00:00:00{zone}").utcoffset() or timedelta()
    moment = datetime.fromisoformat(taken.local) - away
    return replace(taken, utc=f"{moment.isoformat(timespec='seconds')}Z", zone=zone)
