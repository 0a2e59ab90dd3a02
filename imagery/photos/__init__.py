"""Single drone photos without an orthophoto: what they say, where they look, how sure that is.

Matching and drawing (`imagery.photos.mosaic`, `imagery.photos.headings`) are not imported here:
reading a card of photos needs neither.
"""

from imagery.photos.ground import footprint, photo_placement
from imagery.photos.read import photo_facts, read_photo
from imagery.photos.track import track_remarks
from imagery.photos.words import Footprint, PhotoFacts

__all__ = [
    "Footprint",
    "PhotoFacts",
    "footprint",
    "photo_facts",
    "photo_placement",
    "read_photo",
    "track_remarks",
]
