"""`python -m office COMMAND …`: people and their rights, sessions, tokens of systems, keys."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from layers.shell import run_commands
from office import commands


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; returns its exit code."""
    return run_commands(commands, "python -m office", __doc__ or "", argv)


if __name__ == "__main__":
    sys.exit(main())
