"""Who or what a finding is about, so that the same subject is known again in a later run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from shapely.geometry import mapping
from shapely.geometry.base import BaseGeometry


@dataclass(frozen=True, slots=True)
class Subject:
    """What the subject's own row says of it.

    `geometry` is the row's in WGS 84: a point, or the outline where the subject is an area or
    a line; `None` without a place. `u_source_m` is the error of its position in metres.
    """

    address: str | None = None
    admin_code: str | None = None
    credit_code: str | None = None
    licence_no: str | None = None
    u_source_m: float | None = None
    geometry: BaseGeometry | None = None

    @property
    def point(self) -> tuple[float, float] | None:
        """(longitude, latitude) in degrees of the place, inside the outline; `None` without one."""
        if self.geometry is None or self.geometry.is_empty:
            return None
        point = self.geometry.representative_point()
        return point.x, point.y

    def as_dict(self) -> dict[str, Any]:
        """The fields by name, the geometry as GeoJSON with `point` beside it."""
        shape = None if self.geometry is None or self.geometry.is_empty else mapping(self.geometry)
        return {"address": self.address, "admin_code": self.admin_code,
                "credit_code": self.credit_code, "licence_no": self.licence_no,
                "u_source_m": self.u_source_m, "point": self.point, "geometry": shape}  # fmt: skip
