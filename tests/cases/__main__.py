"""`python -m tests.cases --update`: write what the checks say now, to be reviewed as a diff."""

from __future__ import annotations

import argparse
import sys

from tests.cases import Case, as_text, cases


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.cases", description=__doc__)
    parser.add_argument("--update", action="store_true", help="write the expected outputs")
    parser.add_argument("names", nargs="*", help="checks to look at; all without")
    arguments = parser.parse_args()
    chosen = [case for case in cases() if not arguments.names or case.check in arguments.names]
    changed = [case for case in chosen if _changed(case)]
    for case in changed:
        print(f"{case.check}/{case.name}: {'updated' if arguments.update else 'differs'}")
        if arguments.update:
            case.expected.write_text(as_text(case.output()), encoding="utf-8", newline="\n")
    print(f"{len(chosen)} cases, {len(changed)} changed")
    return 0 if arguments.update or not changed else 1


def _changed(case: Case) -> bool:
    if not case.expected.is_file():
        return True
    return case.expected.read_text(encoding="utf-8") != as_text(case.output())


if __name__ == "__main__":
    sys.exit(main())
