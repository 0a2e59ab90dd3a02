"""`python -m offline`: the bundle that installs without a network, the licences, the known weaknesses."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from layers.atomic import write_text
from layers.errors import YichaError
from offline.audit import audit
from offline.build import build
from offline.contents import ROOT
from offline.libraries import libraries, licence_page, web_packages


def main(argv: list[str] | None = None) -> int:
    """Do as asked; 1 where something is missing, or a weakness is known."""
    arguments = _parser().parse_args(argv)
    try:
        return int(arguments.run(arguments))
    except YichaError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m offline", description=__doc__)
    commands = parser.add_subparsers(required=True)
    bundle = commands.add_parser("build", help="write the bundle, on a connected machine")
    bundle.add_argument("--out", type=Path, default=ROOT / "out" / "yicha-offline.zip",
                        help="file to write (default %(default)s)")  # fmt: skip
    bundle.add_argument("--without-demo", action="store_true", help="leave the demo county out")
    bundle.set_defaults(run=_build)
    licences = commands.add_parser("licences", help="list what the program runs on")
    licences.add_argument("--write", type=Path, help="file to write; else it is printed")
    licences.set_defaults(run=_licences)
    weaknesses = commands.add_parser(
        "audit", help="known weaknesses, from a copy of the OSV database"
    )
    weaknesses.add_argument("database", type=Path, help="OSV's all.zip for PyPI")
    weaknesses.set_defaults(run=_audit)
    return parser


def _build(arguments: argparse.Namespace) -> int:
    made = build(arguments.out, demo=not arguments.without_demo)
    print(f"{made.path}: {made.size / 1e6:,.0f} MB, {made.files} files, for {made.machine}")
    print("SHA-256", made.sha256)
    return 0


def _licences(arguments: argparse.Namespace) -> int:
    page = licence_page(
        libraries(ROOT / "requirements.txt"), web_packages(ROOT / "package-lock.json")
    )
    if arguments.write:
        write_text(arguments.write, page)
    else:
        print(page)
    return 0


def _audit(arguments: argparse.Namespace) -> int:
    installed = libraries(ROOT / "requirements.txt")
    found = audit(installed, arguments.database)
    for one in found:
        fixed = f"; fixed in {', '.join(one.fixed_in)}" if one.fixed_in else ""
        print(f"{one.library.name} {one.library.version}: {one.id} {one.summary}{fixed}")
    print(f"{len(installed)} libraries, {len(found)} known weaknesses")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
