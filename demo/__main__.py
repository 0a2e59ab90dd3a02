"""`python -m demo`: generate the demo county, its scenes from the air, and the truth of both."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from demo.build import ROOT, SEED, build
from demo.imagery.build import build_imagery
from layers.errors import YichaError


def main(argv: list[str] | None = None) -> int:
    """Build the county; a second run with nothing changed does nothing."""
    parser = argparse.ArgumentParser(
        prog="python -m demo",
        description="Generate the demo county: sources, layers, scenes from the air, truth.",
    )
    parser.add_argument("--out", type=Path, default=ROOT / "data" / "demo", help="folder to write")
    parser.add_argument("--seed", type=int, default=SEED, help=f"seed (default {SEED})")
    arguments = parser.parse_args(argv)
    try:
        made = build(arguments.out, arguments.seed)
        made |= build_imagery(arguments.out, arguments.seed)
    except YichaError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    print(f"{arguments.out}: {'made' if made else 'already there, nothing to do'}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
