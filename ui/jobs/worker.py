"""The process behind one job: `python -m ui.jobs.worker` reads an order, tells how far it is.

The order is one line of JSON on the input; every answer is one line of JSON. A line `stop`, or
the end of the input (the app is gone), stops the work between two blocks; nothing is half-made.
"""

from __future__ import annotations

import json
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any

from imagery.ingest import ingest
from imagery.scene import Stated
from imagery.store import Store
from layers.errors import YichaError
from ui.jobs.tasks import Tell, work_of


def main(source: IO[str], target: IO[str]) -> int:
    """Carry out the order of `source`; 0 with a report as the last line, 1 with what went wrong."""
    order = json.loads(source.readline())
    stop = threading.Event()
    threading.Thread(target=_listen, args=(source, stop), daemon=True).start()

    def tell(answer: dict[str, Any]) -> None:
        target.write(json.dumps(answer, ensure_ascii=False) + "\n")
        target.flush()

    work = work_of(order["task"]) if "task" in order else _take_in
    try:
        tell({"report": work(order, tell, stop.is_set)})
    except YichaError as error:
        tell({"problem": error.problem, "remedy": error.remedy})
        return 1
    return 0


def _take_in(order: dict[str, Any], tell: Tell, stopped: Callable[[], bool]) -> dict[str, Any]:
    report = ingest(
        [Path(path) for path in order["paths"]], Store.open(order["store"]),
        received=order["received"], stated=Stated(**order["stated"]),
        collector=order["collector"], second=order["second"], purpose=order["why"],
        progress=lambda done, total, name: tell({"done": done, "total": total, "name": name}),
        cancelled=stopped,
    )  # fmt: skip
    return report.as_dict()


def _listen(source: IO[str], stop: threading.Event) -> None:
    source.readline()
    stop.set()


if __name__ == "__main__":
    for stream in (sys.stdin, sys.stdout):
        stream.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    sys.exit(main(sys.stdin, sys.stdout))
