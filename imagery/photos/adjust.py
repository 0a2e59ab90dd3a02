"""All photos of a flight laid together: one similarity each, least squares over their ties.

Ground = s·z + t as complex numbers, z the level ground of one photo: linear, so the flight is
one sparse system. Three steps, because ties alone always prefer a smaller flight (their errors
shrink with it) and a heading may be off by half a turn: the photos onto each other, one of them
held; the whole onto the written positions; then all together, scale and headings held.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from imagery.photos.budget import YAW_DEG, sigmas_of
from imagery.photos.system import Rows, say
from imagery.photos.ties import Tie
from imagery.photos.views import View
from layers.errors import ImageryError

TIE_M = 0.3
"""Standard deviation of one tie: matching, relief and lens distortion together."""
TURNED_DEG = 30.0
"""A heading farther off than this is no compass error."""
_SPREAD = 3.0
"""Headings are checked when the cameras stand this many times farther apart than positions err."""
ALIKE = 0.02
"""Heights within one flight agree with each other so well: the barometer drifts slowly."""
_STEPS = 15
_HEADING_DEG = 2.0
"""What remains of the headings' error in the mean of a flight: they share a compass."""


@dataclass(frozen=True)
class Adjusted:
    """The flight after adjustment: ground = `turn`[i] · z + `shift`[i] (metres, complex).

    `off_deg` is how far each file's heading is from the pixels' (0 where it was kept).
    """

    turn: np.ndarray
    shift: np.ndarray
    off_deg: np.ndarray

    @property
    def scale(self) -> float:
        """Median scale against the files' height and focal length."""
        return float(np.median(np.abs(self.turn)))


def written(views: Sequence[View], off_deg: np.ndarray | None = None) -> Adjusted:
    """The flight as its files say, headings corrected by `off_deg` when given."""
    off = np.zeros(len(views)) if off_deg is None else off_deg
    yaw = np.array([view.lens.yaw for view in views]) - off
    return Adjusted(np.exp(-1j * np.radians(yaw)), np.array([view.here for view in views]), off)


def adjust(views: Sequence[View], ties: Sequence[Tie]) -> Adjusted:
    """Lay all photos together; raises `ImageryError` naming those that no tie reaches."""
    _need_connected(views, ties)
    turn, shift = _relative(views, ties)
    free = _onto_positions(views, turn, shift, None)
    off = _off(views, free[0])
    headings = written(views, off).turn
    placed, _ = _onto_positions(views, turn, shift, headings)
    return Adjusted(*_together(views, ties, headings * np.median(np.abs(placed))), off)


def apart(views: Sequence[View], ties: Sequence[Tie], laid: Adjusted) -> list[np.ndarray]:
    """Metres between the two grounds of every tied place, one array per tie."""
    return [np.abs(_ground(views, laid, tie.first, tie.pixels_first)
                   - _ground(views, laid, tie.second, tie.pixels_second)) for tie in ties]  # fmt: skip


def _ground(views: Sequence[View], laid: Adjusted, at: int, pixels: np.ndarray) -> np.ndarray:
    return np.asarray(laid.turn[at] * views[at].level(pixels) + laid.shift[at])


def _need_connected(views: Sequence[View], ties: Sequence[Tie]) -> None:
    links = [(tie.first, tie.second) for tie in ties]
    first, second = np.array(links, dtype=int).reshape(-1, 2).T
    graph = coo_matrix((np.ones(len(links)), (first, second)), shape=(len(views), len(views)))
    _, group = connected_components(graph, directed=False)
    lost = [view.name for view, g in zip(views, group, strict=True)
            if g != np.bincount(group).argmax()]  # fmt: skip
    if lost:
        shown = ", ".join(lost[:8]) + (" …" if len(lost) > 8 else "")
        raise ImageryError(
            f"{len(lost)} of {len(views)} photos share no matched ground with the others: {shown}",
            remedy="leave them out, or add photos that overlap them by half "
            "(航向重叠不低于一半); water and snow cannot be matched",
        )


def _off(views: Sequence[View], turn: np.ndarray) -> np.ndarray:
    """Degrees by which each file's heading misses its pixels; 0 within the compass's error.

    Where the cameras stand too close together to tell, the heading of the majority counts.
    """
    yaw = np.array([view.lens.yaw for view in views])
    pixels = -np.degrees(np.angle(turn))
    here = np.array([view.here for view in views])
    err = max(sigmas_of(view.camera, in_flight=True).position_m for view in views)
    miss = _wrapped(yaw - pixels)
    if np.sqrt(np.mean(np.abs(here - here.mean()) ** 2)) < _SPREAD * err:
        near = [np.sum(np.abs(_wrapped(miss - one)) < TURNED_DEG) for one in miss]
        miss = _wrapped(miss - miss[int(np.argmax(near))])
    quarter = 90.0 * np.round(miss / 90.0)  # a viewer turns pixels by quarters exactly
    turned = np.where(np.abs(miss - quarter) < TURNED_DEG, quarter, miss)
    return np.where(np.abs(miss) > TURNED_DEG, turned, 0.0)


def _wrapped(degrees: np.ndarray) -> np.ndarray:
    return np.asarray((degrees + 180.0) % 360.0 - 180.0)


def _relative(views: Sequence[View], ties: Sequence[Tie]) -> tuple[np.ndarray, np.ndarray]:
    """The photos onto each other: scale and turn relative to the photo with most ties."""
    rows = _tied(views, ties)
    root = int(np.bincount([at for tie in ties for at in (tie.first, tie.second)]).argmax())
    rows.orientation(root, 1.0 + 0j, 1e4, 1e4)
    rows.position(root, 0j, 1e4)
    return rows.solved(len(views))


def _onto_positions(
    views: Sequence[View], turn: np.ndarray, shift: np.ndarray, headings: np.ndarray | None
) -> tuple[np.ndarray, np.ndarray]:
    """The laid flight onto the written positions by one similarity; headings count when given.

    The flight's scale is held to what heights and focal lengths say, as one observation: their
    error is common to all photos.
    """
    here = np.array([view.here for view in views])
    sigmas = [sigmas_of(view.camera, in_flight=True) for view in views]
    share = 1.0 / np.square(np.maximum(0.02, [sigma.position_m for sigma in sigmas]))
    scale = max(np.hypot(sigma.height_m / view.lens.above_m, sigma.focal)
                for sigma, view in zip(sigmas, views, strict=True))  # fmt: skip
    weight, whole = share, 1.0 + 0j
    for step in range(_STEPS):
        centre, middle = np.average(here, weights=weight), np.average(shift, weights=weight)
        arms, wanted = shift - middle, here - centre
        if step == 0:
            whole = np.sum(weight * wanted * arms.conj()) / np.sum(weight * np.abs(arms) ** 2)
            if headings is not None:
                whole = np.abs(whole) * np.exp(1j * np.angle(np.sum(headings / turn)))
        miss = wanted - whole * arms
        weight = share * say(np.sqrt(share) * np.abs(miss))
        whole *= _step(whole, arms, miss, weight, turn, scale, headings)
    return whole * turn, centre + whole * arms


def _step(  # noqa: PLR0917
    whole: complex, arms: np.ndarray, miss: np.ndarray, weight: np.ndarray,
    turn: np.ndarray, scale: float, headings: np.ndarray | None,
) -> complex:  # fmt: skip
    """One Gauss-Newton factor of the flight's similarity."""
    pull = np.sum(weight * miss * (whole * arms).conj())
    grip = np.sum(weight * np.abs(whole * arms) ** 2)
    size = np.log(np.median(np.abs(whole * turn)))
    grow = (pull.real - size / scale**2) / (grip + 1.0 / scale**2)
    lean, held = pull.imag, grip
    if headings is not None:
        firm = 1.0 / np.radians(_HEADING_DEG) ** 2
        lean += firm * np.angle(np.sum(headings / (whole * turn)))
        held += firm
    return complex(np.exp(grow + 1j * lean / max(held, 1e-12)))


def _together(
    views: Sequence[View], ties: Sequence[Tie], turn: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Everything at once: ties, positions, and scale and headings near `turn`."""
    rows = _tied(views, ties)
    for at, view in enumerate(views):
        position = sigmas_of(view.camera, in_flight=True).position_m
        rows.position(at, view.here, 1.0 / max(position, 0.02))
        rows.orientation(at, turn[at], 1.0 / ALIKE, 1.0 / np.radians(YAW_DEG))
    return rows.solved(len(views))


def _tied(views: Sequence[View], ties: Sequence[Tie]) -> Rows:
    rows = Rows()
    for tie in ties:
        z, w = views[tie.first].level(tie.pixels_first), views[tie.second].level(tie.pixels_second)
        rows.similarity(tie.first, z, 1.0 / TIE_M, tie.second, w)
    return rows
