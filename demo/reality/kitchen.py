"""Where the tables of the food platforms and the register of food licences are made, row by row."""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random

from demo.reality.firms import Firm, Firms
from demo.reality.ground import Ground, Spot
from demo.reality.said import Truth
from demo.reality.table import Row, Table, quoted, typed
from demo.registers import written

PLATFORMS = ("云溪外卖", "青澜点餐")
_TRADES = (
    "米粉店",
    "面馆",
    "火锅",
    "烧烤",
    "小吃店",
    "奶茶店",
    "快餐店",
    "烘焙店",
    "砂锅粥",
    "饺子馆",
)
_PRAISE = ("", "", "【新店八折】", "·招牌必点", "（外卖专送）", "｜满减")
_HEADER = (
    "门店编号",
    "店铺名称",
    "平台",
    "类目",
    "店铺地址",
    "公示许可证编号",
    "月售",
    "gcj02经度",
    "gcj02纬度",
)
_REGISTER = ("序号", "许可证编号", "经营者名称", "社会信用代码", "法定代表人（负责人）", "联系电话", "经营场所", "主体业态",
             "经营项目", "发证日期", "有效期至", "许可证状态", "发证机关")  # fmt: skip


@dataclass
class Caterers:
    """The kitchen where both tables are made, row by row."""

    ground: Ground
    firms: Firms
    random: Random
    listed: list[Row] = field(default_factory=list)
    second: list[Row] = field(default_factory=list)
    licences: list[Row] = field(default_factory=list)
    addressed: set[str] = field(default_factory=set)
    """Ids of the listings with an address."""
    licence: Truth = field(default_factory=lambda: Truth("caterer"))
    many: Truth = field(default_factory=lambda: Truth("caterer"))

    def open(
        self, name: str | None, spot: Spot | None, *, shown: str = "", address: str | None = None,
        placed: bool = True, first: bool | None = None, kind: str = "",
    ) -> str:  # fmt: skip
        """List a shop on one of the platforms (`first`: which); returns its id there."""
        random = self.random
        first = len(self.listed) <= 2 * len(self.second) if first is None else first
        rows = self.listed if first else self.second
        number = f"{'YX' if first else 'QL'}99{len(rows) + 1:06d}"
        where = address if address is not None else spot.plain if spot else ""
        self.addressed |= {number} if where else set()
        degrees = spot.gcj02 if spot and placed and first else ("", "")
        rows.append((number, name or "", PLATFORMS[not first], kind or random.choice(("快餐便当", "小吃炸串", "米粉面馆")),
                     where, shown, str(random.randint(3, 4000)), *degrees))  # fmt: skip
        return number

    def permit(
        self, name: str, firm: Firm, address: str, *, to: str = "", state: str = "有效",
        form: str = "餐饮服务经营者", first: str = "2023-05-16",
    ) -> str:  # fmt: skip
        """Write a licence into the register; returns its number."""
        random, number = self.random, f"JY2{self.firms.number(7)}"
        end = to or random.choice(("2027-03-14", "2028-05-15", "2028-11-30", "长期"))
        items = "热食类食品制售,冷食类食品制售" if form == "餐饮服务经营者" else "预包装食品销售"
        self.licences.append((
            str(len(self.licences) + 1), quoted(number, random), typed(name, random), firm.code, self.firms.person(),
            self.firms.phone(), typed(address, random), form, items, written(first, random),
            end if end == "长期" else written(end, random), state, "云溪县市场监督管理局",
        ))  # fmt: skip
        return number

    def shop(self, firm: Firm) -> str:
        """What a shop calls itself, without the platform's praise."""
        return firm.brand + self.random.choice(_TRADES)

    def praised(self, name: str, spot: Spot) -> str:
        """The name on the platform: a branch, some praise."""
        branch = f"({spot.street}店)" if self.random.random() < 0.3 else ""
        return name + branch + ("" if branch else self.random.choice(_PRAISE))

    def say(self, subject: str, name: str | None, *said: str | None) -> None:
        """The truth about the licence of a listed shop."""
        self.licence.say(subject, name, *said)


def tables_of(t: Caterers) -> tuple[Table, ...]:
    """Both platforms and the register."""
    return (
        Table("caterer-platform1.csv", "caterer", _HEADER, tuple(t.listed), encoding="utf-8-sig",
              settings={"datum": "gcj02", "position_kind": "poi", "position_error": 15.0, "far": "keep"}),
        Table("caterer-platform2.xlsx", "caterer", _HEADER[:-2], tuple(row[:-2] for row in t.second),
              title=("青澜点餐平台入网餐饮商户（生成数据，非真实信息）",)),
        Table("food_licence.csv", "food_licence", _REGISTER, tuple(t.licences),
              title=("云溪县食品经营许可台账（生成数据，非真实信息）", "统计截至：2026年6月30日"),
              foot=("合计", str(len(t.licences)), "", "", "制表人：" + t.firms.person())),
    )  # fmt: skip
