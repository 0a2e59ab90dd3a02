"""The process behind one job: `python -m ui.jobs.worker` reads an order, tells how far it is.

The order is one line of JSON on the input; every answer is one line of JSON. A line `stop`, or
the end of the input (the app is gone), stops the work between two blocks; nothing is half-made.
Whoever is not done some seconds after the app is gone ends at once: the next app begins the job again.
Two attempts never work at the same time (`lock`); what one leaves in `scratch` the next removes.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from imagery.store.locks import locked
from layers.errors import Cancelled, YichaError
from ui.jobs.job import TAKE_IN
from ui.jobs.modest import hold_back, peak_mb
from ui.jobs.tasks import work_of

ORPHAN_S = 10.0
_HUNGER = ("there was not enough memory for it · 内存不足",
           "ask for less at once, or give the workers more (YICHA_WORKER_MB)")  # fmt: skip


def main(source: IO[str], target: IO[str], orphaned: Callable[[], None] = lambda: None) -> int:
    """Carry out the order of `source`; 0 with a report as the last line, 1 with what went wrong.

    `orphaned` is called where the input ends: the app is gone.
    """
    order = json.loads(source.readline())
    stop = threading.Event()
    threading.Thread(target=_listen, args=(source, stop, orphaned), daemon=True).start()

    def tell(answer: dict[str, Any]) -> None:
        target.write(json.dumps(answer, ensure_ascii=False) + "\n")
        target.flush()

    try:
        work = work_of(order.get("task", TAKE_IN))
        with alone(order, stop.is_set):
            tell({"report": work(order, tell, stop.is_set), "peak_mb": peak_mb()})
    except Cancelled:  # stopped while it waited
        return 1
    except YichaError as error:
        tell({"problem": error.problem, "remedy": error.remedy, "peak_mb": peak_mb()})
        return 1
    except MemoryError:
        tell({"problem": _HUNGER[0], "remedy": _HUNGER[1], "peak_mb": peak_mb()})
        return 1
    return 0


@contextmanager
def alone(order: dict[str, Any], stopped: Callable[[], bool]) -> Iterator[None]:
    """Wait for the end of an earlier attempt; temporary files lie where they are found after a kill."""
    if "lock" not in order:  # nobody else works on it
        yield
        return
    with locked(Path(order["lock"]), stopped):
        scratch = Path(order["scratch"])
        shutil.rmtree(scratch, ignore_errors=True)
        scratch.mkdir()
        os.environ.update(dict.fromkeys(("TMPDIR", "TEMP", "TMP", "CPL_TMPDIR"), str(scratch)))
        tempfile.tempdir = None
        yield


def _listen(source: IO[str], stop: threading.Event, orphaned: Callable[[], None]) -> None:
    line = source.readline()
    stop.set()
    if not line:
        orphaned()


def _leave() -> None:
    timer = threading.Timer(ORPHAN_S, os._exit, (3,))
    timer.daemon = True
    timer.start()


if __name__ == "__main__":
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        stream.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    hold_back(os.environ, brisk=sys.argv[1:] == ["light"])
    sys.exit(main(sys.stdin, sys.stdout, _leave))
