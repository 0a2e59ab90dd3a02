"""Areas to cover on copies of a scene, and a redacted copy of its picture."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime
from pathlib import Path

from evidence.ledger import Purpose, export_file
from evidence.redaction.areas import REASONS, Area, areas_of, box, read_areas, record_areas
from evidence.redaction.copies import redacted_copy, suffix_of
from evidence.redaction.cover import TREATMENTS
from evidence.redaction.release import Shown, released, standing_of
from evidence.redaction.scenes import grounded, on_picture, picture_file
from evidence.redaction.watermark import watermark_text
from imagery.store import Store
from layers.errors import YichaError
from office import Actor, Database
from office.shell_words import add_actor, add_store, at_work, utc_text


def add(parser: argparse.ArgumentParser) -> None:
    """Scene, areas, and where a copy goes."""
    parser.add_argument("scene", metavar="SCENE", help="id of a scene in the store")
    add_store(parser)
    parser.add_argument("--imagery", type=Path, required=True, help="imagery store")
    parser.add_argument(
        "--areas", type=Path, metavar="GEOJSON", help="polygons drawn on the map (WGS 84)"
    )
    parser.add_argument(
        "--ground", action="append", default=[], metavar="W,S,E,N", help="a rectangle in degrees"
    )
    parser.add_argument("--box", action="append", default=[], metavar="L,T,R,B",
                        help="a rectangle in pixels of the upright picture")  # fmt: skip
    parser.add_argument(
        "--why",
        choices=REASONS,
        default="other",
        help="what is covered; a yard holds on every scene",
    )
    parser.add_argument("--how", choices=TREATMENTS, default="pixelate")
    parser.add_argument(
        "--nothing", action="store_true", help="somebody looked: there is nothing to cover"
    )
    parser.add_argument("--seen", metavar="W,S,E,N", help="the ground that was looked at (degrees); what is said holds "
                        "there, without it for the whole scene")  # fmt: skip
    parser.add_argument(
        "--anew", action="store_true", help="take back what was drawn on this scene before"
    )
    parser.add_argument(
        "--out", type=Path, help="write a redacted copy (JPEG, PNG or GeoTIFF as the original)"
    )
    parser.add_argument("--reason", default="", help="why the copy leaves")
    parser.add_argument("--recipient", default="", help="for whom")
    parser.add_argument("--until", metavar="YYYY-MM-DD", help="how long they may keep it")
    add_actor(parser, "reviewer")


def run(arguments: argparse.Namespace) -> int:
    """Record the areas, write the copy, say what holds now."""
    now = datetime.now(UTC)
    store, scene = Store.open(arguments.imagery, create=False), arguments.scene
    with at_work(arguments, utc_text(now), create=True) as (db, actor, _):
        new = [grounded(store, scene, one) for one in _areas(arguments)]
        if new or arguments.nothing or arguments.anew:
            record_areas(db, scene, new, actor=actor, at=utc_text(now), anew=arguments.anew,
                         seen=box(arguments.seen).bounds if arguments.seen else None)  # fmt: skip
        held = areas_of(db, scene)
        if arguments.out:
            leaves = released(db, Shown(scene))
            if leaves is None:
                raise YichaError("no second person has approved what is covered here · 打码未经第二人复核", field="areas",
                                 remedy="draw, or say --nothing; then somebody else runs `python -m evidence approve`")  # fmt: skip
            _copy(arguments, db, actor, store, leaves, now=now)
        state = standing_of(db, scene).state
    for one in held or ():
        print(f"  {one.plane}\t{one.why}\t{one.treatment}\t{one.shape.wkt[:100]}")
    print(f"{scene}: {'not looked at yet' if held is None else f'{len(held)} areas'} · {state}")
    return 0


def _areas(arguments: argparse.Namespace) -> list[Area]:
    why, how = arguments.why, arguments.how
    drawn = (
        read_areas(arguments.areas.read_text(encoding="utf-8"), why, how) if arguments.areas else []
    )
    drawn += [Area(box(one), "ground", why, how) for one in arguments.ground]
    return drawn + [Area(box(one), "picture", why, how) for one in arguments.box]


def _copy(
    arguments: argparse.Namespace,
    db: Database,
    actor: Actor,
    store: Store,
    held: tuple[Area, ...],
    *,
    now: datetime,
) -> None:
    purpose = Purpose(arguments.reason, arguments.recipient, arguments.until)
    areas, outlines = on_picture(store, arguments.scene, held)
    text = watermark_text(actor.name, purpose.recipient, utc_text(now))
    with picture_file(store, arguments.scene) as source:
        if arguments.out.suffix.lower() not in _suffixes(suffix_of(source)):
            raise YichaError(f"the copy is a {suffix_of(source)}", file=arguments.out,
                             remedy="give --out that suffix")  # fmt: skip
        with export_file(db, arguments.out, what="picture", leads=[], actor=actor, purpose=purpose,
                         at=utc_text(now), shared=True, pictures=lambda: [Shown(arguments.scene)]) as file:  # fmt: skip
            redacted_copy(source, file, outlines, [one.treatment for one in areas], text=text)
    print(f"→ {arguments.out}: {len(areas)} areas hold here")
    if left := len(held) - len(areas):
        print(f"  {left} areas of the ground are not placed on a photo: look, and draw them on it")


def _suffixes(suffix: str) -> tuple[str, ...]:
    return {".jpg": (".jpg", ".jpeg"), ".tif": (".tif", ".tiff")}.get(suffix, (suffix,))
