"""`python -m layers …`: sources become layers, in a shell."""

from __future__ import annotations

import sys

import layers.commands
from layers.shell import run_commands


def main(argv: list[str] | None = None) -> int:
    """Run one command of `layers/commands`; returns its exit code."""
    return run_commands(layers.commands, "python -m layers", "Sources become layers.", argv)


if __name__ == "__main__":
    sys.exit(main())
