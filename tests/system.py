"""`python -m tests.system`: what pip cannot install, installed where that is allowed.

Browser tests need a Chromium. On Debian as root it is installed; elsewhere it is named and
those tests skip (in CI they fail instead: nothing may skip there).
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

APT = {"chromium": "chromium"}


def missing() -> list[str]:
    """Names of the programs that the tests would use and this machine lacks."""
    return [name for name in APT if not (os.environ.get(name.upper()) or shutil.which(name))]


def main() -> int:
    """Install what is missing, or say what it is; never fails by itself."""
    lacking = missing()
    may_install = hasattr(os, "geteuid") and os.geteuid() == 0 and shutil.which("apt-get")
    if lacking and may_install:
        packages = [APT[name] for name in lacking]
        for command in (["update", "-qq"], ["install", "-y", "-qq", "--no-install-recommends"]):
            extra = packages if command[0] == "install" else []
            subprocess.run(["apt-get", *command, *extra], check=False, stdout=subprocess.DEVNULL)
    for name in missing():
        print(f"NOT INSTALLED: {name}. Its tests skip. Install it with: "
              f"sudo apt-get install {APT[name]}, or set {name.upper()}=/path/to/it")  # fmt: skip
    return 0


if __name__ == "__main__":
    sys.exit(main())
