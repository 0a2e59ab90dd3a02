"""Kindergartens and the names on their permits: words, borrowed names, other signs, place names.

The campuses of the map keep their permits; a few signs that a patrol wrote down stand far from
every shop, so that no distance to a school changes.
"""

from __future__ import annotations

from random import Random

import numpy as np
from scipy.spatial import cKDTree

from demo.export import gcj
from demo.reality.firms import Firms
from demo.reality.ground import written_place
from demo.reality.said import BORDERLINE, INSIDE, OUTSIDE, Planted, Truth
from demo.reality.table import Row, Table, quoted, typed
from demo.registers import written
from demo.scene import Play
from demo.shapes import Array

NAME = "kindergarten-name"
SIGNS = "kindergarten_signs.csv"
FAR_M = 450.0
"""No shop is nearer to a kindergarten that is added here."""
_SIGN_HEADER = ("编号", "学校名称", "学校类型", "学校地址", "gcj02经度", "gcj02纬度")
_PERMITS = ("序号", "办学许可证号", "学校名称", "统一社会信用代码", "园长", "联系电话", "地址", "办学性质", "发证日期", "有效期至",
            "状态", "经度", "纬度")  # fmt: skip
_PUBLIC, _PRIVATE = "公办", "民办"
_LISTED: tuple[tuple[str, str, str, str, str, str], ...] = (
    ("桐叶国际幼儿园", "云溪县桐叶国际幼儿园", _PRIVATE, INSIDE, "banned_word", "a banned word on sign and permit"),
    ("禾苗双语幼儿园", "云溪县禾苗双语幼儿园", _PRIVATE, INSIDE, "banned_word", "a banned word on sign and permit"),
    ("芷兰国学幼儿园", "云溪县芷兰幼儿园", _PRIVATE, INSIDE, "banned_word", "a banned word on the sign only"),
    ("国际大道幼儿园", "云溪县国际大道幼儿园", _PRIVATE, BORDERLINE, "banned_word", "the word is the name of its road"),
    ("云溪小学附属幼儿园", "云溪县云溪小学附属幼儿园", _PRIVATE, INSIDE, "public_name", "private, bears a public school's name"),
    ("石桥小学附属幼儿园", "云溪县石桥小学附属幼儿园", _PUBLIC, OUTSIDE, "in_order", "public, belongs to the school it names"),
    ("棉桃娃娃城堡幼儿园", "云溪县棉桃幼儿园", _PRIVATE, INSIDE, "mismatch", "another name on the sign than on the permit"),
    ("雁来幼儿园", "云溪县雁来幼儿园", _PRIVATE, OUTSIDE, "in_order", "private, in order"),
    ("苇荻幼儿园", "云溪县苇荻幼儿园", _PRIVATE, BORDERLINE, "ask", "the same name, the permit is for another street"),
    ("藤萝幼儿园", "", _PRIVATE, INSIDE, "none", "no permit at all"),
)  # fmt: skip
"""Sign, name on the permit, who runs it, and the truth."""


def plant_kindergartens(play: Play, ids: dict[str, str], firms: Firms, random: Random) -> Planted:
    """Signs, permits and the truth; `ids` are those of the campuses in the school layer."""
    truth = Truth("school")
    signs: list[Row] = []
    permits: list[Row] = []
    far = _far_doors(play)

    def permit(name: str, who: str, address: str, place: tuple[str, str] = ("", "")) -> str:
        number = f"教民{firms.number(8)}"
        permits.append((
            str(len(permits) + 1), quoted(number, random), typed(name, random), firms.firm("52").code, firms.person(),
            firms.phone(), address, who, written("2022-08-20", random), written("2028-08-19", random), "正常", *place,
        ))  # fmt: skip
        return number

    for campus in play.scene.seen.campuses:
        if campus.kind == "kindergarten":
            public = random.random() < 0.5
            who, middle = _PUBLIC if public else _PRIVATE, campus.outline.centroid
            place = written_place((middle.x, middle.y))
            number = permit(f"云溪县{campus.name}", who, "云溪县城关镇", place)
            truth.say(
                ids[campus.name], campus.name, OUTSIDE, "in_order", "the name on the permit", number
            )
    for n, (sign, book, who, verdict, klass, why) in enumerate(_LISTED):
        subject, address, row = _sign(play, far, n, sign)
        signs.append(row)
        written_at = f"云溪县{'鹭洲街88号' if klass == 'ask' else address}"
        row_id = permit(book, who, written_at) if book else None
        truth.say(subject, sign, verdict, klass, why, row_id)
    tables = (
        Table(SIGNS, "school", _SIGN_HEADER, tuple(signs), encoding="utf-8",
              settings={"datum": "gcj02", "position_kind": "poi", "position_error": 15.0, "far": "keep"}),
        Table("school_permit.csv", "school_permit", _PERMITS, tuple(permits),
              title=("云溪县幼儿园办学许可登记表（生成数据）",), settings={"datum": "cgcs2000"}, foot=("填表人：" + firms.person(), "", "", "2026年6月")),
    )  # fmt: skip
    return Planted(tables, {NAME: truth})


def _far_doors(play: Play) -> Array:
    """Numbers of the doors that are far from every shop."""
    places = play.scene.seen.places
    away, _ = cKDTree(places[[shop.door for shop in play.shops if shop.door >= 0]]).query(places)
    return np.flatnonzero(away > FAR_M)


def _sign(play: Play, far: Array, n: int, sign: str) -> tuple[str, str, Row]:
    """Id, address and row of the nth sign, at a door far from every shop."""
    door = int(far[(n * len(far)) // len(_LISTED)])
    street = "国际大道" if sign.startswith("国际大道") else str(play.street[door])
    address = f"{street}{int(play.number[door])}号"
    lon, lat = gcj(play.scene.seen.places[door][None])[0].tolist()
    subject = f"YE99{n + 1:04d}"
    return subject, address, (subject, sign, "幼儿园", address, f"{lon:.6f}", f"{lat:.6f}")
