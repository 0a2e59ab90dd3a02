"""The drive-through picture of one fire lane, from the same measuring that the finding came from."""

from __future__ import annotations

from checks._lanes.seen import drive, lane_of, look, obstacles_on
from checks._rulebook.pack import Limits
from imagery.width.ink import Sheet
from imagery.width.picture import draw_detail, draw_picture
from layers import LayerSet
from layers.errors import LayerError


def lane_picture(
    layers: LayerSet, limits: Limits, on_date: str, lane_id: str, *, lang: str = "zh",
    small: bool = False, foot: str = "",
) -> Sheet:  # fmt: skip
    """The lane with what stands in it on `on_date` and the vehicle's way, to be written as SVG or PNG.

    `small` has the surrounding of the narrowest place alone. Raises `LayerError` where there is no
    such lane, `ImageryError` where it cannot be measured.
    """
    frame = layers["fire_lane"].placed if "fire_lane" in layers else None
    rows = [] if frame is None else list(frame[frame["id"].eq(lane_id)].itertuples(index=False))
    if not rows or "obstacle" not in layers:
        raise LayerError(f"there is no fire lane {lane_id!r}, or no obstacles are known",
                         remedy="choose a lane of the list", field="id")  # fmt: skip
    seen = look(lane_of(rows[0]), obstacles_on(layers["obstacle"].placed, on_date), limits)
    driven = [drive(seen)]
    if small:
        return draw_detail(seen.with_all, driven, lang=lang)
    notes = [note.of(lang) for note in seen.with_all.width.notes]
    name = str(rows[0].name or lane_id)
    return draw_picture(seen.with_all, driven, lang=lang, title=f"{name} · {on_date}",
                        foot=[*notes, *([foot] if foot else [])])  # fmt: skip
