"""Pharmacies on line beside the pharmacy licences: what they sell, and what they may."""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random

from demo.reality.firms import Firm, Firms
from demo.reality.ground import Ground, Spot
from demo.reality.said import BORDERLINE, INSIDE, OUTSIDE, UNDECIDED, Planted, Truth
from demo.reality.table import Row, Table, quoted, typed
from demo.registers import written

PHARMACY = "online-pharmacy"
_OTC, _RX = "非处方药", "处方药"
_GOODS = {_OTC: ("感冒灵颗粒、创可贴", "维生素C片、健胃消食片", "板蓝根颗粒"),
          _RX: ("阿莫西林胶囊、头孢克肟", "硝苯地平控释片", "左氧氟沙星片、布洛芬")}  # fmt: skip
_SCOPE = "处方药、甲类非处方药、乙类非处方药；中药饮片、化学药制剂、抗生素、生化药品"
_SCOPE_OTC = "甲类非处方药、乙类非处方药"
_HEADER = (
    "店铺编号",
    "药店名称",
    "平台",
    "在售药品",
    "药品类别",
    "店铺地址",
    "公示许可证号",
    "gcj02经度",
    "gcj02纬度",
)
_REGISTER = ("序号", "许可证编号", "企业名称", "统一社会信用代码", "企业负责人", "联系电话", "注册地址", "经营范围", "网络销售已报告",
             "发证日期", "有效期至", "状态")  # fmt: skip


@dataclass
class Pharmacies:
    """Where both tables are made, row by row."""

    ground: Ground
    firms: Firms
    random: Random
    listed: list[Row] = field(default_factory=list)
    licences: list[Row] = field(default_factory=list)
    truth: Truth = field(default_factory=lambda: Truth("pharmacy_listing"))

    def sell(self, name: str, spot: Spot | None, goods: str, kind: str, shown: str = "") -> str:
        """A shop on the platform; returns its id."""
        number = f"YF99{len(self.listed) + 1:05d}"
        degrees = spot.gcj02 if spot else ("", "")
        self.listed.append(
            (number, name, "云溪买药", goods, kind, spot.plain if spot else "", shown, *degrees)
        )
        return number

    def licence(self, name: str, firm: Firm, address: str, *, scope: str = _SCOPE, online: str = "是",
                to: str = "2029-04-30", state: str = "正常") -> str:  # fmt: skip
        """A pharmacy licence; returns its number."""
        random, number = self.random, f"岭CB{self.firms.number(4)}"
        self.licences.append((
            str(len(self.licences) + 1), quoted(number, random), typed(name, random), firm.code, self.firms.person(),
            self.firms.phone(), typed(address, random), scope, online, written("2024-05-01", random),
            written(to, random), state,
        ))  # fmt: skip
        return number


_WRONG: tuple[tuple[str, str, dict[str, str], int, str], ...] = (
    ("expired", _OTC, {"to": "2026-01-31"}, 2, "the licence has expired"),
    ("cancelled", _OTC, {"state": "注销"}, 1, "the licence is cancelled"),
    ("revoked", _RX, {"state": "吊销"}, 1, "the licence is revoked"),
    ("item_missing", _RX, {"scope": _SCOPE_OTC}, 2, "prescription medicine, licensed for none"),
    ("not_reported", _OTC, {"online": "否"}, 2, "sells on line and has not reported it"),
)


def plant_pharmacies(ground: Ground, firms: Firms, random: Random) -> Planted:
    """Listing, register and truth."""
    t = Pharmacies(ground, firms, random)
    chain = firms.firm("91")
    for n in range(7):
        firm, spot = (
            (chain, ground.spot()) if n < 3 else (firms.firm("91"), ground.spot(road=n == 4))
        )
        kind = _RX if n % 2 else _OTC
        sign = f"{firm.brand}大药房({spot.street}店)" if n < 3 else f"{firm.brand}大药房"
        book = (
            f"云溪县{firm.brand}大药房有限公司{spot.street}店"
            if n < 3
            else f"云溪县{firm.brand}大药房有限公司"
        )
        number = t.licence(book, firm, spot.big if n == 4 else spot.full)
        subject = t.sell(
            sign, spot, random.choice(_GOODS[kind]), kind, number if n % 3 == 0 else ""
        )
        why = "a branch of one company" if n < 3 else "licensed, reported, sells what it may"
        t.truth.say(subject, sign, OUTSIDE, "in_force", why, number)
    for klass, kind, about, count, why in _WRONG:
        for _ in range(count):
            firm, spot = firms.firm("91"), ground.spot()
            sign = firm.brand + random.choice(("大药房", "药店"))
            number = t.licence(f"云溪县{sign}", firm, ground.written(spot), **about)
            subject = t.sell(sign, spot, random.choice(_GOODS[kind]), kind)
            t.truth.say(subject, sign, INSIDE, klass, why, number)
    _rest(t)
    tables = (
        Table("pharmacy_listing.csv", "pharmacy_listing", _HEADER, tuple(t.listed), encoding="utf-8-sig",
              settings={"datum": "gcj02", "position_kind": "poi", "position_error": 15.0, "far": "keep"}),
        Table("pharmacy_licence.csv", "pharmacy_licence", _REGISTER, tuple(t.licences),
              title=("云溪县药品经营许可台账（生成数据）",), foot=("合计", str(len(t.licences)))),
    )  # fmt: skip
    return Planted(tables, {PHARMACY: t.truth})


def _rest(t: Pharmacies) -> None:
    for n in range(3):
        firm, spot = t.firms.firm(), t.ground.spot()
        sign = firm.brand + ("健康馆", "药店", "大药房")[n]
        kind = _RX if n else _OTC
        subject = t.sell(sign, spot, t.random.choice(_GOODS[kind]), kind)
        t.truth.say(subject, sign, INSIDE, "none", "no licence at all")
    firm, spot = t.firms.firm("91"), t.ground.spot()
    sign = firm.brand + "大药房"
    number = t.licence(f"云溪县{sign}", firm, spot.full)
    subject = t.sell(sign, spot, "狂犬病疫苗、破伤风疫苗", "疫苗")
    t.truth.say(
        subject, sign, INSIDE, "banned_item", "vaccines may not be sold on line by anybody", number
    )
    firm, spot, before = t.firms.firm("91"), t.ground.spot(), t.ground.spot()
    sign = firm.brand + "大药房"
    number = t.licence(f"云溪县{sign}", firm, before.full)
    subject = t.sell(sign, spot, "感冒灵颗粒", _OTC)
    t.truth.say(subject, sign, BORDERLINE, "ask", "the same name in another street", number)
    subject = t.sell("", None, "阿莫西林胶囊", _RX)
    t.truth.say(subject, None, UNDECIDED, None, "neither name nor address")
