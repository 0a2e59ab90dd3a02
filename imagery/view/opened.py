"""View copies kept open: each thread its own handles, a bounded number of them."""

from __future__ import annotations

import os
import threading
import warnings
import weakref
from collections import OrderedDict
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import rasterio
from rasterio.errors import NotGeoreferencedWarning, RasterioError
from rio_tiler.errors import NoOverviewWarning
from rio_tiler.io import Reader

from imagery.guard.raster import OPTIONS, damaged
from imagery.store import Store
from imagery.view.facts import TAG, ViewFacts, read_facts
from layers.errors import ImageryError

Stamp = tuple[int, int, int]
"""Size, time of change and number of a file: another file under the same name differs."""


@dataclass(frozen=True)
class OpenView:
    """An open view copy: the dataset, rio-tiler's reader of it (placed views), its facts."""

    dataset: Any
    reader: Reader | None
    facts: ViewFacts
    stamp: Stamp

    def close(self) -> None:
        """Close the file."""
        self.dataset.close()


class OpenViews:
    """Opens views by scene id and keeps the `keep` last used ones open in each thread."""

    def __init__(self, store: Store, keep: int) -> None:
        self._store, self._keep = store, keep
        self._mine = threading.local()
        self._all: weakref.WeakSet[_Kept] = weakref.WeakSet()
        self._lock = threading.Lock()

    def get(self, scene_id: str) -> OpenView | None:
        """The scene's view copy; missing where it has none. A view made again is opened again."""
        path = self._store.view(scene_id)
        if path is None:
            return None
        kept = self._kept()
        stamp = _stamp(path)
        found = kept.views.get(scene_id)
        if found is not None and found.stamp == stamp:
            kept.views.move_to_end(scene_id)
            return found
        if found is not None:
            kept.views.pop(scene_id).close()
        kept.views[scene_id] = _opened(path, stamp)
        if len(kept.views) > self._keep:
            kept.views.popitem(last=False)[1].close()
        return kept.views[scene_id]

    def close(self) -> None:
        """Close every handle of every thread; call it when no thread reads any more."""
        with self._lock:
            for kept in list(self._all):
                while kept.views:
                    kept.views.popitem()[1].close()

    def _kept(self) -> _Kept:
        kept: _Kept | None = getattr(self._mine, "kept", None)
        if kept is None:
            kept = self._mine.kept = _Kept()
            with self._lock:
                self._all.add(kept)
        return kept


class _Kept:
    """The open views of one thread, least recently used first."""

    def __init__(self) -> None:
        self.views: OrderedDict[str, OpenView] = OrderedDict()


def _stamp(path: Path) -> Stamp:
    told = os.stat(path)  # noqa: PTH116 - the quicker of the two, once per tile
    return told.st_size, told.st_mtime_ns, told.st_ino


def _opened(path: Path, stamp: Stamp) -> OpenView:
    try:
        with rasterio.Env(**OPTIONS), warnings.catch_warnings():
            warnings.simplefilter("ignore", NotGeoreferencedWarning)
            dataset = rasterio.open(path, driver="GTiff", sharing=False)
    except (RasterioError, OSError) as error:
        raise damaged(path, error) from error
    text = dataset.tags().get(TAG)
    if text is None:
        dataset.close()
        raise ImageryError("this is no view copy", remedy="make the view copy again", file=path)
    facts = read_facts(text)
    with warnings.catch_warnings():
        # a small scene needs no coarser levels
        warnings.simplefilter("ignore", NoOverviewWarning)
        reader = Reader(path.as_posix(), dataset=dataset) if facts.placed else None
    return OpenView(dataset, reader, facts, stamp)
