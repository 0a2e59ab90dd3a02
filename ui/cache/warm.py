"""What is done before the first visitor asks."""

from __future__ import annotations

from layers.errors import YichaError
from ui.cache.arriving import incoming, jobs
from ui.cache.leads import filling
from ui.cache.place import is_large, packs, results, tiles, workplace
from ui.settings import is_demo


def warm_up() -> None:
    """Do the slow things once before the first visitor asks; what fails will be told to him."""
    incoming()
    jobs()
    try:
        place = workplace()
        default = place.rules if place.rules in packs() else None
        if place.on_date and not is_large(place):
            results(place, default, place.on_date)
        tiles().base(0, 0, 0)
        if is_demo(place.folder):
            filling()
    except YichaError:
        return
