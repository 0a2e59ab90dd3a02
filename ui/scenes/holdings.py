"""What the imagery store of the data folder holds, as the page lists it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import shapely
from shapely.geometry.base import BaseGeometry

from imagery.catalogue import footprints
from imagery.store import Store
from imagery.view import TileReader


@dataclass(frozen=True)
class SceneRow:
    """A scene in the list. `day` and numbers are missing where nothing tells them; metres."""

    id: str
    title: str
    kind: str
    day: str | None
    gsd_m: float | None
    u_m: float | None
    known_by: str | None
    warnings: int
    generated: bool
    outline: BaseGeometry | None
    outline_of: str | None

    @property
    def drawn(self) -> bool:
        """Whether its pixels lie on the map."""
        return self.outline is not None and self.outline_of == "footprint"


@dataclass(frozen=True)
class Holdings:
    """The store, its tiles, and its scenes, the newest first."""

    store: Store
    reader: TileReader
    rows: tuple[SceneRow, ...]

    def by_id(self, scene_id: str | None) -> SceneRow | None:
        """The scene, or `None`."""
        return next((row for row in self.rows if row.id == scene_id), None)

    def same_place(self, row: SceneRow) -> tuple[SceneRow, ...]:
        """Other scenes on the map that show part of the same ground, the newest first."""
        if row.outline is None:
            return ()
        return tuple(other for other in self.rows if other.id != row.id and other.drawn
                     and shapely.intersects(row.outline, other.outline))  # fmt: skip

    def earlier(self, row: SceneRow) -> tuple[SceneRow, ...]:
        """Those of the same ground taken before it, the most alike in pixel size first."""
        found = (one for one in self.same_place(row) if row.day and one.day and one.day < row.day)
        return tuple(sorted(found, key=lambda one: abs((one.gsd_m or 0) - (row.gsd_m or 0))))


def open_holdings(root: Path) -> Holdings | None:
    """The store in `root`; `None` where there is none."""
    if not root.is_dir():
        return None
    store = Store.open(root, create=False)
    return Holdings(store, TileReader(store), tuple(_rows(footprints(store))))


def _rows(frame: gpd.GeoDataFrame) -> Sequence[SceneRow]:
    ordered = frame.sort_values(
        ["start", "title", "id"], ascending=[False, True, True], na_position="last"
    )
    return [
        SceneRow(
            row.id, str(row.title), str(row.kind), _text(row.day), _number(row.gsd_m),
            _number(row.u_m), _text(row.known_by), int(row.warnings), bool(row.generated),
            row.geometry, _text(row.geometry_of),
        )
        for row in ordered.itertuples()
    ]  # fmt: skip


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _number(value: float) -> float | None:
    return float(value) if value == value else None  # noqa: PLR0124 - NaN
