"""The full report of a bundle, also of one that was altered: every file, signature, time stamp, history."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from evidence.bundle.report import report_of
from evidence.glyphs import printable
from evidence.words import moment


def add(parser: argparse.ArgumentParser) -> None:
    """The bundle, and who must have signed it."""
    parser.add_argument("bundle", type=Path)
    parser.add_argument("--key", metavar="HEX", help="the public key that must have signed it")
    parser.add_argument("--json", action="store_true", help="all of it as JSON (times in UTC)")


def run(arguments: argparse.Namespace) -> int:
    """0 intact, 1 altered, 2 cannot be read."""
    try:
        found = report_of(arguments.bundle, expected_key=arguments.key)
    except OSError as error:
        print(f"cannot be read: {error}")
        return 2
    if arguments.json:
        print(json.dumps(found, ensure_ascii=False, indent=1))
    else:
        _print(found)
    return 0 if found["intact"] else 1


def _print(found: dict[str, Any]) -> None:
    print("intact 完好" if found["intact"] else "ALTERED 已被改动")
    for problem in found["problems"]:
        print(f"  - {printable(problem)}")
    stamped, chain = found["stamped"], found["chain"]
    print(f"signature 签名: {found['signature']['state']} {found['signature']['key']}".rstrip())
    since = f" {moment(stamped['at'])} {printable(stamped['by'])}" if stamped else ""
    print(f"time stamp 时间戳: {found['stamp']}{since}")
    if chain is not None:
        print(
            f"history 历史: {chain['events']} events, {chain['links']} links, {len(chain['problems'])} problems"
        )
    for name, value in found["info"]:
        print(f"  {printable(name)}: {printable(value)}")
    for one in found["files"]:
        print(f"{one['state']}\t{one['size']}\t{printable(one['name'])}")
