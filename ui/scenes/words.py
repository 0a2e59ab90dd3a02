"""Words for what is known of a scene, and for what is not."""

from __future__ import annotations

from ui.scenes.holdings import SceneRow
from ui.texts import Texts


def day_of(row: SceneRow, texts: Texts) -> str:
    """The day on site, or that nobody knows it."""
    return row.day or texts("scenes.undated")


def kind_of(row: SceneRow, texts: Texts) -> str:
    """Orthophoto, satellite, photo and so on."""
    return texts.word("scene_kind", row.kind)


def error_of(row: SceneRow, texts: Texts) -> str:
    """The position error with how it is known, or that the scene lies nowhere."""
    if row.u_m is None:
        return texts("scenes.unplaced")
    known = texts.word("known_by", row.known_by or "assumed")
    return texts("scenes.error", value=f"{row.u_m:.3g}", known=known)


def pixel_of(row: SceneRow, texts: Texts) -> str:
    """The ground size of a pixel."""
    if row.gsd_m is None:
        return texts("scenes.no_pixel")
    if row.gsd_m < 1:
        return texts("scenes.pixel_cm", value=f"{row.gsd_m * 100:.3g}")
    return texts("scenes.pixel_m", value=f"{row.gsd_m:.3g}")
