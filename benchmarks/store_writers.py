"""Twenty processes on one store for two minutes, two hundred of them killed at random moments.

`python -m benchmarks.store_writers [--seconds 120] [--kills 200] [--writers 20] [--store both]`. Every
writer says on disk what it committed; afterwards the store is opened, its history verified, and
everything said looked up. Results go to `benchmarks/results/store-writers.{json,md}` too.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import sys
import tempfile
from pathlib import Path

from benchmarks._harness import RESULTS, machine, versions
from tests.office.storm import Storm, storm
from tests.stores import start_server


def main() -> int:
    """Run the storm on each kind of store and print what stood afterwards."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--seconds", type=float, default=120)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--writers", type=int, default=20)
    parser.add_argument("--store", choices=["sqlite", "postgis", "both"], default="both")
    parser.add_argument("--folder", type=Path, help="where the stores lie (else a temporary one)")
    arguments = parser.parse_args()
    kinds = ["sqlite", "postgis"] if arguments.store == "both" else [arguments.store]
    seen: dict[str, Storm] = {}
    for kind in kinds:
        print(f"{kind}: {arguments.seconds:g} s, {arguments.writers} writers …", file=sys.stderr)
        with tempfile.TemporaryDirectory(dir=arguments.folder) as folder:
            seen[kind] = _run(kind, Path(folder), arguments)
    lines = ["| store | starts | kills | commits | said and lost | events | wrong | commits/s | slowest, s |",
             "|---|---:|---:|---:|---:|---:|---:|---:|---:|"]  # fmt: skip
    for kind, one in seen.items():
        lost = sum("acknowledged" in text for text in one.wrong)
        lines.append(f"| {kind} | {one.starts} | {one.kills} | {one.committed} | {lost} | {one.events} | "
                     f"{len(one.wrong)} | {one.committed / one.seconds:.0f} | {one.slowest_s:.2f} |")  # fmt: skip
    RESULTS.mkdir(parents=True, exist_ok=True)
    told = {"machine": machine(), "versions": versions("sqlalchemy", "psycopg"),
            "stores": {kind: dataclasses.asdict(one) for kind, one in seen.items()}}  # fmt: skip
    (RESULTS / "store-writers.json").write_text(json.dumps(told, indent=1), encoding="utf-8")
    (RESULTS / "store-writers.md").write_text("\n".join(lines) + "\n", encoding="utf-8")
    print("\n".join(lines))
    for kind, one in seen.items():
        for text in one.wrong[:20]:
            print(f"{kind}: {text}")
    return 1 if any(one.wrong for one in seen.values()) else 0


def _run(kind: str, folder: Path, arguments: argparse.Namespace) -> Storm:
    said = folder / "said"
    said.mkdir()
    words = {"writers": arguments.writers, "seconds": arguments.seconds, "kills": arguments.kills}
    if kind == "sqlite":
        return storm(str(folder / "leads.sqlite"), said, **words)
    server = start_server()
    if server is None:
        raise SystemExit("PostgreSQL with PostGIS is not installed: python -m tests.system")
    try:
        return storm(server.url(server.make()), said, **words)
    finally:
        server.stop()


if __name__ == "__main__":
    sys.exit(main())
