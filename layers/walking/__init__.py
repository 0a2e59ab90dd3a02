"""Walking distance on a network kept as flat arrays on disk."""

from layers.walking.build import build_network
from layers.walking.error import network_error_m
from layers.walking.network import WalkNetwork
from layers.walking.pairs import WalkPairs, walk_pairs
from layers.walking.paths import Walk, walk_paths
from layers.walking.snap import MAX_SNAP_M, Snaps, snap

__all__ = [
    "MAX_SNAP_M",
    "Snaps",
    "Walk",
    "WalkNetwork",
    "WalkPairs",
    "build_network",
    "network_error_m",
    "snap",
    "walk_pairs",
    "walk_paths",
]
