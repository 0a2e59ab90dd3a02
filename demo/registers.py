"""The registers of the county's offices, with the habits of the people who keep them.

A licence register in two files (GBK text from the town's squad, a workbook from the villages'),
the education bureau's schools, the county's agencies: title rows, footers, full-width digits,
dates of every form, codes with apostrophes, names and telephones of people.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from random import Random

import numpy as np

from demo.frame import to_lonlat
from demo.licences import COUNTY_CODE, Licence
from demo.workbook import Merged, write_workbook
from demo.world import Campus

LICENCE_HEADER = ("序号", "许可证号", "企业（字号）名称", "负责人", "联系电话", "经营场所", "统一社会信用代码",
                  "首次发证日期", "延续日期", "有效期限", "状态", "备注")  # fmt: skip
SCHOOL_HEADER = ("序号", "学校(机构)标识码", "学校名称", "办学类型", "学校地址", "开办日期", "在校生数",
                 "校长", "联系电话", "经度", "纬度")  # fmt: skip
AGENCY_HEADER = ("单位名称", "职责", "级别", "地址", "经度", "纬度")
AGENCIES = (
    ("云溪县烟草专卖局", "烟草专卖许可与监管", (-330, 690)), ("云溪县市场监督管理局", "无证经营、酒类、食品监管", (-60, 905)),
    ("云溪县教育局", "学校与幼儿园管理", (-150, 560)), ("云溪县文化广电和旅游局", "网吧、娱乐场所、旅馆监管", (690, 830)),
    ("云溪县民政局", "福利彩票监管", (330, 850)), ("云溪县公安局", "治安与旅馆业管理", (-620, 300)),
    ("云溪县人民检察院", "公益诉讼检察", (60, 1020)), ("云溪县水利局", "水库大坝与河道管理", (-240, -330)),
    ("青澜市生态环境局云溪分局", "固体废物与水源保护监管", (480, -640)),
)  # fmt: skip
_SURNAMES, _GIVEN = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨", "伟芳娜敏静丽强磊军洋勇艳杰涛明超霞平刚桂英"
_WIDE = str.maketrans("0123456789()-", "０１２３４５６７８９（）－")
_WORDS = {"primary": "小学", "middle": "初级中学", "primary_middle": "九年一贯制学校", "special": "特殊教育学校",
          "vocational": "中等职业学校", "kindergarten": "幼儿园"}  # fmt: skip


def write_licences(town: Path, villages: Path, rows: list[Licence], random: Random) -> None:
    """Both files of the licence register; village shops go into the workbook."""
    country = [row for row in rows if "村" in row.address or "镇" in row.address[:4]]
    urban = [row for row in rows if row not in country]
    title = [["云溪县烟草专卖零售许可证台账（生成数据，非真实信息）"],
             ["填报单位：云溪县烟草专卖局", "", "", "", "统计截至：2026年6月30日"]]  # fmt: skip
    body = [_licence_cells(n, row, random) for n, row in enumerate(urban, 1)]
    foot = [
        ["合计", str(len(body))],
        ["制表人：" + _person(random), "", "", "审核：" + _person(random)],
    ]
    _write_csv(town, [*title, LICENCE_HEADER, *body, *foot], "gbk")
    _write_village_book(villages, country, random)


def _licence_cells(number: int, row: Licence, random: Random) -> list[str]:
    name, address = row.name, f"云岭省青澜市云溪县城关镇{row.address}"
    draw = random.random()
    if draw < 0.12:
        address = row.address.translate(_WIDE)
    elif draw < 0.3:
        address = f"云溪县{row.address}"
    if random.random() < 0.15:
        name = name.replace("(", "（").replace(")", "）") + "　"
    code = random.choices((row.credit_code, "'" + row.credit_code, ""), (0.7, 0.18, 0.12))[0]
    return [
        str(number), random.choice(("", "'")) + row.number, name, _person(random), _phone(random), address,
        code, written(row.first, random), written(row.renewed, random),
        _term(row, random), row.state, row.remark,
    ]  # fmt: skip


def _term(row: Licence, random: Random) -> str:
    if row.valid_to == "长期":
        return "长期"
    start, end = written(row.valid_from, random), written(row.valid_to, random)
    return random.choice((f"{start}至{end}", f"至{end}", end))


def written(day: str, random: Random) -> str:
    """An ISO date in one of the forms that clerks use."""
    if not day:
        return ""
    when = date.fromisoformat(day)
    year, month, number = when.year, when.month, when.day
    return random.choice((
        day, f"{year}.{month}.{number}", f"{year}年{month}月{number}日", f"{year}/{month:02d}/{number:02d}",
        f"{year}{month:02d}{number:02d}",
    ))  # fmt: skip


def _write_village_book(path: Path, rows: list[Licence], random: Random) -> None:
    """A workbook with a merged title; the name of a shop with two licences stands in one cell."""
    header = [*LICENCE_HEADER]
    cells: list[Sequence[object]] = [
        ["云溪县乡镇烟草零售许可证登记表（生成数据）"],
        ["单位：云溪县烟草专卖局乡镇中队"],
        header,
    ]
    merged = [Merged(1, 1, 1, len(header)), Merged(2, 1, 2, len(header))]
    for n, row in enumerate(rows, 1):
        dates = [date.fromisoformat(d) if d else None for d in (row.first, row.renewed)]
        end: object = "长期" if row.valid_to == "长期" else date.fromisoformat(row.valid_to)
        again = n > 1 and rows[n - 2].name == row.name
        if again:
            line = len(cells) + 1
            merged += [Merged(line - 1, column, line, column) for column in (3, 6)]
        cells.append([n, row.number, None if again else row.name, _person(random), _phone(random),
                      None if again else f"云溪县{row.address}", row.credit_code, *dates, end, row.state,
                      row.remark])  # fmt: skip
    cells.append(["制表人：" + _person(random), None, None, None, None, None, "2026年6月30日"])
    write_workbook(path, "乡镇", cells, merged)


def write_schools(path: Path, campuses: tuple[Campus, ...], random: Random) -> None:
    """The education bureau's register, UTF-8 with BOM, one point per school (CGCS2000)."""
    lines: list[Sequence[str]] = [("云溪县中小学校、幼儿园名录（生成数据）",), SCHOOL_HEADER]
    for n, campus in enumerate(campuses, 1):
        lon, lat = to_lonlat(np.array([campus.outline.centroid.coords[0]]))[0].tolist()
        code = f"{random.choice((21, 31, 36))}{COUNTY_CODE}{n:02d}"
        lines.append((str(n), "'" + code, campus.name, _WORDS[campus.kind], "云溪县", _opening(campus, random),
                      str(random.randint(90, 2600)), _person(random), _phone(random),
                      f"{lon:.6f}", f"{lat:.6f}"))  # fmt: skip
    lines.append(("填表人：" + _person(random), "", "", "2026年6月"))
    _write_csv(path, lines, "utf-8-sig")


def _opening(campus: Campus, random: Random) -> str:
    return written(campus.opened, random) if campus.opened else random.choice(("", "不详", "/"))


def write_agencies(path: Path) -> None:
    """The county's agencies with their duties, points in CGCS2000."""
    lines: list[Sequence[str]] = [AGENCY_HEADER]
    for name, duty, point in AGENCIES:
        lon, lat = to_lonlat(np.array([point]))[0].tolist()
        lines.append((name, duty, "县级", "云溪县城关镇", f"{lon:.6f}", f"{lat:.6f}"))
    _write_csv(path, lines, "utf-8")


def _write_csv(path: Path, lines: Iterable[Sequence[str]], encoding: str) -> None:
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\r\n").writerows(lines)
    path.write_bytes(text.getvalue().encode(encoding))


def _person(random: Random) -> str:
    return random.choice(_SURNAMES) + "".join(
        random.choice(_GIVEN) for _ in range(random.choice((1, 2)))
    )


def _phone(random: Random) -> str:
    """An invented number: no network has given out numbers that begin with 154."""
    return f"1540000{random.randrange(10**4):04d}"
