"""Who took what out, for whom, why and until when: written into the history before the file appears."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from evidence.redaction.release import Shown, releases
from layers.errors import YichaError
from layers.provenance import sha256_of
from leads.scope import ids_of, weigh_all
from office import Actor, Database, NewEvent, append, events
from office.policy import may, require_somewhere

KIND, OPERATION = "evidence.exported", "evidence.ledger"


@dataclass(frozen=True, slots=True)
class Purpose:
    """Why something leaves, for whom, and the ISO day until which they may keep it."""

    reason: str
    recipient: str
    until: str | None = None

    def __post_init__(self) -> None:
        for name in ("reason", "recipient"):
            if not str(getattr(self, name)).strip():
                raise YichaError(f"an export names its {name}", field=name,
                                 remedy=f"give --{name}: it is written into the ledger")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Exported:
    """A line of the ledger."""

    seq: int
    at: str
    actor: str
    what: str
    leads: tuple[str, ...]
    file: str
    sha256: str
    reason: str
    recipient: str
    until: str | None
    shared: bool
    covered: tuple[Mapping[str, Any], ...] = ()
    """Of a redacted copy: by whom each picture was covered and approved (`Release.as_dict`)."""
    originals: tuple[str, ...] = ()
    """SHA-256 of the originals whose pictures lie in the file; older lines have none."""

    @property
    def approved_by(self) -> tuple[str, ...]:
        """Who approved what is covered, each once."""
        return tuple(dict.fromkeys(str(one["approved_by"]) for one in self.covered))


@contextmanager
def export_file(
    db: Database, out: Path, *, what: str, leads: Sequence[str], purpose: Purpose, actor: Actor, at: str,
    shared: bool = False, pictures: Callable[[], Iterable[Shown]] = tuple,
) -> Iterator[Path]:  # fmt: skip
    """A file beside `out` to write into; the ledger is written, then the file gets its name. `pictures`
    are those that lie in it, asked once it is written: the line names the originals they were made from, that
    of a redacted copy also who covered and who approved them.

    A kill in between leaves a line about a file that never appeared, never a file without its line.
    Raises `PolicyError` where the person may not export every one of the leads (by id), `LeadError`
    for one that they may not even read. A picture is about no lead: the right anywhere will do.
    """
    operation = "evidence.share" if shared else "evidence.export"
    require_somewhere(actor, operation)
    with db.read() as connection:
        weigh_all(connection, actor, operation, leads)
    out.parent.mkdir(parents=True, exist_ok=True)
    partial = out.with_name(f".{out.name}.{os.getpid()}-{threading.get_ident()}.partial")
    try:
        yield partial
        body = {"what": what, "leads": list(leads), "file": out.name, "sha256": sha256_of(partial),
                "shared": shared, **asdict(purpose)}  # fmt: skip
        inside = list(dict.fromkeys(pictures()))
        body["originals"] = sorted({one.original for one in inside if one.original})
        if shared:
            body["covered"] = [one.as_dict() for one in releases(db, inside)]
        with db.write() as connection:
            weigh_all(connection, actor, operation, leads)
            append(connection, [NewEvent(KIND, lead, body) for lead in leads] or [NewEvent(KIND, "export", body)],
                   actor=actor, at=at)  # fmt: skip
        os.replace(partial, out)
    finally:
        partial.unlink(missing_ok=True)


def ledger(db: Database, *, actor: Actor) -> list[Exported]:
    """Every export, oldest first; one line a file, however many leads it holds. Who may see it of some
    leads only sees the lines and the leads of these.
    """
    require_somewhere(actor, OPERATION)
    lines: dict[tuple[str, str, str], Exported] = {}
    with db.read() as connection:
        own = None if may(actor, OPERATION) else ids_of(connection, actor, OPERATION)
        for event in events(connection, kind=KIND):
            if own is None or event.subject in own:
                body: dict[str, Any] = json.loads(event.body)
                body["leads"] = [one for one in body["leads"] if own is None or one in own]
                key = (event.at, event.actor, body["sha256"])
                lines.setdefault(key, Exported(event.seq, event.at, event.actor, **{
                    **body, "leads": tuple(body["leads"]), "covered": tuple(body.get("covered", ())),
                    "originals": tuple(body.get("originals", ()))}))  # fmt: skip
    return list(lines.values())


def matching(lines: Sequence[Exported], words: str = "") -> list[Exported]:
    """The lines in which every word stands somewhere (whatever its case), the newest first."""
    asked = words.casefold().split()

    def told(one: Exported) -> str:
        return " ".join(str(value) for value in asdict(one).values()).casefold()

    return [one for one in reversed(lines) if all(word in told(one) for word in asked)]
