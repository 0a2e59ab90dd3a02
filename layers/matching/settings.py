"""What a matching may be told: how far it looks and where its zones begin."""

from __future__ import annotations

from dataclasses import dataclass

ZONES = ("same", "ask", "different")


@dataclass(frozen=True, slots=True)
class Settings:
    """Settings of `match`; none of them is a threshold of law.

    Parameters
    ----------
    same_from, ask_from : probabilities at which the zones `same` and `ask` begin.
    reach_m : rows farther apart are no candidates by place alone (their own errors are added).
    neighbours : candidates by place for each row on site, the nearest.
    rarest : facts of a row that are looked up in the register, the rarest.
    common : a fact that more register rows share finds nobody.
    kept : candidates by facts for each row on site.
    moved_m : same holder, farther apart than this beyond the error of both: moved.
    told_from : links with a smaller score, which nobody decided on, are not listed.
    several : rows at one address from which on `several_at_one_address` is said.
    """

    same_from: float = 0.9
    ask_from: float = 0.12
    reach_m: float = 60.0
    neighbours: int = 6
    rarest: int = 6
    common: int = 60
    kept: int = 6
    moved_m: float = 200.0
    told_from: float = 0.02
    several: int = 3


DEFAULT = Settings()
