"""`python -m checks …`: layers meet checks, in a shell.

Exit codes: 0 done (also where there were no data: the text says so), 1 something to mend
in what was asked, 3 a check failed or, with `all`, a model file is broken.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from checks._catalogue import broken_models, catalogue, get_check
from checks._docs import PAGE, describe_rule, explain, page
from checks._rulebook.reading import load_rules, rule_packs
from checks._runs.area import within
from checks._runs.kept import keep_run
from checks._runs.output import write_findings
from checks._runs.runner import RunResult, run
from checks._runs.shell import add_area, add_compare, add_runs, add_what_if, ground
from checks._runs.summary import summary
from checks._tables.model import VARIABLE
from checks._text import Text
from layers import LayerFolder, YichaError
from layers.errors import RuleError

FAILED = 3
_BROKEN = Text("模型有误，未运行", "broken model, not run")


def main(argv: list[str] | None = None) -> int:
    """Run one command; a `YichaError` prints its message with the remedy and exits with 1."""
    arguments = _parser().parse_args(argv)
    try:
        with _models(arguments.models):
            return int(arguments.run(arguments))
    except YichaError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1


@contextmanager
def _models(folder: str | None) -> Iterator[None]:
    """`--models DIR` is `YICHA_MODELS=DIR` for this one command."""
    before = os.environ.get(VARIABLE)
    if folder is not None:
        os.environ[VARIABLE] = folder
    try:
        yield
    finally:
        os.environ.pop(VARIABLE, None)
        if before is not None:
            os.environ[VARIABLE] = before


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m checks", description="Layers meet checks.")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    _add(commands, "list", "the checks there are", _list)
    one = _add(commands, "explain", "one check: why, law, limits, pitfalls", _explain)
    one.add_argument("check", help="the check's id")
    _add_rules(one)
    one.add_argument("--on", help="the day to look at (YYYY-MM-DD)")
    many = _add(commands, "run", "run checks and write their findings", _run)
    many.add_argument("checks", help="one id, several separated by commas, or all")
    many.add_argument("--layers", required=True, help="the folder of layers")
    _add_rules(many)
    many.add_argument("--on", required=True, help="the day to judge for (YYYY-MM-DD)")
    many.add_argument("--all", action="store_true", help="write the subjects outside too")
    many.add_argument("--out", help="the GeoJSON file to write")
    many.add_argument("--keep", metavar="FOLDER", help="keep the run there, to be compared later")
    many.add_argument("--at", help="the time it is kept under, ISO (else the day judged for)")
    many.add_argument("--by", default="", help="who runs it (with --keep)")
    add_area(many)
    add_compare(_add(commands, "compare", "what is new, gone and changed between two runs"))
    add_what_if(
        _add(commands, "what-if", "how many findings change if a limit were another (not the law)")
    )
    add_runs(_add(commands, "runs", "the runs that were kept"))
    docs = _add(commands, "docs", "write docs/checks.md", _docs)
    docs.add_argument("--check", action="store_true", help="only say whether it is current")
    _add(commands, "rules", "the rule packs there are, and what is verified", _rules)
    return parser


def _add(
    commands: argparse._SubParsersAction, name: str, text: str, run: object = None
) -> argparse.ArgumentParser:
    command: argparse.ArgumentParser = commands.add_parser(name, help=text, description=text)
    command.add_argument("--lang", choices=("zh", "en"), default="zh", help="zh or en")
    command.add_argument("--models", metavar="DIR", help="a folder with table models of your own")
    command.set_defaults(run=run)
    return command


def _add_rules(command: argparse.ArgumentParser) -> None:
    command.add_argument("--rules", help="a place in data/rules, or the path of a .toml file")


def _list(arguments: argparse.Namespace) -> int:
    for name, entry in catalogue().items():
        print(f"{name:<28} {entry.check.title.of(arguments.lang)}")
    for name, error in broken_models().items():
        print(f"{name:<28} {_BROKEN.of(arguments.lang)}: {error}")
    return 0


def _explain(arguments: argparse.Namespace) -> int:
    check = get_check(arguments.check).check
    pack = load_rules(arguments.rules) if arguments.rules else None
    print(explain(check, pack, arguments.on, arguments.lang))
    return 0


def _run(arguments: argparse.Namespace) -> int:
    if not (arguments.out or arguments.keep):
        raise RuleError("the findings would go nowhere", field="--out",
                        remedy="name a file with --out, or a folder with --keep")  # fmt: skip
    names = list(catalogue()) if arguments.checks == "all" else arguments.checks.split(",")
    pack = load_rules(arguments.rules) if arguments.rules else None
    layers = LayerFolder(arguments.layers)
    area = ground(arguments.area, layers)
    found = run(
        [name.strip() for name in names], layers, pack, arguments.on, all_subjects=arguments.all,
    )  # fmt: skip
    result = within(found, area)
    written = list(_written(result, arguments))
    print(summary(result, arguments.lang))
    for out in written:
        print(f"→ {out}")
    for failure in result.failures:
        print(failure.trace, file=sys.stderr)
    left_out = broken_models() if arguments.checks == "all" else {}
    for name, error in left_out.items():
        print(f"{name}: {_BROKEN.of(arguments.lang)}: {error}", file=sys.stderr)
    return FAILED if result.failures or left_out else 0


def _written(result: RunResult, arguments: argparse.Namespace) -> Iterator[Path]:
    """Write what was found where it was asked for; the places."""
    if arguments.out:
        yield write_findings(result, arguments.out, arguments.lang)
    if arguments.keep:
        at, folder = arguments.at or f"{arguments.on}T00:00:00", Path(arguments.keep)
        kept = keep_run(result, folder, at=at, actor=arguments.by, area_name=arguments.area or "")
        yield folder / kept.id


def _docs(arguments: argparse.Namespace) -> int:
    text = page()
    if not arguments.check:
        PAGE.write_text(text, encoding="utf-8", newline="\n")
        print(f"→ {Path('docs') / PAGE.name}")
        return 0
    current = PAGE.is_file() and PAGE.read_text(encoding="utf-8") == text
    print("docs/checks.md is current" if current else "run `python -m checks docs`")
    return 0 if current else 1


def _rules(arguments: argparse.Namespace) -> int:
    for pack in rule_packs():
        good, count = pack.verified
        print(f"{pack.place:<28} {pack.title.of(arguments.lang)}  ({good}/{count} verified)")
        for rule in pack.rules:
            print(f"    {rule.check}: {describe_rule(rule, arguments.lang)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
