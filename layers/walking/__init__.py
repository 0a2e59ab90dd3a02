"""Walking distance on a network kept as flat arrays on disk."""

from layers.walking.network import WalkNetwork

__all__ = ["WalkNetwork"]
