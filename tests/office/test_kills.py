"""Twenty processes on one store, killed at random moments: nothing acknowledged is lost.

The long run (two minutes, two hundred kills) is `python -m benchmarks.store_writers`.
"""

from __future__ import annotations

from pathlib import Path

from tests.office.storm import storm


def test_writers_killed_at_random_moments_lose_nothing_they_said(
    store_url: str, tmp_path: Path
) -> None:
    folder = tmp_path / "said"
    folder.mkdir()
    seen = storm(store_url, folder, writers=20, seconds=6, kills=25)
    assert seen.wrong == ()
    assert seen.acknowledged > 40
    assert seen.starts == 45
