"""What a watch's due checks find: one check after the other, kept until the whole run is taken in.

A run that was stopped goes on where it was: what a check found is written into the work folder under
a name made from everything it depends on, and taken from there the next time.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry

from checks import Check, RulePack, get_check, load_rules, run, write_findings
from layers import LayerFolder
from layers.errors import Cancelled, LeadError, RuleError
from layers.version import __version__
from leads.runs.reading import Findings, read_findings
from leads.watches.due import EVERYWHERE, RULES_KEY, Due, check_key
from office.canonical import canonical, sha256

Progress = Callable[[int, int, str], None]


@dataclass(frozen=True, slots=True)
class Work:
    """How a run goes: `folder` keeps what is done (None: nothing is kept), `progress(done, total,
    check)` is told before every check, `cancelled()` asked within and between them.
    """

    folder: Path | None = None
    progress: Progress | None = None
    cancelled: Callable[[], bool] | None = None


@dataclass(frozen=True, slots=True)
class _Ground:
    """What every check of a run looks at."""

    layers: LayerFolder
    rules: RulePack | None
    on_date: str


def find(due: Due, on_date: str, work: Work) -> tuple[Findings, list[Path]]:
    """What the due checks find on a day, and the files kept until it is taken in.

    Raises `Cancelled`; what was done until then is kept.
    """
    rules = load_rules(due.watch.rules) if due.watch.rules else None
    ground = _Ground(LayerFolder(due.watch.folder), rules, on_date)
    parts: list[Findings] = []
    kept: list[Path] = []
    for done, check in enumerate(due.reasons):
        if work.cancelled is not None and work.cancelled():
            raise Cancelled
        if work.progress is not None:
            work.progress(done, len(due.reasons), check)
        try:
            file = _file(due, get_check(check).check, on_date, work)
        except RuleError as error:  # it is there no longer, or its model is broken
            parts.append(_failed(check, error, ground))
            continue
        parts.append(_read(file) or _run(due, check, ground, file, work))
        kept += [file] if file else []
    if work.progress is not None:
        work.progress(len(due.reasons), len(due.reasons), "")
    return within(together(parts), due.watch.area), kept


def _run(due: Due, check: str, ground: _Ground, file: Path | None, work: Work) -> Findings:
    """Run one check; it is kept where it read what the hashes tell of."""
    result = run([check], ground.layers, ground.rules, ground.on_date, cancelled=work.cancelled)
    used = {ref.theme: str(ref.sha256) for ref in result.layers}
    if file and not result.failures and used.items() <= dict(due.hashes).items():
        write_findings(result, file)
    return read_findings(result)


def _failed(check: str, error: RuleError, ground: _Ground) -> Findings:
    """A check that cannot even be started, as a run that failed."""
    rules = ground.rules
    facts = {"version": __version__, "checks": [check], "on_date": ground.on_date,
             "rules": rules.place if rules else None, "rules_sha256": rules.sha256 if rules else None,
             "failures": [{"check": check, "message": str(error)}], "layers": []}  # fmt: skip
    return Findings(facts, (), sha256(canonical(facts)))


def together(parts: Sequence[Findings]) -> Findings:
    """The findings of several checks as those of one run of all of them."""
    runs = [one.run for one in parts]
    layers = {one["theme"]: one for run in runs for one in run.get("layers") or ()}
    joined: dict[str, Any] = {
        name: [one for run in runs for one in run.get(name) or ()]
        for name in ("checks", "no_data", "undecided", "failures")
    }
    counts = {check: count for run in runs for check, count in (run.get("counts") or {}).items()}
    facts = {**runs[0], **joined, "counts": counts, "layers": list(layers.values())}
    sighted = tuple(one for part in parts for one in part.sighted)
    return Findings(facts, sighted, sha256("".join(one.sha256 for one in parts)))


def within(findings: Findings, area: BaseGeometry | None) -> Findings:
    """Only what lies in an area (WGS 84); what has no place stays."""
    if area is None:
        return findings
    shapely.prepare(area)
    inside = tuple(one for one in findings.sighted if one.lon is None or one.lat is None
                   or bool(shapely.intersects_xy(area, one.lon, one.lat)))  # fmt: skip
    return replace(findings, sighted=inside)


def _file(due: Due, check: Check, on_date: str, work: Work) -> Path | None:
    if work.folder is None:
        return None
    themes = {*check.themes, *EVERYWHERE, RULES_KEY, check_key(check.id)}
    inputs = {name: value for name, value in due.hashes.items() if name in themes}
    name = sha256(canonical([check.id, on_date, _sorted(inputs), __version__]))[:24]
    return work.folder / f"{check.id}-{name}.geojson"


def _read(file: Path | None) -> Findings | None:
    """What is kept; a file that cannot be read is made again."""
    try:
        return read_findings(file) if file and file.is_file() else None
    except LeadError:
        return None


def _sorted(values: Mapping[str, str]) -> list[list[str]]:
    return [[name, values[name]] for name in sorted(values)]
