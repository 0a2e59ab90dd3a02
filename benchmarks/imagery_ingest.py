"""What comes in: every real file taken into a fresh store, one row per file or per folder of many.

    python -m benchmarks.imagery_ingest [--data ../shared/imagery] [--all]

Prints a Markdown table: file, kind, what places it, ground size, position error and how it is
known, what tells the time, doubts, CPU seconds of this process (headers are read by another). Files of one folder that came in alike share a row
(--all: a row per file). The store is checked again at the end (`verify`), and the same folder
is taken in a second time to see what that costs.
"""

from __future__ import annotations

import argparse
import re
import tempfile
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from imagery.ingest import FileRow, ingest
from imagery.store import Store

RECEIVED = "2026-11-22T08:00:00+08:00"
HEADER = ("file", "files", "kind", "placed by", "ground size m", "± m (how known)", "time from",
          "doubts", "CPU s")  # fmt: skip


@dataclass(frozen=True)
class Row:
    """What is said of one scene; `seconds` is the share of its file."""

    file: str
    kind: str
    placed: str
    gsd: float | None
    u_m: float | None
    known: str
    time: str
    doubts: tuple[str, ...]
    seconds: float

    @property
    def alike(self) -> tuple[str, ...]:
        """Rows of which this is the same are shown as one."""
        folder = self.file.rpartition("/")[0]
        return folder, self.kind, self.placed, self.known, self.time, *self.doubts


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/imagery"))
    parser.add_argument("--all", action="store_true", help="a row per file")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        store = Store.open(Path(folder) / "store")
        rows, files, seconds = _taken(arguments.data, store)
        print("| " + " | ".join(HEADER) + " |")
        print("|---|---:|---|---|---:|---:|---|---|---:|")
        groups = [[row] for row in rows] if arguments.all else _grouped(rows)
        for group in groups:
            print("| " + " | ".join(_cells(group)) + " |")
        _sum_up(arguments.data, store, files, seconds)


def _taken(data: Path, store: Store) -> tuple[list[Row], list[FileRow], float]:
    """Take the folder in; the seconds of a file are those between two words of progress."""
    marks: list[tuple[str, float]] = []

    def watch(_done: int, _total: int, name: str) -> None:
        name = name.partition(" · ")[0]
        if not marks or marks[-1][0] != name:
            marks.append((name, time.process_time()))

    begun = time.perf_counter()
    report = ingest([data], store, received=RECEIVED, progress=watch)
    ended = time.perf_counter()
    times = [at for _, at in marks] + [time.process_time()]
    took = {name: times[n + 1] - at for n, (name, at) in enumerate(marks)}
    rows = [
        _row(store.document(scene)["properties"], row.file, took.get(row.file, 0) / len(row.scenes))
        for row in report.rows
        for scene in row.scenes
    ]
    rows += [Row(row.file, "REFUSED", row.reason, None, None, "", "", (), 0.0)
             for row in report.refused]  # fmt: skip
    return rows, list(report.rows), ended - begun


def _row(told: dict[str, Any], file: str, seconds: float) -> Row:
    doubts = tuple(sorted(r["code"] for r in told.get("yicha:remarks", ())
                          if r["level"] == "warning" and r["code"] != "far_from_others"))  # fmt: skip
    return Row(file, told["yicha:kind"], told.get("yicha:placed_by") or "-", told.get("gsd"),
               told.get("yicha:u_m"), told.get("yicha:known_by") or "-",
               told["yicha:taken_how"], doubts, seconds)  # fmt: skip


def _grouped(rows: list[Row]) -> list[list[Row]]:
    groups: dict[tuple[str, ...], list[Row]] = {}
    for row in rows:
        groups.setdefault(row.alike, []).append(row)
    return list(groups.values())


def _cells(group: list[Row]) -> tuple[str, ...]:
    first = group[0]
    name = first.file
    if len(group) > 1:
        name = name.rpartition("/")[0] + "/" + _pattern([row.file for row in group])
    error = _span([row.u_m for row in group])
    return (
        name, str(len(group)), first.kind, first.placed, _span([row.gsd for row in group]),
        "-" if error == "-" else f"{error} ({first.known})", first.time,
        ", ".join(first.doubts) or "-", f"{sum(row.seconds for row in group):.1f}",
    )  # fmt: skip


def _pattern(files: list[str]) -> str:
    shapes = Counter(re.sub(r"[0-9a-f]*\d[0-9a-f]*", "#", Path(file).name) for file in files)
    return shapes.most_common(1)[0][0] if len(shapes) == 1 else "*"


def _span(values: list[float | None]) -> str:
    known = sorted(value for value in values if value is not None)
    if not known:
        return "-"
    low, high = f"{known[0]:.3g}", f"{known[-1]:.3g}"
    return low if low == high else f"{low} to {high}"


def _sum_up(data: Path, store: Store, rows: list[FileRow], seconds: float) -> None:
    size = sum(row.size for row in rows)
    begun = time.perf_counter()
    again = ingest([data], store, received=RECEIVED)
    second = time.perf_counter() - begun
    begun = time.perf_counter()
    found = store.verify()
    print(f"\n{len(rows)} files and folders, {size / 1e6:.1f} MB, {len(store.scenes())} scenes, "
          f"{sum(row.status == 'refused' for row in rows)} refused; {seconds:.1f} s. Once more: "
          f"{again.counts['duplicate']} known, {second:.2f} s. Verified: {found.files} originals, "
          f"{len(found.problems)} problems, {time.perf_counter() - begun:.2f} s.")  # fmt: skip


if __name__ == "__main__":
    main()
