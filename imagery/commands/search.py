"""Find scenes by place, time and kind.

With --json the STAC items are printed as one GeoJSON collection. The exit code is 1 when nothing
was found.
"""

from __future__ import annotations

import argparse
import json
import re

from imagery.catalogue import footprints, select
from imagery.shell_words import (
    KINDS,
    add_language,
    add_store,
    bounds_of,
    language_of,
    scene_lines,
)
from imagery.store import Store


def add(parser: argparse.ArgumentParser) -> None:
    """The arguments of the command."""
    parser._negative_number_matcher = re.compile(r"^-\d")
    add_store(parser)
    add_language(parser)
    parser.add_argument("--bbox", metavar="W,S,E,N", help="degrees, WGS 84")
    parser.add_argument("--from", dest="start", metavar="DAY", help="taken on this day or later")
    parser.add_argument("--to", dest="end", metavar="DAY", help="taken on this day or earlier")
    parser.add_argument("--kind", action="append", choices=list(KINDS), help="may be repeated")
    parser.add_argument("--json", action="store_true", help="print STAC items")


def run(arguments: argparse.Namespace) -> int:
    """Print what was found, oldest first."""
    store = Store.open(arguments.store, create=False)
    found = select(footprints(store), bounds_of(arguments.bbox), arguments.start, arguments.end,
                   arguments.kind)  # fmt: skip
    if arguments.json:
        items = [store.document(scene) for scene in found["id"]]
        table = {"type": "FeatureCollection", "features": items}
        print(json.dumps(table, ensure_ascii=False, indent=1))
    else:
        for line in scene_lines(found, language_of(arguments)):
            print(line)
    return 0 if len(found) else 1
