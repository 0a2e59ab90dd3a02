"""`Layer`: a theme, its rows and where they came from; frozen once made.

Rows are kept in WGS 84 longitude/latitude (degrees, EPSG:4326). A file is GeoParquet with
the theme and the provenance in its metadata, written beside the target and renamed, so a
kill at any moment leaves the old file or the new one.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pyarrow as pa
from pyproj import CRS

from layers.atomic import written_whole
from layers.errors import CRSMismatchError, LayerError, YichaError
from layers.provenance import Provenance, sha256_of
from layers.themes import Theme, theme

WGS84 = "EPSG:4326"
METADATA = "yicha"
MATCHES = b"yicha_matches"
"""What a Parquet file of matches carries instead: it lies beside layers and is none."""
_FAMILY = {
    "Point": "point", "MultiPoint": "point", "LineString": "line", "MultiLineString": "line",
    "LinearRing": "line", "Polygon": "polygon", "MultiPolygon": "polygon",
}  # fmt: skip


@dataclass(frozen=True)
class Layer:
    """What is there, about one theme.

    `frame` holds the theme's columns plus `geometry` (WGS 84, EPSG:4326; may be missing only
    where the theme allows unplaced rows); `provenance` has one entry per source.
    Raises `LayerError` or `CRSMismatchError` when the frame breaks its theme's promises.
    """

    theme: Theme
    frame: gpd.GeoDataFrame
    provenance: tuple[Provenance, ...]
    sha256: str | None = None
    """Hash of the GeoParquet file the layer was read from; missing for one just made."""

    def __post_init__(self) -> None:
        same_crs(self.frame)
        _check_ids(self)
        _check_shapes(self)
        object.__setattr__(self, "frame", _with_all_columns(self))

    def __len__(self) -> int:
        return len(self.frame)

    @cached_property
    def placed(self) -> gpd.GeoDataFrame:
        """The rows that have a position."""
        return self.frame[_has_position(self.frame)]

    @cached_property
    def unplaced(self) -> gpd.GeoDataFrame:
        """The rows without a position: never clear, always to be looked at."""
        return self.frame[~_has_position(self.frame)]

    def write(self, path: str | Path) -> Path:
        """Write the layer as GeoParquet, atomically; returns the path."""
        frame = self.frame.copy()
        frame.attrs[METADATA] = {
            "theme": self.theme.name,
            "provenance": [entry.as_dict() for entry in self.provenance],
        }
        with written_whole(path) as partial:
            frame.to_parquet(partial, index=False)
        return Path(path)


def read_layer(path: str | Path) -> Layer:
    """Read a layer written by `Layer.write`; raises `LayerError` for any other file."""
    source = Path(path)
    try:
        frame = gpd.read_parquet(source)
        meta: dict[str, Any] = frame.attrs.pop(METADATA)
        provenance = tuple(Provenance(**entry) for entry in meta["provenance"])
        return Layer(theme(meta["theme"]), frame, provenance, sha256_of(source))
    except YichaError:
        raise
    except FileNotFoundError:
        raise LayerError("the file does not exist", remedy="check the path", file=source) from None
    except (OSError, ValueError, KeyError, TypeError, pa.ArrowException) as error:
        raise LayerError(
            f"this is not a layer file ({type(error).__name__})",
            remedy="make one with `python -m layers import`",
            file=source,
        ) from error


def make_layer(theme_name: str, frame: gpd.GeoDataFrame, *provenance: Provenance) -> Layer:
    """A layer of the theme called `theme_name`."""
    return Layer(theme(theme_name), frame, tuple(provenance))


def merge(layers: Iterable[Layer]) -> Layer:
    """One layer out of several of the same theme; ids that repeat across files get a prefix."""
    parts = list(layers)
    if len(parts) == 1:
        return parts[0]
    names = {part.theme.name for part in parts}
    if len(names) != 1:
        raise LayerError(f"themes differ: {sorted(names)}", remedy="merge layers of one theme")
    frames = [part.frame for part in parts]
    ids = pd.concat([frame["id"] for frame in frames])
    if ids.duplicated().any():
        frames = [frame.assign(id=f"{n}:" + frame["id"]) for n, frame in enumerate(frames, 1)]
    frame = gpd.GeoDataFrame(pd.concat(frames, ignore_index=True), crs=WGS84)
    provenance = tuple(entry for part in parts for entry in part.provenance)
    return Layer(parts[0].theme, frame, provenance, joined_hash([part.sha256 for part in parts]))


def joined_hash(hashes: Sequence[str | None]) -> str | None:
    """One hash for several files: that of their hashes in order; missing for layers just made."""
    if len(hashes) == 1 or None in hashes:
        return hashes[0] if len(hashes) == 1 else None
    return hashlib.sha256("".join(map(str, hashes)).encode()).hexdigest()


def same_crs(*frames: gpd.GeoDataFrame | gpd.GeoSeries) -> None:
    """The one wrapper that refuses another coordinate reference system than WGS 84, or none."""
    for frame in frames:
        if frame.crs is None or not _is_wgs84(frame.crs.srs):
            name = getattr(frame.crs, "name", "no declared system")
            raise CRSMismatchError(
                f"a layer must be in {WGS84}, this one is in {name}",
                remedy="convert it with `layers.datum` (to WGS 84) and say which datum it had",
            )


@lru_cache(maxsize=64)
def _is_wgs84(definition: str) -> bool:
    """Whether a definition is that of WGS 84; kept, because PROJ works it out anew in every thread."""
    return bool(CRS(definition) == WGS84)


def _has_position(frame: gpd.GeoDataFrame) -> pd.Series:
    return frame.geometry.notna() & ~frame.geometry.is_empty


def _check_ids(layer: Layer) -> None:
    ids = layer.frame.get("id")
    if ids is None or ids.isna().any() or ids.duplicated().any():
        raise LayerError(
            f"the ids of layer {layer.theme.name} are missing or repeat",
            remedy="give every row an id of its own",
            field="id",
        )


def _check_shapes(layer: Layer) -> None:
    placed = _has_position(layer.frame)
    if layer.theme.placed and not placed.all():
        raise LayerError(
            f"{int((~placed).sum())} rows of layer {layer.theme.name} have no position",
            remedy="reject them at import; this theme needs a place",
            field="geometry",
        )
    found = set(layer.frame.geometry[placed].geom_type.map(_FAMILY))
    if not found <= set(layer.theme.shapes):
        raise LayerError(
            f"layer {layer.theme.name} takes {', '.join(layer.theme.shapes)}, not "
            f"{', '.join(sorted(map(str, found - set(layer.theme.shapes))))}",
            remedy="choose another theme or convert the geometries",
            field="geometry",
        )


def _with_all_columns(layer: Layer) -> gpd.GeoDataFrame:
    """Theme columns first (missing ones empty), then what the source had beyond, geometry last."""
    frame = layer.frame
    names = [column.name for column in layer.theme.all_columns]
    missing = {name: pd.Series(None, index=frame.index, dtype=object) for name in names
               if name not in frame}  # fmt: skip
    frame = frame.assign(**missing)
    if frame.geometry.name != "geometry":
        frame = frame.rename_geometry("geometry")
    extra = [name for name in frame.columns if name not in names and name != "geometry"]
    return frame[[*names, *extra, "geometry"]]
