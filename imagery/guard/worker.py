"""`python -m imagery.guard.worker`: the process in which files of others meet GDAL.

One request a line on the input, one answer a line on the output, as JSON. It may crash, hang or
run out of memory: whoever asked takes that for an answer and starts another.
"""

from __future__ import annotations

import argparse
import contextlib
import importlib
import json
import sys
import warnings
from typing import Any

from layers.errors import YichaError

TASKS = {
    "probe": "imagery.guard.tasks:probe_file",
    "decode": "imagery.guard.tasks:decode_file",
    "assemble": "imagery.guard.tasks:assemble_tiles",
}
"""What may be asked for; the function takes and returns plain values."""


def main() -> int:
    """Answer requests until the input ends."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--memory", type=int, default=0, help="bytes, 0 = no limit")
    limit_memory(parser.parse_args().memory)
    warnings.simplefilter("ignore")
    out = sys.stdout
    sys.stdout = sys.stderr  # nothing a library prints may look like an answer
    for line in sys.stdin:
        request = json.loads(line)
        limit_seconds(request.get("seconds", 0.0))
        out.write(json.dumps(answer(request)) + "\n")
        out.flush()
    return 0


def answer(request: dict[str, Any]) -> dict[str, Any]:
    """`{"ok": …}`, or `{"problem": …, "remedy": …}` for what the user can mend."""
    module, _, name = TASKS[request["task"]].partition(":")
    try:
        task = getattr(importlib.import_module(module), name)
        return {"ok": task(**request["arguments"])}
    except YichaError as error:
        return {"problem": error.problem, "remedy": error.remedy, "file": error.file}
    except MemoryError:
        return {"problem": "reading the picture needs more memory than it may have",
                "remedy": "export it as a tiled GeoTIFF (COG) or cut it into parts", "file": None}  # fmt: skip
    except Exception as error:  # noqa: BLE001 - whatever a damaged file makes a library do
        return {"problem": f"the picture cannot be read ({type(error).__name__})",
                "remedy": "copy or export it again", "file": None}  # fmt: skip


def limit_memory(most_bytes: int) -> None:
    """Where the system can, let a request for too much memory fail instead of filling it."""
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        if most_bytes:
            resource.setrlimit(resource.RLIMIT_AS, (most_bytes, most_bytes))


def limit_seconds(seconds: float) -> None:
    """Where the system can, end this process when one request has used far too much of the CPU.

    Whoever asked ends it earlier; this is for the case that nobody who asked is left.
    """
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        used = resource.getrusage(resource.RUSAGE_SELF)
        most = int(used.ru_utime + used.ru_stime + 2 * seconds) + 10
        resource.setrlimit(resource.RLIMIT_CPU, (most, resource.getrlimit(resource.RLIMIT_CPU)[1]))


if __name__ == "__main__":
    sys.exit(main())
