"""`python -m evidence COMMAND …`: sheets, bundles and exports of leads, and their verification."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from evidence import commands
from layers.shell import run_commands


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; returns its exit code."""
    return run_commands(commands, "python -m evidence", __doc__ or "", argv)


if __name__ == "__main__":
    sys.exit(main())
