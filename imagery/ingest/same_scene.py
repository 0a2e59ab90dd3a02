"""The same scene in other bytes: exported twice, compressed anew, sent through a messenger."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

import geopandas as gpd
from shapely.geometry import shape

from imagery.catalogue.index import row_of
from imagery.scene import Remark

_CLOSE_DEGREES = 1e-5
"""About a metre: outlines of one scene written by two programs differ by rounding only."""
Key = tuple[str, str, str | None]
Found = tuple[str, str, tuple[float, ...]]


@dataclass
class SameScene:
    """Scenes by time and sensor, with id, hash of the original and bounds."""

    known: dict[Key, list[Found]] = field(default_factory=lambda: defaultdict(list))

    @classmethod
    def of(cls, scenes: gpd.GeoDataFrame) -> SameScene:
        """Those of the rows of `imagery.catalogue.footprints` that have a place and a time."""
        made = cls()
        placed = scenes[scenes.geometry.notna() & (scenes["taken_how"] != "missing")]
        for row in placed.itertuples():
            made.known[row.start, row.end, row.instrument].append(
                (row.id, row.sha256, row.geometry.bounds)
            )
        return made

    def check(self, document: dict[str, Any]) -> tuple[Remark, ...]:
        """A remark where another original shows the same place at the same time; then the scene
        of this STAC item counts as known too.
        """
        row = row_of(document)
        if row["geometry"] is None or row["taken_how"] == "missing":
            return ()
        around = self.known[row["start"], row["end"], row["instrument"]]
        bounds = shape(document["geometry"]).bounds
        others = [scene for scene, sha256, found in around if sha256 != row["sha256"]
                  and all(abs(a - b) < _CLOSE_DEGREES for a, b in zip(found, bounds, strict=True))]  # fmt: skip
        around.append((row["id"], row["sha256"], bounds))
        return tuple(map(_same, others[:1]))


def _same(scene: str) -> Remark:
    return Remark("same_scene", f"与 {scene} 的位置、时间和设备相同，但字节不同：同一影像的另一版本？",
                  f"same place, time and sensor as {scene} in other bytes: another version of it?")  # fmt: skip
