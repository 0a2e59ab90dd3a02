"""Write docs/leads.md: the table of states, steps, fields and deadlines as a page."""

from __future__ import annotations

import argparse

from leads._docs import PAGE, page


def add(parser: argparse.ArgumentParser) -> None:
    """The arguments of the command."""
    parser.add_argument("--check", action="store_true", help="only say whether it is current")


def run(arguments: argparse.Namespace) -> int:
    """Write the page, or say whether it is current (exit code 1 where it is not)."""
    text = page()
    if not arguments.check:
        PAGE.write_text(text, encoding="utf-8", newline="\n")
        print("→ docs/leads.md")
        return 0
    current = PAGE.is_file() and PAGE.read_text(encoding="utf-8") == text
    print("docs/leads.md is current" if current else "run `python -m leads docs`")
    return 0 if current else 1
