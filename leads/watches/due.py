"""Which standing watches are due, and why: new data, new rules, so many days, a look-back."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from sqlalchemy import Connection, select

from checks import CheckEntry, Text, catalogue, load_rules
from layers import LayerFolder, YichaError
from layers.provenance import sha256_of
from layers.version import __version__
from leads.steps.look_back import PLANNED
from leads.watches.watch import ACTIVE, Watch, may_watch, watch_named, watches_in
from office import Actor, Database
from office.policy import require_somewhere
from office.schema import LEAD, REINSPECTION
from office.working_days import parse_day

RUN = "watch.run"
FIRST, DATA, RULES, CALENDAR, LOOK, ASKED = "first", "data", "rules", "calendar", "look", "asked"
REASON_WORDS: Mapping[str, Text] = {
    FIRST: Text("首次运行", "the first run"),
    DATA: Text("数据已更新", "its data changed"),
    RULES: Text("规则或检查已更新", "its rules or the check itself changed"),
    CALENDAR: Text("按周期运行", "by calendar"),
    LOOK: Text("回头看到期", "a look-back is due"),
    ASKED: Text("手动运行", "somebody asked for it"),
}
"""Why a check of a watch runs again."""
RULES_KEY = "rules"
EVERYWHERE = frozenset({"walking", "decisions"})
"""Parts of a layer folder that any check may use."""


@dataclass(frozen=True, slots=True)
class Due:
    """What of a watch is due: check → reason; `hashes` of what was looked at; `problem` where the
    layers or the rules cannot be read.
    """

    watch: Watch
    reasons: Mapping[str, str] = field(default_factory=dict)
    hashes: Mapping[str, str] = field(default_factory=dict)
    problem: YichaError | None = None


Hashes = Callable[[Watch], Mapping[str, str]]


def hashes_of(watch: Watch) -> dict[str, str]:
    """What says that a run would be another: SHA-256 of every layer of a watch's folder and of its
    rules, and of every check of it its version (of a table model, its file's SHA-256).
    """
    found = LayerFolder(watch.folder).hashes()
    known = catalogue()
    found |= {check_key(one): _made_of(known[one]) for one in watch.check_ids if one in known}
    return found | ({RULES_KEY: str(load_rules(watch.rules).sha256)} if watch.rules else {})


def check_key(check: str) -> str:
    """What a check itself is called among the hashes."""
    return f"check:{check}"


def _made_of(entry: CheckEntry) -> str:
    places = (Path(entry.file), Path(__file__).resolve().parents[2] / entry.file)
    file = next((path for path in places if entry.is_model and path.is_file()), None)
    return __version__ if file is None else sha256_of(file)


def due(
    db: Database, on_date: str, *, actor: Actor, hashes: Hashes = hashes_of,
    only: Sequence[str] = (), force: bool = False,
) -> list[Due]:  # fmt: skip
    """The active watches (or those named) of which something is due on a day, and why.

    A watch of checks beyond the person's scope is passed over. With `force` all their checks are due, whatever the day and the data.
    """
    require_somewhere(actor, RUN)
    parse_day(on_date, "on_date")
    with db.read() as connection:
        named = [watch_named(connection, name, actor=actor) for name in only] or watches_in(
            connection
        )
        looks = _looks(connection, on_date)
    found = [_due(one, on_date, looks, hashes, force) for one in named
             if one.state == ACTIVE and may_watch(actor, RUN, one)]  # fmt: skip
    return [one for one in found if one.reasons or one.problem]


def why_due(
    watch: Watch, hashes: Mapping[str, str], on_date: str, looks: Mapping[str, str]
) -> dict[str, str]:
    """Check → why it is due; `looks` check → the last day on which a look came due and still waits."""
    last = watch.last
    before, checked = last.get("hashes") or {}, last.get("checked") or {}
    changed = {name for name in {*before, *hashes} if before.get(name) != hashes.get(name)}
    found = {}
    for check in dict.fromkeys((*watch.check_ids, *checked)):
        on = checked.get(check)
        if on is None:
            found[check] = FIRST
        elif changed & {*_themes(check), *EVERYWHERE}:
            found[check] = DATA
        elif changed & {RULES_KEY, check_key(check)}:
            found[check] = RULES
        elif watch.every_days and _days(on, on_date) >= watch.every_days:
            found[check] = CALENDAR
        elif looks.get(check, "") > on:
            found[check] = LOOK
    return found


def _due(watch: Watch, on_date: str, looks: Mapping[str, str], hashes: Hashes, force: bool) -> Due:
    try:
        now = hashes(watch)
        asked = dict.fromkeys(watch.check_ids, ASKED) if force else {}
        return Due(watch, asked | why_due(watch, now, on_date, looks), now)
    except YichaError as error:
        return Due(watch, problem=error)


def _themes(check: str) -> Iterable[str]:
    entry = catalogue().get(check)
    return entry.check.themes if entry else ()


def _looks(connection: Connection, on_date: str) -> dict[str, str]:
    """Check → the latest day on or before `on_date` of a look that is planned and waits."""
    query = (
        select(LEAD.c.check_id, REINSPECTION.c.due_on)
        .join(LEAD, LEAD.c.id == REINSPECTION.c.lead_id)
        .where(REINSPECTION.c.state == PLANNED, REINSPECTION.c.due_on <= on_date)
        .order_by(REINSPECTION.c.due_on)
    )
    return {row.check_id: row.due_on for row in connection.execute(query)}


def _days(start: str, end: str) -> int:
    return (date.fromisoformat(end) - date.fromisoformat(start)).days
