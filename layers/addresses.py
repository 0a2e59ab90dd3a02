"""Chinese addresses taken apart: 省-市-县-乡镇-社区/村-路-号-栋-单元-层-室, and what stands beside.

Written forms are kept (`raw`); `normalised` is one way of writing (NFKC, no blanks, 號 → 号).
Nothing is looked up: whether a street or a place exists is for the layers at hand to say.
What could not be read stays in `rest`, so that no part of an address is lost in silence.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, fields, replace
from typing import Any

import pandas as pd

from layers.cleaning.text import clean_text

_HAN = r"[^\W\d_A-Za-z]"
_SIGN = str.maketrans({"號": "号", "〇": "零", "—": "-", "–": "-", "－": "-", "~": "-", "#": "号"})
_NOISE = re.compile(r"[\s·•]+|(?<=\d)\.(?=\D)")
_ASIDE = re.compile(r"[(\[【〔「](?P<aside>[^()\[\]【】〔〕「」]*)[)\]】〕」]")
LONGEST = 200
"""Characters of an address that are read; a longer text is a description."""
_NUMERALS = {sign: n for n, sign in enumerate("零一二三四五六七八九")} | {"两": 2}

# A road that is named after a township or county ("镇江路", "县前街") is not that township.
_ROAD_NEXT = r"(?![东西南北中]?(?:大道|大街|[路街巷弄道](?!道|村)|胡同))"
_IN_NAME = r"[^\W\d_A-Za-z路街巷弄号村镇]"
_PROVINCE = re.compile(
    r"(?P<province>(?:北京|天津|上海|重庆)市?(?=\w{1,4}[区县])|"
    rf"(?:北京|天津|上海|重庆)市|{_HAN}{{2,3}}省|{_HAN}{{2,6}}自治区|(?:香港|澳门)特别行政区)"
)
_CITY = re.compile(
    rf"(?P<city>{_HAN}{{2,8}}?(?:自治州|地区(?!办事处)|盟)|{_IN_NAME}{{1,5}}?(?<![超夜菜早闹])市"
    rf"(?![场集民政中口花井区辖部])){_ROAD_NEXT}(?=.)"
)
_COUNTY = re.compile(
    rf"(?P<county>路[南北桥]区|镇(?:远|雄|巴|坪|原|康|赉|平|安|沅|宁|江)\w{{0,10}}?[区县]|"
    rf"{_HAN}{{2,10}}?自治[县旗]|{_IN_NAME}{{1,4}}特区|{_IN_NAME}{{1,4}}林区|{_IN_NAME}{{1,4}}?县(?!城(?!关)|道|级)|"
    rf"{_IN_NAME}{{2,4}}?(?<![小社园片校厂院库景牧矿林街宿家住宅])区(?![域间])|{_HAN}{{2,6}}?旗(?![舰杆帜])|"
    rf"{_IN_NAME}{{1,4}}?(?<![超夜菜早闹])市(?![场集民政中口花井区部])){_ROAD_NEXT}"
)
_TOWNSHIP = re.compile(
    rf"(?P<township>{_IN_NAME}{{1,8}}?街道(?:办事处|办)?|{_IN_NAME}{{1,6}}?地区办事处|"
    rf"{_IN_NAME}{{1,7}}?(?:民族)?[镇乡](?:人民政府)?|{_IN_NAME}{{1,6}}?苏木){_ROAD_NEXT}(?![村口号])"
)
_COMMUNITY = re.compile(
    rf"(?P<community>{_HAN}{{1,8}}?(?:社区(?:居委会|居民委员会)?|居委会|居民委员会))"
)
_VILLAGE = re.compile(
    rf"(?P<village>(?:{_IN_NAME}|[路街](?=村)){{1,7}}?(?:行政|自然)?村(?:委会|民委员会)?){_ROAD_NEXT}"
    rf"(?!\w{{0,2}}(?:[一二三四五六七八九十]+条|大厦|小区))"
)
_GROUP = re.compile(r"(?P<group>第?[一二三四五六七八九十\d]{1,3}(?:村民小?组|小组|组|社|队|屯))")
_NAMED_ROAD = (
    r"(?:[GSXYC]?\d{2,4}(?:国|省|县|乡|村)?道|[GSXY]\d{2,4}(?!\d)|"
    r"(?:[^\W\d_与]){1,10}?"
    r"(?:大道|大街|公路|(?<!铁)路(?!口|局|灯|桥头|网|政|段|旁|边(?!\d))|(?<!大)街(?!道办|口|心|面|坊)|"
    r"巷(?!口|子)|巷子|胡同|弄(?!堂)|(?<![街行隧通频渠轨铁地孔])道(?=\d|[甲乙丙丁]|$|[与和])|"
    r"[一二三四五六七八九十]{1,2}条)"
    r"|\d{1,2}号路)"
)
_ROAD_TAIL = re.compile(
    r"[东西南北中上下前后内外]?(?:[一二三四五六七八九十]{1,2})?(?:大道|大街|路|街(?!道)|巷|胡同)(?![口局])"
)
_ROAD = re.compile(rf"(?P<road>{_NAMED_ROAD})")
_SECTION = re.compile(
    r"(?P<section>(?:[东西南北中]|[一二三四五六七八九十\d]{1,2}|[上下])段)(?=\d|$|\D)"
)
_DIGITS = r"(?:\d{1,5}|[一二三四五六七八九十百零两]{1,5}(?=[号院弄]))"
_NUMBER = re.compile(
    rf"(?:门牌)?第?(?P<prefix>[甲乙丙丁戊]?)(?P<digits>{_DIGITS})"
    r"(?P<sub>[-之]\d{1,4})?(?P<suffix>[甲乙丙丁A-Za-z](?![座栋幢楼区\d]))?"
    r"(?:号(?!楼|线|门|院|路|库|地|铺|摊|商)|号?院(?:内)?|弄|(?=$|[,，、;(]))"
    r"(?:附(?P<annex>\d{1,4}|[一二三四五六七八九十]{1,3})号?|[-之](?P<annex2>\d{1,4})(?=号|$)号?)?"
    r"(?P<letter>[甲乙丙丁](?![座栋幢楼区\d]))?"
)
_BUILDING = re.compile(
    r"(?P<building>(?:[甲乙丙丁]?(?:\d{1,4}(?:号?楼(?!上|下)|栋|幢|座)|[一二三四五六七八九十]{1,3}(?:号楼|栋|幢|座))|"
    r"[A-Z]\d?(?:座|栋|幢|楼|区)|[A-Z]\d{1,2}(?=-|$)))"
)
_UNIT = re.compile(
    r"(?P<unit>(?:\d{1,2}|[一二三四五六七八九十]{1,2}|[A-Z])(?:单元|门(?!面|口|市)))"
)
_FLOOR = re.compile(
    r"(?P<floor>(?:地下|负|-)?(?:\d{1,3}|[一二三四五六七八九十]{1,3}|底)(?:-\d{1,2})?(?:层|楼|F(?![A-Z]))|地下室)"
)
_ROOM = re.compile(
    r"(?P<room>(?:[A-Z]-?)?\d[\dA-Za-z]*(?:[-、,]\d[\dA-Za-z]*)*(?:室|房间?|号房|号铺|号商铺|号(?!楼)|(?=$)))"
)
_DANGLING = re.compile(r"(?:[\dA-Z]+|[一二三四五六七八九十])?[-、,，]+$")
_OFFSET = re.compile(
    r"(?:向|往|以|偏)?(?P<bearing>[东西南北]{1,2})(?:侧|面|边|方)?(?:约)?(?P<metres>\d{1,4})(?:米|m|M)(?:处|左右|路[东西南北])*"
)
_OFFSET_ALONG = re.compile(r"(?:约)?(?P<metres>\d{1,4})(?:米|m|M)(?:处|左右)*$")
_JUNCTION = re.compile(
    rf"(?:(?P<first>{_NAMED_ROAD})(?:与|和|及|同|、|/|-|\+)?|(?P<place>\w{{2,12}}?)与)"
    rf"(?P<second>{_NAMED_ROAD})(?:的)?"
    r"(?:交叉路?口|交叉|交汇(?:处|口)?|交界(?:处|口)?|交口|路口|十字路口|丁字路口|转角|拐角|口)"
)
_RELATIONS = (
    ("opposite", re.compile(r"(?:斜对[面过门]|正?对[面过门]|对角)(?:处)?$")),
    ("inside", re.compile(r"(?:院内|校内|园内|场内|店内|馆内|楼内|站内|内)$")),
    ("near", re.compile(r"(?:附近|周边|一带|左右|不远处?)$")),
    ("beside", re.compile(
        r"(?:旁边?|边上|隔壁|门口|大门口?|楼下|背后|后面|前面|桥头|路口|[东西南北]{1,2}[侧面边]|(?<!东)(?<!西)侧|"
        r"[前后左右]侧|临街|入口|出口)(?:处)?$")),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Address:
    """One address in parts; what is not said is `None`.

    `off_road` is the street that a lane (`road`) leaves; `road` with its `section` (东段) carries `number` (whole, `prefix` 甲 and `annex` 附 apart);
    `landmark` stands in `relation` (`opposite`, `beside`, `near`, `inside`) to the place;
    `offset_m` metres towards `bearing` (东, 西北 …) from what comes before; `crossing` is the
    second street of a junction; `rest` was not understood. `confidence` 0..1 says how much of
    the text was read.
    """

    raw: str
    normalised: str
    province: str | None = None
    city: str | None = None
    county: str | None = None
    township: str | None = None
    community: str | None = None
    village: str | None = None
    group: str | None = None
    off_road: str | None = None
    road: str | None = None
    section: str | None = None
    crossing: str | None = None
    number: int | None = None
    prefix: str | None = None
    annex: str | None = None
    estate: str | None = None
    building: str | None = None
    unit: str | None = None
    floor: str | None = None
    room: str | None = None
    landmark: str | None = None
    relation: str | None = None
    bearing: str | None = None
    offset_m: float | None = None
    rest: str | None = None
    confidence: float = 0.0


PARTS = tuple(field.name for field in fields(Address))


def normalise_address(text: str) -> str:
    """One way of writing, after `clean_text`: no blanks, 號 as 号, brackets' contents left out."""
    plain = _NOISE.sub("", text[:LONGEST].translate(_SIGN))
    return _ASIDE.sub("", plain).strip(",，。.;；、")


def parse_address(text: str) -> Address:
    """The parts of one address (text already cleaned as by `clean_text`).

    >>> found = parse_address("贵州省六盘水市六枝特区平寨镇人民路12号附3号2栋1单元")
    >>> found.county, found.township, found.road, found.number, found.annex, found.building
    ('六枝特区', '平寨镇', '人民路', 12, '3', '2栋')
    """
    plain = normalise_address(text)
    found, rest = _places(plain)
    said = Address(raw=text, normalised=plain, **found)
    said, rest = _relative(said, rest)
    said, rest = _street(said, rest)
    said, rest = _indoors(said, rest)
    if rest and said.relation and not said.landmark:
        said, rest = replace(said, landmark=rest), ""
    elif rest and said.number is None and not said.estate:
        said, rest = replace(said, estate=rest), ""
    said = replace(said, rest=rest or None)
    return replace(said, confidence=_confidence(said))


def parse_addresses(addresses: pd.Series) -> pd.DataFrame:
    """The parts of a column of addresses (columns `PARTS`, same index); missing stays missing."""
    clean = clean_text(addresses)
    codes, distinct = pd.factorize(clean, use_na_sentinel=True)
    read = [parse_address(str(text)) for text in distinct]
    rows = [[getattr(one, name) for name in PARTS] for one in read]
    table = pd.DataFrame([*rows, [None] * len(PARTS)], columns=list(PARTS), dtype=object)
    return table.iloc[codes].set_axis(addresses.index)


def whole_number(text: str) -> int | None:
    """Arabic or Chinese digits as a number; `None` for anything else.

    >>> whole_number("12"), whole_number("二十三"), whole_number("一百零五"), whole_number("甲")
    (12, 23, 105, None)
    """
    if text.isascii() and text.isdigit():
        return int(text)
    if not text or any(sign not in _NUMERALS and sign not in "十百" for sign in text):
        return None
    if "十" not in text and "百" not in text:
        return int("".join(str(_NUMERALS[sign]) for sign in text))
    total, last = 0, 0
    for sign in text:
        if sign in "十百":
            total += max(last, 1) * (10 if sign == "十" else 100)
            last = 0
        else:
            last = _NUMERALS[sign]
    return total + last


def _places(plain: str) -> tuple[dict[str, Any], str]:
    """Province down to the villagers' group, taken from the front."""
    found: dict[str, Any] = {}
    rest = plain
    for pattern in (_PROVINCE, _CITY, _COUNTY, _TOWNSHIP, _COMMUNITY, _VILLAGE, _GROUP):
        match = pattern.match(rest)
        if match is None:
            continue
        found.update(match.groupdict())
        rest = rest[match.end() :].lstrip(",，、;-")
    return found, rest


def _relative(said: Address, rest: str) -> tuple[Address, str]:
    """Junctions, metres from a place, and words such as 对面 at the end."""
    offset = _OFFSET.search(rest) or _OFFSET_ALONG.search(rest)
    if offset is not None and offset.start() > 0:
        bearing = offset.groupdict().get("bearing")
        said = replace(said, bearing=bearing, offset_m=float(offset["metres"]))
        rest = rest[: offset.start()] + rest[offset.end() :]
    for name, pattern in _RELATIONS:
        match = pattern.search(rest)
        if match is not None and match.start() > 0:
            said, rest = replace(said, relation=name), rest[: match.start()]
            break
    for text in (rest, f"{rest}路口" if said.relation == "beside" else rest):
        junction = _JUNCTION.search(text)
        if junction is not None:
            first = junction["first"] or junction["place"]
            said = replace(said, road=first, crossing=junction["second"])
            corner = re.sub(r"^[东西南北]{1,2}角|^处", "", text[junction.end() :])
            return said, corner
    return said, rest


def _street(said: Address, rest: str) -> tuple[Address, str]:
    """The last street before the number, its section and the house number."""
    if said.crossing is not None:
        return said, rest
    while True:
        match = _ROAD.match(rest)
        if match is None:
            break
        road, after = match["road"], rest[match.end() :]
        while tail := _ROAD_TAIL.match(after):
            road, after = road + tail[0], after[tail.end() :]
        said, rest = replace(said, off_road=said.road, road=road), after
    section = _SECTION.match(rest) if said.road else None
    if section is not None:
        said, rest = replace(said, section=section["section"]), rest[section.end() :]
    match = _NUMBER.match(rest) if said.road or said.village or said.township else None
    if match is None:
        match = _estate_number(rest) if not said.road else None
        if match is None:
            return said, rest
        said = replace(said, estate=rest[: match.start()])
    return _with_number(said, match), rest[match.end() :]


def _estate_number(rest: str) -> re.Match[str] | None:
    """`大钟寺13号院`: a place that is no street but numbers its houses."""
    indoors = [found.start() for found in (_BUILDING.search(rest), _FLOOR.search(rest)) if found]
    for match in _NUMBER.finditer(rest):
        front = rest[: match.start()]
        if any(start < match.start() for start in indoors) or any(map(str.isdigit, front)):
            return None
        if len(front) >= 2:
            return match
    return None


def _with_number(said: Address, match: re.Match[str]) -> Address:
    annex = match["annex"] or match["annex2"] or (match["sub"] or "").lstrip("-之")
    prefix = match["prefix"] or match["suffix"] or match["letter"]
    return replace(
        said, number=whole_number(match["digits"]), annex=annex or None, prefix=prefix or None
    )


def _indoors(said: Address, rest: str) -> tuple[Address, str]:
    """Building, unit, floor and room; what stands before them names an estate or a building."""
    parts: dict[str, Any] = {}
    for pattern in (_BUILDING, _UNIT, _FLOOR, _ROOM):
        match = pattern.search(rest)
        if match is None:
            continue
        parts.update(match.groupdict())
        front, back = rest[: match.start()], rest[match.end() :]
        name = _DANGLING.sub("", front)
        if said.estate is None and len(name) >= 2:
            said, front = replace(said, estate=name), ""
        rest = front + back
    return replace(said, **parts), rest.strip("-,，、")


def _confidence(said: Address) -> float:
    """How sure the reading is: what was understood by its share, less where nothing places it."""
    if not said.normalised:
        return 0.0
    anchors = (said.road, said.village, said.estate, said.landmark, said.township)
    share = 1.0 - len(said.rest or "") / len(said.normalised)
    return round(share * (1.0 if any(anchors) else 0.3), 3)
