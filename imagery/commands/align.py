"""Lay a scene on an earlier one, or on the map; move it where a person says so."""

from __future__ import annotations

import argparse
import json
from datetime import datetime
from pathlib import Path

from imagery.align import (
    BaseShift,
    adjusted,
    against_base,
    before_after,
    by_hand,
    common_grid,
    comparable,
    estimate,
    ground_of,
    middle_of,
    move,
)
from imagery.shell_words import add_language, add_store, language_of, scene_named
from imagery.store import Store
from layers import LayerFolder
from layers.errors import ImageryError


def add(parser: argparse.ArgumentParser) -> None:
    """The arguments of the command."""
    parser.add_argument(
        "id", metavar="ID", help="the scene to be laid straight: id, or name of its file"
    )
    add_store(parser)
    to = parser.add_mutually_exclusive_group(required=True)
    to.add_argument("--on", metavar="ID", help="the scene it is laid on")
    to.add_argument("--base", type=Path, metavar="LAYERS", help="folder of layers it is laid on")
    to.add_argument("--by-hand", nargs=2, type=float, metavar=("EAST", "NORTH"),
                    help="metres to move it by")  # fmt: skip
    parser.add_argument("--size", type=float, default=4.0, metavar="M",
                        help="width of the things to be compared (default 4 m)")  # fmt: skip
    parser.add_argument("--picture", type=Path, metavar="PNG", help="write the chequered picture")
    parser.add_argument("--take", action="store_true", help="move the scene as measured")
    parser.add_argument("--who", default="", help="who decides it (for --take and --by-hand)")
    parser.add_argument("--why", default="", help="why (for --by-hand)")
    parser.add_argument("--u-m", type=float, metavar="M",
                        help="position error after a move by hand, metres")  # fmt: skip
    add_language(parser)


def run(arguments: argparse.Namespace) -> int:
    """Print what was measured as JSON; exit code 1 where the two are not comparable."""
    store = Store.open(arguments.store, create=False)
    arguments.id = scene_named(store, arguments.id)
    if arguments.on is not None:
        arguments.on = scene_named(store, arguments.on)
    if arguments.by_hand is not None:
        return _by_hand(store, arguments)
    if arguments.base is not None:
        return _on_base(store, arguments)
    return _on_scene(store, arguments)


def _on_scene(store: Store, arguments: argparse.Namespace) -> int:
    before, after = ground_of(store, arguments.on), ground_of(store, arguments.id)
    found = estimate(before, after)
    answer = comparable(found, arguments.size, before.gsd_m, after.gsd_m)
    english = language_of(arguments) == "en"
    _print({**found.as_dict(), "comparable": answer.yes, "size_m": arguments.size,
            "reason": answer.why_en if english else answer.why_zh})  # fmt: skip
    if arguments.picture is not None:
        before_after(common_grid(before, after), found, arguments.picture)
    if arguments.take:
        placement, entry = adjusted(
            after.placement, found, who=_who(arguments), when=_now(), against=arguments.on,
            u_against_m=before.placement.u_m,
        )  # fmt: skip
        move(store, arguments.id, placement, entry)
    return 0 if answer.yes else 1


def _on_base(store: Store, arguments: argparse.Namespace) -> int:
    scene = ground_of(store, arguments.id)
    found = against_base(scene, LayerFolder(arguments.base))
    english = language_of(arguments) == "en"
    _print({
        "found": found.found, "east_m": found.east_m, "north_m": found.north_m,
        "u_m": found.u_m if found.found else None, "clear": round(found.clear, 2),
        "reason": found.why_en if english else found.why_zh,
        "datum": found.hint.datum, "hint": found.hint.text_en if english else found.hint.text_zh,
    })  # fmt: skip
    if arguments.take:
        _take_base(store, arguments, found)
    return 0 if found.found else 1


def _take_base(store: Store, arguments: argparse.Namespace, found: BaseShift) -> None:
    if not found.found:
        raise ImageryError(f"nothing to take: {found.why_en}", field=arguments.id,
                           remedy="move it by hand with --by-hand EAST NORTH")  # fmt: skip
    scene = ground_of(store, arguments.id)
    placement, entry = by_hand(
        scene.placement, middle_of(scene), (found.east_m, found.north_m), u_m=found.u_m,
        who=_who(arguments), when=_now(), why=arguments.why or f"laid on {arguments.base.name}",
    )  # fmt: skip
    move(store, arguments.id, placement, entry)


def _by_hand(store: Store, arguments: argparse.Namespace) -> int:
    if arguments.u_m is None:
        raise ImageryError("a move by hand needs the position error it leaves", field="--u-m",
                           remedy="say in metres how well the scene lies afterwards")  # fmt: skip
    scene = ground_of(store, arguments.id)
    placement, entry = by_hand(
        scene.placement, middle_of(scene), tuple(arguments.by_hand), u_m=arguments.u_m,
        who=arguments.who, when=_now(), why=arguments.why,
    )  # fmt: skip
    move(store, arguments.id, placement, entry)
    _print(entry.as_dict())
    return 0


def _who(arguments: argparse.Namespace) -> str:
    name = str(arguments.who).strip()
    if not name:
        raise ImageryError("who moves the scene is missing", field="--who",
                           remedy="say the name of the person who takes the alignment")  # fmt: skip
    return name


def _now() -> str:
    return datetime.now().astimezone().isoformat(timespec="seconds")


def _print(table: dict[str, object]) -> None:
    print(json.dumps(table, ensure_ascii=False, indent=1))
