"""`python -m ui.assets`: install the map's scripts and fonts, once; `--force` does it again."""

from __future__ import annotations

import argparse
import sys

from layers.errors import YichaError
from ui.assets.install import install


def main(argv: list[str] | None = None) -> int:
    """Install what is missing; prints what was done and exits with 1 when it cannot."""
    parser = argparse.ArgumentParser(prog="python -m ui.assets", description=__doc__)
    parser.add_argument("--force", action="store_true", help="install again what is there already")
    arguments = parser.parse_args(argv)
    try:
        print(install(force=arguments.force))
    except YichaError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
