"""Names taken apart: what a firm or a shop calls itself, without place, trade and legal form.

A registered name is place + 字号 + trade + legal form (云溪县|福顺|烟酒|经营部), a sign shows
字号 + some word of the trade, and perhaps a branch: 福顺名烟名酒(东门店).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pandas as pd

from layers.address_reading import one_form, read_places
from layers.matching.latin_names import is_latin_name, latin_name
from layers.matching.text import SEPARATOR, substitute

_END = f"(?=$|{SEPARATOR})"
_ANY = f"[^()\\[\\]【】{SEPARATOR}]"
_FORM_BRACKET = re.compile(
    rf"[(\[【](?:个体工商户|个体|普通合伙|有限合伙|特殊普通合伙|已?注销|暂停营业|停业|新店|装修中|营业中){_ANY}{{0,4}}[)\]】]"
)
_BRANCH = re.compile(
    rf"[(\[【·\-—]\s*(?P<branch>{_ANY}{{1,14}}?)(?:总店|旗舰店|专卖店|直营店|加盟店|分店|店|分公司|分部|门市部?)[)\]】]?{_END}"
    rf"|(?:#\s*|[(\[](?:store|shop|no\.?|unit)?\s*#?\s*)(?P<number>\d{{1,6}})[)\]]?{_END}"
    rf"|(?:有限公司|公司)(?P<office>[^()公司{SEPARATOR}]{{2,14}}?)(?:分公司|分店|店|门市部|营业部){_END}"
)
_MAY_BRANCH = re.compile(r"[(\[【·\-—#]|公司.")
_BRACKETS = re.compile(rf"[(\[【]{_ANY}*[)\]】]")
_MARKS = re.compile(rf"[^\w{SEPARATOR}]+|_")
_CITY = r"(?<![超菜夜花集门早闹])市(?!场)"
_COUNTY = r"县(?!城(?![关厢郊区]))|特区|(?<![小社园景校库])区(?!域)"
_PLACE = re.compile(
    rf"(?:[^\W\da-z]{{2,6}}?(?:省|自治区))?(?:[^\W\da-z]{{2,5}}?(?:自治州|地区|盟|{_CITY}))?"
    rf"(?:[^\W\da-z]{{2,6}}?(?:自治县|{_COUNTY}))?(?:[^\W\da-z]{{2,4}}?(?:街道|镇|乡))?(?=\w{{2}})"
)
_FORM = """
    股份有限公司 有限责任公司 有限公司 公司 合作社 经营部 经销部 销售部 服务部 营业部 门市部 门市 经营店 专营店 专卖店 体验店
    零售店 旗舰店 连锁店 加盟店 商行 商店 商号 商场 总店 分店 中心 工作室 会所 俱乐部 号店 店铺 店 铺子 铺 行 部 厂 社 馆 厅
    站 城 室 投注站 inc llc corp corporation ltd co store stores market mart shop company enterprise enterprises
"""
_TRADE = """
    便利 便民 烟酒副食 名烟名酒 烟酒茶 烟酒 名酒 副食 副食品 日用百货 百货 日杂 杂货 食杂 食品 小卖部 小卖 生鲜 购物 生活
    连锁 超级 超市 电子烟 烟草 商贸 贸易 餐饮管理 餐饮 餐馆 餐厅 饭店 饭馆 饭庄 酒楼 菜馆 家常菜 农家菜 农家 小吃 快餐 面馆
    米粉 粉馆 火锅 烧烤 早餐 早点 奶茶 茶饮 饮品 咖啡 烘焙 蛋糕 面包 西饼 商务 快捷 主题 电竞 酒店管理 大酒店 酒店 宾馆 旅馆
    旅社 旅店 客栈 民宿 公寓 招待所 住宿 网吧 网咖 网络 上网服务 娱乐 ktv 量贩 音乐 酒吧 清吧 小酒馆 医疗美容 医疗 美容美发
    美容 美发 美甲 医美 整形 诊所 门诊 口腔 大药房 药房 药店 医药 彩票投注 彩票 福利 体育 销售 投注 幼儿 学校 培训 教育 养生
    足浴 洗浴 棋牌 台球 桌球 电玩 游艺 动漫 服饰 服装 鞋业 五金 建材 水果 蔬菜 鲜肉 豆制品 科技发展 科技 技术 信息 文化传播
    文化 发展 管理 服务 咨询 投资 控股 集团 实业 工程 装饰 物业 广告
"""
_ENDINGS = frozenset((_FORM + _TRADE).split())
_KIND_OF_PLACE = re.compile(
    "(?:自治[区州县旗]|省|地区|盟|市|县|旗|特区|林区|区|街道(?:办事处|办)?|(?:民族)?[镇乡])$"
)
_KINDS_OF_PLACE = re.compile("[省市县区州盟镇乡道]")
_PEELS = 5
_NO_BRANCH = frozenset({"总", "旗舰", "直营", "加盟", "专卖", "连锁", "新", "老", "体验"})
_PLACE_SHARE, _PLACE_AT_LEAST, _SAMPLE = 0.02, 3, 2000


@dataclass(frozen=True)
class NameParts:
    """One name per row: `full` without marks, `core` (the 字号), `branch`; `""` where missing."""

    full: list[str]
    core: list[str]
    branch: list[str]


def name_parts(texts: list[str], places: Sequence[str] = ()) -> NameParts:
    """Names (as `plain_texts` gives them) taken apart; `places` are place names to drop in front.

    >>> parts = name_parts(["云溪县福顺烟酒经营部(个体工商户)", "福顺名烟名酒(东门店)"], ["云溪"])
    >>> parts.core, parts.branch
    (['福顺', '福顺'], ['', '东门'])
    """
    texts, may = substitute(_FORM_BRACKET, "", texts), _MAY_BRANCH.search
    found = [_BRANCH.search(text) if may(text) else None for text in texts]
    branch = [
        "" if hit is None else hit["branch"] or hit["number"] or hit["office"] or ""
        for hit in found
    ]
    branch = ["" if word in _NO_BRANCH else word for word in branch]
    bare = [text if hit is None else _without(text, hit)
            for text, hit in zip(texts, found, strict=True)]  # fmt: skip
    full = substitute(_MARKS, "", substitute(_BRACKETS, "", bare))
    full = [text or whole for text, whole in zip(full, substitute(_MARKS, "", texts), strict=True)]
    core = _cores(full, places)
    for row in np.flatnonzero([is_latin_name(text) for text in bare]).tolist():
        full[row], core[row] = latin_name(bare[row])
    return NameParts(full, core, substitute(_MARKS, "", branch))


def place_names(addresses: Sequence[str], size: int = _SAMPLE) -> list[str]:
    """Provinces, cities, counties and townships that stand before many addresses, longest first.

    With and without 省 市 县 区 镇, since a firm may call itself 云溪县福顺 or 云溪福顺.
    """
    step = max(1, len(addresses) // size)
    said = [read_places(one_form(text))[0] for text in addresses[::step] if text]
    counts: Counter[str] = Counter()
    for kind in ("province", "city", "county", "township"):
        heads = Counter(filter(None, (found.get(kind) for found in said)))
        for name, count in heads.items():
            stem = _KIND_OF_PLACE.sub("", name)
            counts[name] += count
            counts[stem] += count if 1 < len(stem) < len(name) else 0
    least = max(_PLACE_AT_LEAST, _PLACE_SHARE * len(said))
    return sorted((name for name, n in counts.items() if n >= least), key=len, reverse=True)


def _without(text: str, hit: re.Match[str]) -> str:
    if hit["branch"] or hit["number"]:
        return text[: hit.start()] or text
    return text[: hit.start("office")]


def _cores(texts: list[str], places: Sequence[str]) -> list[str]:
    """Names without the places in front and the trade and legal form behind.

    Endings are taken off the reversed text, where they stand in front, as long as two
    characters are left.
    """
    if not texts:
        return []
    joined = "\n".join(texts)
    if places:
        words = "|".join(map(re.escape, sorted(places, key=len, reverse=True)))
        joined = re.sub(rf"(?m)^(?:(?>{words})(?=..)){{1,{_PEELS}}}+", "", joined)
    joined = "\n".join(
        text[hit.end() :] if _KINDS_OF_PLACE.search(text) and (hit := _PLACE.match(text)) else text
        for text in joined.split("\n")
    )
    return _BEHIND.sub("", joined[::-1])[::-1].split("\n")


def _behind() -> re.Pattern[str]:
    """Up to five endings in front of a reversed name, the longest first."""
    groups = []
    for last in sorted({word[-1] for word in _ENDINGS}):
        words = sorted((word for word in _ENDINGS if word[-1] == last), key=len, reverse=True)
        groups.append(last + "(?:" + "|".join(word[-2::-1] for word in words) + ")")
    return re.compile(rf"(?m)^(?:(?:{'|'.join(groups)})(?=..)){{1,{_PEELS}}}+")


_BEHIND = _behind()


def name_ids(columns: Sequence[Sequence[str] | np.ndarray]) -> list[np.ndarray]:
    """The same number for the same text across columns, -1 for `""`."""
    texts = np.concatenate(
        [np.array([""], dtype=object), *(np.asarray(c, dtype=object) for c in columns)]
    )
    numbers = pd.factorize(texts)[0] - 1
    ends = np.cumsum([1, *map(len, columns)])
    return [numbers[start:end] for start, end in pairwise(ends)]
