"""The layers a run works on: by theme, in memory or in a folder, with the walking network."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq

from layers.errors import LayerError
from layers.layer import MATCHES, METADATA, Layer, joined_hash, merge, read_layer
from layers.provenance import sha256_of

if TYPE_CHECKING:
    from layers.matching.decisions import Decisions
    from layers.walking.network import WalkNetwork

WALKING = "walking"
"""Subfolder of a layer folder that holds the walking network."""


class LayerSet(Mapping[str, Layer]):
    """Layers by theme name, and the walking network where there is one."""

    def __init__(
        self,
        layers: Mapping[str, Layer],
        walking: WalkNetwork | None = None,
        decisions: Decisions | None = None,
    ) -> None:
        self._layers = dict(layers)
        self._walking = walking
        self._decisions = decisions

    def __getitem__(self, name: str) -> Layer:
        return self._layers[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._layers)

    def __len__(self) -> int:
        return len(self._layers)

    @property
    def walking(self) -> WalkNetwork | None:
        """The walking network, or `None` where no source brought one."""
        return self._walking

    @property
    def decisions(self) -> Decisions:
        """What people decided about pairs of rows; none where nobody did."""
        from layers.matching.decisions import Decisions  # matching costs a second to load

        return self._decisions or Decisions()


class LayerFolder(LayerSet):
    """The layers in a folder: every `*.parquet` directly inside it, `walking/` the network,
    `decisions.csv` what people decided about pairs of rows; files of matches are passed over.

    Files are read when first asked for; several files of one theme are merged. Raises
    `LayerError` when the folder does not exist or a file in it is not a layer.
    """

    def __init__(self, path: str | Path) -> None:
        super().__init__({})
        self.path = Path(path)
        if not self.path.is_dir():
            raise LayerError(
                "the layer folder does not exist",
                remedy="make it with `python -m layers import … --out FOLDER/name.parquet`",
                file=self.path,
            )
        self._files: dict[str, list[Path]] = {}
        for file in sorted(self.path.glob("*.parquet")):
            if MATCHES not in _metadata(file):
                self._files.setdefault(_theme_name(file), []).append(file)

    def __getitem__(self, name: str) -> Layer:
        if name not in self._layers:
            self._layers[name] = merge(read_layer(file) for file in self._files[name])
        return self._layers[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._files)

    def __len__(self) -> int:
        return len(self._files)

    def files(self, name: str) -> tuple[Path, ...]:
        """The files of a theme; none where the folder has no such theme."""
        return tuple(self._files.get(name, ()))

    def hashes(self) -> dict[str, str]:
        """SHA-256 of every theme as its `Layer` will name it, of the network's source (`walking`) and of
        the decisions (`decisions`); no layer is read for it.
        """
        found = {name: str(joined_hash([sha256_of(file) for file in files]))
                 for name, files in self._files.items()}  # fmt: skip
        if self.walking is not None:
            found[WALKING] = str((self.walking.meta.get("source") or {}).get("sha256"))
        decided = self.path / "decisions.csv"
        return found | ({"decisions": sha256_of(decided)} if decided.is_file() else {})

    @cached_property
    def walking(self) -> WalkNetwork | None:
        """The network in the subfolder `walking/`, opened without reading it whole."""
        from layers.walking.network import WalkNetwork  # so do the readers of networks

        folder = self.path / WALKING
        return WalkNetwork.open(folder) if folder.is_dir() else None

    @cached_property
    def decisions(self) -> Decisions:
        """The decisions in the folder's `decisions.csv`, read when first asked for."""
        from layers.matching.decisions import Decisions

        return Decisions.read(self.path)


def _metadata(file: Path) -> dict[bytes, bytes]:
    try:
        return pq.read_schema(file).metadata or {}
    except (OSError, pa.ArrowException):
        return {}


def _theme_name(file: Path) -> str:
    try:
        attributes = pq.read_schema(file).metadata[b"PANDAS_ATTRS"]
        return str(json.loads(attributes)[METADATA]["theme"])
    except (OSError, KeyError, TypeError, ValueError, pa.ArrowException) as error:
        raise LayerError(
            "this is not a layer file",
            remedy="make one with `python -m layers import`, or move it out of the folder",
            file=file,
        ) from error
