"""The imagery store: originals byte for byte, STAC items beside them, views derived from them."""

from imagery.store.layout import scene_id, scene_ids
from imagery.store.store import Progress, Store
from imagery.store.verify import Problem, Verification

__all__ = ["Problem", "Progress", "Store", "Verification", "scene_id", "scene_ids"]
