"""What an export gives back."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Export:
    """A file's bytes, and in words what the format could not hold."""

    data: bytes
    notes: tuple[str, ...] = ()
