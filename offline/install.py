"""Install Yicha 益察 from this bundle, without a network: `python install.py --to FOLDER`.

Needs nothing but Python itself. Lies at the top of the bundle; run it from the unpacked folder, or
give the zip with `--bundle`.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import shutil
import subprocess
import sys
import sysconfig
import tempfile
import zipfile
from pathlib import Path, PurePosixPath
from typing import Any

HERE = Path(__file__).resolve().parent


class InstallError(Exception):
    """What is wrong, and what to do about it."""


def main(argv: list[str] | None = None) -> int:
    """Check every hash, set up the libraries, put the program in place; 1 with the reason else."""
    parser = argparse.ArgumentParser(description="Install Yicha without a network. 离线安装益察。")
    parser.add_argument("--to", type=Path, required=True, help="new folder to install into")
    parser.add_argument("--bundle", type=Path, help="the zip, where it was not unpacked")
    arguments = parser.parse_args(argv)
    try:
        if arguments.bundle is None:
            install(HERE, arguments.to)
        else:
            with tempfile.TemporaryDirectory(dir=arguments.to.resolve().parent) as folder:
                unpack(arguments.bundle, Path(folder))
                install(Path(folder), arguments.to)
    except InstallError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    python = _python(arguments.to.resolve())
    print(
        f"已安装 / installed: {arguments.to}\n启动 / start: cd {arguments.to} && {python} geo_app.py"
    )
    return 0


def unpack(bundle: Path, folder: Path) -> None:
    """Unpack the zip; names that would leave the folder are refused."""
    with zipfile.ZipFile(bundle) as source:
        for name in source.namelist():
            path = PurePosixPath(name)
            if path.is_absolute() or ".." in path.parts or "\\" in name:
                raise InstallError(
                    f"{name} would leave the folder 压缩包内路径可疑: get the bundle anew"
                )
        source.extractall(folder)


def install(bundle: Path, target: Path) -> None:
    """Install an unpacked bundle into a new folder; what fails leaves nothing there."""
    about = _manifest(bundle)
    _fits(about)
    _whole(bundle, about["sha256"])
    if target.exists() and any(target.iterdir()):
        raise InstallError(f"{target} is not empty 目标文件夹非空: name a new folder")
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        shutil.copytree(bundle / "program", target, dirs_exist_ok=True)
        _libraries(bundle / "wheels", target)
    except BaseException:
        shutil.rmtree(target, ignore_errors=True)
        raise


def _manifest(bundle: Path) -> dict[str, Any]:
    file = bundle / "manifest.json"
    if not file.is_file():
        raise InstallError(f"{file} is missing 安装包不完整: unpack the whole bundle")
    about: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return about


def _fits(about: dict[str, Any]) -> None:
    here = (list(sys.version_info[:2]), sysconfig.get_platform())
    if here != (about["python"], about["platform"]):
        raise InstallError(f"this bundle is for {about['machine']} 安装包与本机不符, this is Python "
                      f"{here[0][0]}.{here[0][1]} on {here[1]}: build it on a machine like this one")  # fmt: skip


def _whole(bundle: Path, expected: dict[str, str]) -> None:
    """Every file of the list is there as it was built, and no other."""
    there = {
        file.relative_to(bundle).as_posix()
        for part in ("wheels", "program") for file in (bundle / part).rglob("*") if file.is_file()
    }  # fmt: skip
    if other := there ^ set(expected):
        raise InstallError(
            f"{min(other)} is missing or does not belong 文件缺失或多余: get the bundle anew"
        )
    for name, told in expected.items():
        digest = hashlib.sha256()
        with (bundle / name).open("rb") as source:
            while block := source.read(1 << 20):
                digest.update(block)
        if digest.hexdigest() != told:
            raise InstallError(
                f"{name} was damaged or altered 文件损坏或被改动: get the bundle anew"
            )


def _libraries(wheels: Path, target: Path) -> None:
    """A virtual environment with exactly what the bundle brought; pip is kept from everything else."""
    environment = target / ".venv"
    _run([sys.executable, "-m", "venv", str(environment)], target)
    _run([str(_python(target)), "-m", "pip", "--isolated", "install", "--quiet", "--no-index",
          "--disable-pip-version-check", "--find-links", str(wheels.resolve()), "-r", "requirements.txt"],
         target)  # fmt: skip
    (environment / ".run").touch()  # `make run` sets up nothing anew


def _python(target: Path) -> Path:
    return target / ".venv" / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def _run(command: list[str], folder: Path) -> None:
    clean = {name: value for name, value in os.environ.items() if not name.startswith("PIP_")}
    done = subprocess.run(command, cwd=folder, env={**clean, "PIP_CONFIG_FILE": os.devnull},  # noqa: S603
                          capture_output=True, encoding="utf-8", errors="replace", check=False)  # fmt: skip
    if done.returncode:
        raise InstallError(f"{Path(command[0]).name} failed: {done.stderr.strip()[-400:]}")


if __name__ == "__main__":
    sys.exit(main())
