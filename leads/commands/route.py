"""Find the competent agency and procuratorate of leads; with `--to`, give one to another agency.

Without ids every open lead that has no agency yet is routed. `--areas` is a layer of township
polygons, or the folder of layers that holds one.
"""

from __future__ import annotations

import argparse
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from checks import Text
from layers.errors import LeadError
from layers.folder import LayerFolder
from layers.layer import Layer, read_layer
from leads.routing import Routed, reroute, route
from leads.shell_steps import add_change, day_of
from office.agencies import AgencyTable, load_agencies
from office.shell_words import (
    add_actor,
    add_language,
    add_store,
    at_work,
    language_of,
    utc_text,
)

AREAS = "township"
_MARKS = {
    "near_border": Text("临近边界，两侧均已列出", "near a border: both sides are named"),
    "several": Text("多个机关均有职责", "several agencies are competent"),
}
_SUMMARY = Text("已确定 {done} 条，未变 {same} 条，未能确定 {none} 条",
                "{done} routed, {same} as before, {none} not to be routed")  # fmt: skip
_GENERATED = Text("注意：机关名录为虚构", "note: these offices are invented")


def add(parser: argparse.ArgumentParser) -> None:
    """The arguments of the command."""
    parser.add_argument("lead", nargs="*", help="ids or numbers (none: all without an agency)")
    parser.add_argument("--place", required=True, help="a place of data/agencies, or a .toml file")
    parser.add_argument(
        "--areas", type=Path, help="layer or folder with the administrative polygons"
    )
    parser.add_argument("--to", metavar="AGENCY", help="give the one lead named to this agency")
    parser.add_argument("--reason", default="", metavar="TEXT", help="why another agency")
    add_change(parser)
    add_store(parser)
    add_actor(parser)
    add_language(parser)


def run(arguments: argparse.Namespace) -> int:
    """Route them and say where they went."""
    now = datetime.now(UTC)
    at = utc_text(now)
    table = load_agencies(arguments.place)
    common: dict[str, Any] = {
        "table": table,
        "at": at,
        "on_date": day_of(arguments, now),
    }
    with at_work(arguments, at) as (database, actor, _):
        common["actor"] = actor
        if arguments.to:
            if len(arguments.lead) != 1:
                raise LeadError("--to takes one lead", field="lead", remedy="name exactly one")
            done = [reroute(database, arguments.lead[0], arguments.to, reason=arguments.reason,
                            version=arguments.version, **common)]  # fmt: skip
        else:
            done = route(database, arguments.lead or None, areas=_areas(arguments.areas), **common)
    _print(done, table, language_of(arguments), bool(arguments.lead))
    return 0


def _areas(path: Path | None) -> Layer | None:
    if path is None:
        return None
    if path.is_dir():
        folder = LayerFolder(path)
        if AREAS not in folder:
            raise LeadError(f"the folder holds no layer {AREAS}", field="--areas",
                            remedy="import the administrative polygons as theme township")  # fmt: skip
        return folder[AREAS]
    return read_layer(path)


def _print(done: list[Routed], table: AgencyTable, lang: str, named: bool) -> None:
    for one in done:
        marks = "; ".join(_MARKS[mark].of(lang) for mark in one.marks)
        if named or one.marks or one.agency is None:
            print(f"{one.lead_id} → {_name(table, one.agency, lang)} · "
                  f"{_name(table, one.procuratorate, lang)}"
                  f"{f' [{marks}]' if marks else ''}{f' ({one.why_not})' if one.why_not else ''}")  # fmt: skip
    none = sum(one.agency is None for one in done)
    moved = sum(one.changed for one in done)
    print(_SUMMARY.fill(done=moved, same=len(done) - moved - none, none=none).of(lang))
    if table.generated:
        print(_GENERATED.of(lang))


def _name(table: AgencyTable, agency: str | None, lang: str) -> str:
    found = table.find(agency) if agency else None
    return found.words.of(lang) if found else "—"
