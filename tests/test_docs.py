"""The documentation is tested: its commands run, its links lead somewhere, its twins match."""

from __future__ import annotations

import importlib.util
import re
import shlex
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from checks import limits_in_force
from checks._tables.read import parse_model
from tests.checks.tables import layers_of, verdicts
from tests.shell import Shell, apart

ROOT = Path(__file__).resolve().parent.parent
GUIDES = sorted((ROOT / "docs" / "guides").glob("*.md"))
ADDING = ROOT / "docs" / "adding-a-check.md"
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]
READERS = ("prosecutor", "field", "reviewer", "administrator", "developer")
SETUP = ("-m venv", "-m pip", "-m ui.assets", "-m demo", "-m pytest", "geo_app.py", "-m benchmarks",
         "-m checks docs", "-m tests.cases", "-m offline build")  # fmt: skip
"""Lines that `make` itself carries out, or that write into the project."""


def _commands() -> list[str]:
    """Every `python -m …` line in the fenced blocks of README, guides and `adding-a-check`, once."""
    found: dict[str, None] = {}
    for page in [ROOT / "README.md", *GUIDES, ADDING]:
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
    for path, text in shown_files().items():
        if path.startswith("my-models/"):
            (folder / path).parent.mkdir(exist_ok=True)
            (folder / path).write_text(text, encoding="utf-8")
    return folder


def shown_files() -> dict[str, str]:
    """The files `adding-a-check` shows: blocks whose first line is `# PATH`."""
    text = ADDING.read_text(encoding="utf-8")
    return dict(re.findall(r"```\w+\n# (\S+/\S+)\n(.*?)```", text, re.DOTALL))


def test_there_are_commands_to_test() -> None:
    assert len(_commands()) >= 6


@pytest.fixture(scope="module")
def shell(workplace: Path) -> Iterator[Shell]:
    """Where the commands are given."""
    opened = Shell(workplace)
    yield opened
    opened.close()


@pytest.mark.parametrize("command", _commands())
def test_a_command_shown_works_as_written(command: str, shell: Shell, workplace: Path) -> None:
    """The first of every folder in a process of its own, the others in one that goes on."""
    words = shlex.split(command)[2:]
    first = next(one for one in _commands() if shlex.split(one)[2] == words[0])
    done = apart(words, workplace) if command == first else shell.run(words)
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


def test_the_model_shown_is_complete_in_under_25_lines() -> None:
    text = shown_files()["my-models/stall-papers.toml"]
    assert len(text.splitlines()) < 25
    one = parse_model(text.encode("utf-8"), Path("stall-papers.toml"))
    tables = {
        "meat_stall": [{"id": "s1", "name": "甲"}, {"id": "s2", "name": "乙"}, {"id": "s3", "name": "丙"}, {"id": "s4"}],
        "site_certificate": [{"id": "c1", "site_no": "s2", "valid_to": "2026-05-31"},
                             {"id": "c2", "site_no": "s3", "valid_to": "2027-05-31"}, {"id": "c3", "site_no": "s4"}],
    }  # fmt: skip
    assert verdicts(one, tables) == {
        "s1": "inside",
        "s2": "inside",
        "s3": "outside",
        "s4": "value_missing",
    }


def test_the_check_shown_is_complete_with_its_cases_in_under_60_lines(tmp_path: Path) -> None:
    files = {
        path: text for path, text in shown_files().items() if not path.startswith("my-models/")
    }
    written = sum(bool(line.strip()) for text in files.values() for line in text.splitlines())
    assert written < 60
    source = tmp_path / "hotel_licence.py"
    source.write_text(files["checks/hotel_licence.py"], encoding="utf-8")
    spec = importlib.util.spec_from_file_location("hotel_licence", source)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    said = {}
    for path, text in files.items():
        if path.startswith("tests/cases/hotel-licence/"):
            case = tomllib.loads(text)
            tables = dict(zip(module.CHECK.needs, (case["shops"], case["register"]), strict=True))
            limits = limits_in_force(module.CHECK, None, case["on_date"])
            (record,) = module.find(layers_of(tables), limits, case["on_date"], all_subjects=True)
            said[Path(path).stem] = getattr(record, "verdict", "undecided")
    assert said == {"clear": "outside", "finding": "inside", "borderline": "borderline",
                    "undecided": "undecided"}  # fmt: skip


def test_every_test_that_the_security_page_names_exists() -> None:
    """A threat model without its tests is a wish."""
    named = re.findall(
        r"`(tests/[\w/.]+?)(?:::(\w+))?`", (ROOT / "SECURITY.md").read_text(encoding="utf-8")
    )
    assert len(named) > 20
    for file, test in named:
        path = ROOT / file
        assert path.exists(), file
        assert not test or f"def {test}(" in path.read_text(encoding="utf-8"), f"{file}::{test}"
