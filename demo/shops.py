"""The 600 shops: planted parts first, then the rest of the town, each at a door of its own."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

import numpy as np

from demo.cast import (
    ALCOHOL,
    BAR,
    CAFE,
    ECIG,
    ENTERTAINMENT,
    HOTEL,
    LOTTERY,
    PARTS,
    TOBACCO,
    Part,
    Scene,
    anywhere,
)  # fmt: skip
from demo.law import OUTSIDE, UNDECIDED
from demo.names import Names
from demo.shapes import Array

APART_M = 9.0
"""No two shops stand nearer to each other."""


class NoDoorError(Exception):
    """The town as drawn has no door where a planted shop would have to stand."""


@dataclass(frozen=True)
class Kind:
    """A kind of shop: the checks that look at it (the first plants it), type codes, type in words."""

    checks: tuple[str, ...]
    codes: tuple[str, ...]
    words: str
    count: int


KINDS: dict[str, Kind] = {
    "tobacco": Kind((TOBACCO, ALCOHOL), (*("061210",) * 24, "061210|060400"), "购物服务;专卖店;烟酒专卖店", 150),
    "convenience": Kind((TOBACCO, ALCOHOL), ("060200",), "购物服务;便民商店/便利店;便民商店/便利店", 100),
    "supermarket": Kind((TOBACCO, ALCOHOL), ("060400",), "购物服务;超级市场;超市", 44),
    "ecig": Kind((ECIG,), ("061200",), "购物服务;专卖店;专营店", 24),
    "lottery": Kind((LOTTERY,), ("071800",), "生活服务;彩票彩券销售点;彩票彩券销售点", 46),
    "internet": Kind((CAFE,), ("080308",), "体育休闲服务;娱乐场所;网吧", 30),
    "karaoke": Kind((ENTERTAINMENT,), ("080302",), "体育休闲服务;娱乐场所;KTV", 24),
    "arcade": Kind((ENTERTAINMENT,), ("080305",), "体育休闲服务;娱乐场所;游戏厅", 14),
    "billiards": Kind((ENTERTAINMENT,), ("080113",), "体育休闲服务;运动场馆;台球厅", 16),
    "nightclub": Kind((ENTERTAINMENT,), ("080301", "080303"), "体育休闲服务;娱乐场所;夜总会", 6),
    "bar": Kind((BAR,), ("080304", "080304|050000", "080304|050500"), "体育休闲服务;娱乐场所;酒吧", 34),
    "hotel": Kind((HOTEL,), ("100100", "100200"), "住宿服务;宾馆酒店;宾馆酒店", 46),
    "chess": Kind((), ("080306",), "体育休闲服务;娱乐场所;棋牌室", 20),
    "food": Kind((), ("050000", "050118", "050500"), "餐饮服务;餐饮相关场所;餐饮相关", 30),
    "pharmacy": Kind((), ("090601",), "医疗保健服务;医药保健销售店;药房", 16),
}  # fmt: skip
"""600 in all."""


@dataclass(frozen=True)
class Shop:
    """A shop at a door (`door`: row of the survey; -1 where the export gives no position)."""

    kind: str
    name: str
    street: str
    number: int
    typecode: str
    door: int
    licence: str
    why: str
    verdicts: dict[str, int]


class Casting:
    """Finds doors for parts; the same scene and seed give the same shops."""

    def __init__(self, scene: Scene, street: Array, number: Array, random: Random) -> None:
        self.scene, self.street, self.number, self.random = scene, street, number, random
        self.names = Names(random)
        self.free = np.ones(len(street), dtype=bool)
        self.shops: list[Shop] = []
        radius = np.hypot(*scene.seen.places.T)
        self._pull = np.exp(-radius / 1300.0) + 0.15

    def play(self, part: Part) -> None:
        """Plant the shops of one part, at different schools as far as there are."""
        judged = self.scene.judged[part.check]
        fits = np.flatnonzero(self.free & (judged.verdict == part.verdict) & part.where(self.scene))
        order = self.random.sample(fits.tolist(), len(fits))
        nearest = self.scene.seen.straight.argmin(axis=1)
        used: dict[int, int] = {}
        for _ in range(part.count):
            order = [door for door in order if self.free[door]]
            if not order:
                raise NoDoorError(f"{part.kind}: {part.why}")
            door = min(order, key=lambda d: used.get(int(nearest[d]), 0))
            used[int(nearest[door])] = used.get(int(nearest[door]), 0) + 1
            self._open(part, door)

    def fill(self, kind: str, count: int) -> None:
        """Shops that no check can find, more of them towards the middle of the town."""
        fits = self.free.copy()
        for check in KINDS[kind].checks:
            if check not in (ALCOHOL, HOTEL):
                fits &= self.scene.judged[check].verdict == OUTSIDE
        rows = np.flatnonzero(fits)
        draw = np.array([self.random.random() for _ in rows]) ** (1 / self._pull[rows])
        check = KINDS[kind].checks[0] if KINDS[kind].checks else ""
        part = Part(kind, check, OUTSIDE, count, "far from every border case", anywhere, "any")
        for door in rows[np.argsort(-draw)]:
            if count and self.free[door]:
                self._open(part, int(door))
                count -= 1

    def _open(self, part: Part, door: int) -> None:
        kind, places = KINDS[part.kind], self.scene.seen.places
        near = np.hypot(*(places - places[door]).T) < APART_M
        self.free &= ~near
        street = str(self.street[door])
        name = self.names.give(part.kind, street, plain=part.licence not in ("", "any"))
        verdicts = {check: int(self.scene.judged[check].verdict[door]) for check in kind.checks}
        self.shops.append(Shop(part.kind, name, street, int(self.number[door]),
                               self.random.choice(kind.codes), door, part.licence, part.why,
                               verdicts))  # fmt: skip


def cast_shops(scene: Scene, street: Array, number: Array, random: Random) -> list[Shop]:
    """All shops, planted ones first."""
    casting = Casting(scene, street, number, random)
    for part in PARTS:
        casting.play(part)
    for kind, about in KINDS.items():
        there = sum(shop.kind == kind for shop in casting.shops)
        casting.fill(kind, about.count - there - UNPLACED.get(kind, 0))
        for _ in range(UNPLACED.get(kind, 0)):
            casting.shops.append(_nowhere(casting, kind))
    return casting.shops


UNPLACED = {"tobacco": 2, "lottery": 1}
"""Shops that the export lists without a position."""


def _nowhere(casting: Casting, kind: str) -> Shop:
    about = KINDS[kind]
    name = casting.names.give(kind, "", plain=True)
    verdicts = dict.fromkeys(about.checks, UNDECIDED)
    return Shop(
        kind, name, "", 0, about.codes[0], -1, "any", "the export has no position", verdicts
    )
