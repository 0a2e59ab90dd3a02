"""Does a scene carry the shift of China's web maps? Told by laying it on a trusted older scene."""

from __future__ import annotations

import geopandas as gpd
import shapely

from imagery.align import Settings, estimate, gcj_hint
from imagery.align.ground import Ground
from imagery.formats.where import in_china
from imagery.scene import Remark, Scene
from imagery.store import Store
from imagery.view.stored import original_scene
from layers.errors import YichaError

_SETTINGS = Settings(max_side=1000)
_LEAST_SHARE = 0.3
"""The older scene must show so much of the new one: the shift takes up to 700 m of it."""
_MOST_RATIO = 6.0
_TRUSTED_U_M = 30.0


def datum_remarks(scene: Scene, store: Store, scenes: gpd.GeoDataFrame) -> tuple[Remark, ...]:
    """A remark where the scene lies off an older one by just the shift of a web map.

    `scenes` are the rows of `imagery.catalogue.footprints` it may be laid on. Without a trusted
    scene of the place, or where the two cannot be aligned, nothing is said: nobody knows.
    """
    if scene.footprint is None or scene.placement is None or scene.placement.by == "camera":
        return ()
    middle = scene.footprint.centroid
    if not in_china(middle.x, middle.y):
        return ()
    trusted = _trusted(scene, scenes)
    before = None if trusted is None else original_scene(store, trusted)
    if before is None or trusted is None:
        return ()
    try:
        found = estimate(Ground.of(before), Ground.of(scene), _SETTINGS)
    except YichaError:
        return ()
    hint = gcj_hint(found.lon, found.lat, found.east_m, found.north_m, found.residual_m)
    if not found.accepted or hint.datum is None:
        return ()
    return (Remark(f"probably_{hint.datum}", f"与 {trusted} 相比：{hint.text_zh}",
                   f"laid on {trusted}: {hint.text_en}"),)  # fmt: skip


def _trusted(scene: Scene, scenes: gpd.GeoDataFrame) -> str | None:
    """The georeferenced scene that shows most of this one, if it shows enough of it."""
    near = scenes.iloc[scenes.sindex.query(scene.footprint, predicate="intersects")]
    near = near[(near["placed_by"] == "georeference") & (near["u_m"] <= _TRUSTED_U_M)]
    ratio = near["gsd_m"] / (scene.gsd_m or 1.0)
    near = near[(ratio < _MOST_RATIO) & (ratio > 1 / _MOST_RATIO)]
    if scene.footprint is None or not len(near):
        return None
    shared = shapely.area(shapely.intersection(near.geometry.array, scene.footprint))
    if shared.max() < _LEAST_SHARE * scene.footprint.area:
        return None
    return str(near["id"].iloc[int(shared.argmax())])
