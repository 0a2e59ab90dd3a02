"""Whether two scenes may be compared at all for a thing of a given size."""

from __future__ import annotations

from dataclasses import dataclass

from imagery.align.estimate import Alignment

SHARE = 0.5
"""The residual may be at most this share of the thing compared: more, and a standing thing moves
as far as it is wide."""
GSD_RATIO = 2.0


@dataclass(frozen=True, slots=True)
class Comparable:
    """The answer, with the reason in both languages where it is no."""

    yes: bool
    why_zh: str = ""
    why_en: str = ""


def comparable(
    alignment: Alignment, size_m: float, gsd_before_m: float, gsd_after_m: float
) -> Comparable:
    """Whether something `size_m` metres wide may be compared between the two scenes.

    Refused: an alignment that was not accepted, a residual above half of `size_m`, ground sizes
    more than a factor of two apart (metres), a thing smaller than two pixels.
    """
    if not alignment.accepted:
        return Comparable(False, alignment.why_zh, alignment.why_en)
    if alignment.residual_m > SHARE * size_m:
        return Comparable(
            False,
            f"配准残差{alignment.residual_m:.2f}米，相对于{size_m:g}米的对象过大",
            f"what is left after aligning, {alignment.residual_m:.2f} m, is too much for a thing of {size_m:g} m",
        )
    coarse, fine = max(gsd_before_m, gsd_after_m), min(gsd_before_m, gsd_after_m)
    if coarse > GSD_RATIO * fine:
        return Comparable(
            False,
            f"两景地面分辨率相差{coarse / fine:.1f}倍",
            f"the ground sizes differ by a factor of {coarse / fine:.1f}",
        )
    if size_m < 2 * coarse:
        return Comparable(
            False,
            f"对象{size_m:g}米，小于两个像元（{2 * coarse:.2f}米）",
            f"a thing of {size_m:g} m is smaller than two pixels ({2 * coarse:.2f} m)",
        )
    return Comparable(True)
