"""The collection record of a scene: what is known, what is blank; entries and hand-overs."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime
from pathlib import Path

from evidence.collection import Collection, collection_of, form, hand_over, record_fields
from evidence.glyphs import printable
from evidence.words import moment
from imagery.store import Store
from layers.errors import YichaError
from office.policy import require_somewhere
from office.shell_words import (
    add_actor,
    add_language,
    add_store,
    at_work,
    language_of,
    utc_text,
)


def add(parser: argparse.ArgumentParser) -> None:
    """Scenes, entries, a hand-over."""
    parser.add_argument("scenes", nargs="+", metavar="SCENE", help="id of a scene in the store")
    add_store(parser)
    parser.add_argument("--imagery", type=Path, required=True, help="imagery store")
    parser.add_argument("--set", action="append", default=[], nargs="+", metavar="FIELD=VALUE",
                        help="fill in; the same for every scene named")  # fmt: skip
    parser.add_argument("--hand-over", nargs=3, metavar=("FROM", "TO", "PURPOSE"),
                        help="the original went from one to another; it is hashed again")  # fmt: skip
    add_language(parser)
    add_actor(parser)


def run(arguments: argparse.Namespace) -> int:
    """Write what was told, then print the records; 1 where something is blank or was altered."""
    at, lang = utc_text(datetime.now(UTC)), language_of(arguments)
    store = Store.open(arguments.imagery, create=False)
    entries = _entries([one for several in arguments.set for one in several])
    altered = 0
    with at_work(arguments, at, create=True) as (db, actor, _):
        require_somewhere(actor, "lead.read")
        if entries:
            record_fields(db, store, arguments.scenes, entries, actor=actor, at=at)
        for scene in arguments.scenes if arguments.hand_over else ():
            done = hand_over(db, store, scene, tuple(arguments.hand_over), actor=actor, at=at)
            altered += not done.matches
        records = [collection_of(db, store, scene) for scene in arguments.scenes]
    for one in records:
        _print(one, lang)
    return 1 if altered or any(one.blank for one in records) else 0


def _entries(told: list[str]) -> dict[str, str]:
    for one in told:
        if "=" not in one:
            raise YichaError("an entry is FIELD=VALUE", field=one[:40],
                             remedy=f"fields: {', '.join(form())}")  # fmt: skip
    return dict(one.split("=", 1) for one in told)


def _print(record: Collection, lang: str) -> None:
    print(record.scene)
    blank = {one.name for one in record.blank}
    missing = "!! 未填" if lang == "zh" else "!! blank"
    for name, field in form().items():
        value = missing if name in blank else printable(record.values.get(name, ""))
        told = record.said_by(name)
        print(f"  {name}\t{field.words.of(lang)}\t{value}\t{told}".rstrip())
    for one in record.handovers:
        same = "=" if one.matches else "≠ 哈希不符 altered"
        print(f"  {moment(one.at)}\t{printable(one.giver)} → {printable(one.receiver)}\t{printable(one.purpose)}\tSHA-256 {one.sha256[:16]} {same}\t"
              f"{one.recorded_by}")  # fmt: skip
    done, left = ("采集记录完整", "项未填") if lang == "zh" else ("complete", "fields blank")
    print(f"  {done if not blank else f'{len(blank)} {left}'}")
