"""`python -m tests` runs every test once."""

from __future__ import annotations

from pathlib import Path

from tests.__main__ import parts


def test_every_test_file_belongs_to_one_part(root: Path) -> None:
    told = [
        root / word for words in parts(root).values() if words[0] == "pytest" for word in words[1:]
    ]
    for file in (root / "tests").rglob("test_*.py"):
        assert sum(part == file or part in file.parents for part in told) == 1, file


def test_types_are_a_part_and_options_reach_every_folder(root: Path) -> None:
    found = dict(parts(root, ["-k", "word"]))
    assert found.pop("types") == ["mypy", "."]
    assert all(words[:3] == ["pytest", "-k", "word"] for words in found.values())


def test_what_begins_first_is_there(root: Path) -> None:
    assert list(parts(root))[:3] == ["browser", "imagery", "leads"]
