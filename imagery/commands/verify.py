"""Hash every original of a store again and name what changed, is missing or belongs to nothing.

The exit code is 1 when evidence is touched; things that can be made again are only named.
"""

from __future__ import annotations

import argparse
import json

from imagery.shell_words import add_language, add_store, language_of
from imagery.store import Store

_WORDS = {
    "sum": ("原件 {files} 个，{bytes:,} 字节，场景 {scenes} 个：",
            "{files} originals, {bytes:,} bytes, {scenes} scenes: "),
    "good": ("全部与入库时一致", "all as they came in"),
    "bad": ("有问题", "not as they came in"),
}  # fmt: skip


def add(parser: argparse.ArgumentParser) -> None:
    """The arguments of the command."""
    add_store(parser)
    add_language(parser)
    parser.add_argument("--json", action="store_true", help="print the result as JSON")


def run(arguments: argparse.Namespace) -> int:
    """Look at everything and say what is wrong."""
    found = Store.open(arguments.store, create=False).verify()
    if arguments.json:
        print(json.dumps(found.as_dict(), ensure_ascii=False, indent=1))
        return 0 if found.good else 1
    english = language_of(arguments) == "en"
    total = _WORDS["sum"][english].format(files=found.files, bytes=found.bytes, scenes=found.scenes)
    print(total + _WORDS["good" if found.good else "bad"][english])
    for problem in found.problems:
        print(f"  {problem.file}: {problem.en if english else problem.zh}")
    return 0 if found.good else 1
