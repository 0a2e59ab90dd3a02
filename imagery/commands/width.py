"""Say how wide a vehicle can get along a lane: metres, their interval, where it is narrowest."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from shapely import Polygon
from shapely.geometry import mapping
from shapely.geometry.base import BaseGeometry

from imagery.shell_words import add_language, language_of
from imagery.width.drive import Drive, drive_through
from imagery.width.height import headroom, passed_under, things_in_lane
from imagery.width.notes import NO_HEIGHT, PASSED_UNDER, Note
from imagery.width.outlines import Outline, lanes_of, numbers, read_outlines
from imagery.width.picture import draw_picture
from imagery.width.place import Lane, Measured, measure_lane
from imagery.width.turning import Room, room_to_turn
from imagery.width.vehicles import vehicle, vehicles
from layers.atomic import write_text, written_whole
from layers.errors import ImageryError

PICTURED = "pump"
"""The vehicle of a picture where none is named."""
_W = {
    "lane": ("车道", "lane"), "cross": ("横断面最窄", "narrowest cross-section"),
    "at": ("最窄处", "narrowest at"), "gates": ("出入口", "gates"),
    "drawn": ("图上画明", "drawn"), "derived": ("推定", "derived"), "far_end": ("一端为尽头", "one end is dead"),
    "wall": ("边线", "edge"), "obstacle": ("障碍物", "obstacle"), "height": ("净高", "clear height"),
    "circle": ("可容圆", "room for a circle of"), "square": ("方形场地", "a square of"),
    "length": ("车道长", "length"), "yes": ("能通过", "gets through"), "no": ("找不到通过的路线", "no way through was found"),
    "unknown": ("车道太大，未评定", "the lane is too large, not assessed"), "spare": ("最小间隙", "least room"),
    "unverified": ("车辆参数未核实", "vehicle figures not verified"), "under": ("低于", "below"), "over": ("不小于", "at least"),
}  # fmt: skip


def add(parser: argparse.ArgumentParser) -> None:
    """The arguments of the command."""
    parser.add_argument("lane", type=Path, metavar="LANE.geojson",
                        help="lanes (polygons, or centrelines with width_m) and gates (lines with role=gate)")  # fmt: skip
    parser.add_argument("obstacles", type=Path, metavar="OBSTACLES.geojson", help="polygons")
    add_language(parser)
    parser.add_argument(
        "--outline-error", type=float, metavar="M", help="what an outline may be off"
    )
    parser.add_argument(
        "--width", type=float, metavar="M", help="width of centrelines that state none"
    )
    parser.add_argument("--headroom", type=float, metavar="M",
                        help="things whose underside_m is at least this are passed under")  # fmt: skip
    parser.add_argument(
        "--heights", type=Path, metavar="TIF", help="GeoTIFF of surface heights (DSM)"
    )
    parser.add_argument(
        "--above-ground", action="store_true", help="the heights are above ground (nDSM)"
    )
    parser.add_argument("--vehicle", action="append", choices=list(vehicles()), default=[],
                        help="drive it through; may be repeated")  # fmt: skip
    parser.add_argument("--picture", type=Path, metavar="FILE",
                        help="draw lane, obstacles, narrowest place and swept path (.svg, or .png with --font)")  # fmt: skip
    parser.add_argument("--font", type=Path, metavar="TTF", help="font of the texts of a .png")
    parser.add_argument(
        "--out", type=Path, metavar="FILE", help="write bottleneck, gates, paths as GeoJSON"
    )


def run(arguments: argparse.Namespace) -> int:
    """Measure every lane of the file; 1 where one could not be."""
    lang = language_of(arguments)
    lanes = lanes_of(read_outlines(arguments.lane), arguments.width)
    rows = [one for one in read_outlines(arguments.obstacles) if "Polygon" in one.shape.geom_type]
    features: list[dict[str, Any]] = []
    refused = 0
    _check_picture(arguments)
    for lane in lanes:
        try:
            answer = _Answer(lane, rows, arguments)
        except ImageryError as error:
            # One lane drawn wrongly must not hide what is known of the others.
            print(f"{lane.name or lane.id}: {error}", file=sys.stderr)
            refused += 1
            continue
        print("\n".join(answer.lines(lang)))
        features += answer.features()
        if arguments.picture:
            print(f"  → {answer.draw(arguments, alone=len(lanes) == 1)}")
    if arguments.out:
        collection = {"type": "FeatureCollection", "features": features}
        write_text(arguments.out, json.dumps(collection, ensure_ascii=False, indent=1) + "\n")
    return int(refused > 0)


def _check_picture(arguments: argparse.Namespace) -> None:
    """Say before any work that a picture cannot be written."""
    if not arguments.picture:
        return
    if arguments.picture.suffix.lower() not in (".svg", ".png"):
        raise ImageryError("a picture is .svg or .png", remedy="name it so", file=arguments.picture)
    if arguments.picture.suffix.lower() == ".png" and arguments.font is None:
        raise ImageryError("a .png needs a font for its texts", file=arguments.picture,
                           remedy="give a TrueType file with --font, or write an .svg")  # fmt: skip


class _Answer:
    """Everything that is said of one lane."""

    def __init__(self, lane: Lane, rows: list[Outline], arguments: argparse.Namespace) -> None:
        under = numbers(rows, "underside_m")
        beneath = passed_under(under, arguments.headroom)
        blocks = [one.shape for one, free in zip(rows, beneath, strict=True) if not free]
        self.measured: Measured = measure_lane(lane, blocks, arguments.outline_error)
        self.width = self.measured.width
        over = [
            n
            for n, one in enumerate(rows)
            if one.shape.is_valid and one.shape.intersects(_shape(lane))
        ]
        tops = numbers(rows, "height_m")
        seen = [(tops[n], under[n]) for n in over if under[n] is not None]
        if arguments.heights:
            found = things_in_lane(arguments.heights, self.measured.plane.degrees(self.width.scene.inside),
                                   above_ground=arguments.above_ground)  # fmt: skip
            seen += [(thing.top_m, None) for thing in found]
        self.heights = headroom([top for top, _ in seen], [low for _, low in seen])
        self.room: Room = room_to_turn(self.width)
        self.drives = [drive_through(self.width, vehicle(name)) for name in arguments.vehicle]
        more = [PASSED_UNDER] if any(beneath[n] for n in over) else []
        more += [] if seen or arguments.heights else [NO_HEIGHT]
        self.notes: tuple[Note, ...] = (*self.width.notes, *more)

    def lines(self, lang: str) -> Iterator[str]:
        """The answer in words, metres first."""
        say = {key: both[lang == "en"] for key, both in _W.items()}
        width, lane = self.width, self.measured.lane
        lon, lat = self.measured.bottleneck.centroid.coords[0]
        yield (f"{width.metres:.2f} m  [{width.low:.2f}, {width.high:.2f}]  {say['lane']} "
               f"{lane.name or lane.id}")  # fmt: skip
        ends = " – ".join(say[kind] for kind in width.kinds)
        yield f"  {say['at']} {lon:.7f}, {lat:.7f} ({ends})"
        if width.cross_section_m is not None:
            yield f"  {say['cross']} {width.cross_section_m:.2f} m"
        yield f"  {say['gates']}: {len(width.gates)}, {say[width.gates_known]}"
        if self.room.length_m is not None:
            yield (f"  {say['length']} {self.room.length_m:.1f} m; {say['circle']} {self.room.circle_m:.1f} m, "
                   f"{say['square']} {self.room.square_m:.1f} m")  # fmt: skip
        if self.heights.high is not None:
            word = say["over"] if self.heights.low == self.heights.high else say["under"]
            yield f"  {say['height']} {word} {self.heights.high:.2f} m"
        for drive in self.drives:
            yield f"  {_drive_line(drive, say, lang)}"
        yield from (f"  · {note.of(lang)}" for note in self.notes)

    def draw(self, arguments: argparse.Namespace, *, alone: bool) -> Path:
        """Write the picture; of several lanes each has its own, with the lane's id in its name."""
        lang, target = language_of(arguments), Path(arguments.picture)
        drives = self.drives or [drive_through(self.width, vehicle(PICTURED))]
        sheet = draw_picture(
            self.measured, drives, lang=lang, foot=[n.of(lang) for n in self.notes]
        )
        if not alone:
            safe = "".join(c if c.isalnum() or c in "-_" else "_" for c in self.measured.lane.id)
            target = target.with_name(f"{target.stem}-{safe}{target.suffix}")
        with written_whole(target) as partial:
            if target.suffix.lower() == ".png":
                partial.write_bytes(sheet.png(arguments.font))
            else:
                partial.write_text(sheet.svg(), encoding="utf-8")
        return target

    def features(self) -> Iterator[dict[str, Any]]:
        """The bottleneck first, then gates, cross-section, and the ground each vehicle covers."""
        width, degrees = self.width, self.measured.plane.degrees
        about = {"lane": self.measured.lane.id, "name": self.measured.lane.name}
        yield _feature(self.measured.bottleneck, about | {
            "role": "bottleneck", "metres": round(width.metres, 3), "low": round(width.low, 3),
            "high": round(width.high, 3), "between": list(width.kinds), "gates_known": width.gates_known,
            "cross_section_m": None if width.section is None else round(width.section.metres, 3),
            "circle_m": round(self.room.circle_m, 2), "square_m": round(self.room.square_m, 2),
            "height_low_m": self.heights.low, "height_high_m": self.heights.high,
            "notes": [{"code": n.code, "zh": n.zh, "en": n.en} for n in self.notes],
        })  # fmt: skip
        for gate in width.gates:
            yield _feature(
                degrees(gate.line), about | {"role": "gate", "drawn": gate.drawn, "name": gate.name}
            )
        if width.section is not None:
            yield _feature(
                degrees(width.section.line),
                about | {"role": "cross_section", "metres": round(width.section.metres, 3)},
            )
            yield _feature(degrees(width.section.centreline), about | {"role": "centreline"})
        for drive in self.drives:
            said = about | {
                "vehicle": drive.vehicle.name,
                "passes": drive.passes,
                "spare_m": drive.spare_m,
            }
            if drive.swept is not None:
                yield _feature(degrees(drive.swept), said | {"role": "swept"})
            if drive.path is not None:
                yield _feature(degrees(drive.path), said | {"role": "path"})


def _shape(lane: Lane) -> BaseGeometry:
    return lane.shape if lane.shape.is_valid else lane.shape.buffer(0)


def _drive_line(drive: Drive, say: dict[str, str], lang: str) -> str:
    name = drive.vehicle.zh if lang == "zh" else drive.vehicle.en
    word = say["unknown"] if drive.passes is None else say["yes" if drive.passes else "no"]
    spare = (
        f", {say['spare']} {drive.spare_m:.2f} m"
        if drive.passes and drive.spare_m is not None
        else ""
    )
    return f"{name}: {word}{spare}" + ("" if drive.vehicle.verified else f" ({say['unverified']})")


def _feature(shape: BaseGeometry | Polygon, properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": "Feature", "geometry": mapping(shape), "properties": properties}
