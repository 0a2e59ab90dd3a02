"""`python -m leads COMMAND …`: leads from findings, and what people do about them."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from layers.shell import run_commands
from leads import commands


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; returns its exit code."""
    return run_commands(commands, "python -m leads", __doc__ or "", argv)


if __name__ == "__main__":
    sys.exit(main())
