"""How far one scene lies from another: features first, correlation as the cross-check.

The measured default of the house: SIFT with a robust fit (closure 0.08 px on real triples), phase
correlation of gradients beside it (0.4-0.7 px). Where the two disagree by more than a pixel
nobody knows the shift, and the pair is not accepted.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from imagery.align.features import Matches, match_features
from imagery.align.ground import Ground, Pair, common_grid
from imagery.align.models import Model, choose, fit, left_out, misfit
from imagery.align.phase import local_shifts, warp, whole_shift


@dataclass(frozen=True, slots=True)
class Settings:
    """When a pair counts as aligned; pixels are those of the common grid.

    `max_residual_px` and `max_disagreement_px` are the acceptance of the method, `max_apart` the
    share of windows that may lie `FAR_PX` off; `min_matches` the fewest consistent features
    that carry a fit.
    """

    max_side: int = 3000
    min_matches: int = 12
    max_residual_px: float = 1.5
    max_disagreement_px: float = 1.0
    max_apart: float = 0.25


DEFAULT = Settings()
FAR_PX = 3.0
LEAST_WINDOWS = 4


@dataclass(frozen=True)
class Alignment:
    """How `after` must be moved to lie on `before`.

    `east_m`, `north_m`: the move of the middle of the common ground, metres. `matrix` (2 x 3)
    maps metres of the common plane `crs` from `after` to `before`. `residual_m`: root mean square of
    what is left between the two afterwards, on features that the fit did not see (without
    enough of them, on windows spread over the picture); `apart` the share of those windows
    that lie more than three pixels off; `disagreement_m`: how far the two estimators lie apart. `model` is `shift`, `similarity` or
    `affine`, `method` `features` or `correlation`. Not `accepted`: `why` says it, and no
    comparison may rest on it.
    """

    east_m: float
    north_m: float
    matrix: tuple[tuple[float, float, float], tuple[float, float, float]]
    model: Model
    method: str
    residual_m: float
    disagreement_m: float
    matches: int
    windows: int
    apart: float
    pixel_m: float
    crs: str
    lon: float
    lat: float
    accepted: bool
    why_zh: str
    why_en: str

    @property
    def distance_m(self) -> float:
        """Length of the move, metres."""
        return float(np.hypot(self.east_m, self.north_m))

    def as_dict(self) -> dict[str, object]:
        """The fields by name, for a report or a lineage entry."""
        names = (
            "east_m",
            "north_m",
            "residual_m",
            "disagreement_m",
            "apart",
            "pixel_m",
            "lon",
            "lat",
        )
        told: dict[str, object] = {name: round(getattr(self, name), 6) for name in names}
        return told | {
            "model": self.model, "method": self.method, "matches": self.matches,
            "windows": self.windows, "accepted": self.accepted, "crs": self.crs,
            "matrix": [list(row) for row in self.matrix],
            "why": {"zh": self.why_zh, "en": self.why_en},
        }  # fmt: skip


@dataclass(frozen=True)
class _Measured:
    """What was measured on the grid, in its pixels."""

    pixels: np.ndarray
    model: Model
    found: Matches | None
    shifts: np.ndarray
    left: float

    @property
    def residual(self) -> float:
        if self.found is not None:
            return _rms(left_out(self.found, self.model))
        return _rms(np.hypot(*self.shifts.T)) if len(self.shifts) >= LEAST_WINDOWS else float("inf")

    @property
    def apart(self) -> float:
        return float((np.hypot(*self.shifts.T) > FAR_PX).mean()) if len(self.shifts) else 0.0


def estimate(before: Ground, after: Ground, settings: Settings = DEFAULT) -> Alignment:
    """Measure how `after` lies against `before`; raises `ImageryError` without overlap."""
    return estimate_pair(common_grid(before, after, settings.max_side), settings)


def estimate_pair(pair: Pair, settings: Settings = DEFAULT) -> Alignment:
    """The same for two pictures that are on one grid already."""
    found = match_features(pair.before, pair.after, pair.valid)
    model: Model = "shift"
    if len(found) >= settings.min_matches:
        model = choose(found)
        near = found.only(misfit(found, fit(found, model)) <= FAR_PX)
        found = near if len(near) >= settings.min_matches else found
        pixels = fit(found, model)
    else:
        column, row = whole_shift(pair.before, pair.after, pair.valid)
        pixels = np.array([[1.0, 0.0, column], [0.0, 1.0, row]])
    moved, seen = warp(pair.after, pair.valid, pixels)
    both = pair.valid & seen
    left = float(np.hypot(*whole_shift(pair.before, moved, both)))
    shifts = local_shifts(pair.before, moved, both)
    kept = found if len(found) >= settings.min_matches else None
    return _judged(pair, _Measured(pixels, model, kept, shifts, left), settings)


def _rms(errors: np.ndarray) -> float:
    return float(np.sqrt(np.mean(errors**2)))


def _judged(pair: Pair, found: _Measured, settings: Settings) -> Alignment:
    why = _why(found, settings)
    first, second = (tuple(float(value) for value in row) for row in _in_metres(pair, found.pixels))
    return Alignment(
        # The plane's origin is the middle of the common ground: the move there is the shift.
        east_m=first[2], north_m=second[2],
        matrix=((first[0], first[1], first[2]), (second[0], second[1], second[2])),
        model=found.model, method="features" if found.found else "correlation",
        residual_m=found.residual * pair.pixel_m, disagreement_m=found.left * pair.pixel_m,
        matches=len(found.found or ()), windows=len(found.shifts), apart=found.apart,
        pixel_m=pair.pixel_m, crs=pair.crs, lon=pair.lon, lat=pair.lat,
        accepted=why is None, why_zh=why[0] if why else "", why_en=why[1] if why else "",
    )  # fmt: skip


def _why(found: _Measured, settings: Settings) -> tuple[str, str] | None:
    """Why the alignment is not accepted, or `None`."""
    residual, left = found.residual, found.left
    if found.found is None and len(found.shifts) < LEAST_WINDOWS:
        return ("两景影像没有足够的共同特征", "the two scenes have too few features in common")
    if residual > settings.max_residual_px:
        return (f"配准残差{residual:.1f}像元，超过{settings.max_residual_px:g}像元",
                f"what is left after aligning is {residual:.1f} px, more than {settings.max_residual_px:g}")  # fmt: skip
    if left > settings.max_disagreement_px:
        return (f"两种方法相差{left:.1f}像元，位移不可信",
                f"the two estimators disagree by {left:.1f} px: the shift is not to be trusted")  # fmt: skip
    if found.apart > settings.max_apart:
        return (f"影像约{found.apart:.0%}的部位配准不上，可能局部变形",
                f"about {found.apart:.0%} of the picture lies elsewhere: it may be distorted in parts")  # fmt: skip
    return None


def _in_metres(pair: Pair, pixels: np.ndarray) -> np.ndarray:
    """The (2, 3) matrix on pixel centres as a matrix on metres of the common plane."""
    move = np.vstack([pixels, [0.0, 0.0, 1.0]])
    found: np.ndarray = (pair.centres @ move @ np.linalg.inv(pair.centres))[:2]
    return found
