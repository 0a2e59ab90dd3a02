"""Say where drone photos look and how sure that is: position, outline or view cone, doubts.

--check compares overlapping photos with each other and mends headings that are off.
"""

from __future__ import annotations

import argparse
import json
import re
from pathlib import Path
from typing import Any

from shapely.geometry import mapping

from imagery.photos import Footprint, PhotoFacts, footprint, read_photo, track_remarks
from imagery.scene import Camera, Remark
from imagery.shell_words import add_language, language_of
from layers.atomic import write_text
from layers.errors import ImageryError


def add(parser: argparse.ArgumentParser) -> None:
    """The arguments of the command."""
    parser._negative_number_matcher = re.compile(r"^-\d")
    parser.add_argument("photos", nargs="+", type=Path, metavar="PHOTO", help="JPEG files")
    parser.add_argument("--dem", type=Path, metavar="FILE", help="GeoTIFF of ground heights")
    parser.add_argument(
        "--take-off", metavar="LON,LAT", help="where the drone took off (with --dem)"
    )
    parser.add_argument("--check", action="store_true", help="check headings against neighbours")
    parser.add_argument("--geojson", type=Path, metavar="FILE", help="write outlines and cones")
    add_language(parser)


def run(arguments: argparse.Namespace) -> int:
    """One line per photo and one per doubt; GeoJSON when asked."""
    facts = {str(path): read_photo(path) for path in arguments.photos}
    more: dict[str, list[Remark]] = {name: [doubt] for name, doubt in track_remarks(facts).items()}
    cameras = {name: found.camera for name, found in facts.items()}
    if arguments.check:
        from imagery.photos.headings import check_headings

        for one in check_headings(arguments.photos):
            cameras[str(one.path)] = one.camera
            more.setdefault(str(one.path), []).extend(one.remarks)
    start = _point(arguments.take_off)
    features, english = [], language_of(arguments) == "en"
    for name, found in facts.items():
        seen = _seen(cameras[name], found, arguments.dem, start)
        doubts = [*found.remarks, *(seen.remarks if seen else ()), *more.get(name, [])]
        if arguments.check:
            doubts = [doubt for doubt in doubts if doubt.code != "yaw_unchecked"]
        print("\n".join(_lines(name, found, cameras[name], seen, doubts, english)))
        features += _features(name, found, cameras[name], seen, doubts)
    if arguments.geojson:
        document = {"type": "FeatureCollection", "features": features}
        write_text(arguments.geojson, json.dumps(document, ensure_ascii=False) + "\n")
    return 0


def _point(text: str | None) -> tuple[float, float] | None:
    if text is None:
        return None
    try:
        lon, lat = (float(part) for part in text.split(","))
    except ValueError:
        raise ImageryError("this is no point", field=text[:60],
                           remedy="write longitude,latitude in degrees") from None  # fmt: skip
    return lon, lat


def _seen(
    camera: Camera | None, found: PhotoFacts, dem: Path | None, start: tuple[float, float] | None
) -> Footprint | None:
    width, height = found.facts.get("width"), found.facts.get("height")
    if camera is None or not width or not height:
        return None
    return footprint(camera, int(width), int(height), dem, start)


def _lines(  # noqa: PLR0917
    name: str, found: PhotoFacts, camera: Camera | None, seen: Footprint | None,
    doubts: list[Remark], english: bool,
) -> list[str]:  # fmt: skip
    told = [Path(name).name, found.taken.local or found.taken.utc or "-"]
    if camera is not None:
        told.append(f"{camera.lon:.6f} {camera.lat:.6f}")
    if camera is not None and camera.height_m is not None:
        told.append(f"{camera.height_m:.1f} m")
    if seen is not None and seen.gsd_m is not None:
        told.append(f"GSD {100 * seen.gsd_m:.1f} cm")
    if seen is not None and seen.u_m is not None:
        told.append(f"±{seen.u_m:.1f} m")
    marks = {"warning": "!", "note": "-"}
    return ["  ".join(told), *(f"  {marks[d.level]} {d.en if english else d.zh}" for d in doubts)]


def _features(
    name: str, found: PhotoFacts, camera: Camera | None, seen: Footprint | None,
    doubts: list[Remark],
) -> list[dict[str, Any]]:  # fmt: skip
    if camera is None:
        return []
    shape = None if seen is None else seen.outline or seen.cone
    place = {"type": "Point", "coordinates": [camera.lon, camera.lat]}
    words = {
        "file": Path(name).name, "taken": found.taken.local or found.taken.utc,
        "shape": "outline" if seen and seen.outline else "cone" if seen and seen.cone else "camera",
        "u_m": None if seen is None else seen.u_m, "u_parts": dict(seen.parts) if seen else {},
        "gsd_m": None if seen is None else seen.gsd_m, "yaw": camera.yaw,
        "height_m": camera.height_m, "remarks": [doubt.code for doubt in doubts],
    }  # fmt: skip
    return [{"type": "Feature", "geometry": mapping(shape) if shape else place,
             "properties": words}]  # fmt: skip
