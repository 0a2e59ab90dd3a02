"""Whether a bundle is intact, or what exactly was altered; whether its time stamp is to be believed."""

from __future__ import annotations

import argparse
import os
from pathlib import Path

from evidence.bundle.verify import verify_bundle
from evidence.means import TRUST, trusted_of


def add(parser: argparse.ArgumentParser) -> None:
    """The bundle, who must have signed it, and by which certificates its time stamp is believed."""
    parser.add_argument("bundle", type=Path)
    parser.add_argument("--key", metavar="HEX", help="the public key that must have signed it")
    parser.add_argument("--trust", metavar="FILE", help="certificates (.pem, .cer, or a folder of them) up to which "
                        f"the chain of the time stamp must lead; else {TRUST}")  # fmt: skip


def run(arguments: argparse.Namespace) -> int:
    """0 intact, 1 altered or its time stamp is wrong, 2 cannot be read."""
    trusted = trusted_of({**os.environ, **({TRUST: arguments.trust} if arguments.trust else {})})
    try:
        check = verify_bundle(arguments.bundle, expected_key=arguments.key, trusted=trusted)
    except OSError as error:
        print(f"cannot be read: {error}")
        return 2
    if not check.intact:
        print("ALTERED 已被改动")
        print("\n".join(f"  - {problem}" for problem in check.problems))
        return 1
    print(
        f"intact 完好: {check.files} files; signed by 签名公钥: {check.signed_by or 'nobody 未签名'}"
    )
    if check.stamped is None:
        print("time stamp 时间戳: none 无")
        return 0
    print(f"time stamp: {check.stamped.says.en}\n时间戳：{check.stamped.says.zh}")
    return 1 if check.stamped.state == "wrong" else 0
