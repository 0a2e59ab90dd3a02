"""The runner: several checks in one run, with findings, undecided and failures kept apart."""

from __future__ import annotations

import traceback
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from checks._catalogue import CheckEntry, get_check
from checks._records import VERDICTS, Failure, Finding, LayerRef, Undecided
from checks._refs import layer_refs
from checks._rulebook.pack import Limits, RulePack, limits_in_force
from checks._subjects import with_subjects
from layers import LayerSet
from layers.errors import Cancelled, RuleError
from layers.version import __version__

Progress = Callable[[int, int, str], None]
_LOOK_UP = 2000
"""How many records are made between two looks at whether the user has cancelled."""


@dataclass(frozen=True, slots=True)
class RunResult:
    """All that one run of one or more checks says, in a fixed order.

    The same layers, rules and date give the same result; nothing in it depends on the clock.
    """

    checks: tuple[str, ...]
    on_date: str
    place: str | None
    rules_sha256: str | None
    findings: tuple[Finding, ...]
    undecided: tuple[Undecided, ...]
    failures: tuple[Failure, ...]
    layers: tuple[LayerRef, ...]
    all_subjects: bool = False
    version: str = __version__
    area: str | None = None
    """The ground that was looked at, as WKT in WGS 84, where it was less than the layers."""

    def counts(self, check: str | None = None) -> dict[str, int]:
        """Findings by verdict; subjects that could not be measured count as `undecided`."""
        count = Counter(f.verdict for f in self.findings if check in (None, f.check))
        count["undecided"] += sum(
            1 for u in self.undecided if u.subject_id is not None and check in (None, u.check)
        )
        return {verdict: count[verdict] for verdict in VERDICTS}

    def no_data(self, check: str) -> bool:
        """Whether the check had nothing to look at: never to be read as clear."""
        return any(u.check == check and u.code in ("theme_missing", "no_data", "no_schools")
                   for u in self.undecided)  # fmt: skip


def run(
    check_ids: Sequence[str],
    layers: LayerSet,
    rules: RulePack | None,
    on_date: str,
    *,
    all_subjects: bool = False,
    progress: Progress | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> RunResult:
    """Run checks on the layers of one place for one day.

    `rules` may be `None`: then national defaults alone apply. `progress(done, total, id)` is
    called before every check and once at the end; `cancelled()` is asked between checks and
    every few thousand records, and raises `Cancelled`. A check that crashes becomes a
    `Failure`; the others go on. Raises `RuleError` for an unknown check or date.
    """
    _check_date(on_date)
    entries = [get_check(name) for name in dict.fromkeys(check_ids)]
    findings: list[Finding] = []
    undecided: list[Undecided] = []
    failures: list[Failure] = []
    for done, entry in enumerate(entries):
        _report(progress, done, len(entries), entry.check.id)
        try:
            limits = limits_in_force(entry.check, rules, on_date)
            found = run_entry(entry, layers, limits, all_subjects=all_subjects, cancelled=cancelled)
        except Cancelled:
            raise
        except Exception as error:  # noqa: BLE001 - whatever a check breaks on is its failure
            failures.append(_failure(entry.check.id, error))
            continue
        findings += found.findings
        undecided += found.undecided
    _report(progress, len(entries), len(entries), "")
    themes = [name for e in entries for name in e.check.themes]
    return RunResult(
        checks=tuple(entry.check.id for entry in entries), on_date=on_date,
        place=rules.place if rules else None, rules_sha256=rules.sha256 if rules else None,
        findings=tuple(findings), undecided=tuple(undecided), failures=tuple(failures),
        layers=_refs(layers, themes), all_subjects=all_subjects,
    )  # fmt: skip


def run_entry(
    entry: CheckEntry, layers: LayerSet, limits: Limits, *, all_subjects: bool = False,
    cancelled: Callable[[], bool] | None = None,
) -> RunResult:  # fmt: skip
    """One check under limits given as they are; raises what the check raises, and `Cancelled`."""
    records = entry.find(layers, limits, limits.on_date, all_subjects=all_subjects)
    found = _collect(records, cancelled)
    made = sorted((f for f in found if isinstance(f, Finding)), key=_order)
    return RunResult(
        checks=(entry.check.id,), on_date=limits.on_date, place=None, rules_sha256=None,
        findings=tuple(with_subjects(made, layers)),
        undecided=tuple(with_subjects((u for u in found if isinstance(u, Undecided)), layers)),
        failures=(), layers=(), all_subjects=all_subjects,
    )  # fmt: skip


def _collect(
    records: Iterable[Finding | Undecided], cancelled: Callable[[], bool] | None
) -> list[Finding | Undecided]:
    found: list[Finding | Undecided] = []
    for number, record in enumerate(records):
        if number % _LOOK_UP == 0:
            _stop_if(cancelled)
        found.append(record)
    _stop_if(cancelled)
    return found


def _order(finding: Finding) -> tuple[int, int, float, str]:
    share = (finding.measured or 0.0) / (finding.limit or 1.0)
    if (finding.comparator or "").startswith(">"):
        share = -share
    return VERDICTS.index(finding.verdict), -finding.strength, share, finding.subject_id


def _failure(check: str, error: Exception) -> Failure:
    trace = "".join(traceback.format_exception(error))
    return Failure(check, f"{type(error).__name__}: {error}", trace)


def _refs(layers: LayerSet, themes: Sequence[str]) -> tuple[LayerRef, ...]:
    try:
        return layer_refs(layers, themes)
    except Exception:  # noqa: BLE001 - a damaged layer is already a failure of its check
        return ()


def _report(progress: Progress | None, done: int, total: int, text: str) -> None:
    if progress is not None:
        progress(done, total, text)


def _stop_if(cancelled: Callable[[], bool] | None) -> None:
    if cancelled is not None and cancelled():
        raise Cancelled


def _check_date(on_date: str) -> None:
    try:
        valid = date.fromisoformat(on_date).isoformat() == on_date
    except (TypeError, ValueError):
        valid = False
    if not valid:
        raise RuleError(
            f"{on_date!r} is not a date", remedy="write it as YYYY-MM-DD", field="on_date"
        )
