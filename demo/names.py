"""Invented names of lanes and shops; none is meant to be a real place or firm."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from random import Random

_FIRST = (
    "青白红紫金银玉石竹松柏桂兰荷梅柳桃杏榆槐枫梧莲菊茶稻麦桑麻溪泉井塘桥山坡岭云月星霞晴雨雪风"
)
_SECOND = ("花", "叶", "影", "井", "园", "坊", "桥头", "塘边", "树下")
LANES = [f"{a}{b}巷" for b in _SECOND for a in _FIRST if a not in b]
"""Names of lanes, each used once at most."""

_LUCK = "福顺隆兴旺祥瑞裕丰盛恒昌鑫源泰和聚汇亨康德仁义信诚宏达通茂荣华盈宝安乐"
_NATURE = ("青溪", "竹影", "松涛", "云边", "石桥", "柳岸", "荷风", "桃源", "枫桥", "月湾", "星河", "半山", "小满", "谷雨",
           "惊蛰", "白露", "芒种", "拾光", "南窗", "北巷", "东篱", "西塘")  # fmt: skip
_ENDINGS: dict[str, tuple[str, ...]] = {
    "tobacco": ("烟酒", "烟酒行", "名烟名酒", "烟酒副食", "烟酒商行", "烟酒店"),
    "convenience": ("便利店", "副食店", "便民店", "日杂店"),
    "supermarket": ("超市", "生活超市", "购物超市", "生鲜超市"),
    "ecig": ("电子烟", "电子烟体验店", "电子烟专营店"),
    "lottery": ("福利彩票", "体育彩票", "彩票站", "彩票投注站"),
    "internet": ("网吧", "网咖", "电竞网咖", "网络会所"),
    "karaoke": ("KTV", "量贩KTV", "音乐会所"), "arcade": ("电玩城", "动漫城", "游艺厅"),
    "billiards": ("台球厅", "台球俱乐部", "桌球馆"), "nightclub": ("夜总会", "迪厅"),
    "bar": ("酒吧", "小酒馆", "清吧", "音乐酒吧", " Bar"),
    "hotel": ("宾馆", "旅馆", "客栈", "快捷酒店", "招待所", "电竞酒店"),
    "chess": ("棋牌室", "茶楼棋牌"), "food": ("米粉店", "小吃店", "农家菜馆", "早餐店", "火锅店"),
    "pharmacy": ("大药房", "药店"),
}  # fmt: skip
_CHAINS = {"convenience": ("云小二便利店", "溪上便利", "每日一站便利店"), "supermarket": ("邻家优选超市", "万家惠民超市"),
           "pharmacy": ("康济堂大药房",), "hotel": ("云途快捷酒店",)}  # fmt: skip
_LATIN = {"bar": ("Blue Moon Bar", "The River's End", "NIGHT OWL PUB", "Cave 27"), "internet": ("E-Zone 网咖", "X · GAME 网咖"),
          "ecig": ("Cloud 9 电子烟", "Vape-Lab 电子烟"), "karaoke": ("V-PARTY KTV",)}  # fmt: skip


class Names:
    """Shop names, each given once."""

    def __init__(self, random: Random) -> None:
        self._random = random
        self._given: set[str] = set()
        self._latin = {kind: iter(names) for kind, names in _LATIN.items()}
        pairs = [a + b for a, b in product(_LUCK, _LUCK) if a != b]
        self._fronts: dict[str, Iterator[str]] = {}
        for kind in _ENDINGS:
            fronts = (
                [*pairs, *_NATURE]
                if kind not in ("bar", "hotel", "internet")
                else [*(f"{a}{b}" for a in _NATURE for b in ("", "里", "阁", "湾", "小筑"))]
            )
            random.shuffle(fronts)
            self._fronts[kind] = iter(fronts)

    def give(self, kind: str, street: str, *, plain: bool = False) -> str:
        """A name for a shop of `kind` on `street`; a `plain` one has no chain, branch or Latin."""
        name = self._one(kind, street, plain)
        while name in self._given:
            name = self._one(kind, street, plain=True)
        self._given.add(name)
        return name

    def _one(self, kind: str, street: str, plain: bool) -> str:
        draw = self._random.random()
        if not plain and draw < 0.06 and (latin := next(self._latin.get(kind, iter(())), "")):
            return latin
        if not plain and kind in _CHAINS and draw < 0.55:
            return f"{self._random.choice(_CHAINS[kind])}({street}店)"
        name = next(self._fronts[kind]) + self._random.choice(_ENDINGS[kind])
        if plain or draw < 0.82:
            return name
        return f"{name}({street}店{'）' if draw > 0.985 else ')'}"
