"""`python -m imagery …`: from files to dated, placed scenes, in a shell."""

from __future__ import annotations

import sys

import imagery.commands
from layers.shell import run_commands


def main(argv: list[str] | None = None) -> int:
    """Run one command of `imagery/commands`; returns its exit code."""
    return run_commands(imagery.commands, "python -m imagery", "Files become scenes.", argv)


if __name__ == "__main__":
    sys.exit(main())
