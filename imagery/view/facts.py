"""What is known of a view copy: it travels inside the file and beside it."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

Progress = Callable[[int, int], None]
"""Called with the parts done and the parts in all."""
Cancelled = Callable[[], bool]
TAG = "YICHA_VIEW"
"""The metadata item of the TIFF that holds `ViewFacts` as JSON."""
METHOD = "2026-11"
"""Changes when the pixels that `make_view` writes for the same scene would change."""


@dataclass(frozen=True)
class ViewFacts:
    """A view copy as made. `bounds` west, south, east, north of the scene (degrees), missing for a
    picture that nothing places; `pixel_m` the ground size of its pixels at the middle (metres).

    `max_zoom` is the zoom of the full resolution with 256-pixel tiles, `min_zoom` that of the
    coarsest level (for an unplaced picture zooms count from 0, the whole picture). `stretch` holds
    the 2nd and 98th percentile of each band; `content` the SHA-256 of all stored blocks, `sha256`
    that of the file (empty inside the file itself).
    """

    placed: bool
    min_zoom: int
    max_zoom: int
    width: int
    height: int
    bounds: tuple[float, float, float, float] | None
    pixel_m: float | None
    bands: tuple[str, ...]
    common: tuple[str | None, ...]
    dtype: str
    stretch: tuple[tuple[float, float], ...]
    compression: str
    resampling: str
    content: str
    lineage: Mapping[str, Any] = field(default_factory=dict)
    sha256: str = ""
    bytes: int = 0

    def as_dict(self) -> dict[str, Any]:
        """Plain JSON types."""
        plain: dict[str, Any] = json.loads(json.dumps(asdict(self)))
        return plain

    def text(self) -> str:
        """The JSON written into the file: all but what the file cannot know of itself."""
        known = {k: v for k, v in asdict(self).items() if k not in {"sha256", "bytes"}}
        return json.dumps(known, ensure_ascii=True)


def read_facts(text: str) -> ViewFacts:
    """The facts out of the file's JSON."""
    table = json.loads(text)
    for name in ("bands", "common"):
        table[name] = tuple(table[name])
    table["stretch"] = tuple((float(low), float(high)) for low, high in table["stretch"])
    table["bounds"] = None if table["bounds"] is None else tuple(table["bounds"])
    return ViewFacts(**table)
