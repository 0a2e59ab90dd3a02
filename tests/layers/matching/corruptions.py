"""Invented registers and what stands on the street, with named ways in which the two differ.

`generate(kinds, size, seed)` makes a register, a layer of shops and the true links. Every kind
of corruption is one function of a shop on site (`Shop`), named as in `TUNED` or `UNSEEN`: the
model's coefficients were fitted on `TUNED` only, its quality is told on `UNSEEN`. Besides the
corruptions every town has what makes matching hard: chains, common names, several shops at one
door, successors in the place of others, old licences beside new ones, rows of one side only.
"""

from __future__ import annotations

import string
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from random import Random
from typing import Any

import geopandas as gpd
import pandas as pd
import shapely
from stdnum.cn import uscc

from layers.layer import Layer, make_layer
from layers.matching import Matches
from layers.provenance import Provenance

LON, LAT, METRE = 109.3, 27.6, 1 / 110_800
PLACE = ("云岭省青澜市云溪县", "云溪县", "云溪", "云溪县城关镇", "")
_CHARACTERS = (
    "福顺隆兴旺祥瑞裕丰盛恒昌鑫源泰和聚汇亨康德仁义信诚宏达通茂荣宝安乐家佳美好新春天云海江山林森木石金玉兰竹梅"
    "文武英华伟杰明亮光辉东南西北中正平永长久世纪国民友谊爱心一品百味千里万象小老大阿胖红绿蓝黑白龙凤虎牛马羊鱼麦谷禾"
)
_TRADES = (
    ("烟酒经营部", ("烟酒", "烟酒行", "名烟名酒", "烟酒店")), ("超市", ("超市", "生活超市", "便民超市")),
    ("便利店", ("便利店", "便利", "小卖部")), ("餐饮店", ("餐馆", "饭店", "小吃店", "家常菜")),
    ("米粉店", ("米粉", "米粉店", "粉馆")), ("宾馆", ("宾馆", "酒店", "客栈")), ("大药房", ("大药房", "药店")),
    ("副食店", ("副食", "副食店", "日杂店")), ("美容美发店", ("美容", "美发店")), ("五金建材经营部", ("五金", "五金店")),
)  # fmt: skip
_FORMS = ("", "", "(个体工商户)", "有限公司", "有限责任公司")
_COMMON = ("便民", "平价", "惠民", "利民", "老百姓")
_ROADS = (
    "人民",
    "建设",
    "解放",
    "中山",
    "学府",
    "虹桥",
    "滨江",
    "新安",
    "东郊",
    "凤鸣",
    "书院",
    "荷塘",
    "柳絮",
    "望溪",
)
_ROAD_WORDS = ("路", "街", "巷", "大道")
_LATIN = ("sunny", "gil", "liberty", "oak lane", "vine", "delmar", "hung", "reyes", "castor", "tioga", "penn", "star", "golden",
          "lucky", "corner", "jumbo", "royal", "eagle", "bell", "king")  # fmt: skip
_LATIN_TRADES = ("grocery", "food market", "mini market", "deli", "smoke shop", "newsstand", "beer")
_STREETS = ("broad", "market", "lehigh", "girard", "torresdale", "frankford", "passyunk", "snyder")


@dataclass(frozen=True)
class Shop:
    """A shop as one of the two sides writes it; `number` and `sub` are parts of its address."""

    name: str
    front: str
    trade: str
    road: str
    number: int
    sub: int
    floor: int
    address: str | None
    lon: float | None
    lat: float | None
    credit_code: str | None = None
    licence_no: str | None = None
    latin: bool = False
    registered: str = ""
    branch: bool = False


Corruption = Callable[[Shop, Random], Shop]


def _move(shop: Shop, random: Random, least: float, most: float) -> Shop:
    if shop.lon is None or shop.lat is None:
        return shop
    metres, side = random.uniform(least, most), random.choice(((1, 0), (0, 1), (-1, 0), (0, -1)))
    return replace(shop, lon=shop.lon + side[0] * metres * METRE / 0.886,
                   lat=shop.lat + side[1] * metres * METRE)  # fmt: skip


def _readdress(shop: Shop, address: str | None) -> Shop:
    return replace(shop, address=address)


# --- kinds the coefficients were fitted on --------------------------------------------------


def as_it_is(shop: Shop, _: Random) -> Shop:
    """Nothing but the ordinary difference of sign and register."""
    return shop


def full_width(shop: Shop, _: Random) -> Shop:
    """Letters, digits and brackets full-width."""
    table = {ord(c): ord(c) + 0xFEE0 for c in string.digits + string.ascii_letters + "()-"}
    return replace(shop, name=shop.name.translate(table),
                   address=shop.address and shop.address.translate(table))  # fmt: skip


def branch_added(shop: Shop, random: Random) -> Shop:
    """A branch behind the name, as map platforms write it."""
    word = shop.road if random.random() < 0.7 else random.choice(("总", "一", "旗舰"))
    return replace(shop, name=f"{shop.name}({word}店)" if not shop.latin else f"{shop.name} #1")


def fu_as_dash(shop: Shop, random: Random) -> Shop:
    """26号附1号 written 26-1号, or the other way round; the part may be lost on one side."""
    if not shop.sub or shop.latin or shop.address is None:
        return shop
    dash, words = f"{shop.number}-{shop.sub}号", f"{shop.number}号附{shop.sub}号"
    return _readdress(shop, f"{shop.road}{dash if words in shop.address else words}" if random.random() < 0.8
                      else f"{shop.road}{shop.number}号")  # fmt: skip


def road_big(shop: Shop, _: Random) -> Shop:
    """人民路 and 人民大道; Street and St."""
    if shop.address is None:
        return shop
    text = shop.address
    if shop.latin:
        return _readdress(shop, text.replace(" st", " street").replace(" ave", " avenue"))
    swapped = text.replace("大道", "路") if "大道" in text else text.replace("路", "大道")
    return _readdress(shop, swapped)


def floor_words(shop: Shop, random: Random) -> Shop:
    """A floor in other words, or only on one side."""
    if shop.address is None or shop.latin:
        return shop
    floor = shop.floor or 1
    word = random.choice((f"{floor}楼", f"{floor}F", f"{'一二三四五'[floor - 1]}层"))
    return _readdress(shop, f"{shop.road}{shop.number}号{word}")


def trade_word(shop: Shop, random: Random) -> Shop:
    """Another word for the trade on the sign."""
    if shop.latin:
        return replace(shop, name=f"{shop.front} {random.choice(('market', 'store', 'food'))}")
    return replace(shop, name=shop.front + random.choice(dict(_TRADES)[shop.trade]))


def typo(shop: Shop, random: Random) -> Shop:
    """One character of the name replaced."""
    at = random.randrange(len(shop.front))
    other = random.choice(_CHARACTERS if not shop.latin else string.ascii_lowercase)
    wrong = shop.front[:at] + other + shop.front[at + 1 :]
    return replace(shop, name=shop.name.replace(shop.front, wrong, 1))


def no_address(shop: Shop, _: Random) -> Shop:
    """Only a pin."""
    return _readdress(shop, None)


def no_pin(shop: Shop, _: Random) -> Shop:
    """Only an address."""
    return replace(shop, lon=None, lat=None)


def number_off(shop: Shop, random: Random) -> Shop:
    """The house next door."""
    number = max(1, shop.number + random.choice((-2, 2)))
    return shop if shop.address is None else _readdress(
        shop, shop.address.replace(str(shop.number), str(number), 1))  # fmt: skip


def pin_far(shop: Shop, random: Random) -> Shop:
    """A pin 100 to 250 m off, as geocoding by street gives it."""
    return _move(shop, random, 100, 250)


def moved(shop: Shop, random: Random) -> Shop:
    """Moved to another street, its code shown on the new sign."""
    road = random.choice(_ROADS) + random.choice(_ROAD_WORDS)
    address = f"{road}{random.randrange(1, 400)}号"
    return _readdress(_move(shop, random, 600, 3000), address)


def landmark(shop: Shop, random: Random) -> Shop:
    """No number but a landmark: 人民医院对面."""
    word = random.choice(("人民医院对面", "农贸市场内", "中心小学旁", "汽车站斜对面"))
    return _readdress(shop, "across from city hall" if shop.latin else word)


def no_name(shop: Shop, _: Random) -> Shop:
    """No name at all, as where a trade name was only the owner's."""
    return replace(shop, name="")


def other_sign(shop: Shop, random: Random) -> Shop:
    """The sign shows something else than the register: only the door and the pin agree."""
    front = "".join(random.sample(_CHARACTERS, 2))
    return replace(shop, name=front + random.choice(dict(_TRADES)[shop.trade]) if not shop.latin
                   else f"{random.choice(_LATIN)} {front}")  # fmt: skip


# --- kinds never seen in fitting ---------------------------------------------------------------

_OLD = str.maketrans("号楼国门东广龙凤饭馆药园兴荣宝烟万华与发达顺云贵罗马钱红绿蓝鱼丰汇义宏长",
                     "號樓國門東廣龍鳳飯館藥園興榮寶煙萬華與發達順雲貴羅馬錢紅綠藍魚豐匯義宏長")  # fmt: skip


def traditional(shop: Shop, _: Random) -> Shop:
    """A sign in traditional characters."""
    return replace(shop, name=shop.name.translate(_OLD))


def letter_o(shop: Shop, _: Random) -> Shop:
    """O for 0 in the address, Cyrillic letters in the name."""
    table = str.maketrans("aeopc", "аеорс")
    return replace(shop, name=shop.name.translate(table),
                   address=shop.address and shop.address.replace("0", "O"))  # fmt: skip


def spelt_number(shop: Shop, _: Random) -> Shop:
    """The house number in Chinese numerals."""
    if shop.latin or shop.address is None:
        return shop
    digits = "〇一二三四五六七八九"
    tens, ones = divmod(shop.number, 10)
    words = ("十" if tens == 1 else f"{digits[tens]}十") + (digits[ones] if ones else "") if 0 < tens < 10 else "".join(
        digits[int(c)] for c in str(shop.number))  # fmt: skip
    return _readdress(shop, f"{shop.road}{words}号")


def character_lost(shop: Shop, random: Random) -> Shop:
    """One character of the name left out (never of a name of two)."""
    if len(shop.front) < 3:
        return shop
    at = random.randrange(len(shop.front))
    return replace(
        shop, name=shop.name.replace(shop.front, shop.front[:at] + shop.front[at + 1 :], 1)
    )


def characters_swapped(shop: Shop, _: Random) -> Shop:
    """The first two characters exchanged."""
    return replace(
        shop, name=shop.name.replace(shop.front, shop.front[1] + shop.front[0] + shop.front[2:], 1)
    )


def advert(shop: Shop, random: Random) -> Shop:
    """Words of praise before or behind the name."""
    if shop.latin:
        return replace(shop, name=f"the {shop.name} & more")
    return replace(shop, name=random.choice((f"【新店】{shop.name}", f"{shop.name}·24小时营业", f"{shop.name}(老字号)",
                                              f"{shop.name}(外卖)")))  # fmt: skip


def registered_sign(shop: Shop, _: Random) -> Shop:
    """The platform shows the whole registered name."""
    return replace(shop, name=shop.registered)


def crossing(shop: Shop, random: Random) -> Shop:
    """A crossing of two roads instead of a number."""
    other = random.choice(_ROADS) + random.choice(_ROAD_WORDS)
    return _readdress(
        shop, f"{shop.road} & vine st" if shop.latin else f"{shop.road}与{other}交叉口附近"
    )


def stall(shop: Shop, random: Random) -> Shop:
    """A stall number of a market behind the number of the road."""
    if shop.latin or shop.address is None:
        return shop
    return _readdress(shop, f"{shop.road}{shop.number}号农贸市场A区{random.randrange(1, 60)}号摊位")


def number_lost(shop: Shop, _: Random) -> Shop:
    """The road without the number."""
    return _readdress(shop, shop.road)


def remark_behind(shop: Shop, random: Random) -> Shop:
    """A remark behind the address."""
    remark = random.choice(("(菜市场内)", "东侧门面", "临街商铺", "北20米"))
    return shop if shop.address is None else _readdress(shop, shop.address + remark)


def whole_place(shop: Shop, _: Random) -> Shop:
    """Province to township before the address."""
    if shop.address is None or shop.latin:
        return shop
    return _readdress(shop, f"云岭省青澜市云溪县城关镇{shop.address}")


def pin_in_street(shop: Shop, random: Random) -> Shop:
    """The pin 40 to 90 m off and no number on the sign."""
    return _move(_readdress(shop, shop.road), random, 40, 90)


def only_front(shop: Shop, _: Random) -> Shop:
    """Only the front of the name, as short signs have it."""
    return replace(shop, name=shop.front)


TUNED: dict[str, Corruption] = {f.__name__: f for f in (
    as_it_is, full_width, branch_added, fu_as_dash, road_big, floor_words, trade_word, typo, no_address, no_pin,
    number_off, pin_far, moved, landmark, no_name, other_sign,
)}  # fmt: skip
UNSEEN: dict[str, Corruption] = {f.__name__: f for f in (
    traditional, letter_o, spelt_number, character_lost, characters_swapped, advert, registered_sign, crossing,
    number_lost, remark_behind, whole_place, pin_in_street, only_front, stall,
)}  # fmt: skip


def by_pair(found: Matches) -> dict[tuple[str, str], dict[Hashable, Any]]:
    """The links of a matching by register id and site id."""
    rows = found.links.to_dict("records")
    return {(row["register_id"], row["site_id"]): row for row in rows}


# --- the town -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Generated:
    """A register, a layer of shops, and `truth`: register_id, site_id, kind (one row per link)."""

    register: Layer
    site: Layer
    truth: pd.DataFrame


def generate(
    kinds: Mapping[str, Corruption],
    size: int,
    seed: int,
    *,
    characters: str = _CHARACTERS,
    road_names: Sequence[str] = _ROADS,
) -> Generated:
    """About `size` rows on either side; each shop on site is corrupted in one of `kinds`.

    `characters` are those of shop names, `road_names` stand before 路, 街, 巷 and 大道: a large
    town has more of both.
    """
    random, names = Random(seed), list(kinds)
    fronts = _Fronts(random, characters)
    register: list[dict[str, object]] = []
    site: list[dict[str, object]] = []
    truth: list[tuple[str, str, str]] = []
    roads = max(6, size // 60)
    for n in range(size):
        real = _real(random, fronts, roads, road_names)
        draw = random.random()
        if draw > 0.13:
            register.append(_registered(real, random, f"r{len(register)}"))
        if draw > 0.13 and random.random() < 0.06:  # the licence before this one
            old = _registered(real, random, f"r{len(register)}")
            register.append({**old, "licence_status": "cancelled", "licence_no": _licence(random)})
        rows = [row for row in register[-2:] if row["shop"] is real]
        if draw < 0.87:
            kind = names[n % len(names)]
            site.append(_on_site(kinds[kind](real, random), real, random, f"s{len(site)}", kind))
            truth += [(str(row["id"]), str(site[-1]["id"]), kind) for row in rows]
        if draw > 0.97:  # a successor behind the same door, in no register
            site.append(_on_site(other_sign(real, random), None, random, f"s{len(site)}", ""))
    table = pd.DataFrame(truth, columns=["register_id", "site_id", "kind"])
    shuffled = [random.sample(rows, len(rows)) for rows in (register, site)]
    return Generated(
        _layer("tobacco_licence", shuffled[0]), _layer("tobacco_retailer", shuffled[1]), table
    )


class _Fronts:
    """Names: mostly one shop's own, some of chains, some that many have."""

    def __init__(self, random: Random, characters: str) -> None:
        self._random, self._characters = random, characters
        self._chains = [self._new() for _ in range(8)]

    def chain(self, front: str) -> bool:
        """Whether a name is that of a chain."""
        return front in self._chains

    def give(self) -> str:
        draw = self._random.random()
        if draw < 0.06:
            return self._random.choice(self._chains)
        return self._random.choice(_COMMON) if draw < 0.10 else self._new()

    def _new(self) -> str:
        return "".join(self._random.sample(self._characters, self._random.choice((2, 2, 3, 3, 4))))


def _real(random: Random, fronts: _Fronts, roads: int, names: Sequence[str]) -> Shop:
    latin = random.random() < 0.08
    at, number = random.randrange(roads), random.randrange(1, 320)
    turn = at // len(names)
    numeral = "一二三四五六七八九十"[turn // 4 % 10] * (turn >= 4)
    road = names[at % len(names)] + numeral + _ROAD_WORDS[turn % 4]
    road += "" if turn < 40 else f"{turn // 40}段"
    lon = LON + number * 6 * METRE / 0.886 + (at % 7) * 0.02
    lat = LAT + (at // 7) * 260 * METRE
    front = fronts.give()
    trade, signs = random.choice(_TRADES)
    sub, floor = (
        (random.randrange(1, 6) if random.random() < 0.2 else 0),
        random.choice((0, 0, 0, 1, 2)),
    )
    address = f"{road}{number}号" + (f"附{sub}号" if sub else "") + (f"{floor}层" if floor else "")
    name = front + random.choice(signs)
    registered = random.choice(PLACE) + front + trade + random.choice(_FORMS)
    branch = fronts.chain(front)
    if branch:
        name += f"({road}店)"
        registered += f"({road}店)" if random.random() < 0.6 else ""
    if latin:
        front = f"{random.choice(_LATIN)} {random.choice(_LATIN)}"
        name, road = (
            f"{front} {random.choice(_LATIN_TRADES)}",
            f"{'NSEW'[at % 4]} {_LATIN[at // 8 % 20]} {_STREETS[at % 8]} st",
        )
        registered, address, sub = (
            f"{name.upper()} {random.choice(('INC', 'LLC', ''))}",
            f"{number} {road}",
            0,
        )
    return Shop(name, front, trade, road, number, sub, floor, address, lon, lat, _credit(random),
                _licence(random), latin, registered)  # fmt: skip


def _registered(shop: Shop, random: Random, row: str) -> dict[str, object]:
    geocoded = (
        _move(shop, random, 0, 60) if random.random() < 0.6 else replace(shop, lon=None, lat=None)
    )
    place = "" if shop.latin else random.choice(PLACE[:2])
    return {"id": row, "name": shop.registered, "address": f"{place}{shop.address}", "lon": geocoded.lon, "lat": geocoded.lat,
            "u_source_m": 40.0, "credit_code": shop.credit_code, "licence_no": shop.licence_no, "licence_status": "valid",
            "shop": shop}  # fmt: skip


def _on_site(
    shop: Shop, real: Shop | None, random: Random, row: str, kind: str
) -> dict[str, object]:
    seen = _move(shop, random, 0, 18)
    coded = real is not None and (kind == "moved" or random.random() < 0.08)
    licensed = real is not None and random.random() < 0.05
    if kind == "moved" and random.random() < 0.5:
        coded, licensed = False, True
    return {"id": row, "name": seen.name or None, "address": seen.address, "lon": seen.lon, "lat": seen.lat, "u_source_m": 15.0,
            "credit_code": seen.credit_code if coded else None, "licence_no": seen.licence_no if licensed else None,
            "trading": True}  # fmt: skip


def _credit(random: Random) -> str:
    body = "92990123MA" + "".join(
        random.choice("0123456789ABCDEFGHJKLMNPQRTUWXY") for _ in range(7)
    )
    return body + str(uscc.calc_check_digit(body))


def _licence(random: Random) -> str:
    return f"9901{random.randrange(10**8):08d}"


def _layer(theme: str, rows: list[dict[str, object]]) -> Layer:
    table = pd.DataFrame(rows).drop(columns="shop", errors="ignore")
    lon, lat = (table.pop(name).astype(float) for name in ("lon", "lat"))
    places = [None if x != x else shapely.Point(x, y) for x, y in zip(lon, lat, strict=True)]
    frame = gpd.GeoDataFrame(
        table.astype(object).where(table.notna(), None), geometry=places, crs="EPSG:4326"
    )
    source = Provenance(
        "invented",
        f"{theme}.csv",
        "0" * 64,
        "wgs84",
        "none",
        len(frame),
        len(frame),
        generated=True,
    )
    return make_layer(theme, frame, source)
