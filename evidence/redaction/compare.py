"""What a second person looks at before approving: each place that was drawn on, before and after covering."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from shapely.geometry import Polygon

from evidence.pictures import frame_around, picture_in
from evidence.redaction.areas import Area, Drawn, areas_of, rectangle
from evidence.redaction.copies import redacted_picture
from evidence.redaction.release import standing_of, story_of
from evidence.redaction.scenes import on_picture, picture_file, shown_whole
from evidence.redaction.sharing import covered
from imagery.store import Store
from imagery.view import Frame, TileReader
from layers.errors import ImageryError
from office import Database

_PIXELS = 900


@dataclass(frozen=True, slots=True)
class Pair:
    """One place as it is and as it would leave (JPEG or PNG); the areas drawn there, by whom and when."""

    before: bytes
    after: bytes
    areas: tuple[Area, ...]
    actor: str
    at: str
    anew: bool

    @property
    def suffix(self) -> str:
        """Of a file that holds such a picture."""
        return ".png" if self.before.startswith(b"\x89PNG") else ".jpg"


def compared(db: Database, store: Store, scene: str) -> Iterator[Pair]:
    """The pairs of everything that waits on a scene, then what was approved before, in order of time.

    A photo is shown whole, of a placed scene the ground that was looked at, and around each area that
    was drawn elsewhere. `ImageryError` where the store has no such scene.
    """
    held, now = areas_of(db, scene) or (), standing_of(db, scene)
    yards = {
        one.seq: one.areas
        for one in story_of(db, scene)
        if isinstance(one, Drawn) and one.everywhere
    }
    if shown_whole(store, scene):
        yield from _photo(store, scene, held, now.waiting or now.drawn)
        return
    reader = TileReader(store)
    try:
        for one in now.waiting or now.drawn:
            ground = [*one.areas, *(yards.get(one.seq + 1, ()) if one.yards else ())]
            for frame, areas in _frames(store, scene, one, ground):
                marked = [area.shape for area in areas]
                before = picture_in(store, reader, scene, frame, marked)
                after = covered(picture_in(store, reader, scene, frame), held, "")
                yield Pair(before.data, after.data, tuple(areas), one.actor, one.at, one.anew)
    finally:
        reader.close()


def _photo(
    store: Store, scene: str, held: Sequence[Area], drawn: Sequence[Drawn]
) -> Iterator[Pair]:
    areas, outlines = on_picture(store, scene, held)
    with picture_file(store, scene) as file:
        data = file.read_bytes()
    before = redacted_picture(data, [], [], name=scene)
    after = redacted_picture(data, outlines, [one.treatment for one in areas], name=scene)
    for one in drawn:
        yield Pair(before, after, one.areas, one.actor, one.at, one.anew)


def _frames(
    store: Store, scene: str, drawn: Drawn, ground: Sequence[Area]
) -> Iterator[tuple[Frame, Sequence[Area]]]:
    """The ground to show, and the areas in it."""
    seen = None if drawn.seen is None else rectangle(drawn.seen)
    if seen is None and not ground:
        seen = _whole(store, scene)
    if seen is not None:
        yield (
            Frame.of_bounds(seen.bounds, _PIXELS),
            [one for one in ground if seen.intersects(one.shape)],
        )
    for one in ground:
        if seen is None or not seen.covers(one.shape):
            yield frame_around(one.shape, _PIXELS), [one]


def _whole(store: Store, scene: str) -> Polygon:
    bounds = store.document(scene).get("bbox")
    if not bounds:
        raise ImageryError("the scene has no place", field="scene", remedy="look at it as a photo")
    return rectangle(bounds)
