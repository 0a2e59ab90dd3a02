"""`make_view`: a scene becomes a pyramid of map tiles in one file, in one pass over its pixels."""

from __future__ import annotations

from pathlib import Path

from imagery.scene import Scene
from imagery.view.facts import Cancelled, Progress, ViewFacts


def make_view(
    scene: Scene, out: Path, *, progress: Progress | None = None, cancelled: Cancelled | None = None
) -> ViewFacts:
    """Write the view copy of `scene` to `out` (a Cloud Optimized GeoTIFF), whole or not at all.

    Raises `ImageryError` where the pixels cannot be read, `Cancelled` when asked to stop.
    """
    raise NotImplementedError(scene, out, progress, cancelled)
