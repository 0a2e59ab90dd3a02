"""`ingest`: everything handed in comes in, or is named with the reason and the remedy."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from pathlib import Path

from shapely.geometry.base import BaseGeometry

from imagery.catalogue.index import footprints
from imagery.guard import DEFAULT_LIMITS, Limits
from imagery.ingest.gather import Handed, gather
from imagery.ingest.place_checks import Neighbourhood
from imagery.ingest.report import FileRow, IngestReport
from imagery.ingest.same_scene import SameScene
from imagery.ingest.take import Hand, Taker
from imagery.scene import Stated
from imagery.store import Progress, Store
from imagery.store.layout import REFUSED
from imagery.store.originals import ALGORITHMS, Keeper, cannot_keep
from imagery.store.staging import Run
from layers.errors import Cancelled, ImageryError

_NOTHING = Stated()


def ingest(
    paths: Iterable[str | Path],
    store: Store,
    *,
    received: str,
    stated: Stated = _NOTHING,
    collector: str | None = None,
    second: str | None = None,
    area: BaseGeometry | None = None,
    generated: bool = False,
    purpose: str | None = None,
    algorithms: Sequence[str] = ALGORITHMS,
    limits: Limits = DEFAULT_LIMITS,
    progress: Progress | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> IngestReport:
    """Take files and folders into `store`; the same file twice costs nothing.

    Parameters
    ----------
    received : when this happens, ISO with offset (the clock belongs to the caller).
    stated : what is said about all of it; a file's own word comes first. Said again with more
        about files that are in already, their items are renewed and the record keeps both.
    collector, second : the two persons of the collection record.
    purpose : why it was collected, for the same record.
    area : polygon (WGS 84) outside which nothing is taken.
    generated : the files were made up (a demo), and their items say so.
    algorithms : hash algorithms of the record besides SHA-256.
    progress, cancelled : called between blocks and between files; while a view copy is made the
        name ends in ` · 40 %`. On cancel the report says what was reached, and running again
        goes on from there.

    Raises `ImageryError` for a path that does not exist, a time that is none, a store that cannot
    be written into; everything else is told in the report.
    """
    stop = cancelled or (lambda: False)
    _check_times(received, stated)
    found = gather([Path(path) for path in paths], store.root, limits)
    meter = _Meter(progress, sum(one.size for one in found.handed))
    hand = Hand(received, stated, collector, second, generated, purpose)
    try:
        with store.run(stop) as run:
            keeper = Keeper(run, algorithms, meter.advance, stop)
            scenes = footprints(store)
            known = scenes.groupby("sha256")["id"].agg(list).to_dict()
            taker = Taker(store, run, keeper, hand, limits, Neighbourhood.of(scenes, area),
                          SameScene.of(scenes), scenes, known, stop, meter.viewing)  # fmt: skip
            rows = _take_all(taker, found.handed, meter, stop)
            with contextlib.suppress(OSError):  # a full disk: the rows have told it
                _write_refused(run, hand, rows)
                store.write_catalogue(run)
    except OSError as error:  # the run itself cannot begin: disk full, no permission
        raise cannot_keep(store.root, error) from None
    stopped = any(row.status == "stopped" for row in rows)
    return IngestReport(received, tuple(rows), found.aside, stopped)


def _check_times(received: str, stated: Stated) -> None:
    for name, text in (
        ("received", received),
        ("zone", f"2000-01-01T00:00:00{stated.zone or 'Z'}"),
    ):
        try:
            known = datetime.fromisoformat(text).tzinfo is not None
        except ValueError:
            known = False
        if not known:
            raise ImageryError("this is no time with an offset to UTC", field=name,
                               remedy="write a zone as +08:00, a time as 2026-06-30T09:15:00+08:00")  # fmt: skip


class _Meter:
    """Bytes done of all bytes, told to whoever wants to know."""

    def __init__(self, progress: Progress | None, total: int) -> None:
        self.progress, self.total, self.name = progress, total, ""
        self.done, self.most = 0, 0

    def advance(self, count: int) -> None:
        self.done += count
        self.most = max(self.most, min(self.done, self.total))  # never shown to go backwards
        if self.progress is not None:
            self.progress(self.most, self.total, self.name)

    def viewing(self, done: int, total: int) -> None:
        """Say how far the view copy is: large scenes take longer there than in the copying."""
        if self.progress is not None:
            share = 100 * done // max(total, 1)
            self.progress(self.most, self.total, f"{self.name} · {share} %")

    def begin(self, name: str) -> int:
        self.name = name
        self.advance(0)
        return self.done

    def end(self, begun: int, size: int) -> None:
        """A file counts as all of its bytes, however it went."""
        self.advance(begun + size - self.done)


def _take_all(
    taker: Taker, handed: Sequence[Handed], meter: _Meter, stop: Callable[[], bool]
) -> list[FileRow]:
    rows: list[FileRow] = []
    for one in handed:
        begun = meter.begin(one.shown)
        try:
            if stop():
                raise Cancelled
            rows.append(taker.take(one))
            meter.end(begun, one.size)
        except Cancelled:
            rest = handed[len(rows) :]
            return rows + [FileRow(left.shown, "stopped", left.size) for left in rest]
    return rows


def _write_refused(run: Run, hand: Hand, rows: Sequence[FileRow]) -> None:
    """Keep the account of what was refused beside the originals that were kept all the same."""
    lines = [
        json.dumps({"file": row.file, "size": row.size, "sha256": row.sha256,
                    "originals": row.originals, "reason": row.reason, "remedy": row.remedy,
                    "received": hand.received, "collector": hand.collector}, ensure_ascii=False)
        for row in rows if row.status == "refused"
    ]  # fmt: skip
    if lines:
        path = run.root / REFUSED / f"{run.id}.jsonl"
        path.write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")
