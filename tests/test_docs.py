"""The documentation is tested: its commands run, its links lead somewhere, its twins match."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
GUIDES = sorted((ROOT / "docs" / "guides").glob("*.md"))
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]
READERS = ("prosecutor", "field", "reviewer", "administrator", "developer")
SETUP = ("-m venv", "-m pip", "-m ui.assets", "-m demo", "-m pytest", "geo_app.py", "-m benchmarks")
"""Lines that `make run` and `make test` themselves carry out."""


def _commands() -> list[str]:
    """Every `python -m …` line in the fenced blocks of README and guides, once."""
    found: dict[str, None] = {}
    for page in [ROOT / "README.md", *GUIDES]:
        for block in re.findall(r"```\w*\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL):
            for line in block.splitlines():
                command = line.split("  #")[0].strip()
                if command.startswith("python -m") and not any(s in command for s in SETUP):
                    found[command] = None
    return list(found)


@pytest.fixture(scope="module")
def workplace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that has the demo county and nothing else, as a reader of the guide has."""
    if not (ROOT / "data" / "demo" / "layers").is_dir():
        subprocess.run([sys.executable, "-m", "demo"], cwd=ROOT, check=True)
    folder = tmp_path_factory.mktemp("reader")
    (folder / "data").symlink_to(ROOT / "data", target_is_directory=True)
    return folder


def test_there_are_commands_to_test() -> None:
    assert len(_commands()) >= 6


@pytest.mark.parametrize("command", _commands())
def test_a_command_shown_works_as_written(command: str, workplace: Path) -> None:
    arguments = [sys.executable, *shlex.split(command)[1:]]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"}
    done = subprocess.run(
        arguments, cwd=workplace, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    assert done.stdout.strip()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_links_lead_somewhere(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    for target in re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", text):
        if "://" not in target:
            assert (page.parent / target).exists(), f"{page.name} links to {target}"


@pytest.mark.parametrize("reader", READERS)
def test_every_reader_has_a_guide_in_both_languages_with_the_same_sections(reader: str) -> None:
    zh, en = (ROOT / "docs" / "guides" / f"{reader}.{lang}.md" for lang in ("zh", "en"))
    headings = [len(re.findall(r"^## ", page.read_text(encoding="utf-8"), re.MULTILINE))
                for page in (zh, en)]  # fmt: skip
    assert headings[0] == headings[1] > 0


def test_every_make_target_in_the_readme_exists() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for target in re.findall(r"^make (\w+)", (ROOT / "README.md").read_text("utf-8"), re.MULTILINE):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target
