"""How well a scene is placed: stated, or assumed by its kind and printed as assumed."""

from __future__ import annotations

import math
from dataclasses import dataclass

from imagery.formats.remarks import remark
from imagery.scene import Kind, KnownBy, Remark, Stated
from layers.datum.ground import GroundCRS

_WORTH_SAYING_M = 1.0


@dataclass(frozen=True, slots=True)
class Assumption:
    """Metres (95 %), or `pixels` where that is more, and of what it is assumed."""

    metres: float
    pixels: float
    zh: str
    en: str


ASSUMED: dict[str, Assumption] = {
    "orthophoto": Assumption(5.0, 2.0, "无控制点的航拍正射影像", "an orthophoto without control points"),
    "satellite": Assumption(15.0, 1.0, "卫星影像", "a satellite scene"),
    "sentinel2": Assumption(12.5, 0.0, "哨兵二号产品规格", "Sentinel-2 by its product specification"),
    "tiles": Assumption(20.0, 2.0, "来源不明的瓦片", "tiles of unknown source"),
    "photo": Assumption(20.0, 2.0, "按坐标文件定位的照片", "a photo placed by a world file"),
    "picture": Assumption(20.0, 2.0, "按坐标文件定位的图片", "a picture placed by a world file"),
}  # fmt: skip
"""Sentinel-2: 12.5 m (95 %) without ground control points; the others are judgement: consumer
satellite positioning leaves 3-5 m, tiles have passed through unknown hands."""


def placement_error(
    kind: Kind | str, gsd_m: float, crs: GroundCRS, stated: Stated, residual_m: float = 0.0
) -> tuple[float, KnownBy, list[Remark]]:
    """Error of a position (metres, 95 %), how it is known, and what to say about it.

    What the person states, or else the assumption for the kind, with the datum shift and the
    residual of a fit added in quadrature.
    """
    remarks = []
    if crs.u_datum_m >= _WORTH_SAYING_M:
        remarks.append(remark("datum_shift", name=crs.name, u_m=crs.u_datum_m))
    if stated.u_m is not None:
        return math.hypot(stated.u_m, crs.u_datum_m, residual_m), "stated", remarks
    assumed = ASSUMED[kind]
    base = max(assumed.metres, assumed.pixels * gsd_m)
    remarks.append(remark("accuracy_assumed", u_m=base, what=assumed.en, what_zh=assumed.zh))
    return math.hypot(base, crs.u_datum_m, residual_m), "assumed", remarks
