"""`python -m tests.system`: what pip cannot install, installed where that is allowed.

Browser tests need a Chromium, tests of the store PostgreSQL with PostGIS, the test that measures a
printed scale bar pdftoppm, the test behind a proxy nginx, those of time stamps openssl. On Debian as root they are installed; elsewhere they are named and those
tests skip (in CI they fail instead: nothing may skip there).
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

APT = {
    "chromium": ("chromium",),
    "postgis": ("postgresql", "postgis"),
    "pdftoppm": ("poppler-utils",),
    "nginx": ("nginx-light",),
    "openssl": ("openssl",),
}
"""Debian's packages by what the tests use; see `_packages` for the one whose name has a number."""
_POSTGRES_ROOTS = (Path("/usr/lib/postgresql"), Path("/usr/local/lib/postgresql"))


def postgres_programs() -> Path | None:
    """The folder of `initdb` and `pg_ctl` of the newest PostgreSQL that has PostGIS, or None.

    `POSTGRES_BIN` names another one.
    """
    if os.name != "posix":
        return None
    chosen = os.environ.get("POSTGRES_BIN")
    found = [Path(chosen)] if chosen else _installed()
    return next((bin_ for bin_ in found if (bin_ / "initdb").is_file() and _has_postgis(bin_)),
                None)  # fmt: skip


def _installed() -> list[Path]:
    folders = [path / "bin" for root in _POSTGRES_ROOTS if root.is_dir() for path in root.iterdir()]
    folders.sort(key=lambda path: [int(n) for n in re.findall(r"\d+", path.parent.name)],
                 reverse=True)  # fmt: skip
    on_path = shutil.which("initdb")
    return [*folders, Path(on_path).resolve().parent] if on_path else folders


def _has_postgis(programs: Path) -> bool:
    config = programs / "pg_config"
    command = str(config) if config.is_file() else shutil.which("pg_config")
    if command is None:
        return False
    told = subprocess.run([command, "--sharedir"], capture_output=True, text=True, check=False)
    return (Path(told.stdout.strip()) / "extension" / "postgis.control").is_file()


def pdftoppm() -> str | None:
    """The program that turns a page into a picture; `PDFTOPPM` names another one."""
    return os.environ.get("PDFTOPPM") or shutil.which("pdftoppm")


def nginx_program() -> str | None:
    """The proxy; `NGINX` names another one. Debian puts it where only root's path leads."""
    names = (os.environ.get("NGINX"), shutil.which("nginx"), "/usr/sbin/nginx")
    return next((name for name in names if name and Path(name).exists()), None)


def openssl_program() -> str | None:
    """The second opinion on time stamps; `OPENSSL` names another one."""
    return os.environ.get("OPENSSL") or shutil.which("openssl")


def chromium_program() -> str | None:
    """The Chromium of `CHROMIUM`, of /usr/bin or of the path; None where there is none."""
    names = (os.environ.get("CHROMIUM"), "/usr/bin/chromium",
             *map(shutil.which, ("chromium", "google-chrome")))  # fmt: skip
    return next((name for name in names if name and Path(name).exists()), None)


def missing() -> list[str]:
    """Names of the programs that the tests would use and this machine lacks."""
    have = {"chromium": chromium_program() is not None, "postgis": postgres_programs() is not None,
            "pdftoppm": pdftoppm() is not None, "nginx": nginx_program() is not None,
            "openssl": openssl_program() is not None}  # fmt: skip
    return [name for name in APT if not have[name]]


def _packages(name: str) -> list[str]:
    """PostGIS inside the server is `postgresql-15-postgis-3` and so on: the number is asked."""
    if name != "postgis":
        return list(APT[name])
    told = subprocess.run(["apt-cache", "search", "--names-only", r"^postgresql-[0-9]+-postgis-3$"],
                          capture_output=True, text=True, check=False)  # fmt: skip
    found = sorted((line.split()[0] for line in told.stdout.splitlines()),
                   key=lambda package: int(package.split("-")[1]))  # fmt: skip
    return ["postgresql", *found[-1:]]


def main() -> int:
    """Install what is missing, or say what it is; never fails by itself."""
    lacking = missing()
    may_install = hasattr(os, "geteuid") and os.geteuid() == 0 and shutil.which("apt-get")
    if lacking and may_install:
        _apt("update", "-qq")
        packages = [package for name in lacking for package in _packages(name)]
        _apt("install", "-y", "-qq", "--no-install-recommends", *packages)
    for name in missing():
        print(f"NOT INSTALLED: {name}. Its tests skip. Install it with: "
              f"sudo apt-get install {' '.join(_packages(name) if may_install else APT[name])}, "
              f"or set {'POSTGRES_BIN' if name == 'postgis' else name.upper()}=/path/to/it")  # fmt: skip
    return 0


def _apt(*words: str) -> None:
    subprocess.run(["apt-get", *words], check=False, stdout=subprocess.DEVNULL,
                   env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"})  # fmt: skip


if __name__ == "__main__":
    sys.exit(main())
