"""The offline bundle: built once, installed where there is no network, refused where it is not whole."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import sysconfig
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from layers.errors import AssetError
from offline.build import build
from offline.contents import program_files
from offline.install import InstallError, install, unpack
from tests.lacking import lacking
from tests.system import chromium_program

Make = Callable[..., Path]


def _needed() -> tuple[list[str], str]:
    """The command that runs another one without a network, and Chromium; else skips loudly."""
    tool, chromium = shutil.which("unshare"), chromium_program()
    root = os.name == "posix" and os.geteuid() == 0
    command = [tool or "", "-n" if root else "-rn"]
    lacks = [] if chromium else ["CHROMIUM"]
    if tool is None or subprocess.run([*command, "true"], check=False).returncode:
        lacks.append("NETWORK NAMESPACES (unshare -n)")
    if lacks:
        lacking(f"MISSING: {', '.join(lacks)}; the offline bundle was not installed")
    return command, str(chromium)


@pytest.mark.browser
def test_it_installs_and_runs_without_a_network(tmp_path: Path, root: Path) -> None:
    """A namespace with nothing but its own loopback: every wheel comes from the bundle."""
    command, chromium = _needed()
    made = build(tmp_path / "yicha.zip")
    assert made.files > 500
    script = 'ip link set lo up && exec "$0" -m tests.offline.without_network "$@"'
    done = subprocess.run(
        [*command, "sh", "-c", script, sys.executable, str(made.path), str(tmp_path), chromium],
        cwd=root, capture_output=True, encoding="utf-8", check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    seen = json.loads(done.stdout.splitlines()[-1])
    assert not seen["reached"]
    assert seen["health"] == "ok"
    assert seen["rows"] > 20
    assert seen["tiles"] > 0
    assert seen["outside"] == []


def test_what_the_machine_made_and_what_nobody_needs_stays_here(root: Path) -> None:
    names = {str(name) for name, _ in program_files(root, demo=False)}
    assert {"geo_app.py", "requirements.txt", ".streamlit/config.toml", "data/policy.toml"} <= names
    left_out = ("tests/", "data/cache/", "data/demo/", ".venv/", ".git/", "out/")
    assert not [name for name in names if name.startswith(left_out) or "__pycache__" in name]


def test_without_web_assets_there_is_no_bundle(tmp_path: Path) -> None:
    with pytest.raises(AssetError, match=r"python -m ui\.assets"):
        list(program_files(tmp_path))


@pytest.fixture
def made(tmp_path: Path) -> Make:
    """An unpacked bundle with one file of program; `machine` as its manifest tells it."""

    def make(platform: str = sysconfig.get_platform()) -> Path:
        bundle = tmp_path / "bundle"
        (bundle / "program").mkdir(parents=True)
        (bundle / "wheels").mkdir()
        (bundle / "program" / "geo_app.py").write_text("print()\n", encoding="utf-8")
        told = {"program/geo_app.py": hashlib.sha256(b"print()\n").hexdigest()}
        about = {"machine": "another", "python": list(sys.version_info[:2]), "platform": platform,
                 "sha256": told}  # fmt: skip
        (bundle / "manifest.json").write_text(json.dumps(about), encoding="utf-8")
        return bundle

    return make


def test_an_altered_file_is_named(made: Make, tmp_path: Path) -> None:
    bundle = made()
    (bundle / "program" / "geo_app.py").write_text("print(1)\n", encoding="utf-8")
    with pytest.raises(InstallError, match=r"program/geo_app\.py was damaged or altered"):
        install(bundle, tmp_path / "to")
    assert not (tmp_path / "to").exists()


def test_a_file_too_many_and_one_too_few_are_named(made: Make, tmp_path: Path) -> None:
    bundle = made()
    (bundle / "wheels" / "more.whl").write_bytes(b"")
    with pytest.raises(InstallError, match=r"wheels/more\.whl"):
        install(bundle, tmp_path / "to")
    (bundle / "wheels" / "more.whl").unlink()
    (bundle / "program" / "geo_app.py").unlink()
    with pytest.raises(InstallError, match=r"program/geo_app\.py"):
        install(bundle, tmp_path / "to")


def test_another_kind_of_machine_and_a_folder_in_use_are_refused(
    made: Make, tmp_path: Path
) -> None:
    with pytest.raises(InstallError, match="this bundle is for another"):
        install(made("solaris-sparc"), tmp_path / "to")
    shutil.rmtree(tmp_path / "bundle")
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "mine.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(InstallError, match="not empty"):
        install(made(), tmp_path / "full")
    assert (tmp_path / "full" / "mine.txt").read_text(encoding="utf-8") == "mine"


def test_libraries_that_do_not_install_leave_nothing(made: Make, tmp_path: Path) -> None:
    """The program names no requirements.txt here, so pip fails after all was copied."""
    with pytest.raises(InstallError, match="failed"):
        install(made(), tmp_path / "to")
    assert not (tmp_path / "to").exists()


def test_a_zip_that_would_write_elsewhere_is_not_unpacked(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "bad.zip", "w") as target:
        target.writestr("../outside.txt", "x")
    with pytest.raises(InstallError, match="leave the folder"):
        unpack(tmp_path / "bad.zip", tmp_path / "inside")
    assert not (tmp_path / "outside.txt").exists()
