"""`python -m FOLDER COMMAND …`: the same frame for every folder that has commands.

Every command is a file of the package handed in, with `add(parser)` (its arguments) and
`run(arguments) -> int` (its exit code); the folder is walked, no list is edited.
"""

from __future__ import annotations

import argparse
import importlib
import os
import pkgutil
import sys
from collections.abc import Sequence
from types import ModuleType

from layers.errors import YichaError


def run_commands(
    commands: ModuleType, prog: str, description: str, argv: Sequence[str] | None
) -> int:
    """Run one command; a `YichaError` prints its message with the remedy and exits with 1.

    A reader that goes away (`… | head`) ends the command quietly.
    """
    parser = argparse.ArgumentParser(prog=prog, description=description)
    subparsers = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for found in pkgutil.iter_modules(commands.__path__):
        module = importlib.import_module(f"{commands.__name__}.{found.name}")
        summary = (module.__doc__ or "").strip().splitlines()[0]
        name = found.name.rstrip("_").replace("_", "-")
        command = subparsers.add_parser(name, help=summary, description=summary)
        module.add(command)
        command.set_defaults(run=module.run)
    arguments = parser.parse_args(argv)
    try:
        code = int(arguments.run(arguments))
        sys.stdout.flush()
    except YichaError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    return code
