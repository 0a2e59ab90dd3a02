"""An alignment, or a move by hand, as a new placement with its lineage; originals stay."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np

from imagery.align.estimate import Alignment
from imagery.scene import Placement
from layers.datum.ground import ground_crs, local_plane
from layers.errors import ImageryError


@dataclass(frozen=True, slots=True)
class Adjustment:
    """Who moved a scene, how far (metres east and north), against what and why.

    `when` is an ISO time handed in; `residual_m` what is left afterwards (missing by hand).
    """

    east_m: float
    north_m: float
    how: str
    who: str
    when: str
    why: str
    against: str | None = None
    residual_m: float | None = None
    matrix: tuple[tuple[float, float, float], tuple[float, float, float]] | None = None

    def as_dict(self) -> dict[str, Any]:
        """The fields by name, for the lineage of a scene."""
        return asdict(self)


def adjusted(
    placement: Placement, alignment: Alignment, *, who: str, when: str, against: str, u_against_m: float
) -> tuple[Placement, Adjustment]:  # fmt: skip
    """`placement` moved onto the scene it was measured against, and the lineage entry.

    The new position error is that of the scene aligned to (`u_against_m`) and the residual
    together, metres. Raises `ImageryError` for an alignment that was not accepted.
    """
    if not alignment.accepted:
        raise ImageryError(
            f"the alignment was not accepted: {alignment.why_en}",
            remedy="choose a scene of the same season and similar ground size, or move it by hand",
        )
    moved = _moved(placement, np.array(alignment.matrix), alignment.crs)
    u_m = float(np.hypot(u_against_m, alignment.residual_m))
    entry = Adjustment(
        alignment.east_m, alignment.north_m, f"alignment by {alignment.method}, {alignment.model}",
        who, when, "laid on the other scene", against, alignment.residual_m, alignment.matrix,
    )  # fmt: skip
    return replace(moved, by="alignment", u_m=u_m, known_by="measured"), entry


def by_hand(
    placement: Placement,
    at: tuple[float, float],
    move_m: tuple[float, float],
    *,
    u_m: float,
    who: str,
    when: str,
    why: str,
) -> tuple[Placement, Adjustment]:
    """`placement` moved by `move_m` metres east and north, as a person decided.

    `at` is the longitude and latitude (degrees) where the metres hold; `u_m` is the person's own
    word on the position error afterwards. Raises `ImageryError` without a name or reason.
    """
    if not who.strip() or not why.strip():
        raise ImageryError(
            "a move by hand needs the person's name and the reason",
            remedy="say who moved the scene and what it was laid on",
            field="who" if not who.strip() else "why",
        )
    matrix = np.array([[1.0, 0.0, move_m[0]], [0.0, 1.0, move_m[1]]])
    moved = _moved(placement, matrix, local_plane(*at))
    entry = Adjustment(move_m[0], move_m[1], "by hand", who, when, why)
    return replace(moved, by="hand", u_m=u_m, known_by="stated"), entry


def _moved(placement: Placement, matrix: np.ndarray, crs: str) -> Placement:
    """The same grid with its corners moved by a matrix on metres of the plane `crs`.

    Three corners of a patch of pixels around the plane's origin carry the new transform: between
    two planes a few hundred metres apart the mapping is straight far below a pixel.
    """
    a, b, c, d, e, f = placement.transform
    pixels = np.array([[a, b, c], [d, e, f], [0.0, 0.0, 1.0]])
    own, plane = ground_crs(placement.crs), ground_crs(crs)
    centre = np.linalg.inv(pixels) @ [*_origin_in(placement.crs, crs), 1.0]
    span = 500.0
    corners = centre[:2] + np.array([[0.0, 0.0], [span, 0.0], [0.0, span]])
    x, y = (pixels @ np.column_stack([corners, np.ones(3)]).T)[:2]
    east, north = plane.from_wgs84(*own.to_wgs84(x, y))
    moved = matrix @ np.vstack([east, north, np.ones(3)])
    x, y = own.from_wgs84(*plane.to_wgs84(moved[0], moved[1]))
    across, down = (np.array([x[n] - x[0], y[n] - y[0]]) / span for n in (1, 2))
    start = np.array([x[0], y[0]]) - across * corners[0, 0] - down * corners[0, 1]
    return replace(
        placement,
        transform=(float(across[0]), float(down[0]), float(start[0]),
                   float(across[1]), float(down[1]), float(start[1])),
    )  # fmt: skip


def _origin_in(crs: str, plane: str) -> tuple[float, float]:
    """The origin of a local plane in another system."""
    lon, lat = ground_crs(plane).to_wgs84(np.zeros(1), np.zeros(1))
    x, y = ground_crs(crs).from_wgs84(lon, lat)
    return float(x[0]), float(y[0])
