"""Sentinel-2 products (SAFE) and single bands: one scene a resolution, no pixel resampled."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from imagery.formats.accuracy import placement_error
from imagery.formats.job import Job
from imagery.formats.photo import with_zone
from imagery.formats.raster import Raster, load
from imagery.formats.remarks import remark
from imagery.formats.sentinel2_words import (
    COMMON,
    GRANULE,
    MAIN,
    BandFile,
    Product,
    band_file,
    iso_of,
    read_product,
)
from imagery.formats.sidecars import Item
from imagery.formats.single import Place, find_place, scene_of
from imagery.formats.when import parse
from imagery.guard.child import probe_apart
from imagery.guard.vrt import Layer, write_stack
from imagery.scene import Band, Remark, Scene, Sensor, Taken
from layers.errors import ImageryError

_GDAL_TYPES = {"uint8": "Byte", "uint16": "UInt16", "int16": "Int16", "float32": "Float32"}


@dataclass(frozen=True)
class _Band:
    item: Item
    file: BandFile
    raster: Raster
    place: Place


def products(names: Sequence[str]) -> list[str]:
    """The main metadata files of SAFE products among names."""
    return [name for name in names if MAIN.search(name)]


def read_safe(main: str, files: Mapping[str, Path], job: Job) -> list[Scene]:
    """The scenes of one product: its bands at 10, 20 and 60 m; `files` by name."""
    folder = main.rpartition("/")[0]
    inside = {n: p for n, p in files.items() if not folder or n.startswith(folder + "/")}
    granule = next((path for name, path in inside.items() if GRANULE.search(name)), None)
    product = read_product(files[main], granule, job.limits)
    items = [(name, path, found) for name, path in sorted(inside.items())
             if "IMG_DATA" in name and (found := band_file(name)) is not None]  # fmt: skip
    if not items:
        raise ImageryError("the product holds no band files", file=main,
                           remedy="download it again, completely")  # fmt: skip
    kept = [one for one in items if _is_finest(one[2], items)]
    bands = [_load(Item(path, name, name), found, job) for name, path, found in kept]
    stems = {name.rpartition("/")[2].rpartition(".")[0] for name in inside}
    missing = [name for name in product.files if name.rpartition("/")[2] not in stems]
    notes = [
        remark("tiles_missing", of=len(product.files), there=len(product.files) - len(missing))
    ]
    return [_scene(group, product, job, notes if missing else []) for group in _groups(bands)]


def read_bands(found: Mapping[str, BandFile], items: Mapping[str, Item], job: Job) -> list[Scene]:
    """Scenes of single-band files that belong together by tile, time and grid."""
    bands = [_load(items[name], file, job) for name, file in sorted(found.items())]
    return [_scene(group, None, job, []) for group in _groups(bands)]


def _is_finest(band: BandFile, items: list[tuple[str, Path, BandFile]]) -> bool:
    """Level 2A repeats bands at coarser resolutions; only the finest of each is taken."""
    sizes = [one.metres for _, _, one in items if one.band == band.band and one.metres]
    return band.metres is None or band.metres == min(sizes)


def _load(item: Item, file: BandFile, job: Job) -> _Band:
    raster = load(item.path, job.limits)
    place = find_place(raster, item, job.stated, job.limits)
    if place is None or raster.facts["count"] != 1:
        raise ImageryError("a Sentinel-2 band without coordinates, or of several bands",
                           file=item.label, remedy="download the product again")  # fmt: skip
    return _Band(item, file, raster, place)


def _groups(bands: Sequence[_Band]) -> list[list[_Band]]:
    """Bands of one tile, time and grid, ordered by name; no band twice."""
    groups: dict[tuple[object, ...], dict[str, _Band]] = {}
    for band in bands:
        key = (band.file.tile, band.file.seen, band.raster.width, band.raster.height,
               band.place.crs, band.place.transform, band.raster.facts["dtypes"][0])  # fmt: skip
        groups.setdefault(key, {}).setdefault(band.file.band, band)
    return [sorted(group.values(), key=lambda band: band.file.band) for group in groups.values()]


def _scene(group: list[_Band], product: Product | None, job: Job, notes: list[Remark]) -> Scene:
    first = group[0]
    raster = first.raster if len(group) == 1 else _stack(group, job)
    item = first.item if len(group) == 1 else Item(raster.path, first.item.name, first.item.member)
    scene = scene_of(raster, item, job.stated, first.place, "satellite")
    kept = [note for note in scene.remarks if note.code not in ("time_missing", "accuracy_assumed")]
    error = placement_error("sentinel2", scene.gsd_m or 0.0, first.place.crs, job.stated)
    placement = scene.placement and replace(scene.placement, u_m=error[0], known_by=error[1])
    scaling = [] if product is not None else [remark("scale_unknown")]
    return replace(
        scene,
        bands=tuple(_band(band, product) for band in group),
        placement=placement,
        taken=_taken(first, product, job),
        sensor=Sensor("satellite", "ESA", _platform(first, product)),
        members=tuple(band.item.name for band in group) if len(group) > 1 else (),
        remarks=(*kept, *error[2], *scaling, *notes),
        facts={**scene.facts, **_facts(product, first)},
    )


def _stack(group: Sequence[_Band], job: Job) -> Raster:
    """A VRT of the bands in the working folder, which is where they are brought first."""
    folder = job.work / f"stack-{len(list(job.work.glob('stack-*'))) + 1}"
    folder.mkdir(parents=True)
    layers = []
    for band in group:
        suffix = ".jp2" if band.raster.format == "jp2" else ".tif"
        target = folder / f"{band.file.band}{suffix}"
        if band.item.path.is_relative_to(job.work):
            os.replace(band.item.path, target)
        else:
            shutil.copyfile(band.item.path, target)
        nodata = band.raster.facts["nodata"][0]
        layers.append(Layer(target, band.file.band, 0.0 if nodata is None else nodata))
    first = group[0]
    dtype = first.raster.facts["dtypes"][0]
    if dtype not in _GDAL_TYPES:
        raise ImageryError(f"Sentinel-2 bands of {dtype}", file=first.item.label,
                           remedy="download the product again")  # fmt: skip
    size = (first.raster.width, first.raster.height)
    path = write_stack(folder / "stack.vrt", layers, size=size, dtype=_GDAL_TYPES[dtype],
                       crs=first.place.crs.text, transform=first.place.transform)  # fmt: skip
    return Raster(path, "tiff", "VRT", probe_apart(path, "VRT", job.limits))


def _band(band: _Band, product: Product | None) -> Band:
    name, facts = band.file.band, band.raster.facts
    scale, offset = (1.0, 0.0) if product is None else product.scaling(name)
    if product is None and (facts["scales"][0], facts["offsets"][0]) != (1.0, 0.0):
        scale, offset = facts["scales"][0], facts["offsets"][0]
    nodata = facts["nodata"][0]
    return Band(name, facts["dtypes"][0], COMMON[name], 0.0 if nodata is None else nodata,
                scale, offset)  # fmt: skip


def _taken(band: _Band, product: Product | None, job: Job) -> Taken:
    """The sensing time, in UTC as the product and the name write it."""
    told = product.sensed if product is not None else None
    text = told or (iso_of(band.file.seen) if band.file.seen else None)
    if text is None:
        return Taken()
    how = "metadata" if told else "file_name"
    found = parse(text[:19] + ("Z" if len(text) > 10 else ""), None, how, band.item.label)  # type: ignore[arg-type]
    if found is None:
        return Taken()
    if found.utc is None:
        return found
    told_utc = Taken(utc=found.utc, how=found.how)
    return _local(told_utc, job.stated.zone)


def _local(taken: Taken, zone: str | None) -> Taken:
    """A UTC time with its local time where a zone is stated."""
    if zone is None or taken.utc is None:
        return taken
    sign = "-" if zone[0] == "+" else "+"
    turned = with_zone(Taken(local=taken.utc[:-1], how=taken.how), sign + zone[1:])
    return replace(taken, local=(turned.utc or "")[:-1] or None, zone=zone)


def _platform(band: _Band, product: Product | None) -> str | None:
    return (product.platform if product is not None else None) or band.file.platform or "Sentinel-2"


def _facts(product: Product | None, band: _Band) -> dict[str, object]:
    if product is None:
        return {"tile": band.file.tile}
    return {
        "tile": band.file.tile, "level": product.level, "baseline": product.baseline,
        "cloud_percent": product.cloud_percent, "sun_zenith_deg": product.sun_zenith,
        "sun_azimuth_deg": product.sun_azimuth,
    }  # fmt: skip
