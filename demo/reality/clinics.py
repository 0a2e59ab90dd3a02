"""Places that offer medical aesthetics, and everyday beauty shops, beside the practice licences."""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random

from demo.reality.firms import Firm, Firms
from demo.reality.ground import Ground, Spot
from demo.reality.said import BORDERLINE, INSIDE, OUTSIDE, UNDECIDED, Planted, Truth
from demo.reality.table import Row, Table, quoted, typed
from demo.registers import written

CLINIC = "aesthetic-clinic-licence"
_MEDICAL = ("医疗美容门诊部", "医疗美容诊所", "医美诊所")
_SERVICES = ("玻尿酸注射、水光针", "双眼皮手术、隆鼻", "肉毒素注射、光子嫩肤", "激光祛斑、热玛吉")
_EVERYDAY = ("皮肤护理、美甲", "生活美容服务（不含医疗美容）", "面部清洁、头皮养护", "美甲美睫")
_SUBJECTS = "医疗美容科；美容外科；美容皮肤科"
_HEADER = ("编号", "店铺名称", "类别", "服务项目", "门店地址", "gcj02经度", "gcj02纬度")
_REGISTER = ("序号", "许可证编号", "医疗机构名称", "统一社会信用代码", "主要负责人", "联系电话", "地址", "诊疗科目", "发证日期",
             "有效期至", "校验有效期至", "状态")  # fmt: skip


@dataclass
class Clinics:
    """Where both tables are made, row by row."""

    ground: Ground
    firms: Firms
    random: Random
    listed: list[Row] = field(default_factory=list)
    licences: list[Row] = field(default_factory=list)
    truth: Truth = field(default_factory=lambda: Truth("aesthetic_clinic"))

    def open(self, name: str, spot: Spot | None, services: str, kind: str = "医疗美容") -> str:
        """A place as the map service lists it; returns its id."""
        number = f"MY99{len(self.listed) + 1:05d}"
        degrees = spot.gcj02 if spot else ("", "")
        address = spot.plain if spot else ""
        self.listed.append((number, name, kind, services, address, *degrees))
        return number

    def licence(self, name: str, firm: Firm, address: str, *, subjects: str = _SUBJECTS, to: str = "2029-06-30",
                inspected: str = "2027-03-31", state: str = "正常") -> str:  # fmt: skip
        """A practice licence; returns its number."""
        random, number = self.random, f"PDY{self.firms.number(8)}"
        self.licences.append((
            str(len(self.licences) + 1), quoted(number, random), typed(name, random), firm.code, self.firms.person(),
            self.firms.phone(), typed(address, random), subjects, written("2021-07-01", random),
            written(to, random), written(inspected, random), state,
        ))  # fmt: skip
        return number


_ENDED: tuple[tuple[str, dict[str, str], int, str], ...] = (
    ("expired", {"to": "2025-12-31", "inspected": "2025-12-31"}, 2, "the licence has expired"),
    ("revoked", {"state": "吊销"}, 1, "the licence is revoked"),
    ("cancelled", {"state": "注销"}, 1, "the licence is cancelled"),
    ("item_missing", {"subjects": "口腔科；牙体牙髓病专业"}, 1, "licensed for teeth only"),
    ("item_missing", {"subjects": "中医科；内科"}, 2, "licensed, but not for aesthetics"),
    ("inspection_overdue", {"inspected": "2026-03-31"}, 2, "the inspection is overdue"),
)


def plant_clinics(ground: Ground, firms: Firms, random: Random) -> Planted:
    """Listing, register and truth."""
    t = Clinics(ground, firms, random)
    for n in range(6):
        firm, spot = firms.firm("91"), ground.spot(road=n == 2)
        sign = firm.brand + random.choice(_MEDICAL)
        address = spot.big if n == 2 else ground.written(spot)
        number = t.licence(f"云溪县{sign}" if n % 2 else f"云溪{sign}有限公司", firm, address)
        subject = t.open(sign, spot, random.choice(_SERVICES))
        t.truth.say(
            subject,
            sign,
            OUTSIDE,
            "in_force",
            "licensed, inspected, aesthetics among its subjects",
            number,
        )
    for klass, about, count, why in _ENDED:
        for _ in range(count):
            firm, spot = firms.firm("91"), ground.spot()
            sign = firm.brand + random.choice(_MEDICAL)
            number = t.licence(f"云溪{sign}", firm, ground.written(spot), **about)
            subject = t.open(sign, spot, random.choice(_SERVICES))
            t.truth.say(subject, sign, INSIDE, klass, why, number)
    _beauty(t)
    _rest(t)
    tables = (
        Table("aesthetic_clinic.csv", "aesthetic_clinic", _HEADER, tuple(t.listed), encoding="utf-8",
              settings={"datum": "gcj02", "position_kind": "poi", "position_error": 15.0, "far": "keep"}),
        Table("medical_licence.xlsx", "medical_licence", _REGISTER, tuple(t.licences),
              title=("云溪县医疗机构执业登记情况表（生成数据）",), foot=("制表人：" + firms.person(), "", "2026年6月")),
    )  # fmt: skip
    return Planted(tables, {CLINIC: t.truth})


def _beauty(t: Clinics) -> None:
    """Everyday beauty needs no licence; a beauty shop that injects does."""
    for n in range(6):
        firm, spot = t.firms.firm(), t.ground.spot()
        sign = firm.brand + ("美甲店", "美容院", "皮肤管理中心")[n % 3]
        subject = t.open(sign, spot, _EVERYDAY[n % 4], "美容美发店")
        t.truth.say(subject, sign, OUTSIDE, "not_needed", "everyday beauty")
    for n in range(3):
        firm, spot = t.firms.firm(), t.ground.spot()
        sign = firm.brand + ("美容院", "皮肤管理工作室", "美学会所")[n]
        subject = t.open(
            sign, spot, f"皮肤护理、{('玻尿酸注射', '肉毒素注射', '双眼皮手术')[n]}", "美容美发店"
        )
        t.truth.say(subject, sign, INSIDE, "none", "a beauty shop that injects or cuts")


def _rest(t: Clinics) -> None:
    for _ in range(2):
        firm, spot = t.firms.firm(), t.ground.spot()
        sign = firm.brand + t.random.choice(_MEDICAL)
        t.truth.say(
            t.open(sign, spot, t.random.choice(_SERVICES)),
            sign,
            INSIDE,
            "none",
            "no licence at all",
        )
    firm, spot, before = t.firms.firm("91"), t.ground.spot(), t.ground.spot()
    sign = firm.brand + "医疗美容诊所"
    number = t.licence(f"云溪{sign}", firm, before.full)
    subject = t.open(sign, spot, t.random.choice(_SERVICES))
    t.truth.say(subject, sign, BORDERLINE, "ask", "the same name in another street", number)
    subject = t.open("", None, "玻尿酸注射")
    t.truth.say(subject, None, UNDECIDED, None, "neither name nor address")
