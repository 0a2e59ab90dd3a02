"""A dossier for somebody outside: fields masked, pictures covered and stamped.

Only pictures go along that somebody has looked at and a second person has approved: with the areas
drawn on them, or with the word that there is nothing to cover.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import shapely
from PIL import Image
from shapely.geometry import Polygon
from shapely.geometry.base import BaseGeometry

from checks import Text
from evidence.dossier import Dossier, Picture
from evidence.masking import GRID_M, share
from evidence.redaction.areas import Area
from evidence.redaction.copies import redacted_picture
from evidence.redaction.cover import GRID
from evidence.redaction.release import Shown, released
from layers.datum.sheet import sheet_plane
from office import Database

_COARSE = Text(f"位置已概略为 {GRID_M:g} 米方格，不附影像和测线；格内建筑与线索无关",
               f"the place is told to a cell of {GRID_M:g} m, without imagery and measured line; what stands in "
               "the cell has nothing to do with the lead")  # fmt: skip
_OWN_PIXELS = 3
"""A crop is resampled: a pixel's neighbours hold a part of it."""
_MOST_M = 3.0
"""A scene's own JPEG blocks spread what lies under an area by `GRID` of its pixels more. They are taken
too as far as this; where they reach further a pixel is too coarse to show a face or a plate in its ringing."""


def shared(db: Database, dossier: Dossier, *, text: str) -> Dossier:
    """The redacted copy of a dossier; `text` is stamped on its pictures.

    Where a trader's place was made coarse the map shows the cell it lies in, and no picture goes
    along: it would show the door.
    """
    masked = share(dossier)
    moved = masked.subject is not dossier.subject
    coarse = moved or masked.object is not dossier.object
    pictures, kept_back = [], 0
    for one in () if coarse else dossier.pictures:
        areas = released(db, shown(one))
        if areas is None:
            kept_back += 1
        else:
            pictures.append(covered(_unsaid(one), areas, text))
    return replace(
        masked, pictures=tuple(pictures), subject=_cell(masked.subject) if moved else masked.subject,
        notices=[*dossier.notices, *([_COARSE] if coarse else []), *([_kept_back(kept_back)] if kept_back else [])],
    )  # fmt: skip


def shown(picture: Picture) -> Shown:
    """What of a scene the picture shows: a photo all of it."""
    return Shown(picture.scene_id, picture.bounds, picture.sha256)


def _unsaid(picture: Picture) -> Picture:
    """Without what somebody wrote under a photo: it may name anybody."""
    return (
        picture
        if picture.visit is None
        else replace(picture, visit=replace(picture.visit, caption=""))
    )


def _cell(middle: BaseGeometry | None) -> BaseGeometry | None:
    """The grid cell around its middle."""
    if not isinstance(middle, shapely.Point) or middle.is_empty:
        return middle
    plane = sheet_plane(middle.x, middle.y)
    return plane.to_degrees(plane.to_plane(middle).buffer(GRID_M / 2, cap_style="square"))


def covered(picture: Picture, areas: Sequence[Area], text: str) -> Picture:
    """The picture with the areas covered, those of the ground or a photo's own, encoded anew and stamped."""
    with Image.open(io.BytesIO(picture.data)) as image:
        size = image.size
    own = [one for one in areas if one.plane == ("ground" if picture.visit is None else "picture")]
    outlines, how = [_on(picture, size, one.shape) for one in own], [one.treatment for one in own]
    return replace(picture, data=redacted_picture(picture.data, outlines, how, text=text))


def _on(picture: Picture, size: tuple[int, int], shape: Polygon) -> Polygon:
    """An area's outline in the picture's pixels, wider by what resampling spreads."""
    if picture.frame is None:
        raise ValueError("a picture without bounds carries no areas of the ground")
    west, south, east, north = picture.frame
    lon, lat = np.array(shape.exterior.coords).T[:2]
    outline = Polygon(np.column_stack([(lon - west) / (east - west) * size[0],
                                       (north - lat) / (north - south) * size[1]]))  # fmt: skip
    spread = float(_OWN_PIXELS)
    if picture.visit is not None:
        spread += GRID * size[0] / picture.visit.size[0]
    elif picture.gsd_m and picture.width_m:
        own = picture.gsd_m
        metres = min((_OWN_PIXELS + GRID) * own, max(_OWN_PIXELS * own, _MOST_M))
        spread = max(spread, metres * size[0] / picture.width_m)
    return outline.buffer(spread, join_style="mitre")


def _kept_back(count: int) -> Text:
    return Text(f"{count} 张影像未附：打码尚未经第二人复核",
                f"{count} {'picture is' if count == 1 else 'pictures are'} left out: no second person has approved "
                "yet what is covered")  # fmt: skip
