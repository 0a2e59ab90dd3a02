"""Words that head columns in real registers and exports; they tell a header from a title."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

_EXACT = frozenset(
    """
    id fid gid objectid oid no nr name type kind class category code address street city county
    district province state zip postcode ward area lon lat lng long longitude latitude x y z wkt
    geom geometry location status date phone tel telephone email website source remark remarks note
    uid pname cityname adname pcode adcode citycode typecode parent tag brand
    序号 编号 编码 代码 名称 店名 店铺 商户 字号 地址 住址 地点 位置 坐标 经度 纬度 东经 北纬 横坐标 纵坐标
    区县 县区 市 区 县 乡镇 街道 社区 村 片区 辖区 类别 类型 种类 业态 性质 状态 日期 时间 年份 电话
    手机 联系人 负责人 经营者 法人 法定代表人 备注 说明 面积 数量 金额 省 省份 城市 地区 性别 姓名 单位
    学校 校名 校门 学段 办学类型 门店 网点 卡号 品牌 许可证 发证机关 监管部门 等级 级别 方向 所属
    """.split()  # noqa: SIM905 - a list of this size reads better as text
)
_STEMS = tuple(
    """
    名称 地址 住所 场所 经度 纬度 坐标 代码 编号 编码 证号 号码 日期 时间 有效期 期限 状态 类型 类别 范围
    机关 部门 电话 代表人 负责人 经营者 联系 区划 街道 乡镇 备注 面积 字号 许可证 登记 标识码 性质
    所在 辖区 区县 单位 名 性别 资金 资本
    """.split()  # noqa: SIM905
)
_ENGLISH = re.compile(
    r"(?:^|_)(id|name|type|code|address|street|city|county|state|zip|lat|lon|lng|date|status|"
    r"no|number|licen[cs]e|expiration|expiry|phone|category|latitude|longitude|location|year)$"
)
_BRACKETS = re.compile(r"[(\[{【].*?[)\]}】]")
_MAX_HEADER_CHARS = 24


def plain(cell: str) -> str:
    """A header cell without case, width, spaces, stars and bracketed remarks."""
    text = unicodedata.normalize("NFKC", cell).lower().strip().strip("*:'\"")
    return re.sub(r"[\s\u200b-\u200d\ufeff*]+", "", _BRACKETS.sub("", text))


def is_header_word(cell: str) -> bool:
    """Whether a cell says what a column holds."""
    if not cell or len(cell) > 4 * _MAX_HEADER_CHARS:
        return False
    text = plain(cell)
    if text in _EXACT:
        return True
    if len(text) > _MAX_HEADER_CHARS:
        return False
    spaced = re.sub(r"[\s.\-/]+", "_", cell.strip().lower())
    return text.endswith(_STEMS) or bool(_ENGLISH.search(spaced))


def header_hits(cells: Iterable[str | None]) -> int:
    """How many of the cells are header words."""
    return sum(1 for cell in cells if cell and is_header_word(cell))
