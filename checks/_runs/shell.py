"""`python -m checks compare | what-if | runs`: two runs side by side, a limit moved, what was kept."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from pathlib import Path

from shapely.geometry.base import BaseGeometry

from checks._catalogue import get_check
from checks._records import VERDICTS, verdict_words
from checks._rulebook.pack import limits_in_force
from checks._rulebook.reading import load_rules
from checks._rulebook.rule import UNITS
from checks._runs.area import area_of, township_area
from checks._runs.compare import DIFFERENCES, WHY_NOT, Comparison, compare, read_run
from checks._runs.compare_files import write_comparison
from checks._runs.kept import findings_of, kept_runs
from checks._runs.spread import spread
from checks._runs.summary import VERDICT_HEADS, row
from checks._runs.what_if import METHODS_IF, NOT_LAW, WhatIf, if_measured, if_run, rule_to_move
from checks._text import Text
from layers import LayerFolder, LayerSet

_W: dict[str, Text] = {
    "same": Text("两次相同", "the same in both"),
    "uncompared": Text("无法对比", "not comparable"),
    "new": Text("会新增", "would be found"),
    "gone": Text("会消失", "would be found no longer"),
    "before": Text("现行限值", "by the rule"),
    "after": Text("改动后", "by the other limit"),
    "everywhere": Text("全部范围", "everywhere"),
}


def add_area(command: argparse.ArgumentParser) -> None:
    """The ground: a window, a polygon's file, or a township."""
    command.add_argument("--area", metavar="W,S,E,N|FILE|TOWNSHIP",
                         help="only this ground: degrees of a window, a GeoJSON polygon, or a township's name or id")  # fmt: skip


def ground(text: str | None, layers: LayerSet) -> BaseGeometry | None:
    """What `--area` says, in WGS 84; raises `RuleError`."""
    if not text:
        return None
    return (
        area_of(text)
        if ";" in text or text.count(",") == 3 or Path(text).is_file()
        else township_area(layers, text)
    )


def add_compare(command: argparse.ArgumentParser) -> None:
    """The arguments of `compare`."""
    command.add_argument("before", help="the earlier run: its GeoJSON, or FOLDER/ID of a kept run")
    command.add_argument("after", help="the later run")
    command.add_argument("--json", action="store_true", help="print it as JSON")
    command.add_argument(
        "--out", metavar="FILE", help="also write every difference to a .csv or .geojson"
    )
    command.set_defaults(run=_compare)


def add_what_if(command: argparse.ArgumentParser) -> None:
    """The arguments of `what-if`."""
    command.add_argument("check", help="the check's id")
    command.add_argument(
        "--limit", required=True, type=float, help="the other limit, in the rule's unit"
    )
    command.add_argument(
        "--rule", help="which limit, where the check has several: a rule's id or its class"
    )
    command.add_argument("--layers", required=True, help="the folder of layers")
    command.add_argument("--rules", help="a place in data/rules, or the path of a .toml file")
    command.add_argument("--on", required=True, help="the day to judge for (YYYY-MM-DD)")
    add_area(command)
    command.add_argument(
        "--rerun", action="store_true", help="run the check again even where it is not needed"
    )
    command.add_argument("--json", action="store_true", help="print it as JSON")
    command.set_defaults(run=_what_if)


def add_runs(command: argparse.ArgumentParser) -> None:
    """The arguments of `runs`."""
    command.add_argument("folder", help="the folder `run --keep` wrote to")
    command.set_defaults(run=_runs)


def _file(text: str) -> Path:
    path = Path(text)
    return findings_of(path.parent, path.name) if path.is_dir() else path


def _compare(arguments: argparse.Namespace) -> int:
    found = compare(read_run(_file(arguments.before)), read_run(_file(arguments.after)))
    if arguments.out:
        write_comparison(found, arguments.out, arguments.lang)
    if arguments.json:
        print(json.dumps(found.as_dict(), ensure_ascii=False, indent=1))
    else:
        print("\n".join(_compared(found, arguments.lang)))
    return 0


def _compared(found: Comparison, lang: str) -> Iterator[str]:
    for kind, count in found.counts().items():
        yield f"{DIFFERENCES[kind].of(lang)}: {count}"
    yield f"{_W['same'].of(lang)}: {found.same}"
    for check, why in found.uncompared.items():
        yield f"{_W['uncompared'].of(lang)}: {check}: {WHY_NOT[why].of(lang)}"
    for one in found.differences:
        verdicts = " → ".join(verdict_words(v, one.unit).of(lang) if v else "–"
                              for v in (one.before, one.after))  # fmt: skip
        what = f" ({', '.join(one.what)})" if one.what else ""
        yield f"  {DIFFERENCES[one.kind].of(lang)}  {one.check}  {one.name or one.subject_id}  {verdicts}{what}"


def _what_if(arguments: argparse.Namespace) -> int:
    entry = get_check(arguments.check)
    layers = LayerFolder(arguments.layers)
    pack = load_rules(arguments.rules) if arguments.rules else None
    limits = limits_in_force(entry.check, pack, arguments.on)
    rule = rule_to_move(entry, pack, arguments.on, arguments.rule)
    area = ground(arguments.area, layers)
    measured = None
    if entry.perimeter is not None and rule.is_distance and not arguments.rerun:
        widest = max(rule.limit_m, arguments.limit * rule.limit_m / rule.value)
        measured = spread(entry, layers, limits, rule, widest, area=area)
    found = (if_run(entry, layers, limits, rule, arguments.limit, area=area) if measured is None
             else if_measured(measured, rule, arguments.limit))  # fmt: skip
    if arguments.json:
        print(json.dumps(found.as_dict(), ensure_ascii=False, indent=1))
    else:
        print("\n".join(_moved(found, arguments.lang)))
    return 0


def _moved(found: WhatIf, lang: str) -> Iterator[str]:
    unit = UNITS[found.unit].of(lang) if found.unit in UNITS else found.unit
    yield f"*** {NOT_LAW.of(lang)} ***"
    yield f"{found.rule}: {found.limit:g} → {found.value:g} {unit}"
    yield METHODS_IF[found.method].of(lang)
    yield row("", (VERDICT_HEADS[v].of(lang) for v in VERDICTS))
    for name in ("before", "after"):
        yield row(_W[name].of(lang), (getattr(found, name)[v] for v in VERDICTS))
    for name in ("new", "gone"):
        rows = getattr(found, name)
        yield f"{_W[name].of(lang)}: {len(rows)}"
        yield from (f"  {row[1] or row[0]}" for row in rows)


def _runs(arguments: argparse.Namespace) -> int:
    for run in kept_runs(Path(arguments.folder)):
        counts = " ".join(f"{VERDICT_HEADS[v].of(arguments.lang)} {run.count(v)}" for v in VERDICTS)
        area = run.area_name or _W["everywhere"].of(arguments.lang)
        print(
            f"{run.id}  {run.on_date}  {run.rules or '-'}  {area}  {','.join(run.checks)}  {counts}"
        )
    return 0
