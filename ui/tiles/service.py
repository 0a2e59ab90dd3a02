"""Tiles by address: drawn on demand in a few threads, kept in memory and on disk.

The key holds the hashes of the layers and of the style, so a tile can be kept for ever and
a changed layer gives new addresses. The folder on disk can be deleted at any time.
"""

from __future__ import annotations

import hashlib
import io
import shutil
from collections import OrderedDict
from collections.abc import Iterable, Mapping
from contextlib import suppress
from functools import cached_property
from pathlib import Path
from threading import Lock

import numpy as np
import shapely
from PIL import Image

from layers import Layer
from layers.atomic import written_whole
from layers.errors import LayerError
from ui.tiles import style
from ui.tiles.base import THEMES, draw_base
from ui.tiles.labels import Names
from ui.tiles.overlay import draw_overlay, draw_points
from ui.tiles.points import Points, points_of
from ui.tiles.shapes import Shapes, shapes_of

MAX_ZOOM = 19
IN_MEMORY = 512


class TileService:
    """The tiles of one set of layers; safe to call from several threads."""

    def __init__(self, layers: Mapping[str, Layer], cache: Path | None = None) -> None:
        self._layers = layers
        self._cache = cache
        self._shapes: dict[str, Shapes] = {}
        self._kept: OrderedDict[tuple[str, int, int, int], bytes] = OrderedDict()
        self._points: dict[str, Points | None] = {}
        self._lock, self._making = Lock(), Lock()

    @cached_property
    def base_key(self) -> str:
        """Hash of the style and of all layers the base map is drawn from."""
        return self._key(theme for theme in THEMES if theme in self._layers)

    def overlay_key(self, theme: str) -> str:
        """Hash of the style and of one layer."""
        return self._key([theme])

    def base(self, z: int, x: int, y: int) -> bytes:
        """The base map's tile as PNG."""
        return self._tile("base", self.base_key, z, x, y)

    def overlay(self, theme: str, z: int, x: int, y: int) -> bytes:
        """An overlay's tile as PNG; raises `LayerError` where there is no such layer."""
        if theme not in self._layers:
            raise LayerError(f"there is no layer {theme}", remedy="import it", field="theme")
        return self._tile(theme, self.overlay_key(theme), z, x, y)

    def _tile(self, name: str, key: str, z: int, x: int, y: int) -> bytes:
        if not (0 <= z <= MAX_ZOOM and 0 <= x < 2**z and 0 <= y < 2**z):
            raise LayerError(f"there is no tile {z}/{x}/{y}", remedy="ask for one that exists")
        address = (name, z, x, y)
        with self._lock:
            if address in self._kept:
                self._kept.move_to_end(address)
                return self._kept[address]
        png = self._from_disk(key, z, x, y) or self._fresh(name, key, z, x, y)
        with self._lock:
            self._kept[address] = png
            while len(self._kept) > IN_MEMORY:
                self._kept.popitem(last=False)
        return png

    def _fresh(self, name: str, key: str, z: int, x: int, y: int) -> bytes:
        png = encode(self._draw(name, z, x, y))
        if self._cache:
            _store(self._file(key, z, x, y), png)
        return png

    def _draw(self, name: str, z: int, x: int, y: int) -> Image.Image:
        if name != "base":
            points = self.points(name)
            if points is not None:
                return draw_points(points, name, z, x, y)
            return draw_overlay(self.shapes(name), name, z, x, y)
        shapes = {theme: self.shapes(theme) for theme in THEMES if theme in self._layers}
        return self._names.write(draw_base(shapes, z, x, y), z, x, y)

    @cached_property
    def _names(self) -> Names:
        return Names({theme: self.shapes(theme) for theme in THEMES if theme in self._layers})

    def shapes(self, theme: str) -> Shapes:
        """A layer made ready for drawing, once."""
        if theme not in self._shapes:
            self._shapes[theme] = shapes_of(self._layers[theme].placed)
        return self._shapes[theme]

    def points(self, theme: str) -> Points | None:
        """A layer of points only made ready for drawing, once; `None` for any other layer."""
        with self._making:
            if theme not in self._points:
                shapes = self._layers[theme].placed.geometry.to_numpy()
                simple = bool(len(shapes)) and bool((shapely.get_type_id(shapes) == 0).all())
                places = (
                    np.column_stack([shapely.get_x(shapes), shapely.get_y(shapes)])
                    if simple
                    else None
                )
                self._points[theme] = None if places is None else points_of(places)
        return self._points[theme]

    def _key(self, themes: Iterable[str]) -> str:
        digest = hashlib.sha256(style.VERSION.encode())
        for theme in themes:
            layer = self._layers[theme]
            digest.update(f"{theme}:{layer.sha256 or id(layer)}:{len(layer)};".encode())
        return digest.hexdigest()[:16]

    def _file(self, key: str, z: int, x: int, y: int) -> Path:
        return (self._cache or Path()) / key / str(z) / str(x) / f"{y}.png"

    def _from_disk(self, key: str, z: int, x: int, y: int) -> bytes | None:
        if not self._cache:
            return None
        try:
            return self._file(key, z, x, y).read_bytes()
        except OSError:
            return None


def prune(cache: Path, keep: int = 8) -> None:
    """Delete the tiles of all but the `keep` states of the layers that were drawn last."""
    states = [folder for folder in cache.glob("*") if folder.is_dir()]
    states.sort(key=lambda folder: folder.stat().st_mtime, reverse=True)
    for folder in states[keep:]:
        shutil.rmtree(folder, ignore_errors=True)


def encode(image: Image.Image) -> bytes:
    """A tile as PNG; opaque tiles with a palette, which halves their size."""
    stream = io.BytesIO()
    if image.mode == "RGB":
        image = image.quantize(128, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
    image.save(stream, "PNG", compress_level=6)
    return stream.getvalue()


def _store(file: Path, png: bytes) -> None:
    """Write beside the target and rename, so that no half tile is ever read; a full disk is no error."""
    with suppress(OSError), written_whole(file) as partial:
        partial.write_bytes(png)
