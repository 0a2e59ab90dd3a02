"""The walking network: flat arrays, opened as memory maps."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np


@dataclass(frozen=True)
class WalkNetwork:
    """Nodes, edges and edge geometry as flat arrays (WGS 84 degrees, geodesic metres)."""

    node_lonlat: np.ndarray

    @classmethod
    def open(cls, folder: str | Path) -> WalkNetwork:
        """Open the network in `folder`."""
        return cls(np.load(Path(folder) / "node_lonlat.npy", mmap_mode="r"))
