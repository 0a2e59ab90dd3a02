"""Construction projects beside the ledgers of soil-and-water fees and of wage deposits."""

from __future__ import annotations

from random import Random

from demo.licences import COUNTY_CODE
from demo.reality.firms import Firm, Firms
from demo.reality.said import BORDERLINE, INSIDE, OUTSIDE, UNDECIDED, Planted, Truth
from demo.reality.table import Row, Table
from demo.registers import written

FEE, DEPOSIT = "soil-water-fee", "wage-deposit"
_PROJECT = ("项目编号", "项目名称", "建设单位", "统一社会信用代码", "施工总承包单位", "占地面积", "合同价（万元）", "开工日期", "竣工日期",
            "建设地点")  # fmt: skip
_FEES = (
    "序号",
    "项目编号",
    "项目名称",
    "统一社会信用代码",
    "应缴金额（元）",
    "已缴金额（元）",
    "缴纳日期",
    "经办人",
)
_DEPOSITS = (
    "序号",
    "项目编号",
    "项目名称",
    "统一社会信用代码",
    "应存金额",
    "已存金额",
    "存储日期",
    "保函",
    "有效期至",
    "联系人",
)
_Fee = tuple[str, str, str]
_FEE_CASES: tuple[_Fee, ...] = (
    (OUTSIDE, "in_force", "paid in full"), (OUTSIDE, "in_force", "paid in two instalments"),
    (INSIDE, "none", "not in the ledger"), (INSIDE, "unpaid", "due and nothing paid"),
    (INSIDE, "short", "paid in part"), (OUTSIDE, "not_needed", "a school is exempt"),
    (OUTSIDE, "not_needed", "work has not begun"), (UNDECIDED, "", "no area is written"),
)  # fmt: skip
_DEPOSIT_CASES: tuple[_Fee, ...] = (
    (OUTSIDE, "in_force", "deposited in full"), (OUTSIDE, "in_force", "a bank guarantee in force"),
    (INSIDE, "none", "not in the ledger"), (INSIDE, "expired", "the guarantee has expired"),
    (INSIDE, "short", "deposited in part"), (OUTSIDE, "not_needed", "finished, the deposit is given back"),
    (OUTSIDE, "not_needed", "work has not begun"), (UNDECIDED, "", "no contract price is written"),
    (BORDERLINE, "share", "the ledger asks for less than the rule's share"),
)  # fmt: skip
_FEE_OF = (0, 0, 1, 2, 0, 3, 0, 4, 2, 5, 0, 2, 3, 6, 0, 7, 0, 1, 4, 0, 0, 0)
_DEPOSIT_OF = (0, 1, 0, 2, 3, 0, 4, 1, 8, 0, 2, 5, 0, 6, 5, 0, 7, 3, 1, 4, 0, 2)
"""Which case each project is, of fees and of deposits."""
_WORKS = ("住宅小区", "标准厂房", "物流园", "污水管网", "农产品冷库", "产业路", "商业综合体")
_RATE_YUAN, _SHARE = 1.2, 0.02


class Works:
    """Where the three tables are made, row by row."""

    def __init__(self, firms: Firms, random: Random) -> None:
        self.firms, self.random = firms, random
        self.projects: list[Row] = []
        self.fees: list[Row] = []
        self.deposits: list[Row] = []
        self.truth = {FEE: Truth("project"), DEPOSIT: Truth("project")}

    def paid(self, rows: list[Row], number: str, name: str, firm: Firm, *cells: str) -> None:
        """A row of a ledger."""
        rows.append((str(len(rows) + 1), number, name, firm.code, *cells, self.firms.person()))


def plant_works(firms: Firms, random: Random) -> Planted:
    """Projects, both ledgers and the truth of both checks."""
    t = Works(firms, random)
    for n, (fee, deposit) in enumerate(zip(_FEE_OF, _DEPOSIT_OF, strict=True)):
        _project(t, n, _FEE_CASES[fee], _DEPOSIT_CASES[deposit])
    tables = (
        Table("project.xlsx", "project", _PROJECT, tuple(t.projects), title=("云溪县在建工程项目清单（生成数据）",),
              foot=("制表人：" + firms.person(),)),
        Table("fee_ledger.csv", "fee_ledger", _FEES, tuple(t.fees), title=("水土保持补偿费征收台账（生成数据）",),
              foot=("合计", str(len(t.fees)))),
        Table("deposit_ledger.xlsx", "deposit_ledger", _DEPOSITS, tuple(t.deposits),
              title=("农民工工资保证金存储台账（生成数据）", "单位：云溪县人力资源和社会保障局")),
    )  # fmt: skip
    return Planted(tables, t.truth)


def _project(t: Works, n: int, fee: _Fee, deposit: _Fee) -> None:
    random, builder, contractor = t.random, t.firms.firm("91"), t.firms.firm("91")
    number = f"{COUNTY_CODE}-2025-{n + 1:03d}"
    what = "第四小学教学楼" if "school" in fee[2] else random.choice(_WORKS)
    name = f"{builder.brand}{what}项目"
    mu, million = random.randint(15, 120), random.randint(6, 90)
    area = random.choice((f"{mu}亩", f"{mu * 2000 / 3:.0f}㎡", f"{mu * 2000 / 3:,.0f} 平方米"))
    price = f"{million * 100}" if random.random() < 0.6 else f"{million * 100:,}.00"
    start = (
        "2026-09-10"
        if "begun" in fee[2] + deposit[2]
        else f"2025-{random.randint(3, 11):02d}-{random.randint(1, 28):02d}"
    )
    end = "2026-03-31" if "finished" in deposit[2] else ""
    t.projects.append((
        number, name, f"{builder.brand}置业有限公司", builder.code, f"{contractor.brand}建设有限公司",
        "" if "area" in fee[2] else area, "" if "price" in deposit[2] else price,
        written(start, random), written(end, random), "云溪县城关镇",
    ))  # fmt: skip
    _pay_fee(t, (number, name), builder, fee, mu * 2000 / 3 * _RATE_YUAN)
    _deposit(t, (number, name), contractor, deposit, million * 1e6 * _SHARE)


def _pay_fee(t: Works, project: tuple[str, str], firm: Firm, case: _Fee, due: float) -> None:
    (number, name), (verdict, klass, why) = project, case
    first = f"{due:.2f}"
    for share in {"paid in full": (1.0,), "paid in two instalments": (0.6, 0.4), "due and nothing paid": (0.0,),
                  "paid in part": (0.35,)}.get(why, ()):  # fmt: skip
        day = written("2025-12-08", t.random) if share else ""
        t.paid(t.fees, number, name, firm, first, f"{share * due:,.2f}", day)
        first = ""
    t.truth[FEE].say(number, name, verdict, klass or None, why)


def _deposit(t: Works, project: tuple[str, str], firm: Firm, case: _Fee, due: float) -> None:
    (number, name), (verdict, klass, why) = project, case
    letter = f"保函99{t.firms.number(4)}"
    cells = {
        "deposited in full": (f"{due / 1e4:g}万元", f"{due / 1e4:g}万元", "2025-12-20", "", ""),
        "a bank guarantee in force": (
            f"{due / 1e4:g}万元",
            "0",
            "2025-12-20",
            letter,
            "2027-12-31",
        ),
        "the guarantee has expired": (
            f"{due / 1e4:g}万元",
            "0",
            "2025-03-20",
            letter,
            "2026-03-31",
        ),
        "the ledger asks for less than the rule's share": (
            f"{due / 2e4:g}万元",
            f"{due / 2:.0f}",
            "2025-12-20",
            "",
            "",
        ),
        "deposited in part": (f"{due:.0f}", f"{due * 0.4:.0f}", "2025-12-20", "", ""),
    }.get(why)
    if cells is not None:
        due_text, paid, day, guarantee, to = cells
        t.paid(
            t.deposits,
            number,
            name,
            firm,
            due_text,
            paid,
            written(day, t.random),
            guarantee,
            written(to, t.random),
        )
    t.truth[DEPOSIT].say(number, name, verdict, klass or None, why)
