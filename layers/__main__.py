"""`python -m layers …`: sources become layers, in a shell.

Every command lives in `layers/commands/<name>.py` with `add(parser)` (its arguments) and
`run(arguments) -> int` (its exit code); the folder is walked, no list is edited.
"""

from __future__ import annotations

import argparse
import importlib
import pkgutil
import sys

import layers.commands
from layers.errors import YichaError


def main(argv: list[str] | None = None) -> int:
    """Run one command; a `YichaError` prints its message with the remedy and exits with 1."""
    parser = argparse.ArgumentParser(prog="python -m layers", description="Sources become layers.")
    subparsers = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for found in pkgutil.iter_modules(layers.commands.__path__):
        module = importlib.import_module(f"layers.commands.{found.name}")
        summary = (module.__doc__ or "").strip().splitlines()[0]
        name = found.name.rstrip("_").replace("_", "-")
        command = subparsers.add_parser(name, help=summary, description=summary)
        module.add(command)
        command.set_defaults(run=module.run)
    arguments = parser.parse_args(argv)
    try:
        return int(arguments.run(arguments))
    except YichaError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
