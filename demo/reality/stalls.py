"""Meat stalls and water machines beside their certificates."""

from __future__ import annotations

from random import Random

from demo.reality.firms import Firms
from demo.reality.ground import Ground
from demo.reality.said import INSIDE, OUTSIDE, UNDECIDED, Planted, Truth
from demo.reality.table import Row, Table, quoted, typed
from demo.registers import written

SITE = "site-certificate"
_MARKETS = ("鼓楼农贸市场", "虹桥农贸市场")
_MEAT, _WATER = "动物检疫合格证明", "涉水产品卫生许可批件"
_STALLS = ("摊位编号", "摊位名称", "市场", "经营类别", "地址")
_MACHINES = ("设备编号", "设备名称", "安装地址", "滤芯更换日期", "gcj02经度", "gcj02纬度")
_REGISTER = ("序号", "证号", "经营单位", "统一社会信用代码", "联系人", "联系电话", "摊位或设备编号", "证明种类", "发证日期", "有效期至",
             "状态")  # fmt: skip
_Case = tuple[str, int, str, dict[str, str]]
_STALL_CASES: tuple[_Case, ...] = (
    ("in_force", 9, "a quarantine certificate in force", {}),
    ("none", 3, "no certificate at all", {}),
    ("expired", 2, "the certificate has expired", {"to": "2026-05-31"}),
    ("cancelled", 1, "the certificate is cancelled", {"state": "注销"}),
    ("revoked", 1, "the certificate is revoked", {"state": "撤销"}),
    ("item_missing", 2, "another certificate than the one needed", {"kind": "健康证明"}),
)
_MACHINE_CASES: tuple[_Case, ...] = (
    ("in_force", 6, "certified, the filter changed lately", {"changed": "2026-05-12"}),
    ("none", 2, "no certificate at all", {"changed": "2026-04-20"}),
    ("expired", 2, "the certificate has expired", {"changed": "2026-05-03", "to": "2025-11-30"}),
    (
        "inspection_overdue",
        3,
        "the filter has not been changed for long",
        {"changed": "2025-04-18"},
    ),
    (
        "item_missing",
        1,
        "another certificate than the one needed",
        {"changed": "2026-06-02", "kind": "产品合格证"},
    ),
)


class Stalls:
    """Where the three tables are made, row by row."""

    def __init__(self, ground: Ground, firms: Firms, random: Random) -> None:
        self.ground, self.firms, self.random = ground, firms, random
        self.stalls: list[Row] = []
        self.machines: list[Row] = []
        self.certificates: list[Row] = []
        self.truth = Truth("meat_stall;water_machine")

    def certificate(self, site: str, name: str, *, kind: str, to: str = "2027-05-31", state: str = "有效",
                    since: str = "2025-06-01") -> str:  # fmt: skip
        """A certificate for a stall or machine; returns its number."""
        random, number = self.random, f"检{self.firms.number(6)}"
        self.certificates.append((
            str(len(self.certificates) + 1), quoted(number, random), typed(name, random), self.firms.firm().code,
            self.firms.person(), self.firms.phone(), site, kind, written(since, random), written(to, random), state,
        ))  # fmt: skip
        return number

    def stall(self, number: str, name: str, market: str) -> str:
        """A stall of a market; returns its number."""
        self.stalls.append((number, name, market, "鲜猪肉", f"云溪县城关镇{market}内"))
        return number

    def machine(self, number: str, changed: str) -> tuple[str, str]:
        """A machine at an estate; returns its number and name."""
        spot = self.ground.spot()
        name = f"社区自动售水机（{spot.street}）"
        self.machines.append(
            (number, name, spot.plain + "小区门口", written(changed, self.random), *spot.gcj02)
        )
        return number, name


def plant_stalls(ground: Ground, firms: Firms, random: Random) -> Planted:
    """Stalls, machines, certificates and truth."""
    t = Stalls(ground, firms, random)
    for klass, count, why, about in _STALL_CASES:
        for _ in range(count):
            n = len(t.stalls)
            name = f"{firms.firm().brand}鲜肉摊"
            site = t.stall(f"{'GL' if n % 2 else 'HQ'}-{n + 1:03d}", name, _MARKETS[n % 2])
            _certify(t, (site, name), (klass, why), {"kind": _MEAT} | about)
    for klass, count, why, about in _MACHINE_CASES:
        for _ in range(count):
            details = {"kind": _WATER} | about
            machine = t.machine(f"SJ-{len(t.machines) + 1:03d}", details.pop("changed"))
            _certify(t, machine, (klass, why), details)
    _decoys(t)
    tables = (
        Table("meat_stall.xlsx", "meat_stall", _STALLS, tuple(t.stalls), title=("农贸市场肉类摊位清单（生成数据）",)),
        Table("water_machine.csv", "water_machine", _MACHINES, tuple(t.machines), encoding="utf-8",
              settings={"datum": "gcj02", "position_kind": "poi", "position_error": 15.0, "far": "keep"}),
        Table("site_certificate.csv", "site_certificate", _REGISTER, tuple(t.certificates),
              title=("摊位与设备证明登记（生成数据）",), foot=("合计", str(len(t.certificates)))),
    )  # fmt: skip
    return Planted(tables, {SITE: t.truth})


def _certify(
    t: Stalls, site: tuple[str, str], said: tuple[str, str], about: dict[str, str]
) -> None:
    (number, name), (klass, why) = site, said
    verdict = OUTSIDE if klass == "in_force" else INSIDE
    row_id = None if klass == "none" else t.certificate(number, name, **about)
    t.truth.say(number, name, verdict, klass, why, row_id)


def _decoys(t: Stalls) -> None:
    """An old certificate and the renewed one; a machine that nobody wrote a filter date for."""
    name = f"{t.firms.firm().brand}鲜肉摊"
    site = t.stall("GL-090", name, _MARKETS[0])
    t.certificate(site, name, kind=_MEAT, to="2025-05-31", since="2024-06-01")
    number = t.certificate(site, name, kind=_MEAT)
    t.truth.say(site, name, OUTSIDE, "in_force", "an old certificate and the renewed one", number)
    spot = t.ground.spot()
    name = f"社区自动售水机（{spot.street}）"
    t.machines.append(("SJ-090", name, spot.plain, "", *spot.gcj02))
    number = t.certificate("SJ-090", name, kind=_WATER)
    t.truth.say("SJ-090", name, UNDECIDED, None, "certified, no date of the filter", number)
