"""Make the office's signing key (Ed25519)."""

from __future__ import annotations

import argparse
import os
from pathlib import Path

from evidence.bundle import new_key
from office.signing_keys import PASSWORD


def add(parser: argparse.ArgumentParser) -> None:
    """Where the key goes."""
    parser.add_argument("--out", type=Path, required=True, help="the PEM file to write")


def run(arguments: argparse.Namespace) -> int:
    """Write the key, print the public part."""
    key = new_key(arguments.out, os.environ.get(PASSWORD))
    print(f"→ {arguments.out} (keep it apart from the machine; {PASSWORD} protects it)")
    print(f"public key 公钥: {key.public.hex()}")
    return 0
