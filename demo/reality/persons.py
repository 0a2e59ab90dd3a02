"""Two pairs of tables without a map: pension payments and employment, hardship and aid.

All persons are invented; their numbers begin with the county's invented code and are masked.
"""

from __future__ import annotations

from random import Random

from demo.licences import COUNTY_CODE
from demo.reality.firms import Firm, Firms
from demo.reality.said import BORDERLINE, INSIDE, OUTSIDE, UNDECIDED, Planted, Truth
from demo.reality.table import Row, Table
from demo.registers import written

PENSION, AID = "pension-backpay", "judicial-aid-gap"
_PAYMENTS = ("编号", "人员编号", "姓名", "证件号码", "用人单位名称", "统一社会信用代码", "补缴类型", "补缴起始", "补缴截止", "补缴金额（元）",
             "缴费日期")  # fmt: skip
_EMPLOYED = (
    "编号",
    "人员编号",
    "姓名",
    "用人单位名称",
    "统一社会信用代码",
    "入职日期",
    "离职日期",
    "备注",
)
_HARDSHIP = ("编号", "人员编号", "姓名", "证件号码", "困难类型", "认定部门", "认定日期", "有效期至")
_AID = ("编号", "人员编号", "姓名", "救助部门", "救助金额（元）", "发放日期", "状态")
_PAID_FOR: tuple[tuple[str, str, int, str, tuple[str, str] | None], ...] = (
    (OUTSIDE, "in_order", 12, "worked there for the whole term", ("2005-03-01", "2014-12-31")),
    (OUTSIDE, "in_order", 3, "still works there", ("2006-07-01", "")),
    (INSIDE, "none", 4, "never on the books of the employer", None),
    (INSIDE, "mismatch", 4, "began there after the term that was paid for", ("2016-05-01", "2020-02-28")),
    (BORDERLINE, "partly", 3, "worked there for a part of the term", ("2010-06-01", "2018-12-31")),
    (INSIDE, "mismatch", 2, "left there before the term that was paid for", ("1998-01-01", "2003-06-30")),
)  # fmt: skip
_TERM = ("2008-01-01", "2012-12-31")
_HELPED: tuple[tuple[str, str, int, str, tuple[str, str] | None], ...] = (
    (OUTSIDE, "in_order", 8, "aid was paid out", ("2026-02-10", "已发放")),
    (INSIDE, "none", 6, "on the list and no aid", None),
    (INSIDE, "not_paid", 2, "aid was granted and not paid out", ("", "已审批未发放")),
    (OUTSIDE, "not_needed", 2, "no longer on the list", None),
)  # fmt: skip
_KINDS = ("最低生活保障", "特困供养", "重度残疾", "返贫监测户", "困境儿童", "受侵害妇女")
_DEPARTMENTS = ("民政局", "民政局", "残疾人联合会", "农业农村局", "民政局", "妇女联合会")


class Persons:
    """Where the four tables are made, row by row."""

    def __init__(self, firms: Firms, random: Random) -> None:
        self.firms, self.random = firms, random
        self.tables: dict[str, list[Row]] = {key: [] for key in ("pay", "job", "hard", "aid")}
        self.truth = {PENSION: Truth("record/pension_payments"), AID: Truth("record/hardship_list")}
        self._count = 0

    def person(self) -> tuple[str, str, str]:
        """Number, name and masked identity number of an invented person."""
        self._count += 1
        number = f"RY{COUNTY_CODE}{self._count:04d}"
        return number, self.firms.person(), f"{COUNTY_CODE}********{self._count:04d}"

    def row(self, table: str, prefix: str, *cells: str) -> str:
        """Add a row; returns its number."""
        rows = self.tables[table]
        number = f"{prefix}{COUNTY_CODE}{len(rows) + 1:04d}"
        rows.append((number, *cells))
        return number


def plant_persons(firms: Firms, random: Random) -> Planted:
    """The four tables and the truth of both models."""
    t = Persons(firms, random)
    employers = [firms.firm("91") for _ in range(4)]
    for verdict, klass, count, why, job in _PAID_FOR:
        for n in range(count):
            _payment(t, employers[n % 4], job, (verdict, klass, why))
    for n in range(2):
        elsewhere = employers[n + 1]
        _payment(t, employers[n], ("2007-01-01", "2013-12-31"), (INSIDE, "none", "worked elsewhere all that time"),
                 at=elsewhere)  # fmt: skip
    _payment(t, None, None, (UNDECIDED, "", "no employer is written"))
    for n, (verdict, klass, count, why, aid) in enumerate(_HELPED):
        for m in range(count):
            _hardship(t, n + m, aid, (verdict, klass, why))
    about = (("pension_payments", "pay", _PAYMENTS), ("employment", "job", _EMPLOYED),
             ("hardship_list", "hard", _HARDSHIP), ("aid_list", "aid", _AID))  # fmt: skip
    tables = tuple(
        Table(
            f"record_{name}.csv",
            f"record/{name}",
            header,
            tuple(t.tables[key]),
            title=("生成数据，人员均为虚构",),
        )
        for name, key, header in about
    )
    return Planted(tables, t.truth)


def _payment(
    t: Persons, firm: Firm | None, job: tuple[str, str] | None, said: tuple[str, str, str],
    at: Firm | None = None,
) -> None:  # fmt: skip
    """A payment for work with `firm`, and the job a person really had (`at`: with another)."""
    number, name, identity = t.person()
    random = t.random
    told = (_company(firm), firm.code) if firm else ("", "")
    start, end = (written(day, random) for day in _TERM)
    subject = t.row("pay", "BJ", number, name, identity, *told, "一次性补缴", start, end,
                    f"{random.randint(30, 90) * 1000:,}", written("2024-06-18", random))  # fmt: skip
    worked = at or firm
    if job is not None and worked is not None:
        days = (written(day, random) for day in job)
        t.row("job", "YG", number, name, _company(worked), worked.code, *days, "")
    verdict, klass, why = said
    t.truth[PENSION].say(subject, None, verdict, klass or None, why)


def _company(firm: Firm) -> str:
    return f"{firm.brand}机械有限公司"


def _hardship(t: Persons, n: int, aid: tuple[str, str] | None, said: tuple[str, str, str]) -> None:
    number, name, identity = t.person()
    random, verdict, klass, why = t.random, *said
    to = "2025-06-30" if "no longer" in why else "2027-06-30"
    kind = n % len(_KINDS)
    subject = t.row("hard", "KN", number, name, identity, _KINDS[kind], f"云溪县{_DEPARTMENTS[kind]}",
                    written("2025-09-12", random), written(to, random))  # fmt: skip
    if aid is not None:
        t.row("aid", "JZ", number, name, "云溪县人民检察院", str(random.randint(5, 30) * 1000),
              written(aid[0], random), aid[1])  # fmt: skip
    t.truth[AID].say(subject, None, verdict, klass or None, why)
