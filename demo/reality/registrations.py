"""The business register of the county: everybody who holds a licence, and the lodgings."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from random import Random

from demo.reality.firms import Firm
from demo.reality.table import Row, Table, quoted
from demo.registers import written

_HEADER = ("序号", "统一社会信用代码", "市场主体名称", "类型", "法定代表人/经营者", "住所（经营场所）", "经营范围", "成立日期", "登记状态",
           "登记机关", "经度", "纬度")  # fmt: skip
_HELD = {
    "food_licence": (2, 3, 6, "餐饮服务；食品销售"), "medical_licence": (2, 3, 6, "医疗服务"),
    "pharmacy_licence": (2, 3, 6, "药品零售"),
}  # fmt: skip
"""Layer → columns of name, code and address, and what such firms do."""
Place = tuple[str, str]
"""Longitude and latitude as a register writes them (CGCS2000); most rows have none."""
NOWHERE: Place = ("", "")


@dataclass(frozen=True)
class Registered:
    """A row of the register: holder, its registered name, address, state and place."""

    firm: Firm
    name: str
    address: str
    state: str
    place: Place = NOWHERE


def register_of(
    tables: Iterable[Table],
    lodgings: Iterable[Registered],
    person: Iterator[str],
    random: Random,
) -> Table:
    """One row per credit code: the holders of licences, then the lodgings."""
    rows: dict[str, tuple[Registered, str]] = {}
    for table in tables:
        if table.layer in _HELD:
            name, code, address, scope = _HELD[table.layer]
            for row in table.rows:
                held = Registered(Firm("", row[code]), row[name], row[address], "存续")
                rows.setdefault(row[code], (held, scope))
    rows |= {one.firm.code: (one, "住宿服务") for one in lodgings}
    body = [_cells(n, row, next(person), random) for n, row in enumerate(rows.values(), 1)]
    return Table("business_registration.csv", "business_registration", _HEADER, tuple(body),
                 title=("云溪县市场主体登记信息（生成数据，非真实信息）",), foot=("合计", str(len(body))),
                 settings={"datum": "cgcs2000"})  # fmt: skip


def _cells(n: int, held: tuple[Registered, str], person: str, random: Random) -> Row:
    (row, scope), code = held, held[0].firm.code
    kind = "个体工商户" if code.startswith("92") else "有限责任公司"
    day = f"20{random.randint(10, 22)}-0{random.randint(1, 9)}-1{random.randint(0, 9)}"
    about = (row.name, kind, person, row.address, scope, written(day, random), row.state)
    return (str(n), quoted(code, random), *about, "云溪县市场监督管理局", *row.place)
