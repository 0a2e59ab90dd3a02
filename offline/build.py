"""Build the bundle: wheels of every pinned library, the program, a list of hashes, the installer."""

from __future__ import annotations

import hashlib
import json
import platform
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from sysconfig import get_platform

from layers.atomic import written_whole
from layers.errors import AssetError
from offline.contents import ROOT, program_files

MANIFEST, INSTALLER, README = "manifest.json", "install.py", "README.txt"
_BUFFER = 1 << 20
_TEXT = """Yicha 益察: 离线安装包 / offline bundle

    python install.py --to 文件夹

无需联网。需要 {python}（{machine}）；程序、依赖库、网页脚本与字体、演示县都在包内，安装前逐一核对 SHA-256。

    python install.py --to FOLDER

No network is needed. It needs {python} ({machine}); program, libraries, web scripts, fonts and the demo
county are inside, and every file is checked against its SHA-256 before anything is installed.
"""


@dataclass(frozen=True, slots=True)
class Bundle:
    """A bundle that was written: its size in bytes, its hash, and the machine it is for."""

    path: Path
    size: int
    files: int
    sha256: str
    machine: str


def build(out: Path, root: Path = ROOT, *, demo: bool = True) -> Bundle:
    """Write the bundle for machines like this one; whole or not at all.

    Raises `AssetError` where assets, the demo county or a wheel are missing.
    """
    program = list(program_files(root, demo=demo))
    with tempfile.TemporaryDirectory(prefix="yicha-wheels-") as folder:
        wheels = [
            (PurePosixPath("wheels") / file.name, file) for file in _wheels(Path(folder), root)
        ]
        files = [*wheels, *((PurePosixPath("program") / name, file) for name, file in program)]
        with written_whole(out) as fresh:
            _write(fresh, files)
    return Bundle(out, out.stat().st_size, len(files), _sha256(out), machine())


def machine() -> str:
    """Operating system, processor and Python that compiled libraries are for."""
    version = f"Python {sys.version_info.major}.{sys.version_info.minor}"
    return f"{platform.python_implementation()} {version} {get_platform()}"


def _wheels(folder: Path, root: Path) -> Iterator[Path]:
    """The wheels of requirements.txt and all beneath; built here where only a source is offered."""
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--disable-pip-version-check",
               "-r", str(root / "requirements.txt"), "-w", str(folder)]  # fmt: skip
    done = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)  # noqa: S603
    if done.returncode:
        raise AssetError(f"pip could not bring the libraries: {done.stderr.strip()[-400:]}",
                         remedy="build the bundle on a machine that reaches a package index",
                         file=root / "requirements.txt")  # fmt: skip
    yield from sorted(folder.glob("*.whl"))


def _write(target: Path, files: list[tuple[PurePosixPath, Path]]) -> None:
    """Nearly all of it is compressed already: stored, not squeezed again."""
    hashes: dict[str, str] = {}
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED, allowZip64=True) as bundle:
        for name, file in files:
            hashes[str(name)] = _sha256(file)
            bundle.write(file, str(name))
        about = {"machine": machine(), "python": list(sys.version_info[:2]),
                 "platform": get_platform(), "sha256": hashes}  # fmt: skip
        bundle.writestr(MANIFEST, json.dumps(about, indent=1, sort_keys=True))
        bundle.write(Path(__file__).with_name(INSTALLER), INSTALLER)
        named = {"python": f"Python {sys.version_info.major}.{sys.version_info.minor}",
                 "machine": get_platform()}  # fmt: skip
        bundle.writestr(README, _TEXT.format(**named))


def _sha256(file: Path) -> str:
    digest = hashlib.sha256()
    with file.open("rb") as source:
        while block := source.read(_BUFFER):
            digest.update(block)
    return digest.hexdigest()
