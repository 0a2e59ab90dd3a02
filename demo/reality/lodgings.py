"""Rooms on offer beside the business register and the permits: registered, unregistered, e-sports."""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random

from demo.reality.firms import Firm, Firms
from demo.reality.ground import Ground, Spot
from demo.reality.registrations import NOWHERE, Place, Registered
from demo.reality.said import BORDERLINE, INSIDE, OUTSIDE, UNDECIDED, Planted, Truth
from demo.reality.table import Row, Table, quoted, typed
from demo.registers import written

LODGING = "unregistered-lodging"
_STAYS = ("民宿", "公寓", "客栈", "精品民宿", "日租公寓")
_ESPORTS = ("电竞酒店", "电竞公寓", "电竞民宿")
_PRAISE = ("", "", "【近车站】", "·可做饭", "｜投影大床")
_HEADER = ("房源编号", "房源名称", "平台", "类型", "房间数", "详细地址", "gcj02经度", "gcj02纬度")
_PERMITS = ("序号", "许可（备案）编号", "单位名称", "统一社会信用代码", "负责人", "联系电话", "经营地址", "核准房间数", "发证日期",
            "有效期至", "状态", "备注", "经度", "纬度")  # fmt: skip


@dataclass
class Lodgings:
    """Where the three tables are made, row by row."""

    ground: Ground
    firms: Firms
    random: Random
    listed: list[Row] = field(default_factory=list)
    permits: list[Row] = field(default_factory=list)
    registered: list[Registered] = field(default_factory=list)
    truth: Truth = field(default_factory=lambda: Truth("lodging_listing;hotel"))

    def offer(self, name: str, spot: Spot | None, *, rooms: int = 0, esports: bool = False,
              address: str | None = None) -> str:  # fmt: skip
        """A listing; returns its id on the platform."""
        random = self.random
        number = f"FY99{len(self.listed) + 1:06d}"
        where = address if address is not None else spot.plain if spot else ""
        count = f"{rooms or random.randint(2, 14)}间"
        kind = "电竞房" if esports else random.choice(("整套公寓", "民宿", "单间"))
        degrees = spot.gcj02 if spot and random.random() < 0.8 else ("", "")
        self.listed.append(
            (number, name, random.choice(("云栖短租", "青澜民宿网")), kind, count, where, *degrees)
        )
        return number

    def permit(self, name: str, firm: Firm, address: str, *, to: str = "2028-12-31", state: str = "正常",
               rooms: int = 20, filing: bool = False, place: Place = NOWHERE) -> str:  # fmt: skip
        """A permit of the trade, or the filing of rooms let on line; returns its number."""
        random, number = self.random, f"{'网备' if filing else '特旅'}{self.firms.number(4)}"
        self.permits.append((
            str(len(self.permits) + 1), quoted(number, random), typed(name, random), firm.code, self.firms.person(),
            self.firms.phone(), typed(address, random), f"{rooms}间", written("2022-04-12", random),
            written(to, random), state, "网约房备案" if filing else "", *place,
        ))  # fmt: skip
        return number

    def register(
        self, firm: Firm, name: str, address: str, state: str = "存续", place: Place = NOWHERE
    ) -> None:
        """Put the holder into the business register."""
        self.registered.append(Registered(firm, name, address, state, place))


def plant_lodgings(t: Lodgings) -> Planted:
    """Listings, permits and the truth; the business register takes `t.registered`."""
    _in_order(t)
    _without(t)
    _ended(t)
    _for_a_person(t)
    tables = (
        Table("lodging_listing.csv", "lodging_listing", _HEADER, tuple(t.listed), encoding="utf-8",
              settings={"datum": "gcj02", "position_kind": "poi", "position_error": 15.0, "far": "keep"}),
        Table("lodging_licence.xlsx", "lodging_licence", _PERMITS, tuple(t.permits),
              title=("云溪县旅馆业特种行业许可及网约房备案登记表（生成数据）", "填报单位：云溪县公安局治安大队"),
              foot=("制表人：" + t.firms.person(), "", "", "", "2026年6月30日"), settings={"datum": "cgcs2000"}),
    )  # fmt: skip
    return Planted(tables, {LODGING: t.truth})


def _in_order(t: Lodgings) -> None:
    for n in range(10):
        firm, spot, esports = t.firms.firm(), t.ground.spot(road=n == 4), n >= 8
        sign = firm.brand + t.random.choice(_ESPORTS if esports else _STAYS)
        address = spot.big if n == 4 else t.ground.written(spot)
        t.register(firm, f"云溪县{sign}", address)
        number = t.permit(sign, firm, address, filing=n % 2 == 1)
        subject = t.offer(sign + t.random.choice(_PRAISE), spot, esports=esports)
        why = "a road by its newer name" if n == 4 else "registered and permitted"
        t.truth.say(subject, sign, OUTSIDE, "in_force", why, number)
    firm, spot = t.firms.firm(), t.ground.spot()
    sign = firm.brand + "客栈"
    t.register(firm, f"云溪县{sign}", spot.full)
    t.permit(sign, firm, spot.full, to="2024-05-31")
    number = t.permit(sign, firm, spot.full)
    t.truth.say(
        t.offer(sign, spot), sign, OUTSIDE, "in_force", "an old permit and the renewed one", number
    )


def _without(t: Lodgings) -> None:
    for n in range(6):
        firm, spot, esports = t.firms.firm(), t.ground.spot(), n >= 3
        sign = firm.brand + t.random.choice(_ESPORTS if esports else _STAYS)
        why = "an e-sports room, in no book" if esports else "neither registered nor permitted"
        subject = t.offer(sign + t.random.choice(_PRAISE), spot, esports=esports)
        t.truth.say(subject, sign, INSIDE, "none", why)
    for n in range(4):
        firm, spot, esports = t.firms.firm(), t.ground.spot(), n == 3
        sign = firm.brand + t.random.choice(_ESPORTS if esports else _STAYS)
        t.register(firm, f"云溪县{sign}", spot.full)
        subject = t.offer(sign, spot, esports=esports)
        t.truth.say(subject, sign, INSIDE, "none", "registered, no permit and no filing")


def _ended(t: Lodgings) -> None:
    for klass, state, to, count in (("expired", "正常", "2025-03-31", 2), ("revoked", "吊销", "2028-12-31", 1),
                                    ("cancelled", "注销", "2028-12-31", 1)):  # fmt: skip
        for _ in range(count):
            firm, spot = t.firms.firm(), t.ground.spot()
            sign = firm.brand + t.random.choice(_STAYS)
            t.register(firm, f"云溪县{sign}", spot.full)
            number = t.permit(sign, firm, t.ground.written(spot), to=to, state=state)
            t.truth.say(t.offer(sign, spot), sign, INSIDE, klass, f"the permit is {klass}", number)
    firm, spot = t.firms.firm(), t.ground.spot()
    sign = firm.brand + "公寓"
    t.register(firm, f"云溪县{sign}", spot.full, "注销")
    number = t.permit(sign, firm, spot.full)
    t.truth.say(
        t.offer(sign, spot),
        sign,
        INSIDE,
        "cancelled",
        "the business is cancelled, the permit is not",
        number,
    )


def _for_a_person(t: Lodgings) -> None:
    for _ in range(2):
        firm, spot, other = t.firms.firm(), t.ground.spot(), t.ground.spot()
        sign = firm.brand + "民宿"
        t.register(firm, f"云溪县{sign}", other.full)
        number = t.permit(sign, firm, other.full, filing=True)
        subject = t.offer(sign, spot)
        t.truth.say(subject, sign, BORDERLINE, "ask", "the same name in another street", number)
    t.truth.say(t.offer("", None, address=""), None, UNDECIDED, None, "neither name nor address")
