"""Whether a bundle is intact, or what exactly was altered."""

from __future__ import annotations

import argparse
from pathlib import Path

from evidence.bundle.verify import verify_bundle


def add(parser: argparse.ArgumentParser) -> None:
    """The bundle, and who must have signed it."""
    parser.add_argument("bundle", type=Path)
    parser.add_argument("--key", metavar="HEX", help="the public key that must have signed it")


def run(arguments: argparse.Namespace) -> int:
    """0 intact, 1 altered, 2 cannot be read."""
    try:
        check = verify_bundle(arguments.bundle, expected_key=arguments.key)
    except OSError as error:
        print(f"cannot be read: {error}")
        return 2
    if not check.intact:
        print("ALTERED 已被改动")
        print("\n".join(f"  - {problem}" for problem in check.problems))
        return 1
    print(f"intact 完好: {check.files} files; signed by 签名公钥: {check.signed_by or 'nobody 未签名'}; "
          f"time stamp 时间戳: {'present 有' if check.timestamp else 'none 无'}")  # fmt: skip
    return 0
