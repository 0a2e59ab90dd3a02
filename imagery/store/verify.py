"""Verification: every original is still the bytes that came in, and everything belongs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is not as it was: `code`, the file inside the store, and words for people."""

    code: str
    file: str
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Verification:
    """What was looked at (`files`, `bytes`, `scenes`) and what is wrong."""

    files: int
    bytes: int
    scenes: int
    problems: tuple[Problem, ...]

    @property
    def good(self) -> bool:
        """Whether everything is as it was."""
        return not self.problems


def verify_store(
    root: Path,
    progress: Callable[[int, int, str], None] | None,
    cancelled: Callable[[], bool] | None,
) -> Verification:
    """Hash every original of the store at `root`; see `Store.verify`."""
    raise NotImplementedError
