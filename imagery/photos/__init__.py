"""Single drone photos without an orthophoto: what they say, where they look, how sure that is."""

from imagery.photos.ground import footprint, photo_placement
from imagery.photos.read import read_photo
from imagery.photos.words import Footprint, PhotoFacts

__all__ = ["Footprint", "PhotoFacts", "footprint", "photo_placement", "read_photo"]
