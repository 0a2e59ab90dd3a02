"""Type codes of map providers as one table: what a code says about the themes of a place.

Amap codes have six digits, two per level (major, middle, minor); several are joined with
"|". A code that is not listed itself counts as its group (the same code ending in 00), or as
its major group (ending in 0000), if that is listed. `verified` is true where the code was read in a copy of the provider's
list or in real answers; the others are from memory and printed as unverified.
"""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TypeCode:
    """One code of a provider.

    `themes` are theme names; `kind` is the kind of a school; `proxy` marks shops that may
    sell tobacco or alcohol without saying so: only a licence or a visit tells.
    """

    code: str
    zh: str
    en: str
    themes: frozenset[str]
    kind: str | None = None
    proxy: bool = False
    verified: bool = True


def _code(
    code: str, zh: str, en: str, themes: str, *,
    kind: str | None = None, proxy: bool = False, verified: bool = True,
) -> TypeCode:  # fmt: skip
    return TypeCode(code, zh, en, frozenset(themes.split()), kind, proxy, verified)


_TOBACCO_ALCOHOL = "tobacco_retailer alcohol_retailer"
_RETAIL = frozenset(_TOBACCO_ALCOHOL.split())

AMAP_CODES: dict[str, TypeCode] = {
    entry.code: entry
    for entry in (
        _code("141200", "学校", "school", "school", kind="school"),
        _code("141201", "高等院校", "university", "school", kind="university"),
        _code("141202", "中学", "middle school", "school", kind="middle"),
        _code("141203", "小学", "primary school", "school", kind="primary"),
        _code("141204", "幼儿园", "kindergarten", "school", kind="kindergarten"),
        _code("141205", "成人教育", "adult education", "school", kind="training", verified=False),
        _code("141206", "职业技术学校", "vocational school", "school", kind="vocational"),
        _code("141207", "学校内部设施", "facility inside a school", ""),
        _code("141400", "培训机构", "training centre", "school", kind="training"),
        _code("061210", "烟酒专卖店", "tobacco and alcohol shop", _TOBACCO_ALCOHOL),
        _code("050000", "餐饮服务", "catering", "caterer", verified=False),
        _code("071100", "美容美发店", "beauty and hair", "aesthetic_clinic"),
        _code("090201", "整形美容", "plastic surgery", "aesthetic_clinic"),
        _code("060200", "便民商店/便利店", "convenience shop", _TOBACCO_ALCOHOL, proxy=True),
        _code("060400", "超级市场", "supermarket", _TOBACCO_ALCOHOL, proxy=True),
        _code("071800", "彩票彩券销售点", "lottery outlet", "lottery_outlet"),
        _code("080113", "台球厅", "billiards", "entertainment_venue"),
        _code("080301", "夜总会", "nightclub", "entertainment_venue"),
        _code("080302", "KTV", "karaoke", "entertainment_venue"),
        _code("080303", "迪厅", "discotheque", "entertainment_venue"),
        _code("080304", "酒吧", "bar", "bar"),
        _code("080305", "游戏厅", "amusement arcade", "entertainment_venue"),
        _code("080306", "棋牌室", "chess and card room", ""),
        _code("080308", "网吧", "internet café", "internet_cafe"),
        _code("100100", "宾馆酒店", "hotel", "hotel"),
        _code("100200", "旅馆招待所", "hostel", "hotel"),
        _code("991000", "建筑物门", "gate of a building", "school_gate", verified=False),
        _code("991400", "临街院门", "gate on a street", "school_gate", verified=False),
    )
}
"""Codes by number; sources: domain notes 4.5 and a counted sample of real answers."""

_SEPARATORS = re.compile(r"[|;,\s]+")
_WORDS: tuple[tuple[str, str, str | None], ...] = (
    ("幼儿园", "school", "kindergarten"),
    ("小学", "school", "primary"),
    ("中学", "school", "middle"),
    ("高等院校", "school", "university"),
    ("职业技术学校", "school", "vocational"),
    ("特殊教育学校", "school", "special"),
    ("培训机构", "school", "training"),
    ("烟酒专卖店", _TOBACCO_ALCOHOL, None),
    ("烟草专卖店", "tobacco_retailer", None),
    ("电子烟", "ecig_retailer", None),
    ("酒类", "alcohol_retailer", None),
    ("便利店", _TOBACCO_ALCOHOL, None),
    ("便民商店/便利店", _TOBACCO_ALCOHOL, None),
    ("超市", _TOBACCO_ALCOHOL, None),
    ("超级市场", _TOBACCO_ALCOHOL, None),
    ("彩票彩券销售点", "lottery_outlet", None),
    ("彩票销售点", "lottery_outlet", None),
    ("网吧", "internet_cafe", None),
    ("KTV", "entertainment_venue", None),
    ("歌舞厅", "entertainment_venue", None),
    ("夜总会", "entertainment_venue", None),
    ("迪厅", "entertainment_venue", None),
    ("游戏厅", "entertainment_venue", None),
    ("游戏场所", "entertainment_venue", None),
    ("台球厅", "entertainment_venue", None),
    ("酒吧", "bar", None),
    ("星级酒店", "hotel", None),
    ("快捷酒店", "hotel", None),
    ("公寓式酒店", "hotel", None),
    ("民宿", "hotel", None),
    ("宾馆酒店", "hotel", None),
    ("旅馆招待所", "hotel", None),
    ("餐饮服务", "caterer", None),
    ("美食", "caterer", None),
    ("整形美容", "aesthetic_clinic", None),
    ("美容美发店", "aesthetic_clinic", None),
)
_BY_WORD = {word: (frozenset(themes.split()), kind) for word, themes, kind in _WORDS}


def entries_of_typecode(code: str) -> list[TypeCode]:
    """The table entries of one code or of several joined with "|", in their order."""
    found = (_entry(part) for part in _SEPARATORS.split(code.strip()) if part)
    return list(dict.fromkeys(entry for entry in found if entry is not None))


def themes_of_typecode(code: str) -> set[str]:
    """Theme names of an Amap type code such as "061210" or "050118|080304"; empty if none.

    Convenience shops and supermarkets count as possible tobacco and alcohol retailers; ask
    `is_proxy_typecode` for the difference.
    """
    return {theme for entry in entries_of_typecode(code) for theme in entry.themes}


def is_proxy_typecode(code: str) -> bool:
    """Whether all that speaks for tobacco or alcohol is that such shops often sell them."""
    entries = [entry for entry in entries_of_typecode(code) if entry.themes & _RETAIL]
    return bool(entries) and all(entry.proxy for entry in entries)


def kind_of_typecode(code: str) -> str | None:
    """The kind of school (`layers.themes.SCHOOL_KINDS`) an Amap type code stands for."""
    kinds = [entry.kind for entry in entries_of_typecode(code) if entry.kind]
    return kinds[0] if kinds else None


def themes_of_type_text(text: str) -> set[str]:
    """Theme names of a type in words: "购物服务;专卖店;烟酒专卖店", "休闲娱乐;网吧".

    From memory of the providers' lists: use it only where there is no code.
    """
    return {theme for word in _levels(text) for theme in _BY_WORD.get(word, (frozenset(), None))[0]}


def kind_of_type_text(text: str) -> str | None:
    """The kind of school that a type in words stands for."""
    kinds = [_BY_WORD[word][1] for word in _levels(text) if word in _BY_WORD]
    return next((kind for kind in kinds if kind), None)


def _entry(code: str) -> TypeCode | None:
    if not re.fullmatch(r"\d{6}", code):
        return None
    return next(filter(None, map(AMAP_CODES.get, (code, code[:4] + "00", code[:2] + "0000"))), None)


def _levels(text: str) -> list[str]:
    return [part.strip() for part in re.split(r"[|;,>\uff1b]", text) if part.strip()]
