"""Lay a register beside what is on site: `match REGISTER.parquet POI.parquet --out matches.parquet`.

Prints links by zone (same, ask a person, different) and, by class, what follows from them.
"""

from __future__ import annotations

import argparse
import sys
from datetime import date
from pathlib import Path

import pandas as pd

from layers.errors import SourceError
from layers.layer import Layer, read_layer
from layers.matching import ZONES, Decisions, Matches, differences, match
from layers.themes import DIFFERENCE_CLASSES

_SHOWN = ("name", "address")
_ZONE_WORDS = {"same": "同一户", "ask": "需人工确认", "different": "不同"}
_CLASS_WORDS = {
    "only_in_register": "登记有、现场未见", "only_on_site": "现场有、登记未见", "probable_match": "可能为同一户",
    "attributes_differ": "同一户、信息不一致", "moved": "同一户、已迁址", "several_at_one_address": "一址多户",
    "licence_not_in_force": "在营而登记或许可失效",
}  # fmt: skip


def add(parser: argparse.ArgumentParser) -> None:
    """The arguments of the command."""
    parser.add_argument("register", type=Path, metavar="REGISTER", help="layer of the register")
    parser.add_argument("site", type=Path, metavar="POI", help="layer of what is on site")
    parser.add_argument("--out", type=Path, required=True, metavar="FILE", help="links, as Parquet")
    parser.add_argument("--on", metavar="DATE", help="day on which licences must be in force")
    parser.add_argument("--decisions", type=Path, metavar="FILE",
                        help="what people decided before (CSV, or a folder with decisions.csv)")  # fmt: skip
    parser.add_argument("--differences", type=Path, metavar="FILE",
                        help="write the differences as a layer, too")  # fmt: skip


def run(arguments: argparse.Namespace) -> int:
    """Match, write the links and print the counts."""
    on_date = None if arguments.on is None else _date(arguments.on)
    register, site = read_layer(arguments.register), read_layer(arguments.site)
    decided = Decisions.read(arguments.decisions) if arguments.decisions else Decisions()
    found = match(register, site, decisions=decided)
    with_names(found, register, site).write(arguments.out)
    layer = differences(register, site, found, on_date)
    if arguments.differences:
        layer.write(arguments.differences)
    sys.stdout.write("\n".join(report(found, layer, on_date)) + "\n")
    return 0


def with_names(found: Matches, register: Layer, site: Layer) -> Matches:
    """The matches with name and address of both sides beside every link, for a person to read."""
    links = found.links
    for layer, side in ((register, "register"), (site, "site")):
        rows = pd.DataFrame(layer.frame[["id", *_SHOWN]]).set_index("id")
        rows = rows.reindex(links[f"{side}_id"]).set_axis(links.index)
        links = links.assign(**{f"{side}_{name}": rows[name].astype(object) for name in _SHOWN})
    return Matches(links, found.register_ids, found.site_ids)


def report(found: Matches, layer: Layer, on_date: str | None) -> list[str]:
    """Counts by zone and by class, one a line."""
    counts = found.counts()
    lines = [f"zone {zone} ({_ZONE_WORDS[zone]}): {counts[zone]}" for zone in ZONES]
    classes = layer.frame["difference_class"].value_counts()
    lines += [f"class {name} ({_CLASS_WORDS[name]}): {int(classes.get(name, 0))}" for name in DIFFERENCE_CLASSES]  # fmt: skip
    if on_date is None:
        lines.append("note: no --on DATE was given, so no licence was asked whether it is in force")
    if counts["ask"]:
        lines.append(
            "next: `python -m layers match-review MATCHES --out review.xlsx` lists the pairs to decide"
        )
    return lines


def _date(text: str) -> str:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise SourceError(f"{text!r} is no date", remedy="write --on YYYY-MM-DD") from None
